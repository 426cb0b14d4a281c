"""What may be said about a programme's deadline today, in German. A passed deadline is never offered as open."""

from __future__ import annotations

from datetime import date

from knowledge.dates import in_words
from knowledge.model import Entry
from knowledge.openness import Deadline, Openness, State, openness
from knowledge.speech import say, spoken


def deadline(entry: Entry, today: date) -> tuple[str, str]:
    """Return (beginning of a yes/no answer to "can we still apply?", what is known about the deadline)."""
    known = openness(spoken(entry), today)
    return _BEGINNINGS[known.state], _TEXTS[known.state](known, entry)


def _open(known: Openness, _entry: Entry) -> str:
    return f"{say('Die nächste Frist ist der {day}.', day=_day(known.next))} {_ask_there()}"


def _rolling(known: Openness, _entry: Entry) -> str:
    return f"{say('Anträge sind laufend möglich{note}.', note=_in_words(known))} {_ask_there()}"


def _yearly(known: Openness, _entry: Entry) -> str:
    told = say("Die Frist kehrt jedes Jahr wieder{note}. Die nächste ist der {day}.", note=_in_words(known), day=_day(known.next))
    return f"{told} {_ask_there()}"


def _waiting(known: Openness, _entry: Entry) -> str:
    told = say("Zurzeit ist kein Antrag möglich{note}. Wieder ab dem {day}.", note=_in_words(known), day=_day(known.next))
    return f"{told} {_ask_there()}"


def _running(known: Openness, _entry: Entry) -> str:
    there = " " + say("Dort heißt es: {told}.", told=_listed(known)) if known.texts else ""
    return f"{say('Das Programm gibt es, eine feste Frist mit Datum steht nicht in meinen Quellen.')}{there} {_ask_there()}"


def _passed(known: Openness, _entry: Entry) -> str:
    over = say("Zurzeit ist keine Runde offen: Die letzte Frist war der {day} und ist vorbei.", day=_day(known.last))
    return f"{over}{_also(known)} {say('Eine neue Frist steht noch nicht in meinen Quellen.')} {_ask_there()}"


def _closed(known: Openness, entry: Entry) -> str:
    as_of = (entry.get("status") or {}).get("as_of")
    stand = f" (Stand {in_words(as_of)})" if as_of else ""
    last = " " + say("Die letzte Frist war der {day}.", day=_day(known.last)) if known.last else ""
    return say("Das Programm ist abgeschlossen{stand}; Anträge sind nicht mehr möglich.", stand=stand) + last


def _unknown(known: Openness, _entry: Entry) -> str:
    last = " " + say("Die letzte bekannte Frist war der {day} und ist vorbei.", day=_day(known.last)) if known.last else ""
    unproven = say("Ob zurzeit Anträge möglich sind, ist in meinen Quellen nicht belegt.")
    return f"{unproven}{last}{_also(known)} {say('Die aktuelle Frist nennt die offizielle Programmseite.')}"


def _ask_there() -> str:
    return say("Bitte vor der Planung auf der offiziellen Programmseite nachsehen.")


def _day(deadline: Deadline | None) -> str:
    if deadline is None:
        return say("unbekannte Tag")
    return in_words(deadline.day) + (f" ({deadline.note})" if deadline.note else "")


def _in_words(known: Openness) -> str:
    return f" ({_listed(known)})" if known.texts else ""


def _also(known: Openness) -> str:
    return " " + say("Außerdem heißt es: {told}.", told=_listed(known)) if known.texts else ""


def _listed(known: Openness) -> str:
    return "; ".join(known.texts)


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
