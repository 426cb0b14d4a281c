"""Amounts of money as Germans write and say them, in whole euros."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.language import fold

_UNITS = {
    "ein": 1,
    "eine": 1,
    "eins": 1,
    "zwei": 2,
    "zwo": 2,
    "drei": 3,
    "vier": 4,
    "funf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
}
_TEENS = {
    "zehn": 10, "elf": 11, "zwolf": 12, "dreizehn": 13, "vierzehn": 14, "funfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
}  # fmt: skip
_TENS = {"zwanzig": 20, "dreissig": 30, "vierzig": 40, "funfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90}
_SCALES = (("million", 1_000_000), ("mio", 1_000_000), ("tausend", 1_000), ("tsd", 1_000), ("teur", 1_000), ("k", 1_000))
_NUMBER = r"\d{1,3}(?:[. \u00a0\u202f']\d{3})+(?:,\d{1,2})?|\d+(?:,\d{1,2})?"
_SCALE = r"(?:mio\.?|millionen?|tsd\.?|tausend|teuro?|t(?=€|euro)|k)(?![a-z])"
_EURO = r"(?:€|euros?|eur)(?![a-z])"
_FIGURES = re.compile(
    rf"(?<![\d.,])(?P<before>(?:€|eur|euro)\s*)?(?P<n>{_NUMBER})\s*(?P<scale>{_SCALE})?\s*(?P<euro>{_EURO})?(?:,-)?", re.IGNORECASE
)
_SPOKEN = (  # how numbers are said, and how they are written
    (re.compile(r"(?<=[a-z])(?:[td]aus(?:e?nd|ed|et|ig|ich|a)|mille)$|^[td]aus(?:e?nd|ed)$"), "tausend"),
    (re.compile(r"hunder(?:d|$)"), "hundert"),
    (re.compile(r"(?<=[nrftnb])zg(?=[a-z]|$)"), "zig"),
    (re.compile(r"^fuff?(?=zig|zehn|tausend|hundert)"), "funf"),
    (re.compile(r"^siebe(?=tausend|hundert)"), "sieben"),
)
_WORDS = re.compile(r"[a-zA-ZäöüÄÖÜß]+(?:\s+(?:[Mm]illionen?|[TtDd]ausend|mille))?")


@dataclass(frozen=True)
class Amount:
    """An amount in a text: its place (start and end offsets) and whole euros, cents cut off."""

    start: int
    end: int
    eur: int


def find(text: str) -> list[Amount]:
    """Return the amounts of money in a text: figures with a currency or scale, and numbers in words.

    >>> [a.eur for a in find("15.000 €, fünfzehntausend, 15 Tsd, 1,2 Mio")]
    [15000, 15000, 15000, 1200000]
    >>> [a.eur for a in find("EUR 36 000 und € 4.500")]
    [36000, 4500]
    """
    found = [a for a in map(_from_figures, _FIGURES.finditer(text)) if a]
    taken = [(a.start, a.end) for a in found]
    for match in _WORDS.finditer(text):
        value = number_in_words(match.group())
        overlaps = any(start < match.end() and match.start() < end for start, end in taken)
        if value is not None and not overlaps and (value >= 100 or re.match(rf"\s*{_EURO}", text[match.end() :], re.I)):
            found.append(Amount(match.start(), match.end(), value))
    return sorted(found, key=lambda a: a.start)


def _from_figures(match: re.Match[str]) -> Amount | None:
    number, scale, euro = match.group("n"), match.group("scale"), match.group("euro")
    grouped = bool(re.search(r"\d[. \u00a0\u202f']\d{3}", number))
    if not (scale or euro or match.group("before") or (grouped and "." in number)):
        return None
    plain = re.sub(r"[. \u00a0\u202f']", "", number).replace(",", ".")
    factor = next((f for name, f in _SCALES if scale and scale.lower().startswith(name)), 1)
    if scale and scale.lower() == "t":
        factor = 1_000
    return Amount(match.start(), match.end(), int(float(plain) * factor + 1e-6))


def number_in_words(text: str) -> int | None:
    """Return the value of a German number word up to the millions, None where it is none.

    >>> number_in_words("zweihundertfünfzigtausend"), number_in_words("eine Million"), number_in_words("Haus")
    (250000, 1000000, None)
    """
    word = fold(text).replace(" ", "")
    for said, written in _SPOKEN:
        word = said.sub(written, word)
    for name in ("millionen", "million"):
        head, found, rest = word.partition(name)
        if found:
            return _add(_thousands(head or "ein"), 1_000_000, rest)
    return _thousands(word)


def _add(head: int | None, factor: int, rest: str) -> int | None:
    tail = _thousands(rest) if rest else 0
    return None if head is None or tail is None else head * factor + tail


def _thousands(word: str) -> int | None:
    head, found, rest = word.partition("tausend")
    if not found:
        return _hundreds(word)
    first = _hundreds(head or "ein")
    second = _hundreds(rest.removeprefix("und")) if rest else 0
    return None if first is None or second is None else first * 1_000 + second


def _hundreds(word: str) -> int | None:
    head, found, rest = word.partition("hundert")
    if not found:
        return _below_hundred(word)
    first, second = _UNITS.get(head or "ein"), (_below_hundred(rest.removeprefix("und")) if rest else 0)
    return None if first is None or second is None else first * 100 + second


def _below_hundred(word: str) -> int | None:
    for table in (_UNITS, _TEENS, _TENS):
        if word in table:
            return table[word]
    unit, found, tens = word.partition("und")
    return _UNITS[unit] + _TENS[tens] if found and unit in _UNITS and tens in _TENS else None
