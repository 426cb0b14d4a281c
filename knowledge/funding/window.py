"""Time: what status and deadlines say on a day. It decides when one can apply, never whether a plan is eligible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.dates import in_words
from knowledge.funding.answer import Answer, Reason
from knowledge.funding.programme import Line, Programme
from knowledge.openness import CLOSING, returning
from knowledge.speech import say


@dataclass(frozen=True)
class Window:
    """The answers of status and deadlines on a day, with the date that comes next: the last day to apply, or the first one again.

    `last_day` is set only where the next date is known to be the last day to apply; `opens`: one can apply from the next date on.
    """

    reasons: tuple[Reason, ...]
    next_date: date | None = None
    last_day: date | None = None
    opens: bool = False

    @property
    def is_proven(self) -> bool:
        """Whether a date or a rolling window, not only the status, says that one can apply."""
        return any(r.condition == "deadline" and r.answer is Answer.YES for r in self.reasons)


def window(programme: Programme, line: Line, day: date) -> Window:
    """Judge status and deadlines of a line on a day, by the reading rules of `docs/adr/0008-funding-rules.md`."""
    records = records_of(programme, line)
    status, source = programme.status, programme.source("status")
    if status in ("closed", "ended"):
        since = programme.status_as_of or ""
        if since <= day.isoformat():
            return Window((Reason("status", Answer.NO, _closed(programme, records, day), source),), **_again(records, day))
        return _dated(programme, records, day, Answer.UNKNOWN)
    if status == "unknown":
        text = say(
            "Ob zurzeit Anträge möglich sind, ist nicht bekannt{last}. Bitte auf der Programmseite prüfen.", last=_last(records, day)
        )
        return Window((Reason("status", Answer.UNKNOWN, text, source),), **_again(records, day))
    return _dated(programme, records, day, Answer.YES)


def _dated(programme: Programme, records: Iterable[Mapping[str, Any]], day: date, without: Answer) -> Window:
    """Judge deadlines; `without` is the answer where no date tells anything."""
    dates = closing(records)
    ahead = [d for d in dates if d >= day]
    source = programme.source("deadline")
    if ahead:
        text = say("Der nächste Termin ist der {day}.", day=in_words(ahead[0]))
        return Window((Reason("deadline", Answer.YES, text, source),), ahead[0], ahead[0])
    if any(r.get("rolling") for r in records):
        return Window((Reason("deadline", Answer.YES, say("Anträge sind fortlaufend möglich."), source),))
    if dates:
        text = say("Die letzte bekannte Frist war der {day}; eine neue Runde ist noch nicht bekannt.", day=in_words(dates[-1]))
        return Window((Reason("deadline", Answer.NO, text, source),), **_again(records, day))
    if without is Answer.UNKNOWN:
        text = say("Ob an diesem Tag Anträge möglich waren, ist nicht bekannt.")
        return Window((Reason("status", Answer.UNKNOWN, text, programme.source("status")),))
    text = _yearly(records, day) or say("Das Programm ist offen; Frist bitte auf der Programmseite prüfen.")
    return Window((Reason("status", Answer.YES, text, programme.source("status")),), last_day=_ends(records, day), **_again(records, day))


def records_of(programme: Programme, line: Line) -> tuple[Mapping[str, Any], ...]:
    """Return the deadlines that count for a line: its own, else the programme's."""
    return programme.deadlines if line.deadlines is None else line.deadlines


def closing(records: Iterable[Mapping[str, Any]]) -> list[date]:
    """Return the dated days that close a round, the earliest first."""
    return sorted(date.fromisoformat(r["date"]) for r in records if r.get("date") and r.get("kind") in CLOSING)


def _closed(programme: Programme, records: Iterable[Mapping[str, Any]], day: date) -> str:
    if programme.status == "ended":
        return say("Das Programm ist zurzeit beendet{last}.", last=_last(records, day))
    return say("Das Programm ist zurzeit geschlossen{last}.", last=_last(records, day))


def _last(records: Iterable[Mapping[str, Any]], day: date) -> str:
    past = [d for d in closing(records) if d < day]
    return say(" (letzte bekannte Frist: {day})", day=in_words(past[-1])) if past else ""


def _yearly(records: Iterable[Mapping[str, Any]], day: date) -> str | None:
    found = [(starts, item) for r in records for starts, item in returning(r, day)]
    if not found:
        notes = [r["note"] for r in records if not r.get("date") and r.get("note")]
        return say("Frist: {note}.", note=notes[0].rstrip(".")) if notes else None
    starts, item = min(found, key=lambda pair: pair[1].day)
    if starts:
        return say("Heute kann man keinen Antrag stellen, wieder ab {day}.", day=in_words(item.day))
    return say("Die jährliche Frist ist der {day}.", day=in_words(item.day))


def _again(records: Iterable[Mapping[str, Any]], day: date) -> dict[str, Any]:
    """Return the next day of a yearly rhythm, and whether one can apply from it on."""
    following = min(((item.day, waits) for r in records for waits, item in returning(r, day)), default=(None, False))
    return {"next_date": following[0], "opens": following[1]}


def _ends(records: Iterable[Mapping[str, Any]], day: date) -> date | None:
    """The last day of a yearly window that is open; None where one has to wait for its beginning."""
    return min((item.day for r in records for waits, item in returning(r, day) if not waits), default=None)
