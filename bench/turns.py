"""(b) Does a long conversation get slower: the 200th turn against the first ones, beside stock Rasa's."""

from __future__ import annotations

from statistics import median
from typing import Any

from bench import load, ours, stock
from bench.figures import Requirement, late_over_first
from bench.load import Job
from bench.report import Report
from ops.progress import Progress

TURNS, WINDOW = 200, 10
CONVERSATIONS = {"ours": 5, "stock": 2}


def measure(progress: Progress) -> Report:
    """Hold conversations of 200 turns, one at a time."""
    bot, reference = ours.trained(progress), stock.trained(progress)
    progress.step("Lange Gespräche: unsere Kette")
    with ours.Ours(bot) as running:
        figures = {"ours": _held("ours", running.url, ours.questions(WINDOW, seed=2))}
    progress.step("Lange Gespräche: das Vergleichsprogramm")
    with stock.Stock(reference) as compared:
        figures["stock"] = _held("stock", compared.url, reference.examples()[:: max(1, len(reference.examples()) // WINDOW)][:WINDOW])
    return _report(figures)


def _held(system: str, url: str, texts: list[str]) -> dict[str, Any]:
    """Ask the same ten questions over and over, so that first and last turns have the same work."""
    load.run(Job(system, url, 1, [texts * 3]))
    held = load.run(Job(system, url, 1, [texts * (TURNS // WINDOW)] * CONVERSATIONS[system]))
    return {
        "turns": TURNS,
        "conversations": CONVERSATIONS[system],
        "failed": held.failed,
        "first_ms": median(ms for one in held.latencies_ms for ms in one[:WINDOW]),
        "last_ms": median(ms for one in held.latencies_ms for ms in one[-WINDOW:]),
        "ratio": late_over_first(held.latencies_ms, WINDOW),
    }


def _report(figures: dict[str, Any]) -> Report:
    report = Report("(b) Der 200. Zug eines Gesprächs", figures)
    our, other = figures["ours"], figures["stock"]
    rows = [
        ("Median der Züge 1–10, ms", our["first_ms"], other["first_ms"]),
        ("Median der Züge 191–200, ms", our["last_ms"], other["last_ms"]),
        ("Verhältnis", our["ratio"], other["ratio"]),
    ]
    report.add_table(("", "unsere Kette", "Rasa"), rows)
    report.requirements = [
        Requirement("Züge 191–200 zu Zügen 1–10", our["ratio"], 1.2),
        Requirement("Nachrichten ohne Antwort", our["failed"], 0),
    ]
    return report
