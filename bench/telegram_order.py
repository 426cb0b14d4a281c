"""Whether each chat was answered in order: what was written, what stands in the log, and what the Bot API was given. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

Timed = tuple[str, float]  # a text, and when it was sent or shown


@dataclass(frozen=True)
class Said:
    """One message of the log: of the citizen where `turn` is None, else the answer to their message `turn`; the greeting has turn 0."""

    seq: int
    text: str
    turn: int | None


@dataclass
class Verdict:
    """Seconds from the end of each turn's window to its answer, and what went wrong, counted."""

    seconds: list[float] = field(default_factory=list)
    turns: int = 0
    joined: int = 0  # messages that became part of a turn with others
    written: int = 0  # lines that are missing in the log, or stand elsewhere
    answered: int = 0  # turns without an answer, with two, or answered out of their order
    shown: int = 0  # messages that the Bot API was not given in the log's order, once each
    wrong: int = 0  # answers to another question

    @property
    def out_of_order(self) -> int:
        """Everything that is not where it belongs."""
        return self.written + self.answered + self.shown + self.wrong


def judge(
    verdict: Verdict, sent: Sequence[Timed], log: Sequence[Said], shown: Sequence[Timed], answers: Mapping[str, str], join_s: float
) -> None:
    """Add one chat. `answers`: how the answer to a turn's text begins, for the texts of which that is known."""
    asked = [said for said in log if said.turn is None]
    replies = [said for said in log if said.turn is not None]
    lines = [line for said in asked for line in said.text.split("\n")]
    verdict.turns += len(asked)
    verdict.joined += sum(len(part) for said in asked if len(part := said.text.split("\n")) > 1)
    verdict.written += _differing([text for text, _ in sent], lines)
    verdict.answered += _differing([said.seq for said in asked], [said.turn for said in replies if said.turn])
    verdict.shown += sum(
        one is None or two is None or not two[0].startswith(one.text) for one, two in zip_longest(replies, shown, fillvalue=None)
    )
    texts = {said.seq: said.text for said in asked}
    verdict.wrong += sum(not reply.text.startswith(answers.get(texts.get(reply.turn or 0, ""), "")) for reply in replies)
    if lines == [text for text, _ in sent]:
        verdict.seconds += _seconds(asked, replies, sent, shown, join_s)


def _differing(wanted: Sequence[object], found: Sequence[object]) -> int:
    return sum(one != two for one, two in zip_longest(wanted, found))


def _seconds(asked: Sequence[Said], replies: Sequence[Said], sent: Sequence[Timed], shown: Sequence[Timed], join_s: float) -> list[float]:
    """Return the seconds of a chat in which everything arrived."""
    at = {reply.turn: when for reply, (_, when) in zip(replies, shown, strict=False)}
    found, first = [], 0
    for said in asked:
        if said.seq in at:
            found.append(max(0.0, at[said.seq] - sent[first][1] - join_s))
        first += said.text.count("\n") + 1
    return found
