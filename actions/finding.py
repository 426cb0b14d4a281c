"""Entries that fit a described need, as a list to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import log

from actions.answers import stand
from actions.reply import Button, Reply, short_title, sources_of
from actions.turn import Turn
from knowledge.library import Served
from knowledge.model import OFFER_AREAS, Entry
from knowledge.openness import State, openness
from knowledge.search import Hit

SHOWN = 3
CLOSED_STATES = (State.CLOSED,)
NEED_BONUS, THEME_BONUS, OPEN_BONUS, PASSED_MALUS, SIZE = 0.15, 0.12, 0.05, 0.04, 0.08
OVERVIEW, VAGUE = "faq-foerderprogramme-ueberblick", 0.2  # who names no subject sees the overview first
LARGE_EUR = 50_000  # a smallest grant this large is for institutions; without one named, smaller programmes come first


def funding(turn: Turn, served: Served, today: date) -> Reply:
    """List programmes that fit a plan; programmes that this applicant cannot use or that are over are left out."""
    hits = [hit for hit in _hits(turn, served) if hit.entry.area == "foerderung"]
    applicants, themes = set(turn.values("applicant")), set(turn.values("theme"))
    usable = [hit for hit in hits if _usable(hit.entry, applicants, today)]
    rare = _rarity(served)
    weights = {theme: rare.get(theme, 0.0) for theme in themes}
    eur = max(turn.values("money"), default=None)
    ranked = sorted(usable, key=lambda hit: -_fit(hit, weights, eur, today))
    entries = [hit.entry for hit in ranked]
    overview = served.entries.get(OVERVIEW)
    if overview and not themes and _need(ranked[0] if ranked else None) < VAGUE:
        entries.insert(0, overview)
    head = "Diese Programme könnten passen. Ob sie wirklich passen, entscheiden die Bedingungen der Ausschreibung:"
    return _list(turn, entries[:SHOWN], head, today)


def offers(turn: Turn, served: Served, today: date) -> Reply:
    """List consulting, networks, courses and material that fit a situation."""
    hits = [hit for hit in _hits(turn, served) if hit.entry.area in OFFER_AREAS or hit.entry.area == "faq"]
    ranked = sorted(hits, key=lambda hit: -(hit.score + NEED_BONUS * _need(hit)))
    return _list(turn, [hit.entry for hit in ranked[:SHOWN]], "Das könnte Ihnen weiterhelfen:", today)


def area(turn: Turn, area_name: str, served: Served, today: date) -> Reply:
    """List offers of one area, those that fit the words of the message first."""
    entries = [hit.entry for hit in served.search.find(turn.text, area=area_name, limit=SHOWN)] if not turn.clicked else []
    entries += [e for e in served.entries.values() if e.area == area_name and e not in entries]
    return _list(turn, entries[:SHOWN], "Eine Auswahl aus diesem Bereich:", today)


def _hits(turn: Turn, served: Served) -> list[Hit]:
    return served.search.find(turn.text, limit=80)


def _usable(entry: Entry, applicants: set[str], today: date) -> bool:
    fits = not applicants or bool(applicants & set(entry.get("applicants", ())))
    return fits and openness(entry, today).state not in CLOSED_STATES and entry.get("matchable", True)


def _fit(hit: Hit, themes: dict[str, float], eur: int | None, today: date) -> float:
    shared = sum(weight for theme, weight in themes.items() if theme in hit.entry.get("themes", ()))
    state = openness(hit.entry, today).state
    open_now = OPEN_BONUS if state in (State.OPEN, State.ROLLING, State.YEARLY) else 0.0
    passed = PASSED_MALUS if state is State.PASSED else 0.0
    return hit.score + NEED_BONUS * _need(hit) + THEME_BONUS * min(shared, 1.5) + open_now - passed + _size(hit.entry, eur)


def _size(entry: Entry, eur: int | None) -> float:
    """Whether a programme's grants are of the size that is needed; without a sum, smaller programmes come first."""
    least, most = entry.get("amount_min_eur") or 0, entry.get("amount_max_eur")
    if eur is None:
        return -SIZE if least >= LARGE_EUR else 0.0
    if least > eur:
        return -2 * SIZE
    return SIZE if most and eur <= most <= 20 * eur else 0.0


def _rarity(served: Served) -> dict[str, float]:
    """How much a theme says, 0 to 1: one that few programmes have says more than "begegnung"."""
    programmes = [e for e in served.entries.values() if e.area == "foerderung"]
    counts = Counter(theme for e in programmes for theme in e.get("themes", ()))
    return {theme: log(len(programmes) / count) / log(len(programmes)) for theme, count in counts.items() if count}


def _need(hit: Hit | None) -> float:
    if hit is None:
        return 0.0
    return max((score for score, passage in hit.passages if passage.kind == "bedarf"), default=0.0)


def _list(turn: Turn, entries: Sequence[Entry], head: str, today: date) -> Reply:
    lines = [f"• {short_title(entry)}: {_first_sentence(entry.summary)}" for entry in entries]
    text = "\n".join([head, *lines, "Wozu möchten Sie mehr wissen?", stand(entries, today)])
    ids = [entry.id for entry in entries]
    memory = replace(turn.memory, entries=tuple(ids), topic=ids[0] if ids else None, misses=0)
    buttons = [Button(short_title(entry), "choose_entry", {"entry": entry.id}) for entry in entries]
    return Reply("list", text, memory, ids, sources_of(entries, most=len(entries)), buttons)


def _first_sentence(text: str, most: int = 190) -> str:
    end = text.find(". ", 30)
    sentence = text if end < 0 else text[: end + 1]
    return sentence if len(sentence) <= most else sentence[:most].rsplit(" ", 1)[0] + " …"
