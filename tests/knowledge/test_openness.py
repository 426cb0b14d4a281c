"""Whether a programme is open is computed from its deadlines and the day."""

from datetime import date

from knowledge.model import Entry
from knowledge.openness import State, openness

TODAY = date(2026, 11, 22)


def programme(status="open", **deadline):
    records = [{"kind": "antragsfrist", **deadline}] if deadline else []
    return Entry({"id": "x", "area": "foerderung", "status": {"value": status}, "deadlines": records})


def test_a_passed_deadline_is_never_offered_as_open():
    assert openness(programme(date="2026-08-14"), TODAY).state is State.PASSED


def test_the_last_day_still_counts():
    assert openness(programme(date="2026-11-22"), TODAY).state is State.OPEN


def test_a_deadline_ahead_is_named():
    assert openness(programme(date="2027-03-13"), TODAY).next.day == date(2027, 3, 13)


def test_a_rolling_window_is_open():
    assert openness(programme(rolling=True), TODAY).state is State.ROLLING


def test_an_unknown_status_is_said_as_unknown():
    assert openness(programme("unknown", date="2026-08-14"), TODAY).state is State.UNKNOWN


def test_a_closed_programme_is_closed():
    assert openness(programme("closed"), TODAY).state is State.CLOSED


def test_a_status_counts_only_from_its_own_date_on():
    entry = Entry({"id": "x", "area": "foerderung", "status": {"value": "closed", "as_of": "2026-12-01"}})
    assert openness(entry, TODAY).state is not State.CLOSED


def test_a_yearly_deadline_returns_next_year():
    known = openness(programme(yearly=[{"until": "04-30"}]), TODAY)
    assert (known.state, known.next.day) == (State.YEARLY, date(2027, 4, 30))


def test_a_yearly_window_that_begins_later_is_not_open():
    known = openness(programme(yearly=[{"from": "01-01", "until": "04-30"}]), TODAY)
    assert (known.state, known.next.day) == (State.WAITING, date(2027, 1, 1))


def test_a_programme_without_any_date_is_not_called_open():
    assert openness(programme(), TODAY).state is State.RUNNING
