"""A plan as one A4 page for the council, tagged for screen readers (PDF/UA-1). Layout in `plan.typ`; words go in as data only."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from gateway.funding.paper import Paper, dates
from gateway.funding.wording import worded, words

LAYOUT = Path(__file__).with_name("plan.typ")
MOST_ITEMS, MOST_NOTES, MOST_CONTACTS, LONGEST = 14, 8, 5, 450


def page(paper: Paper) -> bytes:
    """Return the page; the same plan gives the same bytes."""
    data = json.dumps(_data(paper), ensure_ascii=False)
    made = typst.compile(
        LAYOUT.read_bytes(),
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=datetime.combine(paper.asked.day, time(0), UTC),
    )
    assert isinstance(made, bytes)
    return made


def _data(paper: Paper) -> dict[str, Any]:
    """Return what stands on the page; what does not fit is counted, never dropped in silence."""
    rows = [[i.title, i.cost_type, i.phase, i.amount, i.deadline] for i in paper.items]
    notes = [_short(note) for note in paper.notes[:MOST_NOTES]]
    for kind, count in (("items", len(rows) - MOST_ITEMS), ("notes", len(paper.notes) - MOST_NOTES)):
        if count > 0:
            notes.append(worded(f"funding.paper.more_{kind}", count=count))
    return {
        "words": words("paper"),
        "mark": paper.mark,
        "title": _short(paper.title),
        "project": list(paper.project),
        "items": rows[:MOST_ITEMS],
        "sums": [[label, shown] for label, _, shown in paper.sums],
        "decision": paper.decision,
        "dates": [[item.deadline, item.title] for item in dates(paper.items)][:MOST_ITEMS],
        "contacts": list(paper.contacts[:MOST_CONTACTS]),
        "notes": notes,
        "duties": list(paper.duties),
        "stand": paper.stand,
    }


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
