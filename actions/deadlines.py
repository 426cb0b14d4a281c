"""What may be said about a programme's deadline today, in German. A passed deadline is never offered as open."""

from __future__ import annotations

from datetime import date

from knowledge.dates import in_words
from knowledge.model import Entry
from knowledge.openness import Deadline, Openness, State, openness

ASK_THERE = "Bitte vor der Planung auf der offiziellen Programmseite nachsehen."


def deadline(entry: Entry, today: date) -> tuple[str, str]:
    """Return (beginning of a yes/no answer to "can we still apply?", what is known about the deadline)."""
    known = openness(entry, today)
    return _BEGINNINGS[known.state], _TEXTS[known.state](known, entry)


def _open(known: Openness, _entry: Entry) -> str:
    return f"Die nächste Frist ist der {_day(known.next)}. {ASK_THERE}"


def _rolling(known: Openness, _entry: Entry) -> str:
    return f"Anträge sind laufend möglich{_in_words(known)}. {ASK_THERE}"


def _yearly(known: Openness, _entry: Entry) -> str:
    return f"Die Frist kehrt jedes Jahr wieder{_in_words(known)}. Die nächste ist der {_day(known.next)}. {ASK_THERE}"


def _waiting(known: Openness, _entry: Entry) -> str:
    return f"Zurzeit ist kein Antrag möglich{_in_words(known)}. Wieder ab dem {_day(known.next)}. {ASK_THERE}"


def _running(known: Openness, _entry: Entry) -> str:
    told = "; ".join(known.texts)
    there = f" Dort heißt es: {told}." if told else ""
    return f"Das Programm gibt es, eine feste Frist mit Datum steht nicht in meinen Quellen.{there} {ASK_THERE}"


def _passed(known: Openness, _entry: Entry) -> str:
    return (
        f"Zurzeit ist keine Runde offen: Die letzte Frist war der {_day(known.last)} und ist vorbei.{_also(known)} "
        "Eine neue Frist steht noch nicht in meinen Quellen. " + ASK_THERE
    )


def _closed(known: Openness, entry: Entry) -> str:
    as_of = (entry.get("status") or {}).get("as_of")
    stand = f" (Stand {in_words(as_of)})" if as_of else ""
    last = f" Die letzte Frist war der {_day(known.last)}." if known.last else ""
    return f"Das Programm ist abgeschlossen{stand}; Anträge sind nicht mehr möglich.{last}"


def _unknown(known: Openness, _entry: Entry) -> str:
    last = f" Die letzte bekannte Frist war der {_day(known.last)} und ist vorbei." if known.last else ""
    return (
        f"Ob zurzeit Anträge möglich sind, ist in meinen Quellen nicht belegt.{last}{_also(known)} "
        "Die aktuelle Frist nennt die offizielle Programmseite."
    )


def _day(deadline: Deadline | None) -> str:
    if deadline is None:
        return "unbekannte Tag"
    return in_words(deadline.day) + (f" ({deadline.note})" if deadline.note else "")


def _in_words(known: Openness) -> str:
    return f" ({'; '.join(known.texts)})" if known.texts else ""


def _also(known: Openness) -> str:
    return f" Außerdem heißt es: {'; '.join(known.texts)}." if known.texts else ""


_TEXTS = {
    State.OPEN: _open,
    State.ROLLING: _rolling,
    State.YEARLY: _yearly,
    State.WAITING: _waiting,
    State.RUNNING: _running,
    State.PASSED: _passed,
    State.CLOSED: _closed,
    State.UNKNOWN: _unknown,
}
_UNSURE = "Das steht nicht in meinen Quellen"
_BEGINNINGS = {
    State.OPEN: "Ja",
    State.ROLLING: "Ja",
    State.YEARLY: "Ja",
    State.WAITING: "Nein",
    State.RUNNING: "Kommt darauf an",
    State.PASSED: "Nein",
    State.CLOSED: "Nein",
    State.UNKNOWN: _UNSURE,
}
