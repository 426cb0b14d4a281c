"""Dates as Germans write them, and dates as people should read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_MONTH = {name.lower(): n for n, name in enumerate(MONTHS, 1)} | {
    "maerz": 3,
    "jänner": 1,
    "feber": 2,
    "dez": 12,
    "okt": 10,
    "nov": 11,
    "sept": 9,
}
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})?(?!\d)")
_NAMED = re.compile(rf"(?<!\d)(?:(\d{{1,2}})\.\s*)?\b({'|'.join(_MONTH)})\b\.?(?:\s+(\d{{4}}))?", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.,])(20[0-4]\d)(?![\d.,]\d|\d)")


@dataclass(frozen=True)
class Mention:
    """A date in a text: its place (offsets) and its value as YYYY-MM-DD, YYYY-MM, YYYY, or --MM(-DD) without a year."""

    start: int
    end: int
    value: str


def find(text: str) -> list[Mention]:
    """Return the dates named in a text.

    >>> [m.value for m in find("am 14.8.2026, im März 2027 oder bis 30. April")]
    ['2026-08-14', '2027-03', '--04-30']
    """
    found: list[Mention] = []
    for match in _FIGURES.finditer(text):
        _keep(found, match, match.group(3), int(match.group(2)), match.group(1))
    for match in _NAMED.finditer(text):
        _keep(found, match, match.group(3), _MONTH[match.group(2).lower()], match.group(1))
    for match in _YEAR.finditer(text):
        if not any(m.start <= match.start() < m.end for m in found):
            found.append(Mention(match.start(), match.end(), match.group(1)))
    return sorted(found, key=lambda m: m.start)


def _keep(found: list[Mention], match: re.Match[str], year: str | None, month: int, day: str | None) -> None:
    if not 1 <= month <= 12 or day and not 1 <= int(day) <= 31:
        return
    if any(m.start < match.end() and match.start() < m.end for m in found):
        return
    head = ("20" + year if len(year) == 2 else year) if year else "-"
    tail = f"-{int(day):02d}" if day else ""
    found.append(Mention(match.start(), match.end(), f"{head}-{month:02d}{tail}"))


def in_words(value: str | date) -> str:
    """Write YYYY, YYYY-MM or YYYY-MM-DD as people read it: 2026 · August 2026 · 14. August 2026.

    >>> in_words("2026-08-14"), in_words("2026-08"), in_words("2026")
    ('14. August 2026', 'August 2026', '2026')
    """
    parts = (value.isoformat() if isinstance(value, date) else value).split("-")
    if len(parts) == 1:
        return parts[0]
    month = MONTHS[int(parts[1]) - 1]
    return f"{month} {parts[0]}" if len(parts) == 2 else f"{int(parts[2])}. {month} {parts[0]}"
