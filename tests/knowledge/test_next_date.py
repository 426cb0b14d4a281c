"""What a result says about its next date: a day from which one can apply again is never called a deadline."""

from datetime import date

import pytest

from knowledge.files import read_knowledge
from knowledge.funding.matcher import match
from knowledge.funding.profile import Profile
from knowledge.funding.programme import read_all


@pytest.fixture(scope="module")
def programmes():
    return read_all(read_knowledge().served().values())


def found(programmes, key, day):
    return next(m for m in match(programmes, Profile.read({}), date.fromisoformat(day)) if m.programme.id == key)


@pytest.mark.parametrize(
    ("day", "kind", "next_date"),
    [("2026-11-28", "opens", "2027-01-01"), ("2027-02-01", "last", "2027-04-30"), ("2027-05-01", "opens", "2028-01-01")],
)
def test_a_yearly_window_opens_and_ends(programmes, day, kind, next_date):
    one = found(programmes, "praeventionsnetzwerke-kinderarmut", day)
    assert (one.next_kind, one.next_date.isoformat()) == (kind, next_date)


def test_a_dated_round_has_a_last_day(programmes):
    one = found(programmes, "quartiersimpulse", "2026-03-01")
    assert (one.next_kind, one.next_date.isoformat()) == ("last", "2026-03-13")


def test_without_a_date_there_is_no_kind(programmes):
    assert all((m.next_date is None) == (m.next_kind is None) for m in match(programmes, Profile.read({}), date(2026, 11, 28)))
