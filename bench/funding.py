"""(e) The funding planner: real programmes and 2,500, against enumeration, a plan by greed and the unreduced model."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from statistics import mean, median
from time import perf_counter, process_time
from typing import Any

from bench import funding_material as material
from bench import funding_references as references
from bench.figures import Requirement, ratio, spread
from bench.report import Report
from bench.table import Cell
from knowledge.funding import combination, matcher, planner
from knowledge.funding.candidates import field
from knowledge.funding.option import Costs, Option, ordered
from knowledge.funding.profile import Profile
from knowledge.funding.programme import Programme
from ops.progress import Progress

MANY = 2_500
LIMIT_REAL_MS, LIMIT_MANY_MS = 50.0, 1000.0
FEW = 16  # options that enumeration can bear
Case = tuple[list[Option], Costs]


def measure(progress: Progress) -> Report:
    """Measure matching and planning together, then the search alone beside its references."""
    real = material.real()
    many = material.many(real, MANY)
    report = Report("(e) Förderplan gegen Aufzählung, gieriges Verfahren und ungekürztes Modell")
    progress.step(f"Planer: {len(real)} echte Programme")
    times = {
        "real_round": _times(real, material.profiles(300), every_second_assumed=True),
        "real_odd": _times(real, material.profiles(300, round_euros=False), every_second_assumed=True),
    }
    progress.step(f"Planer: {MANY} erzeugte Programme")
    times["many"] = _times(many, material.profiles(60))
    report.figures["ms"] = {name: {part: spread(values) for part, values in one.items()} for name, one in times.items()}
    _add_times(report, times)
    progress.step("Planer: Vergleich mit Aufzählung und gierigem Verfahren")
    _add_references(report, real, many)
    report.requirements = [
        Requirement("p95 ms, echte Programme, glatte Kosten", report.figures["ms"]["real_round"]["both"]["p95"], LIMIT_REAL_MS),
        Requirement("p95 ms, echte Programme, krumme Kosten", report.figures["ms"]["real_odd"]["both"]["p95"], LIMIT_REAL_MS),
        Requirement(f"p95 ms, {MANY} Programme", report.figures["ms"]["many"]["both"]["p95"], LIMIT_MANY_MS),
        Requirement("Summen wie Aufzählung, Anteil", report.figures["enumeration"]["equal"], 1.0, least=True),
    ]
    return report


def _times(programmes: Sequence[Programme], profiles: Sequence[Profile], every_second_assumed: bool = False) -> dict[str, list[float]]:
    """Return milliseconds for matching and for both; on request every second profile counts all programmes as open."""
    found: dict[str, list[float]] = {"match": [], "both": [], "cpu": []}
    everyone = [programme.id for programme in programmes]
    planner.plan(matcher.match(programmes, profiles[0], material.DAY), profiles[0], material.DAY)
    gc.collect()
    for number, profile in enumerate(profiles):
        assumed = everyone if every_second_assumed and number % 2 else ()
        begun, cpu = perf_counter(), process_time()
        matches = matcher.match(programmes, profile, material.DAY)
        matched = perf_counter()
        planner.plan(matches, profile, material.DAY, assume_open=assumed)
        found["both"].append((perf_counter() - begun) * 1000)
        found["cpu"].append((process_time() - cpu) * 1000)
        found["match"].append((matched - begun) * 1000)
    return found


def _add_times(report: Report, times: dict[str, dict[str, list[float]]]) -> None:
    names = {"real_round": "echte, glatte Kosten", "real_odd": "echte, krumme Kosten", "many": f"{MANY} erzeugte"}
    rows: list[tuple[str | float, ...]] = [
        (names[name], *spread(one["both"]).values(), max(one["both"]), spread(one["cpu"])["p95"], spread(one["match"])["p50"])
        for name, one in times.items()
    ]
    report.add_table(("Abgleich und Plan, ms", "p50", "p95", "p99", "höchstens", "p95 CPU", "nur Abgleich p50"), rows)


def _add_references(report: Report, real: Sequence[Programme], many: Sequence[Programme]) -> None:
    few = [_few(case) for case in _cases(many, material.profiles(60, seed=2, round_euros=False))]
    few = [case for case in few if len(case[0]) > 3][:20]
    ours, enumerated = _measured(_best, few), _measured(references.by_enumeration, few)
    report.figures["enumeration"] = {
        "cases": len(few),
        "equal": mean(a >= b - _items(case) for a, b, case in zip(ours["sums"], enumerated["sums"], few, strict=True)),
        "same_euro": mean(a == b for a, b in zip(ours["sums"], enumerated["sums"], strict=True)),
        "ms": median(enumerated["ms"]),
        "ours_ms": median(ours["ms"]),
    }
    rows: list[tuple[Cell, ...]] = [
        (f"Aufzählung, bis {FEW} Förderlinien", report.figures["enumeration"]["same_euro"], *_pair(ours, enumerated))
    ]
    for name, programmes in (("echte", real), (str(MANY), many)):
        cases = list(_cases(programmes, material.profiles(60, seed=3, round_euros=name == "echte")))
        ours, greedy = _measured(_best, cases), _measured(references.by_greed, cases)
        shares = [ratio(b, a) for a, b in zip(ours["sums"], greedy["sums"], strict=True) if a]
        report.figures[f"greedy_{name}"] = {"mean": mean(shares), "least": min(shares), "ms": median(greedy["ms"])}
        rows.append((f"gierig, {name} Programme: Anteil am Besten (kleinster {min(shares):.2f})", mean(shares), *_pair(ours, greedy)))
        whole = _measured(references.unreduced, cases[:20])
        report.figures[f"unreduced_{name}"] = {"ms": median(whole["ms"]), "ours_ms": median(ours["ms"][:20])}
        same = mean(a == b for a, b in zip(ours["sums"], whole["sums"], strict=False))
        rows.append((f"ungekürztes Modell, {name} Programme", same, *_pair({"ms": ours["ms"][:20]}, whole)))
    report.add_table(("Nur die Suche, Median", "gleiche Summe", "unsere ms", "Vergleich ms", "Verhältnis"), rows)


def _cases(programmes: Sequence[Programme], profiles: Sequence[Profile]) -> list[Case]:
    """Return the public options of profiles with at least two of them, all rounds counted as open: the hard cases."""
    cases: list[Case] = []
    for profile in profiles:
        found = field(programmes, profile, material.DAY, assume_open=[p.id for p in programmes])
        options = [c.option for c in found.chosen if c.option.is_usable and not c.option.subsidiary]
        if len(options) > 1 and profile.costs:
            cases.append((options, {cell: profile.costs[cell] for cell in ordered(profile.costs)}))
    return cases


def _few(case: Case) -> Case:
    """Keep so many options that enumeration stays bearable: at most 8 of them need a decision. Maxima make the case a hard one."""
    kept: list[Option] = []
    for option in (option for option in case[0] if option.limits):
        deciding = [o for o in [*kept, option] if o.least or any(o.bars(p) for p in [*kept, option] if p is not o)]
        if len(kept) < FEW and len(deciding) <= 8:
            kept.append(option)
    return kept, case[1]


def _items(case: Case) -> int:
    """How many euros rounding down can cost against real numbers: one per grant."""
    return sum(len(option.rates) for option in case[0])


def _best(options: Sequence[Option], costs: Costs) -> int:
    return combination.total(combination.best(options, costs))


def _measured(search: Callable[[Sequence[Option], Costs], int], cases: Sequence[Case]) -> dict[str, list[Any]]:
    sums, times = [], []
    for options, costs in cases:
        begun = perf_counter()
        sums.append(search(options, costs))
        times.append((perf_counter() - begun) * 1000)
    return {"sums": sums, "ms": times}


def _pair(ours: dict[str, list[Any]], other: dict[str, list[Any]]) -> tuple[float, float, float]:
    our, their = median(ours["ms"]), median(other["ms"])
    return our, their, ratio(our, their)
