"""Amounts in a message: what they are for, and numbers that are no money (inhabitants, own funds)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from actions.funding.words import pattern, patterns, plain, says
from knowledge import amounts

_BARE = re.compile(r"(?<![\d.,])(\d{1,3}(?: \d{3})+|\d{3,7})(?![\d.,]*\d)(?!\s*(?:€|euro|eur|einwohner|uhr|%))", re.IGNORECASE)
_DENIED = re.compile(r"\b(nicht|net|ned|nit|statt|kein\w*)\s+(mehr\s+|die\s+|den\s+|ganze\s+)?$", re.IGNORECASE)
_YEARS = range(1990, 2041)
_NEAR = 45  # characters within which a word says what an amount is for


@dataclass(frozen=True)
class _Sum:
    start: int
    end: int
    eur: int


def is_only_a_number(text: str) -> bool:
    """Whether a message says a number and hardly anything else ("2000 oder so").

    >>> is_only_a_number("so 5.000 ungefähr"), is_only_a_number("in 2 Jahren")
    (True, False)
    """
    said = plain(text)
    number = pattern("only_a_number").match(said)
    return number is not None and (said != number.group(1) or int(said.replace(" ", "")) not in _YEARS)  # "2027" alone is a year


def read(text: str, asked: bool) -> tuple[dict[str, int], int | None]:
    """Return euros by cost type and the sum whose type is not said; `asked`: bare numbers are money.

    >>> read("Personalkosten 20.000 €, dazu Honorare 3.000 €", False)
    ({'personal': 20000, 'beratung': 3000}, None)
    """
    costs: dict[str, int] = {}
    rest: list[int] = []
    sums = [s for s in _sums(text, asked) if not _is_other(text, s)]
    edges = [0, *(s.end for s in sums)], [*(s.start for s in sums), len(text)]
    between = [text[start:end] for start, end in zip(*edges, strict=True)]
    for number, kind in enumerate(
        _kinds([_type(_tail(part), last=True) for part in between[:-1]], [_type(_head(part)) for part in between[1:]])
    ):
        if kind:
            costs[kind] = costs.get(kind, 0) + sums[number].eur
        elif not (costs and says("total", plain(_tail(between[number]) + " " + _head(between[number + 1])))):
            rest.append(sums[number].eur)
    if costs or not rest:
        return costs, None
    return costs, max(rest) if says("total", plain(text)) else sum(rest)


def _kinds(before: list[str | None], after: list[str | None]) -> list[str | None]:
    """What each amount is for: people write "Personal 5.000, Material 800" or "5.000 für Personal, 800 für Material", seldom both ways."""
    first, second = (before, after) if sum(map(bool, before)) > sum(map(bool, after)) else (after, before)
    return [one or other for one, other in zip(first, second, strict=True)]


def people(clause: str) -> Iterator[int]:
    """Yield the number of inhabitants that a clause tells."""
    match = re.search(r"(\d{1,3}(?:\.\d{3})+|\d{2,7})\s+(?:einwohner|menschen leben|leute leben|seelen)", clause, re.IGNORECASE)
    if match:
        yield int(match.group(1).replace(".", ""))


def own_funds(clause: str) -> Iterator[int]:
    """Yield the applicant's own money that a clause tells."""
    if says("own_funds", plain(clause)):
        yield from (found.eur for found in _sums(clause, asked=True)[:1])


def _sums(text: str, asked: bool) -> list[_Sum]:
    found = [_Sum(a.start, a.end, a.eur) for a in amounts.find(text)]
    for match in _BARE.finditer(text):
        value = int(match.group(1).replace(" ", ""))
        near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        known = any(s.start < match.end() and match.start() < s.end for s in found)
        is_year = value in _YEARS and not (asked and says("only_a_number", plain(text)))
        if not known and value and not is_year and (asked or _type(near)):
            found.append(_Sum(match.start(), match.end(), value))
    return sorted(found, key=lambda s: s.start)


def _is_other(text: str, found: _Sum) -> bool:
    """Inhabitants and own funds are no costs, nor is a sum that is taken back ("nicht 18.000 sondern 8.000")."""
    if _DENIED.search(text[: found.start]):
        return True
    after = plain(text[found.end : found.end + 25])
    start = max(text.rfind(mark, 0, found.start) for mark in (", ", ". ", "; ", " und "))
    ends = [end for mark in (", ", ". ", "; ", " und ") if (end := text.find(mark, found.end)) >= 0]
    clause = text[max(0, start) : min(ends, default=len(text))]
    return re.match(r"(einwohner|menschen|leute|seelen)", after) is not None or says("own_funds", plain(clause))


def _head(after: str) -> str:
    return re.split(r"[;.!?]\s", after)[0][:_NEAR]


def _tail(before: str) -> str:
    return re.split(r"[;.!?]\s", before)[-1][-_NEAR:]


def _type(text: str, last: bool = False) -> str | None:
    """The cost type named first, or the one named last."""
    found = sorted((m.start(), kind) for kind, p in patterns("cost").items() for m in p.finditer(plain(text)))
    return found[-1 if last else 0][1] if found else None
