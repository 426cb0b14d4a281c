"""Pages that are only text: sections with paragraphs, points, contacts, and marked places that the operator has to fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from knowledge.model import Contact


@dataclass(frozen=True)
class Section:
    """One section as the template shows it. `todo` is what only the operator can say; it is shown as a placeholder."""

    title: str
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()


def sections(written: Iterable[dict[str, Any]], known: Callable[..., list[Contact]], **facts: object) -> list[Section]:
    """Return the sections of a page with the facts filled in; `known` gives the contacts of the register by id."""
    return [
        Section(
            title=one["title"],
            **{part: tuple(line.format(**facts) for line in one.get(part, ())) for part in ("text", "points", "todo")},
            contacts=tuple(known(*one.get("contacts", ()))),
        )
        for one in written
    ]
