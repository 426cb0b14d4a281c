"""Figures and tables of the benchmarks: pure functions, no clock."""

import math

from bench.figures import Requirement, late_over_first, percentile, ratio, spread
from bench.report import Report
from bench.table import shown, table


def test_a_percentile_is_one_of_the_values():
    values = [float(n) for n in range(100, 0, -1)]
    assert spread(values) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert percentile([7.0], 0.99) == 7.0


def test_no_values_have_no_percentile():
    assert math.isnan(percentile([], 0.5))


def test_a_ratio_to_nothing_is_unknown_and_keeps_no_limit():
    assert ratio(6.0, 3.0) == 2.0
    unknown = Requirement("Durchsatz", ratio(1.0, 0.0), 2.0, least=True)
    assert not unknown.met and unknown.verdict == "verfehlt"


def test_a_limit_itself_is_kept():
    assert Requirement("p50", 0.5, 0.5).met
    assert Requirement("Durchsatz", 2.0, 2.0, least=True).met


def test_one_slow_turn_does_not_make_a_conversation_slow():
    steady = [10.0] * 200
    assert late_over_first([steady, [*steady[:-1], 500.0]]) == 1.0


def test_a_conversation_that_grows_slower_is_seen():
    assert late_over_first([[float(n) for n in range(1, 201)]]) == 195.5 / 5.5


def test_a_table_keeps_its_columns_together():
    lines = table(("", "ms"), [("kurz", 1.5), ("ein langer Name", 1200.0), ("nichts", None)]).splitlines()
    assert lines[0].endswith("ms")
    assert {len(line) for line in lines} == {len("ein langer Name  1200")}


def test_numbers_have_as_many_digits_as_matter():
    assert [shown(n) for n in (0, 0.98765, 2.345, 23.45, 234.5, math.nan)] == ["0", "0.988", "2.35", "23.4", "234", "–"]


def test_a_skipped_benchmark_says_why():
    report = Report("(c)", skipped="MASSIVE-de fehlt")
    assert "MASSIVE-de fehlt" in report.text()
    assert report.as_dict() == {"skipped": "MASSIVE-de fehlt"}
