"""Hand-offs that have ended: found by number, topic, place, day and reason. What was said in them is not searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from gateway.tables import CONVERSATIONS, HANDOFFS

PER_PAGE = 50
_H = HANDOFFS.c


@dataclass(frozen=True)
class Wanted:
    """A search: `words` in number, topic or place; `between` two instants; an end reason. `queues` None: all, else these and one's own."""

    advisor: str
    queues: Sequence[str] | None
    words: str = ""
    between: tuple[int, int] | None = None
    reason: str = ""


def search(connection: Connection, wanted: Wanted, page: int) -> tuple[list[Row[Any]], int]:
    """Return a page (1 = first) of ended hand-offs, newest first, and the number of all that were found."""
    where = [_H.ended_at.is_not(None), *_limits(wanted)]
    rows = sa.select(HANDOFFS, CONVERSATIONS.c.channel).join(CONVERSATIONS, CONVERSATIONS.c.id == _H.conversation).where(*where)
    number = connection.execute(sa.select(sa.func.count()).select_from(HANDOFFS).where(*where)).scalar_one()
    ordered = rows.order_by(_H.ended_at.desc(), _H.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return list(connection.execute(ordered)), int(number)


def one(connection: Connection, handoff: str) -> Row[Any] | None:
    """Return a hand-off that has ended."""
    return connection.execute(sa.select(HANDOFFS).where(_H.id == handoff, _H.ended_at.is_not(None))).one_or_none()


def _limits(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    limits: list[sa.ColumnElement[bool]] = []
    if wanted.queues is not None:
        limits.append(sa.or_(_H.queue.in_(wanted.queues), _H.advisor == wanted.advisor))
    if wanted.words:
        limits.append(sa.or_(_H.id.startswith(wanted.words.lower(), autoescape=True), *_in(_H.topic, wanted), *_in(_H.place, wanted)))
    if wanted.between:
        limits += [_H.ended_at >= wanted.between[0], _H.ended_at < wanted.between[1]]
    if wanted.reason:
        limits.append(_H.end_reason == wanted.reason)
    return limits


def _in(column: sa.Column[Any], wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """Compare without case; SQLite knows that of ASCII letters only, so a first letter like "ü" is tried in both."""
    words = wanted.words
    return [column.icontains(form, autoescape=True) for form in {words, words[:1].upper() + words[1:], words[:1].lower() + words[1:]}]
