"""Rasa's memory, as short as it can be: the dialogue's memory belongs to the gateway (DESIGN 2).

Trackers are kept as objects in this process, at most `LIMIT` of them and at most `LIFE_S` seconds after their last turn; nothing is
written anywhere. Rasa's own in-memory store forgets nothing until it is stopped, and reads and writes each tracker as text every turn.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

LIMIT = 1_000
LIFE_S = 900.0


class ForgetfulTrackerStore(TrackerStore):
    """Holds the newest conversations for a quarter of an hour."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        """Begin empty; `limit` and `life_s` can be given in endpoints.yml."""
        self._limit = int(kwargs.pop("limit", LIMIT))
        self._life_s = float(kwargs.pop("life_s", LIFE_S))
        self._kept: OrderedDict[str, tuple[float, DialogueStateTracker]] = OrderedDict()
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a tracker, and forget what is too old or too much."""
        self._kept[tracker.sender_id] = (time.monotonic(), tracker)
        self._kept.move_to_end(tracker.sender_id)
        self._forget()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation's tracker, None where it was forgotten."""
        kept = self._kept.get(sender_id)
        return kept[1] if kept and time.monotonic() - kept[0] <= self._life_s else None

    async def keys(self) -> Iterable[str]:
        """Return the ids of the conversations that are kept."""
        return list(self._kept)

    def _forget(self) -> None:
        oldest_allowed = time.monotonic() - self._life_s
        while self._kept and (len(self._kept) > self._limit or next(iter(self._kept.values()))[0] < oldest_allowed):
            self._kept.popitem(last=False)
