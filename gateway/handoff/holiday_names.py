"""The next public holidays of Baden-Württemberg by name: leads see on which days the desk stays closed by itself."""

from __future__ import annotations

from datetime import date

import holidays


def coming(today: date, number: int = 5) -> list[tuple[date, str]]:
    """Return the next holidays, today's included.

    >>> coming(date(2026, 12, 24), 2)
    [(datetime.date(2026, 12, 25), 'Erster Weihnachtstag'), (datetime.date(2026, 12, 26), 'Zweiter Weihnachtstag')]
    """
    known = holidays.country_holidays("DE", subdiv="BW", years=(today.year, today.year + 1), language="de")
    return sorted((day, name) for day, name in known.items() if day >= today)[:number]
