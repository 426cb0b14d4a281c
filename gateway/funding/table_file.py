"""A plan as a table that opens right in a German spreadsheet: UTF-8 with its mark, semicolons, nothing that counts as a formula."""

from __future__ import annotations

import csv
import io

from gateway.funding.paper import Paper
from gateway.funding.wording import words

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(paper: Paper) -> bytes:
    """Return items, sums and notes as CSV."""
    named = words("table")
    rows: list[list[str]] = [[paper.title], *([line] for line in (paper.mark, *paper.project) if line), [], named["head"]]
    for item in paper.items:
        sum_of = named["open"] if item.eur is None else str(item.eur)
        rows.append([item.title, item.applicant, item.cost_type, item.phase, sum_of, item.apply_by.isoformat() if item.apply_by else ""])
    rows += [[], *([label, "", "", "", "" if eur is None else str(eur), ""] for label, eur, _ in paper.sums), []]
    rows += [[note] for note in (*paper.notes, paper.stand, *paper.duties)]
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> cell("=1+1"), cell("Verein")
    ("'=1+1", 'Verein')
    """
    return f"'{value}" if value.startswith(FORMULA) else value
