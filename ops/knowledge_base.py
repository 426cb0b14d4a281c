"""Loads the knowledge base into its database where its files changed or the database is new."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Mapping

from ops import stamps
from ops.problem import Problem
from ops.processes import run_step
from ops.progress import Progress
from ops.settings import GATEWAY_PYTHON, ROOT, Settings

REMEDY = "Bitte berichtigen und den Befehl wiederholen; die bisher geladene Wissensbasis bleibt unverändert."
FOLDERS = ("entries", "contacts", "questions", "words", "places", "schema")
ASK_VERSION = "import os; from knowledge.store import Store, database_url; print(Store(database_url(os.environ)).version())"


def load(settings: Settings, env: Mapping[str, str], progress: Progress) -> None:
    """Load where need be; raises `Problem` with the sentence of `python -m knowledge load` where a file is broken."""
    stamp = settings.data_dir / "knowledge.stamp"
    wanted = stamps.fingerprint(_inputs(), env.get("DATABASE_URL", ""))
    if stamps.fits(stamp, wanted) and _is_loaded(env):
        return
    progress.step("Die Wissensbasis wird geladen")
    log = settings.logs / "knowledge.log"
    try:
        run_step([GATEWAY_PYTHON, "-m", "knowledge", "load"], env, log, progress)
    except Problem as problem:
        raise Problem(f"{str(problem).rstrip('.')}. {REMEDY}") from problem
    stamps.write(stamp, wanted)
    progress.say(log.read_text(encoding="utf-8").strip())


def _inputs() -> list[Path]:
    knowledge = ROOT / "knowledge"
    return [*(knowledge / folder for folder in FOLDERS), *sorted(knowledge.glob("*.py"))]


def _is_loaded(env: Mapping[str, str]) -> bool:
    done = subprocess.run([str(GATEWAY_PYTHON), "-c", ASK_VERSION], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() not in ("", "0")
