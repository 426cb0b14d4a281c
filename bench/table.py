"""Plain tables for people: columns as wide as their widest cell, numbers to the right."""

from __future__ import annotations

import math
from collections.abc import Sequence

Cell = str | float | int | None
NOTHING = "–"


def shown(cell: Cell) -> str:
    """Return a cell as text, a number with as many digits as can matter.

    >>> shown(1234.56), shown(12.345), shown(0.0123), shown(None)
    ('1235', '12.3', '0.012', '–')
    """
    if isinstance(cell, str):
        return cell
    if cell is None or math.isnan(cell):
        return NOTHING
    if isinstance(cell, int) or cell == 0 or abs(cell) >= 100:
        return f"{cell:.0f}"
    return f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}" if abs(cell) >= 1 else f"{cell:.3f}"


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table; the first column stands to the left, all others to the right."""
    lines = [list(head), *([shown(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    ruled = [lines[0], ["─" * width for width in widths], *lines[1:]]
    return "\n".join(_line(line, widths) for line in ruled)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    return "  ".join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]).rstrip()
