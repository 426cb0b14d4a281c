"""Both environments from the lock files: `.venv-bot` (Python 3.10, Rasa) and `.venv` (Python >= 3.11, the gateway).

Standard library only. A stamp holds the hash of the lock file: nothing is installed again unless it changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "var" / "tools"
NEEDED_BYTES = 5 * 1024**3
ENVIRONMENTS = ((".venv-bot", "bot", ("3.10",)), (".venv", "gateway", ("3.11", "3.12", "3.13")))
COMPILE = ("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--upgrade")


class SetupError(Exception):
    """Set-up cannot go on: one German sentence with cause and remedy."""


def find_python(versions: tuple[str, ...]) -> str | None:
    """Return an interpreter of one of the versions: on the PATH (a pyenv shim that fails does not count), or in pyenv."""
    for version in versions:
        candidates = [shutil.which(f"python{version}")]
        root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
        candidates += [str(p / "bin" / "python") for p in sorted(root.glob(f"{version}.*"), reverse=True)]
        for candidate in candidates:
            if candidate and _is(candidate, version):
                return candidate
    return None


def _is(python: str, version: str) -> bool:
    try:
        shown = subprocess.run([python, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return False
    return shown.returncode == 0 and shown.stdout.startswith(f"Python {version}.")


def setup() -> None:
    """Make both environments; raises `SetupError` where that is not possible."""
    uv = str(_uv())
    for folder, name, versions in ENVIRONMENTS:
        lock = ROOT / "requirements" / f"{name}.lock"
        stamp = ROOT / folder / ".lock-hash"
        wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        _check_space()
        python = find_python(versions) or _from_uv(uv, versions[0])
        started = time.monotonic()
        print(f"Umgebung {folder} wird eingerichtet (Python {versions[0]}, etwa 1 Minute) …", flush=True)
        _run([uv, "venv", "--quiet", "--clear", "--python", python, str(ROOT / folder)])
        target = str(ROOT / folder / "bin" / "python")
        _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", target, str(lock)])
        stamp.write_text(wanted)
        print(f"Umgebung {folder} ist fertig ({time.monotonic() - started:.0f} s).", flush=True)


def lock() -> None:
    """Write the lock files anew: with hashes, without any address."""
    uv = str(_uv())
    for _, name, versions in ENVIRONMENTS:
        source = ROOT / "requirements" / f"{name}.in"
        _run([uv, "pip", "compile", "--quiet", *COMPILE, "--python-version", versions[0], str(source), "-o", str(source.with_suffix(".lock"))])


def _uv() -> Path:
    uv = TOOLS / "bin" / "uv"
    if not uv.exists():
        _run([sys.executable, "-m", "venv", str(TOOLS)])
        requirements = ROOT / "requirements" / "uv.lock"
        _run([str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(requirements)])
    return uv


def _from_uv(uv: str, version: str) -> str:
    if subprocess.run([uv, "python", "install", version], capture_output=True, check=False).returncode == 0:
        return version
    raise SetupError(f"Python {version} fehlt: bitte installieren (zum Beispiel mit pyenv install {version}) und den Befehl wiederholen.")


def _check_space() -> None:
    if shutil.disk_usage(ROOT).free < NEEDED_BYTES:
        raise SetupError("Auf der Festplatte ist zu wenig Platz: für die Einrichtung werden 5 GB gebraucht.")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"Die Einrichtung ist bei „{Path(command[0]).name} {' '.join(command[1:3])}“ gescheitert: {done.stderr.strip()[-300:]}")


def main() -> int:
    """Run the set-up from the shell."""
    try:
        lock() if "--lock" in sys.argv else setup()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
