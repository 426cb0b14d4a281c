"""The programmes of a result as cards: four groups, each programme with reasons, amount, next date, source and Stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.funding.paper import amount
from gateway.funding.question import Question
from gateway.funding.service import Catalogue
from gateway.funding.wording import spoken, worded
from gateway.transcript import source_line
from knowledge.dates import in_words
from knowledge.funding.answer import TIMES, Answer
from knowledge.funding.matcher import GROUPS, Match
from knowledge.funding.rounds import rounds

MOST_SOURCES = 3


def result(catalogue: Catalogue, matches: list[Match], asked: Question) -> dict[str, Any]:
    """Return the four groups in order, each with its cards."""
    grouped: dict[str, list[Match]] = {group: [found for found in matches if found.group == group] for group in GROUPS}
    return {"groups": [{"key": key, "cards": [_card(catalogue, found, asked) for found in cards]} for key, cards in grouped.items()]}


def _card(catalogue: Catalogue, found: Match, asked: Question) -> dict[str, Any]:
    entry = catalogue.served.entries[found.programme.id]
    return {
        "id": found.programme.id,
        "title": found.programme.title,
        "line": found.line.title,
        "funder": found.programme.funder,
        "url": found.programme.url,
        "amount": _amount(found),
        "reasons": _texts(found, Answer.YES),
        "open": _texts(found, Answer.UNKNOWN),
        "against": _refusal(found),
        "missing": [worded(f"funding.short_keys.{key}") for key in found.missing],
        "checklist": list(found.checklist),
        "date": _date(found),
        **_between_rounds(found, asked),
        "sources": _sources(found, entry.sources),
    }


def _texts(found: Match, answer: Answer) -> list[str]:
    return list(dict.fromkeys(reason.text for reason in found.reasons if reason.answer is answer))


def _refusal(found: Match) -> dict[str, str | None] | None:
    """Return one reason against and what would change it: the one that a person can change, if there is one."""
    refused = [reason for reason in found.reasons if reason.answer is Answer.NO]
    if not refused:
        return None
    weighty = [r for r in refused if r.condition not in TIMES] or refused
    chosen = next((r for r in weighty if r.condition == "other"), None) or next((r for r in weighty if r.change), weighty[0])
    return {"text": chosen.text, "change": chosen.change if chosen.change != chosen.text else None}


def _amount(found: Match) -> str:
    period = worded(f"funding.periods.{found.line.period}") if found.line.period else ""
    kind = worded(f"funding.line_kinds.{found.line.kind}") if found.line.kind != "grant" else ""
    shown = amount(found.most_eur) if found.most_eur else worded("funding.result.no_amount")
    return ", ".join(part for part in (shown, kind, period) if part)


def _date(found: Match) -> str:
    """Return when to apply: the last day, the day from which one can again, or where to look."""
    window = found.window
    if window.last_day:
        return worded("funding.result.until", day=in_words(window.last_day))
    if window.next_date is None and found.group == "no_round":
        return ""  # the reason against says it
    if window.next_date is None:
        return worded("funding.result.rolling" if window.is_proven else "funding.result.see_page")
    return worded("funding.result.again" if found.next_kind == "opens" else "funding.result.expected", day=in_words(window.next_date))


def _between_rounds(found: Match, asked: Question) -> dict[str, Any]:
    if found.group != "no_round":
        return {"last": None, "months": "", "ended": False}
    known = rounds(found.programme, found.line, asked.day)
    said = " ".join(reason.text for reason in found.reasons if reason.condition in TIMES)
    last = in_words(known.last) if known.last else None
    return {
        "last": last if last and last not in said else None,
        "months": ", ".join(known.months),
        "ended": found.programme.status == "ended",
    }


def _sources(found: Match, listed: Iterable[Any]) -> list[dict[str, str | None]]:
    """Return the sources that the judged conditions rest on, with their Stand; the entry's own page first."""
    used = {found.programme.url, *(reason.source for reason in found.reasons)}
    chosen = [source for source in listed if source.url in used] or list(listed)
    lines = {source_line({"title": s.title, "as_of": s.as_of}, spoken()): s.url for s in reversed(chosen)}
    return [{"line": line, "url": url} for line, url in reversed(lines.items())][:MOST_SOURCES]
