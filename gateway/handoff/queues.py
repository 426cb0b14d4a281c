"""Queues and routing: one general queue by default; topics and regions are hints, never walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.store.handoffs import GENERAL
from knowledge.language import fold


@dataclass(frozen=True)
class Queue:
    """A queue with the words of topics and the names of places that lead to it."""

    id: str
    name: str
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def read(document: Any) -> list[Queue]:
    """Return the queues as leads have set them; the general one is always there, and last."""
    own = [Queue(q["id"], q["name"], tuple(q.get("topics", ())), tuple(q.get("places", ()))) for q in document or () if q["id"] != GENERAL]
    return [*own, Queue(GENERAL, "Allgemein")]


def route(queues: Sequence[Queue], topic: str | None, place: str | None) -> str:
    """Return the queue for a topic and place: a named place counts most, then a topic's word.

    >>> route([Queue("pflege", "Pflege", ("pflege",)), Queue("allgemein", "Allgemein")], "Pflege-WG gründen", None)
    'pflege'
    """
    about, where = fold(topic or ""), fold(place or "")
    by_place = next((q.id for q in queues if where and where in map(fold, q.places)), None)
    by_topic = next((q.id for q in queues if any(fold(word) in about for word in q.topics)), None)
    return by_place or by_topic or GENERAL
