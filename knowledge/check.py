"""Checks over the whole knowledge base that no single file can show, and the list of what has aged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from knowledge import plain
from knowledge.figures import numbers
from knowledge.language import words
from knowledge.model import Entry, Knowledge


def faults(knowledge: Knowledge) -> Iterator[str]:
    """Yield one German sentence per fault: dead references, invented figures, false simple forms, wordings in two places."""
    for entry in knowledge.entries.values():
        yield from _dead_references(entry, knowledge)
        yield from _unknown_contacts(entry, {contact.id for contact in knowledge.contacts})
        yield from _invented_figures(entry)
        yield from _funding_faults(entry, knowledge)
        yield from plain.faults(entry)
    yield from _shared_wordings(knowledge)


def stale(knowledge: Knowledge, today: date) -> Iterator[str]:
    """Yield one line per entry whose `review_by` has passed, oldest first."""
    aged = [(e.get("review_by"), e.id) for e in knowledge.entries.values() if e.get("review_by")]
    for review_by, key in sorted(aged):
        if review_by <= today.isoformat():
            yield f"{key}: war bis {review_by} zu prüfen"


def _dead_references(entry: Entry, knowledge: Knowledge) -> Iterator[str]:
    combination = entry.get("combination") or {}
    named = [*entry.get("related", ()), *combination.get("allowed_with", ()), *combination.get("excluded_with", ())]
    for reference in named:
        if reference not in knowledge.entries:
            yield f"{entry.id}: Verweis auf {reference}, das es nicht gibt"


def _unknown_contacts(entry: Entry, register: set[str]) -> Iterator[str]:
    for key in entry.get("contacts", ()):
        if key not in register:
            yield f"{entry.id}: der Kontakt {key} steht nicht im Kontaktregister"


def _funding_faults(entry: Entry, knowledge: Knowledge) -> Iterator[str]:
    """A rule or line whose source is none of the entry's, a line of a programme that does not exist."""
    funding = entry.get("funding") or {}
    own = {source["url"] for source in entry.get("sources", ())} | {entry.get("url")}
    named = [*funding.get("sources", {}).values(), *(item.get("source") for key in ("rules", "lines") for item in funding.get(key, ()))]
    for url in sorted({url for url in named if url} - own):
        yield f"{entry.id}: funding nennt {url}; diese Quelle hat der Eintrag nicht"
    if funding.get("part_of", entry.id) not in knowledge.entries:
        yield f"{entry.id}: Linie von {funding['part_of']}, das es nicht gibt"


def _invented_figures(entry: Entry) -> Iterator[str]:
    known = set(numbers(" ".join(_strings(entry.document))))
    for block in entry.asked:
        unknown = sorted(n for n in numbers(block.say or "") if n not in known)
        if unknown:
            yield f"{entry.id}: say nennt {', '.join(unknown)}; diese Zahl steht nicht im Eintrag"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif value is not None:
        yield str(value).replace("-", " ")


def _shared_wordings(knowledge: Knowledge) -> Iterator[str]:
    seen: dict[str, str] = {}
    for entry in knowledge.entries.values():
        for block in entry.asked:
            for _, text in block.wordings:
                plain = " ".join(words(text))
                if seen.setdefault(plain, entry.id) != entry.id:
                    yield f"{entry.id}: dieselbe Frage steht auch bei {seen[plain]}: {text!r}"
