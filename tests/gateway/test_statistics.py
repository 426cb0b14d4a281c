"""The desk's figures on counts that were counted by hand: two queues, three days, waits in their classes."""

import doctest
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.handoff import statistics
from gateway.handoff.statistics import CLASSES, Wait, at_most, by_hour_of_day, by_queue, figures, hours_of
from gateway.pages import desk_lead_figures, plots
from gateway.store.counts import HOUR_MS, WAITS_S
from gateway.texts import all_texts
from knowledge.clock import BERLIN


def hour(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000) // HOUR_MS


# By hand: 9 requests, of which 7 were claimed (1 of them went back and was claimed again: 8 claims), 1 left, 1 cancelled.
MONDAY_9, MONDAY_10, TUESDAY_9, NIGHT = (
    hour(at) for at in ("2026-11-23T09:00", "2026-11-23T10:00", "2026-11-24T09:00", "2026-11-24T23:00")
)
COUNTED = [
    (MONDAY_9, "allgemein", "requests", 4),
    (MONDAY_9, "allgemein", "claimed", 3),
    (MONDAY_9, "allgemein", "wait:15", 1),
    (MONDAY_9, "allgemein", "wait:60", 2),
    (MONDAY_9, "allgemein", "end:abandoned", 1),
    (MONDAY_10, "allgemein", "requeued", 1),
    (MONDAY_10, "allgemein", "claimed", 1),
    (MONDAY_10, "allgemein", "wait:more", 1),
    (MONDAY_10, "allgemein", "end:answered", 3),
    (TUESDAY_9, "pflege", "requests", 5),
    (TUESDAY_9, "pflege", "claimed", 4),
    (TUESDAY_9, "pflege", "wait:30", 3),
    (TUESDAY_9, "pflege", "wait:300", 1),
    (TUESDAY_9, "pflege", "end:answered", 3),
    (TUESDAY_9, "pflege", "end:passed_on", 1),
    (TUESDAY_9, "pflege", "end:cancelled", 1),
    (TUESDAY_9, "allgemein", "nobody", 2),
    (TUESDAY_9, "allgemein", "full", 1),
    (NIGHT, "allgemein", "out_of_hours", 6),
    (NIGHT, "allgemein", "callbacks", 4),
    (MONDAY_10, "allgemein", "callbacks_kept", 2),
    (MONDAY_10, "allgemein", "callbacks_overdue", 2),
    (TUESDAY_9, "allgemein", "callbacks_late", 1),
]


def test_the_figures_of_all_queues_are_those_counted_by_hand():
    all_of_them = figures(COUNTED)
    assert (all_of_them.requests, all_of_them.claimed, all_of_them.requeued, all_of_them.abandoned) == (9, 8, 1, 1)
    assert (all_of_them.out_of_hours, all_of_them.nobody, all_of_them.full) == (6, 2, 1)
    assert (all_of_them.callbacks, all_of_them.callbacks_kept, all_of_them.callbacks_late, all_of_them.callbacks_overdue) == (4, 2, 1, 2)
    assert all_of_them.ends == {"abandoned": 1, "answered": 6, "cancelled": 1, "passed_on": 1}
    # 8 waits in order: 15, 30, 30, 30, 60, 60, 300, more; the 4th is half of them, the 8th (7.2) nine tenths
    assert (all_of_them.wait_median, all_of_them.wait_p90) == (Wait(30), Wait(None))
    assert sum(all_of_them.waits.values()) == 8 and not all_of_them.is_empty


def test_each_queue_has_its_own_figures():
    found = by_queue(COUNTED)
    assert list(found) == ["allgemein", "pflege"]
    assert (found["allgemein"].requests, found["pflege"].requests) == (4, 5)
    assert (found["allgemein"].wait_median, found["pflege"].wait_median, found["pflege"].wait_p90) == (Wait(60), Wait(30), Wait(300))
    assert found["pflege"].abandoned == 0 and found["pflege"].ends == {"answered": 3, "cancelled": 1, "passed_on": 1}


