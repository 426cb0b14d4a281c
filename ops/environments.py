"""The Python environments from their lock files: `.venv-bot` (Python 3.10, Rasa) and `.venv` (Python >= 3.11, gateway and tools).

Tests have a third one, `.venv-synapse`: a Matrix homeserver, which is no part of the service.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

from ops import python, stamps
from ops.problem import Problem
from ops.processes import run_step
from ops.progress import Progress
from ops.settings import ROOT

REQUIREMENTS = ROOT / "requirements"
TOOLS = ROOT / "var" / "tools"
UV = TOOLS / "bin" / "uv"
LOG = ROOT / "var" / "logs" / "setup.log"
GB = 1024**3
TOOLS_PYTHONS = ("3.12", "3.11", "3.13", "3.14", "3.10", "3.9")


@dataclass(frozen=True)
class Environment:
    """A virtual environment, the dependency group of pyproject.toml that it holds, and the versions that it may run on."""

    group: str
    folder: str
    versions: Tuple[str, ...]
    gigabytes: float

    @property
    def lock(self) -> Path:
        """The lock file with all hashes."""
        return REQUIREMENTS / f"{self.group}.lock"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return ROOT / self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Holds the hash of the lock file that was installed."""
        return ROOT / self.folder / ".quartierslotse-stamp"

    def is_current(self) -> bool:
        """Say whether exactly the lock file's packages were installed, and the interpreter is still there."""
        return self.python.exists() and stamps.fits(self.stamp, stamps.fingerprint([self.lock]))


BOT = Environment("bot", ".venv-bot", ("3.10",), 4.0)
GATEWAY = Environment("gateway", ".venv", ("3.11", "3.12", "3.13", "3.14"), 1.0)
SYNAPSE = Environment("synapse", ".venv-synapse", GATEWAY.versions, 0.3)


def set_up(progress: Progress, wanted: Sequence[Environment] = (BOT, GATEWAY)) -> None:
    """Bring environments to their lock files; does nothing where they are."""
    missing = [environment for environment in wanted if not environment.is_current()]
    if missing:
        _require_space(sum(environment.gigabytes for environment in missing))
        bring_uv(progress)
    for environment in missing:
        _install(environment, progress)


def clean_env() -> Dict[str, str]:
    """Return our environment without what would lead installers into another environment."""
    return {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}


def _install(environment: Environment, progress: Progress) -> None:
    interpreter = python.find_or_fetch(environment.versions, UV)
    progress.step(f"Die Umgebung {environment.folder} wird eingerichtet ({environment.gigabytes:g} GB)")
    if not environment.python.exists() or not python.works(str(environment.python), _version(interpreter)):
        _uv(progress, "venv", "--clear", "--python", interpreter, environment.folder)
    # Compiled once here: importing Rasa and TensorFlow takes 4 s instead of 9 s at every start.
    _uv(progress, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python", environment.python, environment.lock)
    stamps.write(environment.stamp, stamps.fingerprint([environment.lock]))


def _version(interpreter: str) -> str:
    return next((version for version in (*BOT.versions, *GATEWAY.versions) if python.works(interpreter, version)), "unknown")


def _uv(progress: Progress, *arguments: object) -> None:
    run_step([UV, *map(str, arguments), "--quiet"], clean_env(), LOG, progress)


def bring_uv(progress: Progress) -> None:
    """Install uv, pinned and hashed, into an environment of its own: the machine need not have it."""
    lock, stamp = REQUIREMENTS / "uv.lock", TOOLS / ".quartierslotse-stamp"
    if UV.exists() and stamps.fits(stamp, stamps.fingerprint([lock])):
        return
    progress.step("Das Werkzeug uv wird geholt")
    _make_tools(progress)
    pip: List[str] = [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    run_step([*pip, "-r", str(lock)], clean_env(), LOG, progress)
    stamps.write(stamp, stamps.fingerprint([lock]))


def _make_tools(progress: Progress) -> None:
    """Make the environment for uv with our own interpreter, else (Debian without python3-venv) with another one."""
    others = python.find(TOOLS_PYTHONS)
    for interpreter in dict.fromkeys(filter(None, [sys.executable, others])):
        try:
            return run_step([interpreter, "-m", "venv", "--clear", str(TOOLS)], clean_env(), LOG, progress)
        except Problem:
            continue
    raise Problem("Python kann hier keine Umgebung anlegen: bitte das Paket python3-venv installieren und den Befehl wiederholen.")


def _require_space(gigabytes: float) -> None:
    free = shutil.disk_usage(ROOT).free / GB
    if free < gigabytes:
        raise Problem(
            f"Auf der Festplatte sind nur {free:.1f} GB frei, die Einrichtung braucht {gigabytes:.0f} GB: "
            "bitte Platz schaffen und den Befehl wiederholen."
        )
