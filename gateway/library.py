"""The gateway's view of the knowledge base: built beside the running service; no failure of it stops a chat."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from gateway import errors, journal
from knowledge.contacts import by_id, for_topics
from knowledge.library import Library, Served
from knowledge.model import Contact

RETRY_S = 5.0
EMERGENCY_LINES = ("kontakt-notruf-112", "kontakt-notruf-110")
HUMAN_ROUTE = ("behoerden", "quartier2030", "allgemein")


class Shelf:
    """The knowledge base as far as the gateway needs it: search, entries, contacts, version."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._library: Library | None = None
        self._thread = ThreadPoolExecutor(2, "knowledge")

    async def keep_open(self) -> None:
        """Open the knowledge base, trying again until it is loaded; afterwards it renews itself."""
        while self._library is None:
            try:
                self._library = await asyncio.get_running_loop().run_in_executor(self._thread, Library, self._url)
            except Exception as error:  # whatever is wrong with it, the conversation goes on without it
                journal.note("knowledge_not_ready", level="WARNING", error=error)
                await asyncio.sleep(RETRY_S)

    def served(self) -> Served | None:
        """Return the version in service, None before the first one is ready."""
        return self._library.current() if self._library else None

    async def search(self, query: str, area: str | None, limit: int) -> list[dict[str, object]]:
        """Return the best entries for a query, with their scores; raises `Refused` (503) while nothing is loaded."""
        served = self._required()
        loop = asyncio.get_running_loop()
        hits = await loop.run_in_executor(self._thread, lambda: served.search.find(query, area, limit))
        return [_summary(hit.entry) | {"score": round(float(hit.score), 4)} for hit in hits]

    def browse(self, area: str | None, limit: int) -> list[dict[str, object]]:
        """Return entries by title, without a query."""
        chosen = [entry for entry in self._required().entries.values() if area in (None, entry.area)]
        return [_summary(entry) for entry in sorted(chosen, key=lambda entry: entry.title)[:limit]]

    def entry(self, entry_id: str) -> dict[str, object]:
        """Return one entry with its sources; raises `Refused` (404)."""
        entry = self._required().entries.get(entry_id)
        if entry is None:
            raise errors.not_found("no_such_entry")
        return dict(entry.as_dict())

    def contacts(self) -> list[Contact]:
        """Return whom to call or write instead of the bot; empty while nothing is loaded."""
        served = self.served()
        return for_topics(served.contacts, *HUMAN_ROUTE, limit=3) if served else []

    def emergency_lines(self) -> list[Contact]:
        """Return the two numbers that every page shows."""
        return self.named(*EMERGENCY_LINES)

    def named(self, *ids: str) -> list[Contact]:
        """Return these contacts of the register; empty while nothing is loaded."""
        served = self.served()
        return by_id(served.contacts, *ids) if served else []

    def close(self) -> None:
        """End the threads."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _required(self) -> Served:
        served = self.served()
        if served is None:
            raise errors.unavailable()
        return served


def _summary(entry: object) -> dict[str, object]:
    return {name: getattr(entry, name) for name in ("id", "area", "title", "summary", "url", "as_of")}
