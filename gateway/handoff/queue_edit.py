"""Queues as leads edit them: named, with words of topics and names of places, added, changed, taken away."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Any

from gateway.handoff.queues import Queue
from gateway.handoff.visible import is_visible
from gateway.store.handoffs import GENERAL
from knowledge.language import fold

LONGEST_ID, LONGEST_NAME, LONGEST_WORD, MOST_WORDS, MOST_QUEUES = 32, 60, 100, 200, 50


def with_queue(queues: list[Queue], id: str, typed: dict[str, str], taken: Container[str] = ()) -> tuple[list[Queue], dict[str, str]]:
    """Return the queues with a new one (`id` "") or a changed one, and what is wrong with `name`, `topics` or `places`.

    `taken`: ids that a new one must not have, because conversations are forwarded to names of advisors as well.
    """
    name, errors = " ".join(typed.get("name", "").split()), {}
    topics, places = (words(typed.get(field, "")) for field in ("topics", "places"))
    if not is_visible(name) or len(name) > LONGEST_NAME:
        errors["name"] = f"Name: Bitte geben Sie 1 bis {LONGEST_NAME} Zeichen ein."
    elif any(fold(one.name) == fold(name) and one.id != id for one in queues):
        errors["name"] = "Name: So heißt schon eine andere Warteschlange."
    elif not id and len(queues) >= MOST_QUEUES:
        errors["name"] = f"Name: Mehr als {MOST_QUEUES} Warteschlangen sind nicht möglich."
    for field, label, given in (("topics", "Themen", topics), ("places", "Orte", places)):
        if len(given) > MOST_WORDS or any(len(word) > LONGEST_WORD or not is_visible(word) or not fold(word) for word in given):
            errors[field] = f"{label}: Höchstens {MOST_WORDS} Einträge mit je höchstens {LONGEST_WORD} Zeichen, durch Komma getrennt."
    if errors:
        return queues, errors
    made = Queue(id or new_id(name, {*(one.id for one in queues)}, taken), name, topics, places)
    return [made if one.id == id else one for one in queues] + ([] if id else [made]), {}


def as_document(queues: Iterable[Queue]) -> list[dict[str, Any]]:
    """Return the JSON form; the general queue is always there and not named in it."""
    own = (one for one in queues if one.id != GENERAL)
    return [{"id": one.id, "name": one.name, "topics": list(one.topics), "places": list(one.places)} for one in own]


def words(typed: str) -> tuple[str, ...]:
    """Return the entries of a line, each once.

    >>> words("Pflege, Pflege-WG,, Pflege")
    ('Pflege', 'Pflege-WG')
    """
    parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", typed))
    return tuple(dict.fromkeys(part for part in parts if part))


def new_id(name: str, known: Container[str], taken: Container[str]) -> str:
    """Return an id for a queue of this name that is not used yet.

    >>> new_id("Pflege & Wohnen", {"pflege-wohnen"}, ())
    'pflege-wohnen-2'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[: LONGEST_ID - 3].strip("-") or "warteschlange"
    number, id = 1, plain
    while id in known or id in taken:
        number += 1
        id = f"{plain}-{number}"
    return id
