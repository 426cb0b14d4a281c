"""Rasa's memory forgets."""

import asyncio

from rasa.shared.core.domain import Domain

from ops.bot import tracker
from ops.bot.tracker import ForgetfulTrackerStore


def store(**options: float) -> ForgetfulTrackerStore:
    return ForgetfulTrackerStore(Domain.empty(), **options)


def test_a_conversation_is_remembered_for_its_next_turn():
    kept = store()
    first = asyncio.run(kept.get_or_create_tracker("a.0"))
    assert asyncio.run(kept.retrieve("a.0")) is first


def test_beyond_the_cap_the_longest_unused_conversation_is_forgotten():
    kept = store(limit=2)
    for sender in ("a", "b", "a", "c"):
        asyncio.run(kept.save(kept.init_tracker(sender)))
    assert list(asyncio.run(kept.keys())) == ["a", "c"]


def test_after_its_time_a_conversation_is_forgotten(monkeypatch):
    kept, clock = store(life_s=60), [0.0]
    monkeypatch.setattr(tracker.time, "monotonic", lambda: clock[0])
    asyncio.run(kept.save(kept.init_tracker("a")))
    clock[0] = 61.0
    assert asyncio.run(kept.retrieve("a")) is None
    asyncio.run(kept.save(kept.init_tracker("b")))
    assert list(asyncio.run(kept.keys())) == ["b"]
