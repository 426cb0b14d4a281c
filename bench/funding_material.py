"""Profiles and programmes made for measuring: profiles as people tell them, programmes varied from the real ones. Always the same ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from knowledge import files
from knowledge.funding.profile import COST_TYPES, PHASES, THEMES, Profile
from knowledge.funding.programme import Line, Programme, Rate, read_all

DAY = date(2026, 11, 22)
_APPLICANTS = ("verein", "gemeinde", "landkreis", "kommunaler_verbund", "wohlfahrtstraeger", "kirche", "stiftung", "initiative")
_PLACES = ("Aalen", "Herrenberg", "Ulm", "Tübingen", "Emmendingen", "Pfalzgrafenweiler")
_ROUND_EUR = (500, 1_000, 2_000, 3_500, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)


def real() -> tuple[Programme, ...]:
    """Return the programmes of the knowledge base."""
    return read_all(files.read_knowledge().entries.values())


def many(programmes: Sequence[Programme], size: int, seed: int = 1) -> list[Programme]:
    """Return so many programmes varied from real ones: other amounts and rates, the same shares of open, grouped and exclusive ones."""
    rng = random.Random(seed)
    drawn = [rng.choice(programmes) for _ in range(size)]
    copies: dict[str, list[str]] = {}
    for number, programme in enumerate(drawn):
        copies.setdefault(programme.id, []).append(f"{programme.id}-{number}")
    return [_varied(programme, f"{programme.id}-{number}", copies, rng) for number, programme in enumerate(drawn)]


def profiles(count: int, seed: int = 1, round_euros: bool = True) -> list[Profile]:
    """Return profiles with everything told; three in ten tell costs by phase. Costs are round, or odd to the euro."""
    rng = random.Random(seed)
    return [_profile(rng, round_euros) for _ in range(count)]


def _varied(programme: Programme, name: str, copies: dict[str, list[str]], rng: random.Random) -> Programme:
    return replace(
        programme,
        id=name,
        lines=tuple(_line(line, rng) for line in programme.lines),
        part_of=rng.choice(copies[programme.part_of]) if programme.part_of in copies else None,
        excludes=tuple(rng.choice(copies[other]) for other in programme.excludes if other in copies),
    )


def _line(line: Line, rng: random.Random) -> Line:
    factor = rng.choice((0.5, 0.75, 1, 1, 1.5, 2))
    rates = tuple(replace(rate, fraction=_rate(rate, rng), max_eur=_times(rate.max_eur, factor)) for rate in line.rates)
    return replace(line, rates=rates, min_eur=_times(line.min_eur, factor), max_eur=_times(line.max_eur, factor))


def _rate(rate: Rate, rng: random.Random) -> Fraction | None:
    return rate.fraction and min(rate.fraction * rng.choice((8, 9, 10, 10, 11)) / 10, Fraction(1))


def _times(eur: int | None, factor: float) -> int | None:
    return None if eur is None else max(int(eur * factor) // 100 * 100, 100)


def _profile(rng: random.Random, round_euros: bool) -> Profile:
    types, phase = rng.sample(list(COST_TYPES), rng.randint(1, 5)), rng.choice(list(PHASES))
    ahead = list(PHASES)[list(PHASES).index(phase) :]

    def told(chosen: Sequence[str]) -> dict[str, int]:
        return {t: rng.choice(_ROUND_EUR) if round_euros else rng.randint(500, 200_000) for t in chosen}

    by_phase = {each: told(rng.sample(types, rng.randint(1, len(types)))) for each in ahead}
    return Profile.read(
        {
            "applicant": rng.choice(_APPLICANTS),
            "place": rng.choice(_PLACES),
            "themes": rng.sample(list(THEMES), rng.randint(1, 4)),
            "phase": phase,
            "costs": by_phase if rng.random() < 0.3 else told(types),
            "partners": ["verein", "gemeinde"],
            "participation": True,
            "council_decision": True,
            "already_started": False,
        }
    )
