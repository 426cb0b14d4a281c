"""(f) How many questions the funding finder asks until nothing more can be decided, against a fixed order of questions."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import combinations
from statistics import mean
from typing import Any

from bench.figures import Requirement
from bench.report import Report
from knowledge import gazetteer
from knowledge.files import read_knowledge
from knowledge.funding.matcher import Match, match
from knowledge.funding.profile import APPLICANTS, COST_TYPES, KEYS, PHASES, THEMES, Profile
from knowledge.funding.programme import read_all
from knowledge.funding.question import next_question
from ops.progress import Progress

KNOWN_IN_ADVANCE = 40  # profiles for which the least number of questions is looked for among all sets of keys
PROFILES, SEED, DAY = 500, 20261122, date(2026, 11, 22)
FORM = ("applicant", "place", "partners", "themes", "phase", "costs", "council_decision", "participation")
SUMS_EUR = (1_500, 4_000, 9_000, 20_000, 45_000, 90_000, 300_000)
Ask = Callable[[Sequence[Match], Sequence[str]], str | None]


def measure(progress: Progress) -> Report:
    """Answer the questions of each order for the same generated profiles."""
    programmes = read_all(read_knowledge().entries.values())
    orders: dict[str, Ask] = {"ours": next_question, "contract": _fixed(KEYS), "form": _fixed(FORM)}
    counts: dict[str, list[int]] = {name: [] for name in orders}
    progress.step(f"Fragen des Förderbaukastens: {PROFILES} erzeugte Vorhaben")
    plans = _plans()
    for plan in plans:
        for name, ask in orders.items():
            counts[name].append(_questions(plan, ask, lambda profile: match(programmes, profile, DAY)))
    progress.step(f"Kleinste Zahl der Fragen, wenn man alle Antworten schon kennt: {KNOWN_IN_ADVANCE} Vorhaben")
    least = [_least(plan, lambda profile: match(programmes, profile, DAY)) for plan in plans[:KNOWN_IN_ADVANCE]]
    same = {f"{name}_of_these": mean(found[:KNOWN_IN_ADVANCE]) for name, found in counts.items()}
    return _report({name: mean(found) for name, found in counts.items()}, same | {"least": mean(least)})


def _questions(plan: Mapping[str, Any], ask: Ask, judged: Callable[[Profile], list[Match]]) -> int:
    """Ask until no answer can decide anything more; keys that the plan does not tell are answered with "weiß ich nicht"."""
    told: dict[str, Any] = {}
    asked: list[str] = []
    while True:
        matches = judged(Profile.read(told))
        key = ask(matches, asked) if next_question(matches, asked) else None
        if key is None:
            return len(asked)
        asked.append(key)
        if key in plan:
            told[key] = plan[key]


def _least(plan: Mapping[str, Any], judged: Callable[[Profile], list[Match]]) -> int:
    """Return how many answers at least leave nothing to decide, whoever chooses the questions."""
    for size in range(len(FORM)):
        for keys in combinations(FORM, size):
            if next_question(judged(Profile.read({key: plan[key] for key in keys})), keys) is None:
                return size
    return len(FORM)


def _fixed(order: Sequence[str]) -> Ask:
    return lambda _matches, asked: next((key for key in order if key not in asked), None)


def _plans() -> list[dict[str, Any]]:
    rng = random.Random(SEED)
    names = [place.name for place in gazetteer.places() if not place.is_district]
    return [_plan(rng, names) for _ in range(PROFILES)]


def _plan(rng: random.Random, names: Sequence[str]) -> dict[str, Any]:
    return {
        "applicant": rng.choice(list(APPLICANTS)),
        "place": rng.choice(names),
        "themes": rng.sample(list(THEMES), rng.randint(1, 3)),
        "phase": rng.choice(list(PHASES)),
        "costs": {kind: rng.choice(SUMS_EUR) for kind in rng.sample(list(COST_TYPES), rng.randint(1, 3))},
        "partners": rng.sample(list(APPLICANTS), rng.randint(0, 2)),
        "council_decision": rng.random() < 0.5,
        "participation": rng.random() < 0.6,
    }


def _report(means: dict[str, float], first: dict[str, float]) -> Report:
    report = Report("(f) Fragen bis nichts mehr zu entscheiden ist", {"profiles": PROFILES, **means, **first})
    rows = [
        ("nächste Frage entscheidet am meisten", means["ours"], 1.0),
        ("feste Folge: die Angaben des Vertrags", means["contract"], means["ours"] / means["contract"]),
        ("feste Folge: nur die acht, die etwas entscheiden können", means["form"], means["ours"] / means["form"]),
    ]
    report.add_table(("Fragen im Mittel", "Fragen", "Verhältnis"), rows)
    order = first["contract_of_these"]
    bound = [
        ("nächste Frage entscheidet am meisten", first["ours_of_these"], first["ours_of_these"] / order),
        ("kleinste Zahl, die überhaupt genügt (alle Antworten bekannt)", first["least"], first["least"] / order),
        ("feste Folge: die Angaben des Vertrags", order, 1.0),
    ]
    report.add_table((f"die ersten {KNOWN_IN_ADVANCE} Vorhaben", "Fragen", "zur festen Folge"), bound)
    report.requirements = [Requirement("Fragen, Verhältnis zur festen Folge des Vertrags", means["ours"] / means["contract"], 0.6)]
    return report
