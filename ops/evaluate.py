"""`make eval`: starts a chain of its own per NOW and lets the judge ask it, over the public contract only.

Runs in `.venv` (PyYAML). `EVAL` names another set of the same form; without it all sets of SHARED_DIR that this version can answer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from ops.chain import Chain
from ops.problem import Problem, run_as_command
from ops.processes import die_with_parent, stop_on_signals
from ops.settings import GATEWAY_PYTHON, ROOT

NOW, NOW_OF_DIALOGUES = "2026-11-22T10:15", "2026-11-24T10:15"
SETTINGS = {"TESTING": "1", "RATE_CONVERSATIONS": "0", "RATE_MESSAGES": "0"}
DEFAULT_SETS = ("questions_dev.yml", "dialogues_dev.yml", "funding_dev.yml", "combination_dev.yml")


def main() -> int:
    """Judge the wanted sets; returns 1 where the service did not answer."""
    stop_on_signals()
    die_with_parent()
    shared = (ROOT / (os.environ.get("SHARED_DIR") or "../shared")).resolve()
    judge = shared / "eval" / "judge.py"
    if not judge.exists():
        print(f"make eval ist übersprungen: es gibt hier kein {judge.name} (SHARED_DIR nennt den Ordner).")
        return 0
    named = os.environ.get("EVAL")
    files = [Path(named)] if named else [shared / "eval" / name for name in DEFAULT_SETS]
    return max(_judge(judge, _found(file)) for file in files)


def _found(file: Path) -> Path:
    if not file.exists():
        raise Problem(f"Die Fragensammlung {file} gibt es nicht: bitte EVAL prüfen.")
    return file.resolve()


def _judge(judge: Path, file: Path) -> int:
    """Judge one file, with one start of the chain per NOW that its items name."""
    groups = by_now(yaml.safe_load(file.read_text(encoding="utf-8")))
    worst = 0
    for now, items in groups.items():
        with tempfile.TemporaryDirectory() as folder:
            part = file if len(groups) == 1 else _written(Path(folder) / file.name, items)
            worst = max(worst, _ask(judge, part, now, file.name))
    return worst


def by_now(items: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the items by the instant at which their chain starts."""
    default = NOW_OF_DIALOGUES if items and "turns" in items[0] else NOW
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        groups.setdefault(str(item.get("now") or default).replace(" ", "T"), []).append(item)
    return groups


def _written(target: Path, items: list[dict[str, Any]]) -> Path:
    target.write_text(yaml.safe_dump(items, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return target


def _ask(judge: Path, part: Path, now: str, name: str) -> int:
    with Chain({**SETTINGS, "NOW": now}) as chain:
        print(f"{name}, NOW={now}", flush=True)
        options = os.environ.get("JUDGE", "").split()
        return subprocess.run([str(GATEWAY_PYTHON), str(judge), "--url", chain.url, *options, str(part)], check=False).returncode


if __name__ == "__main__":
    sys.exit(run_as_command(main))
