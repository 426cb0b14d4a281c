"""The production language model: one quick attempt to fetch it the way spaCy does, remembered for this installation.

`de_core_news_sm` 3.4.0 is the only thing that is installed without a hash from a lock file: it is in no package index under a name that
its makers control, spaCy's download takes it from the makers' release page by its exact version. It is never asked for by its bare name.
Where it cannot be had, `nlu/` falls back to a blank German pipeline; that choice is made at training, not here.
"""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Optional

from ops import stamps
from ops.environments import BOT, LOG, UV, clean_env
from ops.problem import Problem
from ops.processes import end_group, signal_group, start
from ops.progress import Progress
from ops.settings import QUIET

MODEL, VERSION = "de_core_news_sm", "3.4.0"
LIMIT_S = 10.0
RETRY_DAYS = 7
ATTEMPT = ".quartierslotse-spacy-model"
NAMES = {"blank-de-lookups": "die eingebaute deutsche Ersatzlösung (blank-de-lookups)"}


def try_to_fetch(progress: Progress, again: bool = False) -> None:
    """Fetch the model unless it is there or an attempt of the last seven days failed; never fails itself."""
    if installed_version() == VERSION or (not again and _tried_lately()):
        return
    progress.step(f"Das Sprachmodell {MODEL} {VERSION} wird gesucht (höchstens {LIMIT_S:.0f} Sekunden)")
    _download()
    if installed_version() not in (None, VERSION):
        _remove()
    stamps.write(_attempt(), str(int(time.time())))
    if installed_version() != VERSION:
        progress.say(f"{MODEL} {VERSION} ist hier nicht zu bekommen; der Bot arbeitet mit der eingebauten Ersatzlösung.")


def installed_version() -> Optional[str]:
    """Return the version in the bot's environment, None where it is not installed whole."""
    site = next((BOT.python.parent.parent / "lib").glob("python3.*/site-packages"), None)
    found = sorted(site.glob(f"{MODEL}-*.dist-info/RECORD")) if site else []
    return found[0].parent.name[len(MODEL) + 1 : -len(".dist-info")] if found else None


def in_use(models: Path) -> str:
    """Return what the trained model uses, for people; training wrote it down."""
    try:
        chosen = json.loads((models / "language_model.json").read_text(encoding="utf-8"))
        return f"{NAMES.get(chosen['model'], chosen['model'])}, Version {chosen['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "unbekannt"


def _download() -> None:
    # What follows the version goes to pip: no dependencies (they are locked), no second try.
    command = [str(BOT.python), "-m", "spacy", "download", f"{MODEL}-{VERSION}", "--direct"]
    command += ["--no-deps", "--retries", "0", "--timeout", "5", "--no-cache-dir", "--disable-pip-version-check"]
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        process = start(command, {**clean_env(), **QUIET}, log)
        try:
            process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            pass
        finally:
            signal_group(process, 15)
            end_group(process, time.monotonic() + 1)


def _remove() -> None:
    done = subprocess.run([str(UV), "pip", "uninstall", "--quiet", "--python", str(BOT.python), MODEL], env=clean_env(), check=False)
    if done.returncode:
        raise Problem(f"Ein unvollständiges {MODEL} ließ sich nicht entfernen: bitte den Ordner {BOT.folder} löschen und neu starten.")


def _attempt() -> Path:
    return BOT.stamp.with_name(ATTEMPT)


def _tried_lately() -> bool:
    try:
        return time.time() - float(_attempt().read_text(encoding="utf-8")) < RETRY_DAYS * 86400
    except (OSError, ValueError):
        return False
