"""What became of the newest messages of a chat, so that an edit of one is understood: the platform's ids and places, never words. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

KEPT, PARTS = 10, 20
Part = tuple[str, int, int]  # the platform's id of a message, and where its words begin and end in what it was joined to


@dataclass(frozen=True)
class Said:
    """What some messages became: the citizen's event `seq`, None for none (a command, too long, too many). `to_bot`: it was for the bot.

    A pressed button has no messages of its own.
    """

    seq: int | None
    to_bot: bool = True
    parts: tuple[Part, ...] = ()

    def names(self, message: str) -> bool:
        """Whether a message is one of these."""
        return any(id == message for id, _, _ in self.parts)

    def corrected(self, whole: str, message: str, new: str) -> tuple[str, tuple[Part, ...]]:
        """Return what was said with other words for one of the messages, and where all of them stand then.

        >>> Said(7, True, (("a", 0, 4), ("b", 5, 9))).corrected("eins zwei", "a", "drei!")
        ('drei! zwei', (('a', 0, 5), ('b', 6, 10)))
        """
        if len(self.parts) == 1:
            return new, ((message, 0, len(new)),)  # `whole` may be the title of a button that was named by its number
        _, start, end = next(part for part in self.parts if part[0] == message)
        more = len(new) - (end - start)
        moved = [
            (id, a, start + len(new)) if id == message else (id, a + more, b + more) if a > start else (id, a, b) for id, a, b in self.parts
        ]
        return whole[:start] + new + whole[end:], tuple(moved)


def read(packed: str) -> list[Said]:
    """Return what is kept, oldest first."""
    return [Said(seq, to_bot, tuple((id, start, end) for id, start, end in parts)) for seq, to_bot, parts in json.loads(packed)]


def noted(known: Sequence[Said], said: Said, corrects: int | None) -> str:
    """Return what is kept with something new, or with a correction in the place of what it corrects."""
    cut = Said(said.seq, said.to_bot, said.parts[-PARTS:])
    after = [cut if one.seq == corrects else one for one in known] if corrects is not None else [*known, cut]
    return json.dumps([(one.seq, one.to_bot, one.parts) for one in after[-KEPT:]], ensure_ascii=False)
