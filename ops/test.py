"""`make test`: all set-up, then every test that this machine can run, and one line over all of them.

Tests of the gateway, the web pages and the launcher run in `.venv`, those of the bot in `.venv-bot`; the knowledge base is tested in
both. Conversation tests (tests/bot) run with `rasa test`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Tuple

from ops import environments
from ops.lock import alone
from ops.problem import Problem, run_as_command
from ops.processes import GRACE_S, die_with_parent, end_group, signal_group, stop_on_signals
from ops.progress import Progress
from ops.settings import BOT_PYTHON, GATEWAY_PYTHON, ROOT, Settings, child_env, current
from ops.summary import Summary, closing_line
from ops.train import MODEL, set_up_and_train

TESTS = ROOT / "tests"
ONLY_BOT, BOTH, CONVERSATIONS = ("nlu", "actions", "bot"), ("knowledge",), "bot"


def main() -> int:
    """Set up, test, sum up; returns 1 where a test failed."""
    stop_on_signals()
    die_with_parent()
    settings, progress, total = current(), Progress(), Summary()
    env = child_env(os.environ, settings)
    set_up_and_train(settings, env, progress)
    _bring_homeserver(env, progress)
    del env["CLOCK_STARTED"]
    good = [_pytest(python, folders, env, progress, total) for python, folders in runs()]
    good.append(_conversations(settings, env, progress, total))
    print(total, flush=True)
    return 0 if all(good) else 1


def _bring_homeserver(env: Dict[str, str], progress: Progress) -> None:
    """Set up the homeserver of tests/matrix. Where that fails they are skipped by name; in CI they have to run."""
    try:
        with alone(ROOT / "var" / "setup.lock", progress):
            environments.set_up(progress, [environments.SYNAPSE])
    except Problem as problem:
        if env.get("CI"):
            raise
        progress.step(str(problem))


def runs() -> List[Tuple[Path, List[str]]]:
    """Return per environment the test folders that it runs."""
    present = sorted(found.name for found in TESTS.iterdir() if any(found.rglob("test_*.py")) or found.match("test_*.py"))
    ours = [name for name in present if name not in ONLY_BOT]
    bots = [name for name in present if name in (*ONLY_BOT, *BOTH)]
    return [(python, names) for python, names in ((GATEWAY_PYTHON, ours), (BOT_PYTHON, bots)) if names]


def _pytest(python: Path, folders: List[str], env: Dict[str, str], progress: Progress, total: Summary) -> bool:
    progress.step(f"pytest in {python.parent.parent.name}: {', '.join(folders)}")
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", "-rs", *_quiet(python), *(f"tests/{name}" for name in folders)]
    status, lines = _shown(command, env)
    total.add_closing_line(closing_line(lines))
    if status not in (0, 1):
        total.failed += 1  # pytest itself broke, or found nothing: that is no success
    return status == 0


def _quiet(python: Path) -> List[str]:
    """What Rasa's frozen packages say about each other is not ours to mend; in the gateway's environment warnings are shown."""
    return ["--disable-warnings"] if python == BOT_PYTHON else []


def _conversations(settings: Settings, env: Dict[str, str], progress: Progress, total: Summary) -> bool:
    """Run the conversation tests; each conversation counts as one test."""
    stories = TESTS / CONVERSATIONS
    if not any(stories.rglob("test_*.yml")):
        return True
    progress.step("rasa test: Gespräche")
    out = settings.data_dir / "test-results"
    command = [
        str(BOT_PYTHON),
        "-m",
        "ops.bot.cli",
        "test",
        "core",
        "--e2e",
        "--fail-on-prediction-errors",
        "--no-plot",
        "--stories",
        str(stories),
    ]
    status, _ = _shown([*command, "--model", str(settings.models / MODEL), "--endpoints", os.devnull, "--out", str(out)], env)
    counted = _counted(out / "story_report.json")
    total.passed += counted[0]
    total.failed += counted[1] or (1 if status else 0)
    return status == 0


def _counted(report: Path) -> Tuple[int, int]:
    try:
        found = json.loads(report.read_text(encoding="utf-8"))["conversation_accuracy"]
        return int(found["correct"]), int(found["total"]) - int(found["correct"])
    except (OSError, ValueError, KeyError):
        return 0, 0


def _shown(command: List[str], env: Dict[str, str]) -> Tuple[int, List[str]]:
    """Run a command, show its output as it comes, return status and lines; nothing of it outlives us."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    lines: List[str] = []
    try:
        for raw in process.stdout or ():
            lines.append(raw.decode("utf-8", "replace").rstrip())
            print(lines[-1], flush=True)
        process.wait()
    except BaseException:
        signal_group(process, 15)
        raise
    finally:
        end_group(process, time.monotonic() + GRACE_S)
    return process.returncode, lines


if __name__ == "__main__":
    sys.exit(run_as_command(main))
