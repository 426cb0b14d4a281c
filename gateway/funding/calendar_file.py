"""The dates of a plan for a calendar (RFC 5545): last days to apply, and when closed programmes come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from gateway.funding.paper import Paper, dates
from gateway.funding.wording import mark, worded
from knowledge.funding.matcher import Match
from knowledge.funding.rounds import rounds

WARNED_BEFORE = timedelta(days=14)
PRODUCT = "-//Quartierslotse//Foerderbaukasten//DE"


def calendar(paper: Paper, matches: Iterable[Match]) -> bytes:
    """Return all days as events of a whole day, each with an alarm two weeks before."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", worded("funding.calendar.name"))
    if mark():
        made.add("x-wr-caldesc", mark())
    for event in _events(paper, list(matches)):
        made.add_component(event)
    return bytes(made.to_ical())


def _events(paper: Paper, matches: list[Match]) -> Iterator[Event]:
    found_by_id = {found.programme.id: found for found in matches}
    asked = datetime.combine(paper.asked.day, time(0), UTC)
    planned = {item.programme: item.apply_by for item in dates(paper.items) if item.apply_by}
    for programme, day in planned.items():
        yield _event(found_by_id[programme], day, "apply_by", asked)
    for found in matches:
        following = rounds(found.programme, found.line, paper.asked.day)
        if found.group == "no_round" and following.following and found.programme.id not in planned:
            yield _event(found, following.following, "again" if following.begins else "expected", asked)


def _event(found: Match, day: date, kind: str, asked: datetime) -> Event:
    """Make an event whose UID is the same in every file, so that a second import changes it instead of doubling it."""
    title = worded(f"funding.calendar.{kind}", programme=found.programme.title)
    event = Event()
    event.add("uid", f"{found.programme.id}-{kind}-{day.isoformat()}@quartierslotse")
    event.add("dtstamp", asked)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", worded("funding.calendar.description", url=found.programme.url))
    event.add("url", found.programme.url)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -WARNED_BEFORE)
    event.add_component(alarm)
    return event