def test_the_hours_of_day_are_those_of_berlin():
    found = by_hour_of_day(COUNTED)
    assert [n for n in range(24) if not found[n].is_empty] == [9, 10, 23]
    assert (found[9].requests, found[10].requests, found[23].out_of_hours) == (9, 0, 6)
    assert (found[9].wait_median, found[9].wait_p90, found[10].wait_median) == (Wait(30), Wait(300), Wait(None))
    summer = hour("2026-07-01T09:00")
    assert by_hour_of_day([(summer, "allgemein", "requests", 1)])[9].requests == 1


def test_nothing_counted_is_nothing_and_no_wait():
    nothing = figures([])
    assert nothing.is_empty and nothing.wait_median is None and nothing.wait_p90 is None and by_queue([]) == {}


def test_a_wait_is_never_told_shorter_than_it_was():
    assert [desk_lead_figures.wait(one) for one in (Wait(15), Wait(60), Wait(120), Wait(3600))] == [
        "höchstens 15 s",
        "höchstens 60 s",
        "höchstens 2 min",
        "höchstens 60 min",
    ]
    assert desk_lead_figures.wait(Wait(None)) == "mehr als 60 min" and desk_lead_figures.wait(None) == "–"


@given(st.lists(st.integers(min_value=0, max_value=5000), min_size=1), st.sampled_from([Fraction(1, 2), Fraction(9, 10)]))
def test_the_share_promised_waited_no_longer_than_the_figure(seconds, share):
    def edge_of(wait):
        return next((edge for edge in WAITS_S if wait <= edge), None)

    waits = {edge: sum(edge_of(wait) == edge for wait in seconds) for edge in CLASSES}
    told = at_most(waits, share).at_most_s
    if told is not None:
        assert sum(wait <= told for wait in seconds) >= share * len(seconds)
    smaller = [edge for edge in WAITS_S if told is None or edge < told]
    assert all(sum(wait <= edge for wait in seconds) < share * len(seconds) for edge in smaller)


@pytest.mark.parametrize(
    ("last", "days", "hours"),
    [
        (date(2026, 11, 24), 7, 7 * 24),
        (date(2026, 10, 26), 7, 7 * 24 + 1),  # clocks went back on 25 October
        (date(2026, 3, 30), 7, 7 * 24 - 1),  # and forward on 29 March
    ],
)
def test_a_period_is_whole_days_in_berlin(last, days, hours):
    first, end = hours_of(last, days)
    assert end - first + 1 == hours
    assert datetime.fromtimestamp(first * HOUR_MS // 1000, BERLIN).hour == 0


def test_a_plot_and_its_table_show_the_same_numbers():
    plot = plots.standing("p", "Anfragen", "Stunde", ["8", "9"], {"Anfragen": [0, 4], "Übernommen": [0, 2]})
    assert plot.rows == (("8", (0, 0)), ("9", (4, 2))) and len(plot.bars) == 2
    large, small = plot.bars
    assert large.height == 2 * small.height and large.y + large.height == small.y + small.height == plot.lines[0].y1
    assert [label.text for label in plot.labels] == ["0", "2", "4", "8", "9"]
    lying = plots.lying("e", "Ende", "Ende", "Anzahl", {"beantwortet": 3, "gelöscht": 0, "Sonstiges": 1})
    assert lying.rows == (("beantwortet", (3,)), ("gelöscht", (0,)), ("Sonstiges", (1,)))
    assert [bar.width for bar in lying.bars] == pytest.approx([393, 131]) and lying.bars[1].y > lying.bars[0].y


def test_every_figure_is_explained_on_the_page_and_in_the_docs():
    explained = (Path(__file__).parents[2] / "docs" / "how-to" / "desk-numbers.md").read_text(encoding="utf-8")
    listed = all_texts()["desk_lead"]["numbers"]
    assert list(listed["measures"]) == list(listed["meanings"]) and set(listed["measures"]) == set(desk_lead_figures.MEASURES)
    assert [name for name in listed["measures"].values() if name.split(",")[0] not in explained] == []


@pytest.mark.parametrize("module", [statistics, plots, desk_lead_figures])
def test_the_examples_in_the_docs_are_true(module):
    assert doctest.testmod(module).failed == 0
