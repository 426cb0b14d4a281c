"""Which of the posts that wait of a chat are one message: texts that follow one another, edits of what still waits. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Row

from gateway.channels.chat_commands import command
from gateway.channels.recent import Part
from gateway.contract import TEXT_LIMIT

APART_MS = 3_000  # the window in which texts are joined, and a second more, because Telegram tells whole seconds


@dataclass(frozen=True)
class Group:
    """Posts that are one message: their kind, what was said, and in which of the platform's messages.

    `corrects`: the citizen's earlier event that it takes the place of. `sent`: when the first of them was written, 0 where nobody says.
    """

    kind: str
    text: str
    updates: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    corrects: int | None = None
    sent: int = 0

    @property
    def client_id(self) -> str:
        """An id that is the same when the same posts are taken again."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(self.updates)))


def groups(rows: Sequence[Row[Any]]) -> list[Group]:
    """Put texts that follow one another, and fit into one message, together.

    An edit of one that still waits takes its place, and of several edits the newest one counts; one that was taken back is left out.
    """
    redacted = {row.message for row in rows if row.kind == "redact"}
    rows = [row for row in rows if row.kind != "redact" and not redacted & {row.message, row.update}]
    newest = {row.message: row.text for row in rows if row.kind == "edit"}
    covered = {row.message for row in rows if row.kind == "text"}
    found: list[Group] = []
    for row in rows:
        if row.kind == "edit" and row.message in covered:
            continue
        covered |= {row.message} if row.kind == "edit" else set()
        said = newest.get(row.message, row.text) if row.kind in ("text", "edit") else row.text
        parts = ((row.message, 0, len(said)),) if row.message else ()
        one = Group(row.kind, said, (f"{row.channel}:{row.update}",), parts, sent=row.sent)
        if found and _belong(found[-1], one):
            found[-1] = _joined(found[-1], one)
        else:
            found.append(one)
    return found


def _belong(first: Group, second: Group) -> bool:
    if first.kind == second.kind == "media":
        return True  # an album is declined once
    plain = all(one.kind == "text" and command(one.text) is None for one in (first, second))
    apart = second.sent - first.sent if first.sent and second.sent else 0  # what was delivered late comes all at once
    return plain and apart <= APART_MS and len(first.text) + 1 + len(second.text) <= TEXT_LIMIT


def _joined(first: Group, second: Group) -> Group:
    begins = len(first.text) + 1
    moved = tuple((id, begins + start, begins + end) for id, start, end in second.parts)
    updates = (*first.updates, *second.updates)
    return replace(
        second, text=f"{first.text}\n{second.text}", updates=updates, parts=(*first.parts, *moved), sent=first.sent or second.sent
    )
