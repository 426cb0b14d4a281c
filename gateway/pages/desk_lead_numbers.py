"""The page with the desk's figures, and the same as a table file. What each figure means stands in `handoff.statistics`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import services
from gateway.desk.forms import LeadPage
from gateway.handoff import queues, statistics
from gateway.handoff.statistics import CLASSES, HOURS_OF_DAY, Count, Figures
from gateway.pages import desk_lead_figures as words
from gateway.pages import plots
from gateway.pages.desk_lead_frame import show
from gateway.pages.plots import Plot
from gateway.store import counts, desk_settings
from gateway.texts import text
from knowledge import clock, dates

PATH, PERIODS = "/desk/lead/numbers", (7, 30, 90)
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Material:
    """What was asked for, and what was counted. `queue` "": all queues; `names`: what queues are called, also those only counted."""

    days: int
    today: date
    queue: str
    names: dict[str, str]
    counts: list[Count]

    @property
    def period(self) -> str:
        """The period in words."""
        first = self.today - timedelta(days=self.days - 1)
        return text("desk_lead.numbers.period", first=dates.in_words(first), last=dates.in_words(self.today))

    @property
    def chosen(self) -> list[Count]:
        """The counts of the chosen queue."""
        return [count for count in self.counts if self.queue in ("", count[1])]


@router.get(PATH)
async def look(request: Request, session: LeadPage) -> Response:
    """Show the figures of a period: per queue, and per hour of day with plots."""
    found = await _material(request)
    hours = statistics.by_hour_of_day(found.chosen)
    total = statistics.figures(found.chosen)
    return await show(
        request,
        session,
        "numbers",
        days=found.days,
        periods=PERIODS,
        queue=found.queue,
        queues=found.names,
        period=found.period,
        is_empty=statistics.figures(found.counts).is_empty,
        columns=[text("desk_lead.numbers.all"), *(found.names[id] for id in statistics.by_queue(found.counts))],
        figures=_per_queue(found.counts),
        plots=[_requests(hours), _unserved(hours), _waits(total), _ends(total)],
        hours=[{"hour": hour_in_words(hour), "figures": _cells(hours[hour])} for hour in HOURS_OF_DAY if not hours[hour].is_empty],
        labels=[words.label(measure) for measure in words.MEASURES],
        csv=f"{PATH}.csv?{urlencode({'days': found.days})}",
    )


@router.get(f"{PATH}.csv")
async def download(request: Request, session: LeadPage) -> Response:
    """Return the figures of all queues and hours of day as a table file."""
    found = await _material(request)
    every = text("desk_lead.numbers.every_hour")
    rows: list[words.Row] = [(text("desk_lead.numbers.all"), every, statistics.figures(found.counts))]
    for queue, figures in statistics.by_queue(found.counts).items():
        rows.append((found.names[queue], every, figures))
        by_hour = statistics.by_hour_of_day([count for count in found.counts if count[1] == queue])
        rows += [(found.names[queue], hour_in_words(hour), by_hour[hour]) for hour in HOURS_OF_DAY if not by_hour[hour].is_empty]
    name = f"zahlen-{found.today.isoformat()}-{found.days}-tage.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(words.table(found.period, rows), headers=headers, media_type="text/csv; charset=utf-8")


def hour_in_words(hour: int) -> str:
    """Return an hour of day.

    >>> hour_in_words(9)
    '9–10 Uhr'
    """
    return f"{hour}–{hour + 1} Uhr"


async def _material(request: Request) -> Material:
    """Read what a period asks for; an unknown period is the shortest, an unknown queue all of them."""
    wanted, today = request.query_params.get("days", ""), clock.today()
    days = next((days for days in PERIODS if str(days) == wanted), PERIODS[0])

    def read(connection: Connection) -> tuple[list[Count], dict[str, str]]:
        known = {queue.id: queue.name for queue in queues.read(desk_settings.read(connection, "queues"))}
        return counts.between(connection, *statistics.hours_of(today, days)), known

    found, known = await services.of(request).database.read(read)
    names = known | {id: id for _, id, _, _ in found if id not in known}
    queue = request.query_params.get("queue", "")
    return Material(days, today, queue if queue in names else "", names, found)


def _per_queue(found: list[Count]) -> list[dict[str, Any]]:
    """Return a row per measure, with all queues together first."""
    columns = [statistics.figures(found), *statistics.by_queue(found).values()]
    return [{"label": words.label(m), "cells": [words.shown(figures, m) for figures in columns]} for m in words.MEASURES]


def _cells(figures: Figures) -> list[str]:
    return [words.shown(figures, measure) for measure in words.MEASURES]


def _requests(hours: list[Figures]) -> Plot:
    shown = {words.label(name): [getattr(one, name) for one in hours] for name in ("requests", "claimed")}
    return _plot("requests", "hour", [str(hour) for hour in HOURS_OF_DAY], shown)


def _unserved(hours: list[Figures]) -> Plot:
    shown = {words.label(name): [getattr(one, name) for one in hours] for name in ("out_of_hours", "nobody", "full")}
    return _plot("unserved", "hour", [str(hour) for hour in HOURS_OF_DAY], shown)


def _waits(total: Figures) -> Plot:
    names = [f"≤ {words.seconds(edge)}" if edge else "> 60 min" for edge in CLASSES]
    return _plot("waits", "wait", names, {words.label("claimed"): [total.waits[edge] for edge in CLASSES]})


def _ends(total: Figures) -> Plot:
    numbers = {words.reason(key): number for key, number in total.ends.items()}
    return plots.lying("ends", _title("ends"), text("desk_lead.numbers.ended"), text("desk_lead.numbers.number"), numbers)


def _plot(id: str, category: str, categories: list[str], series: dict[str, list[int]]) -> Plot:
    return plots.standing(id, _title(id), text(f"desk_lead.numbers.{category}"), categories, series)


def _title(id: str) -> str:
    return text(f"desk_lead.numbers.plots.{id}")
