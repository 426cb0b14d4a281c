"""The knowledge as running processes use it: read once, searched in memory, renewed when the database's version changes."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import cached_property

from knowledge.funding.programme import Programme, read_all
from knowledge.model import Contact, Entry, Knowledge
from knowledge.search import Search
from knowledge.speech import is_simple
from knowledge.store import Store

LOOK_EVERY_S = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """One version of the knowledge with its search index; never changes."""

    knowledge: Knowledge
    search: Search

    @property
    def version(self) -> int:
        """The version of the knowledge base that answers rest on."""
        return self.knowledge.version

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Entries that may be shown, by id."""
        return self.knowledge.served()

    @cached_property
    def programmes(self) -> tuple[Programme, ...]:
        """The funding programmes that may be shown, as the matcher reads them."""
        return read_all(self.entries.values())

    @property
    def spoken_programmes(self) -> tuple[Programme, ...]:
        """The same programmes with their texts in the language spoken; it decides nothing."""
        return self._simple_programmes if is_simple() else self.programmes

    @cached_property
    def _simple_programmes(self) -> tuple[Programme, ...]:
        return read_all(entry.in_simple for entry in self.entries.values())

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The contact register."""
        return self.knowledge.contacts


def serve(knowledge: Knowledge) -> Served:
    """Index a knowledge base (takes seconds) for use in this process."""
    return Served(knowledge, Search(knowledge.served().values()))


class Library:
    """The served copy behind a database; looks for a new version every few seconds and builds it beside the old one."""

    def __init__(self, url: str, look_every_s: float = LOOK_EVERY_S) -> None:
        self._store = Store(url)
        self._look_every_s = look_every_s
        self._served = serve(self._store.read())
        self._looked = time.monotonic()
        self._renewing = threading.Lock()

    def current(self) -> Served:
        """Return the newest version that is ready; starts the renewal in the background where one is due."""
        if time.monotonic() - self._looked > self._look_every_s and self._renewing.acquire(blocking=False):
            self._looked = time.monotonic()
            threading.Thread(target=self._renew, daemon=True, name="knowledge").start()
        return self._served

    def _renew(self) -> None:
        try:
            if self._store.version() != self._served.version:
                self._served = serve(self._store.read())
                log.info("knowledge version %s in service", self._served.version)
        except Exception:  # the old version stays in service whatever the database does
            log.exception("knowledge could not be renewed")
        finally:
            self._renewing.release()
