"""Dates as Germans write them."""

import pytest

from knowledge import dates


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14.8.2026", "2026-08-14"),
        ("14. August 2026", "2026-08-14"),
        ("bis 30. April", "--04-30"),
        ("im März 2027", "2027-03"),
        ("14.08.26", "2026-08-14"),
        ("herbst 2026", "2026"),
    ],
)
def test_a_date_is_read(text, value):
    assert [m.value for m in dates.find(text)] == [value]


def test_an_impossible_month_is_no_date():
    assert dates.find("14.13.2026") == [] or all("13" not in m.value for m in dates.find("14.13.2026"))


def test_a_date_is_written_for_people():
    assert dates.in_words("2026-08-14") == "14. August 2026"
