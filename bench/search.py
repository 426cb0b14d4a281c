"""(d) Search against SQLite FTS5: time, recall on held-out wordings, index time, memory; real entries and 50,000."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bench.figures import Requirement
from bench.report import Report
from bench.table import Cell
from ops.progress import Progress
from ops.settings import GATEWAY_PYTHON, ROOT

MANY = 50_000
LIMITS_MS = {0: 3.0, MANY: 30.0}


def measure(progress: Progress) -> Report:
    """Measure both searches on both sizes, each in a process of its own, one after the other."""
    figures: dict[str, Any] = {}
    for size in LIMITS_MS:
        for engine in ("ours", "fts5"):
            progress.step(f"Suche: {engine}, {size or 'echte'} Einträge")
            figures[f"{engine}_{size or 'real'}"] = _measured(engine, size)
    return _report(figures)


def _measured(engine: str, size: int) -> dict[str, Any]:
    command = [str(GATEWAY_PYTHON), "-m", "bench.search_worker", engine, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _report(figures: dict[str, Any]) -> Report:
    report = Report("(d) Suche gegen SQLite FTS5", figures)
    for size in LIMITS_MS:
        our, other = figures[f"ours_{size or 'real'}"], figures[f"fts5_{size or 'real'}"]
        head = f"{our['entries']} Einträge, {our['passages']} Passagen"
        report.add_table((head, "unsere", "FTS5", "Verhältnis"), _rows(our, other))
    report.requirements = [
        Requirement(f"p95 ms, {size or 'echte'} Einträge", figures[f"ours_{size or 'real'}"]["ms"]["p95"], limit)
        for size, limit in LIMITS_MS.items()
    ]
    return report


def _rows(our: dict[str, Any], other: dict[str, Any]) -> list[tuple[Cell, ...]]:
    flat = [{**figures, **figures["ms"], "cpu": figures["cpu_ms"]["p95"]} for figures in (our, other)]
    names = {
        "p50": "p50 ms",
        "p95": "p95 ms",
        "p99": "p99 ms",
        "cpu": "p95 CPU ms",
        "recall_1": f"recall@1 ({our['questions']} zurückgehaltene Fragen)",
        "recall_3": "recall@3",
        "index_s": "Index bauen, s",
        "memory_mb": "Index im Speicher, MB",
        "peak_process_mb": "Spitze des ganzen Prozesses, MB",
    }
    return [(name, flat[0][key], flat[1][key], flat[0][key] / flat[1][key]) for key, name in names.items()]
