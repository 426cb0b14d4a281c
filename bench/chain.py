"""(a) The whole chain against stock Rasa: throughput, latency, CPU, start, memory, training. One system after the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bench import load, ours, stock, usage
from bench.figures import Requirement, percentile, ratio, spread
from bench.load import Job, Load
from bench.report import Report
from bench.table import Cell
from ops.progress import Progress

PARALLEL = (1, 16)
ROUNDS, MESSAGES, PER_CONVERSATION = 3, 320, 10  # a round's conversations are dealt evenly to 16
WARM_UP = 64
Running = ours.Ours | stock.Stock


def measure(progress: Progress) -> Report:
    """Train and measure our chain, then stock Rasa."""
    bot, reference = ours.trained(progress), stock.trained(progress)
    progress.step("Unsere Kette wird gemessen")
    with ours.Ours(bot) as running:
        figures = {"ours": _system("ours", running, ours.questions(2_000), progress)}
        figures["ours"] |= {"training_s": bot.training_s, "first_load_s": running.first_load_s}
    progress.step("Das Vergleichsprogramm wird gemessen")
    with stock.Stock(reference) as compared:
        figures["stock"] = _system("stock", compared, reference.examples(), progress)
        figures["stock"] |= {"training_s": reference.training_s, "first_load_s": None}
    return _report(figures)


def _system(system: str, running: Running, texts: list[str], progress: Progress) -> dict[str, Any]:
    """Return all figures of one running system."""
    fresh = itertools.cycle(texts)
    load.run(Job(system, running.url, 4, list(_conversations(fresh, WARM_UP))))
    figures: dict[str, Any] = {"start_s": running.start_s}
    for parallel in PARALLEL:
        rounds, spent = [], usage.cpu_s(running.pids)
        for _ in range(ROUNDS):
            rounds.append(load.run(Job(system, running.url, parallel, list(_conversations(fresh, MESSAGES)))))
            progress.tick()
        figures[str(parallel)] = _rounds(rounds, spent, usage.cpu_s(running.pids))
    figures["memory_mb"] = {name: asdict(memory) for name, memory in usage.memory(running.pids).items()}
    return figures


def _conversations(texts: Iterator[str], messages: int) -> Iterator[list[str]]:
    for _ in range(messages // PER_CONVERSATION):
        yield list(itertools.islice(texts, PER_CONVERSATION))


def _rounds(rounds: list[Load], before: dict[str, float], after: dict[str, float]) -> dict[str, Any]:
    """Sum up: the median round's throughput, latencies of all rounds, CPU a message by process."""
    messages = sum(one.messages for one in rounds)
    cpu = {name: (after[name] - before[name]) * 1000 / messages for name in after}
    return {
        "messages": messages,
        "failed": sum(one.failed for one in rounds),
        "per_second": percentile([one.per_second for one in rounds], 0.5),
        "latency_ms": spread([ms for one in rounds for ms in one.all_ms]),
        "cpu_ms_per_message": cpu,
        "cpu_ms_per_message_all": sum(cpu.values()),
        "generator_cpu_ms_per_message": sum(one.generator_cpu_s for one in rounds) * 1000 / messages,
    }


def _report(figures: dict[str, Any]) -> Report:
    report = Report("(a) Ganze Kette gegen Rasa 3.6.21, wie „rasa init“ es anlegt", figures)
    report.add_table(("", "unsere Kette", "Rasa", "Verhältnis"), list(_rows(figures["ours"], figures["stock"])))
    ours_16, stock_16 = (figures[system]["16"]["per_second"] for system in ("ours", "stock"))
    ours_p50, stock_p50 = (figures[system]["1"]["latency_ms"]["p50"] for system in ("ours", "stock"))
    report.requirements = [
        Requirement("Durchsatz bei 16 Gesprächen, Verhältnis", ratio(ours_16, stock_16), 2.0, least=True),
        Requirement("p50 bei 1 Gespräch, Verhältnis", ratio(ours_p50, stock_p50), 0.5),
        Requirement("Nachrichten ohne Antwort", sum(figures["ours"][str(n)]["failed"] for n in PARALLEL), 0),
    ]
    return report


def _rows(our: dict[str, Any], other: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for parallel in map(str, PARALLEL):
        yield _row(f"Nachrichten je Sekunde, {parallel} gleichzeitig", our[parallel]["per_second"], other[parallel]["per_second"])
        for name in ("p50", "p95", "p99"):
            yield _row(f"  {name} ms", our[parallel]["latency_ms"][name], other[parallel]["latency_ms"][name])
        yield _row("  CPU ms je Nachricht", our[parallel]["cpu_ms_per_message_all"], other[parallel]["cpu_ms_per_message_all"])
        for name in our[parallel]["cpu_ms_per_message"]:
            yield _row(f"    {name}", our[parallel]["cpu_ms_per_message"][name], other[parallel]["cpu_ms_per_message"].get(name))
        yield _row("    Lastgenerator", our[parallel]["generator_cpu_ms_per_message"], other[parallel]["generator_cpu_ms_per_message"])
    yield _row("Start bis bereit, s", our["start_s"], other["start_s"])
    yield _row("  davor einmalig: Wissensbasis laden, s", our["first_load_s"], None)
    yield _row("Speicher PSS, MB", _sum(our, "pss"), _sum(other, "pss"))
    yield _row("Speicher RSS, MB", _sum(our, "rss"), _sum(other, "rss"))
    for name in our["memory_mb"]:
        yield _row(f"  {name} (PSS)", our["memory_mb"][name]["pss"], other["memory_mb"].get(name, {}).get("pss"))
    yield _row("Training, s", our["training_s"], other["training_s"])


def _row(name: str, value: float, reference: float | None) -> tuple[Cell, ...]:
    return name, value, reference, None if reference is None else ratio(value, reference)


def _sum(figures: dict[str, Any], kind: str) -> float:
    return float(sum(memory[kind] for memory in figures["memory_mb"].values()))
