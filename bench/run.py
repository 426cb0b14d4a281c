"""`make bench`: every benchmark with its reference in the same run; figures also as JSON in DATA_DIR/bench.json.

`python -m bench.run --only search,nlu` runs some of them. Times are measured, never asserted: the machine may be busy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bench import chain, desk, funding, nlu, questions, search, telegram, turns, widget
from bench.report import Report
from bench.table import table
from ops.problem import Problem, run_as_command
from ops.processes import die_with_parent, stop_on_signals
from ops.progress import Progress
from ops.settings import current

BENCHMARKS: dict[str, Callable[[Progress], Report]] = {
    "chain": chain.measure,
    "turns": turns.measure,
    "nlu": nlu.measure,
    "search": search.measure,
    "funding": funding.measure,
    "questions": questions.measure,
    "desk": desk.measure,
    "telegram": telegram.measure,
    "widget": widget.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the wanted benchmarks; the status is 0 whatever the figures are."""
    names, progress = wanted(arguments), Progress()
    stop_on_signals()
    die_with_parent()
    machine = _machine()
    print(", ".join(f"{key} {value}" for key, value in machine.items()), flush=True)
    reports = {}
    for name in names:
        reports[name] = BENCHMARKS[name](progress)
        print(reports[name].text(), flush=True)
    _write(machine, reports)
    print("\n" + _summary(reports))
    return 0


def wanted(arguments: Sequence[str] | None) -> list[str]:
    """Return the names of the benchmarks to run; raises `Problem` for one that does not exist."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--only", default=",".join(BENCHMARKS), help=", ".join(BENCHMARKS))
    names = [name.strip() for name in parser.parse_args(arguments).only.split(",")]
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        raise Problem(f"Die Messung {unknown[0]} gibt es nicht: möglich sind {', '.join(BENCHMARKS)}.")
    return names


def _machine() -> dict[str, Any]:
    load = os.getloadavg()[0]
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "machine": platform.machine(),
        "load_before": round(load, 2),
    }


def _write(machine: dict[str, Any], reports: dict[str, Report]) -> None:
    """Write bench.json; figures of benchmarks that did not run this time stay in it, with their own time."""
    target = current().data_dir / "bench.json"
    kept = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    new = {name: {**machine, **report.as_dict()} for name, report in reports.items()}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({**kept, **new}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"\nAlle Zahlen: {target}")


def _summary(reports: dict[str, Report]) -> str:
    rows = [(f"{name}: {one.name}", one.value, one.verdict) for name, report in reports.items() for one in report.requirements]
    skipped = [(f"{name}: übersprungen", None, report.skipped) for name, report in reports.items() if report.skipped]
    return table(("Anforderung", "Wert", ""), [*rows, *skipped])


if __name__ == "__main__":
    sys.exit(run_as_command(main))
