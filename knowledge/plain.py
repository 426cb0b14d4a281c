"""Einfache Sprache: which texts of an entry need a simple form, and whether a simple form says the same.

A simple form may be longer and leave out examples, never an amount, a date, a share, a negation, a limit or a duty. What is compared here
are signs on the surface; whether the meaning is the same is for people to read (`knowledge/simple` holds both texts side by side).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.dates import MONTHS
from knowledge.figures import numbers
from knowledge.model import Entry

_FIELDS = (
    "summary", "answer", "explanation", "amount_note", "conditions", "contradiction", "cost", "deadlines", "dates", "region", "combination",
    "funding",
)  # fmt: skip
_WITHIN = frozenset({"note", "rule", "label", "text", "change", "why_not"})
_LISTS = frozenset({"yearly", "lines", "rules", "rates", "deadlines"})
_NOT_TOLD = frozenset({"unknown"})  # values for programs among the texts
_ISO = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_SPELLED = {
    word: str(number)
    for number, word in enumerate(
        ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"), start=2
    )
}  # fmt: skip
# Signs that must stand on both sides or on neither. A sign that the simple form adds is as wrong as one it drops, except for a duty or an
# upper limit: plain sentences say „Sie müssen“ and „nicht mehr als“ where the original has a noun.
_SIGNS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "Verneinung": (
        re.compile(r"\b(nicht|kein\w*|nie|niemals|weder|keinesfalls|niemand)\b", re.I),
        re.compile(r"\b(nicht|kein\w*|nie|niemals|weder|niemand|ohne|nur)\b", re.I),
    ),
    "Obergrenze": (
        re.compile(r"\b(höchstens|maximal|bis zu|nicht mehr als|höchstsatz|obergrenze|gedeckelt)\b", re.I),
        re.compile(r"\b(höchstens|maximal|bis zu|nicht mehr als|bis)\b", re.I),
    ),
    "Untergrenze": (
        re.compile(r"\b(mindestens|wenigstens|nicht weniger als)\b", re.I),
        re.compile(r"\b(mindestens|wenigstens|nicht weniger als|ab|oder mehr)\b", re.I),
    ),
    "Pflicht": (
        re.compile(r"\b(muss|müssen|pflicht\w*|verpflichtend\w*|erforderlich\w*|nachzuweisen|zwingend\w*|vorgeschrieben)\b", re.I),
        re.compile(r"\b(muss|müssen|pflicht\w*|verpflichtend\w*|nötig|braucht|brauchen|dürfen\b.*\bnur|nur|nicht)\b", re.I),
    ),
    "Einschränkung": (
        re.compile(r"\b(nur|ausschließlich|lediglich)\b", re.I),
        re.compile(r"\b(nur|allein|kein\w*|nicht)\b", re.I),
    ),
    "Bedingung": (
        re.compile(r"\b(wenn|sofern|falls|außer|solange|es sei denn)\b", re.I),
        re.compile(r"\b(wenn|falls|außer\w*|solange|nur|erst|dann|muss|müssen)\b", re.I),
    ),
    "Möglichkeit": (
        re.compile(r"\b(in der Regel|meist|meistens|voraussichtlich|grundsätzlich|etwa|rund|ungefähr|möglicherweise|teilweise)\b", re.I),
        re.compile(
            r"\b(in der Regel|meist\w*|normalerweise|wahrscheinlich|vielleicht|etwa|rund|ungefähr|fast immer|oft|zum teil|"
            r"teilweise|manche\w*|"
            r"grundsätzlich|zum beispiel|wie|geplant|ziemlich|knapp|manchmal|eigentlich|im prinzip)\b",
            re.I,
        ),
    ),
}
_ADDED_NEGATION = re.compile(r"\b(nicht|kein\w*|nie|niemals|niemand)\b", re.I)
_NEGATIVE = re.compile(
    r"\b(nicht|kein\w*|nie|niemals|weder|niemand|ohne|ausgeschlossen\w*|ausschließ\w*|abgelehnt|unabhängig|nur|lediglich|erst|vor\w*|"
    r"bevor|außer\w*|statt|anstelle|höchstens|maximal|bis zu|ende\w*|beende\w*|vorbei|abgeschlossen\w*|geschlossen\w*|entfällt|entfallen|"
    r"fehlt|fehlen\w*|offen|unbekannt|un\w+|frei\w*|\w+frei\w*|\w+los\w*|selbst|allein\w*|früher\w*|bisher\w*|eingestellt|ausgelaufen|zusätzlich\w*|einmalig\w*|"
    r"gedeckelt|ablehn\w*|verboten|untersagt|verzicht\w*|gilt|muss|müssen|stand|laut)\b",
    re.I,
)  # fmt: skip


def needed(entry: Entry) -> list[str]:
    """Return every text of an entry that an answer may tell, once each: fields, notes, rules, written answers."""
    told = [text for key in _FIELDS for text in _told(entry.get(key))]
    told += [block.say for block in entry.asked if block.say]
    return list(dict.fromkeys(told))


def faults(entry: Entry) -> Iterator[str]:
    """Yield one German sentence per text without a simple form, pair whose text is gone, and pair that does not say the same."""
    wanted = needed(entry)
    for text in wanted:
        if text not in entry.simple:
            yield f"{entry.id}: kein einfacher Text für: {text}"
    for text, plain in entry.simple.items():
        if text not in wanted:
            yield f"{entry.id}: dieser Text steht nicht (mehr) im Eintrag: {text}"
            continue
        for fault in differences(text, plain):
            yield f"{entry.id}: {fault}\n    {text}\n    {plain}"


def differences(text: str, plain: str) -> Iterator[str]:
    """Yield what a simple form drops or adds: figures and dates, negations, limits, duties, restrictions, conditions, hedges."""
    before, after = _figures(text), _figures(plain)
    if missing := sorted(before - after):
        yield f"es fehlt {', '.join(missing)}"
    if added := sorted(after - before):
        yield f"dazugekommen ist {', '.join(added)}"
    for name, (sign, kept) in _SIGNS.items():
        if sign.search(text) and not kept.search(plain):
            yield f"{name} fehlt"
    if _ADDED_NEGATION.search(plain) and not _NEGATIVE.search(text):
        yield "Verneinung dazugekommen"


def _told(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value not in _NOT_TOLD:
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _WITHIN or key in _LISTS:
                yield from _told(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _told(inner)


def _figures(text: str) -> set[str]:
    """Return the figures in a text; months in words and small numbers in words count as figures."""
    plain = _ISO.sub(lambda m: ".".join(reversed([part for part in m.groups() if part])), text)
    named = {month: str(number) for number, month in enumerate(MONTHS, start=1)} | _SPELLED
    for word, number in named.items():
        plain = re.sub(rf"\b{word}\b", f" {number} ", plain, flags=re.I)
    return set(numbers(plain))
