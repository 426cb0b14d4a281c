"""Entries that fit a described need, as a list to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions import simple
from actions.answers import stand
from actions.reply import Button, Reply, short_title, sources_of
from actions.turn import Turn
from knowledge.library import Served
from knowledge.model import OFFER_AREAS, Entry
from knowledge.search import Hit
from knowledge.speech import is_simple, say, spoken

SHOWN = 3
LIMIT = 1_500  # characters of a list, all in all
NEED_BONUS = 0.15  # what a wording that describes such a need adds to a score


def offers(turn: Turn, served: Served, today: date) -> Reply:
    """List consulting, networks, courses and material that fit a situation."""
    hits = [hit for hit in _hits(turn, served) if hit.entry.area in OFFER_AREAS or hit.entry.area == "faq"]
    ranked = sorted(hits, key=lambda hit: -(hit.score + NEED_BONUS * _need(hit)))
    return _list(turn, [hit.entry for hit in ranked[:SHOWN]], say("Das könnte Ihnen weiterhelfen:"), today)


def area(turn: Turn, area_name: str, served: Served, today: date) -> Reply:
    """List offers of one area, those that fit the words of the message first."""
    entries = [hit.entry for hit in served.search.find(turn.text, area=area_name, limit=SHOWN)] if not turn.clicked else []
    entries += [e for e in served.entries.values() if e.area == area_name and e not in entries]
    return _list(turn, entries[:SHOWN], say("Eine Auswahl aus diesem Bereich:"), today)


def again(turn: Turn, entries: Sequence[Entry], today: date) -> Reply:
    """List entries that were offered already."""
    return _list(turn, entries[:SHOWN], say("Das könnte Ihnen weiterhelfen:"), today)


def _hits(turn: Turn, served: Served) -> list[Hit]:
    return served.search.find(turn.text, limit=80)


def _need(hit: Hit | None) -> float:
    if hit is None:
        return 0.0
    return max((score for score, passage in hit.passages if passage.kind == "bedarf"), default=0.0)


def _list(turn: Turn, entries: Sequence[Entry], head: str, today: date) -> Reply:
    lines = [f"• {short_title(entry)}: {_in_short(entry)}" for entry in entries]
    frame = [head, say("Wozu möchten Sie mehr wissen?"), stand(entries, today)]
    for place in reversed(range(len(lines))):
        if sum(len(line) + 1 for line in (*lines, *frame)) > LIMIT:
            lines[place] = f"• {short_title(entries[place])}"
    text = "\n".join([head, *lines, *frame[1:]])
    ids = [entry.id for entry in entries]
    memory = replace(turn.memory, entries=tuple(ids), topic=ids[0] if ids else None, text=None, simple=None, misses=0)
    buttons = [Button(short_title(entry), "choose_entry", {"entry": entry.id}) for entry in entries]
    return Reply("list", text, memory, ids, sources_of(entries, most=len(entries)), buttons)


def _in_short(entry: Entry) -> str:
    original = _first_sentence(entry.summary)
    return simple.beginning(original, spoken(entry).summary) if is_simple() else original


def _first_sentence(text: str, most: int = 190) -> str:
    end = text.find(". ", 30)
    sentence = text if end < 0 else text[: end + 1]
    return sentence if len(sentence) <= most else sentence[:most].rsplit(" ", 1)[0] + " …"
