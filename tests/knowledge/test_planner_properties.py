"""The planner against brute force on small random cases, and laws that hold for every plan."""

import ctypes
import os
from collections import Counter
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.funding import money
from knowledge.funding.planner import plan
from knowledge.funding.profile import PHASES, Profile
from knowledge.funding.programme import Line, Programme, Rate

DAY = date(2026, 11, 22)
RATES = [None, Fraction(1), Fraction(9, 10), Fraction(4, 5), Fraction(3, 4), Fraction(2, 3), Fraction(1, 2), Fraction(1, 3)]
TYPES = ("personal", "sachkosten", "beratung")
often = settings(max_examples=300, deadline=None)


@st.composite
def lines(draw, most, grants_only):
    kind = "grant" if grants_only else draw(st.sampled_from(["grant"] * 5 + ["fixed"]))
    types = tuple(draw(st.sets(st.sampled_from(TYPES), min_size=1)))
    split = draw(st.booleans())
    rates = [Rate(types[:1], None, draw(st.sampled_from(RATES)), draw(st.none() | st.integers(0, most)))] if split else []
    rates.append(Rate(None, None, draw(st.sampled_from(RATES)), None))
    known = all(rate.fraction is not None for rate in rates)
    top = draw(st.none() | st.integers(1, 2 * most)) if known and kind == "grant" else draw(st.integers(1, 2 * most))
    third = draw(st.sampled_from([Fraction(0)] * 4 + [Fraction(1, 2)]))
    return Line(
        cost_types=types, kind=kind, rates=tuple(rates), min_eur=draw(st.none() | st.integers(1, most)), max_eur=top, third_party=third
    )


@st.composite
def cases(draw, most=6, size=4, grants_only=False):
    """A few programmes with their lines, groups and exclusions, and costs of a few euros."""
    names = [f"p{n}" for n in range(draw(st.integers(1, size)))]
    programmes = []
    for name in names:
        choices = draw(st.lists(lines(most, grants_only), min_size=1, max_size=2 if len(programmes) < 2 else 1))
        programmes.append(
            Programme(
                id=name,
                title=name,
                funder="Land",
                url="https://example.org/",
                applicants=("verein",),
                scope="bund",
                themes=("alter",),
                phases=tuple(PHASES),
                cost_types=TYPES,
                lines=tuple(choices),
                deadlines=({"rolling": True},),
                status="open",
                subsidiary=not grants_only and draw(st.sampled_from([False, False, False, True])),
                part_of=draw(st.sampled_from([None, None, None, "p0"])),
                excludes=tuple(draw(st.sets(st.sampled_from(names), max_size=1)) - {name}) if draw(st.booleans()) else (),
            )
        )
    costs = draw(st.dictionaries(st.sampled_from(TYPES), st.integers(0, most), min_size=1))
    return programmes, costs


def asked(costs, **more):
    return Profile.read({"applicant": "verein", "themes": ["alter"], "phase": "umsetzung", "costs": costs, **more})


def splits(eur, payers):
    """Every way to pay one cell in whole euros: a grant needs its part of the costs, and no cost counts twice."""
    if not payers:
        return [()]
    (number, rate), *others = payers
    found = []
    for grant in range(int(eur * rate) + 1):
        found += [((number, grant), *rest) for rest in splits(eur - grant / rate, others)]
    return found


def by_brute_force(programmes, profile):
    """Return the best (public, subsidiary) sums over all ways to pay all cells in whole euros."""
    ways = [(p, part) for p in programmes for part in p.lines]
    parts = [money.shares(p, part, profile) for p, part in ways]
    states = {tuple((0,) * len(found) for found in parts)}
    for cell, eur in profile.costs.items():
        payers = [((n, k), s.rate or Fraction(1)) for n, found in enumerate(parts) for k, s in enumerate(found) if cell in s.cells]
        reached = set()
        for state in states:
            for way in splits(Fraction(eur), payers):
                sums = [list(one) for one in state]
                for (n, k), grant in way:
                    sums[n][k] += grant
                if all(within(one, parts[n], ways[n][1]) for n, one in enumerate(sums)):
                    reached.add(tuple(map(tuple, sums)))
        states = reached
    lawful = [state for state in states if is_lawful([sum(one) for one in state], ways, parts)]
    return max(
        (
            sum(sum(one) for one, (p, _) in zip(state, ways, strict=True) if not p.subsidiary),
            sum(sum(one) for one, (p, _) in zip(state, ways, strict=True) if p.subsidiary),
        )
        for state in lawful
    )


