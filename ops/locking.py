"""`make lock`: write the lock files anew from pyproject.toml, with hashes and without any address."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import List, Union

from ops import environments
from ops.environments import BOT, GATEWAY, REQUIREMENTS, SYNAPSE, UV
from ops.problem import Problem, run_as_command
from ops.processes import run_step
from ops.progress import Progress
from ops.settings import ROOT

ADDRESS = re.compile(r"https?://|\bgit\+|@ file:")
# Universal: the same lock serves every platform that the packages support; markers choose.
OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    "--quiet",
)


def lock() -> int:
    """Renew uv's own lock and those of all environments to the newest versions that pyproject.toml allows."""
    progress = Progress()
    environments.bring_uv(progress)
    for environment in (BOT, GATEWAY, SYNAPSE):
        progress.step(f"{environment.lock.name} wird geschrieben")
        _compile(f"{ROOT / 'pyproject.toml'}:{environment.group}", environment.versions[0], environment.lock, progress)
    _compile(f"{ROOT / 'pyproject.toml'}:tools", "3.9", REQUIREMENTS / "uv.lock", progress)
    return 0


def _compile(group: str, version: str, target: Path, progress: Progress) -> None:
    new = target.with_suffix(".new")
    command: List[Union[str, Path]] = [
        UV,
        "pip",
        "compile",
        *OPTIONS,
        "--upgrade",
        "--python-version",
        version,
        "--group",
        group,
        "-o",
        new,
    ]
    try:
        run_step(command, environments.clean_env(), environments.LOG, progress)
        if ADDRESS.search(new.read_text(encoding="utf-8")):
            raise Problem(f"In {target.name} steht eine Adresse: bitte die Einstellungen von uv auf diesem Rechner prüfen.")
        new.replace(target)
    finally:
        if new.exists():
            new.unlink()


if __name__ == "__main__":
    sys.exit(run_as_command(lock))