def within(sums, parts, line):
    return sum(sums) <= (line.max_eur or 10**6) and all(s.max_eur is None or eur <= s.max_eur for eur, s in zip(sums, parts, strict=True))


def is_lawful(sums, ways, parts):
    used = [n for n, eur in enumerate(sums) if eur]
    for n in used:
        programme, line = ways[n]
        whole = sum(min(sum(int(e * (s.rate or 1)) for e in s.cells.values()), 10**6 if s.max_eur is None else s.max_eur) for s in parts[n])
        if sums[n] < (min(line.max_eur, whole) if line.kind == "fixed" else line.min_eur or 0):
            return False
        for m in used:
            other = ways[m][0]
            if m != n and (programme.group == other.group or {other.id, other.group} & set(programme.excludes)):
                return False
    return True


def sums(found, programmes):
    subsidiary = {p.id for p in programmes if p.subsidiary}
    after = sum(item.eur or 0 for item in found.items if item.programme in subsidiary)
    return (found.total_eur or 0) - after, after


@often
@given(cases())
def test_the_best_plan_is_as_good_as_brute_force(case):
    programmes, costs = case
    profile = asked(costs)
    assert sums(plan(programmes, profile, DAY)[0], programmes) == by_brute_force(programmes, profile)


@often
@given(cases(most=200_000, size=9), st.none() | st.integers(0, 300_000))
def test_every_plan_keeps_the_laws_and_adds_up(case, own_funds):
    programmes, costs = case
    profile = asked(costs, own_funds_eur=own_funds)
    plans = plan(programmes, profile, DAY)
    assert 1 <= len(plans) <= 3 and all((plans[0].total_eur or 0) >= (p.total_eur or 0) for p in plans[1:])
    for found in plans:
        assert (found.total_eur or 0) + found.own_share_eur + found.third_party_eur + found.gap_eur == sum(costs.values())
        assert min(found.own_share_eur, found.third_party_eur, found.gap_eur) >= 0
        per_type, per_programme = Counter(), Counter()
        for item in found.items:
            per_type[item.cost_type] += item.eur or 0
            per_programme[item.programme] += item.eur or 0
        assert all(eur <= costs[cost_type] for cost_type, eur in per_type.items())
        told = {p.id: p for p in programmes}
        assert all(eur <= max(line.max_eur or 10**9 for line in told[name].lines) for name, eur in per_programme.items())
        assert len({told[name].group for name in per_programme}) == len(per_programme)
        assert not any(set(told[name].excludes) & set(per_programme) for name in per_programme)
        assert set(told) == set(per_programme) | {name for name, _ in found.excluded}
        assert all(text for _, text in found.excluded)


@often
@given(cases(most=50_000, size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_and_programmes_does_not_matter(case, random):
    programmes, costs = case
    first = plan(programmes, asked(costs), DAY)
    shuffled, turned = list(programmes), dict(reversed(costs.items()))
    random.shuffle(shuffled)
    assert plan(shuffled, asked(turned), DAY) == first


@often
@given(cases(grants_only=True, most=5_000), st.sampled_from(TYPES), st.integers(1, 5_000))
def test_adding_costs_never_lowers_the_best_total(case, cost_type, more):
    programmes, costs = case
    before = plan(programmes, asked(costs), DAY)[0].total_eur or 0
    after = plan(programmes, asked({**costs, cost_type: costs.get(cost_type, 0) + more}), DAY)[0].total_eur or 0
    assert after >= before


@settings(max_examples=50, deadline=None)
@given(cases(most=300_000, size=9))
def test_the_solver_writes_nothing(case):
    # HiGHS writes past Python's own streams where it writes at all, and into C's buffer: the file descriptors are watched
    programmes, costs = case
    read, write = os.pipe()
    kept = os.dup(1), os.dup(2)
    try:
        os.dup2(write, 1), os.dup2(write, 2)
        plan(programmes, asked(costs), DAY)
        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(kept[0], 1), os.dup2(kept[1], 2)
        for descriptor in (*kept, write):
            os.close(descriptor)
    with os.fdopen(read) as written:
        assert written.read() == ""
