"""Finding Python interpreters: on the PATH (a pyenv shim that fails does not count), in pyenv's folders, or from uv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Mapping, Optional, Sequence

from ops.problem import Problem

PROBE = "import ssl, sqlite3, venv, sys; print('%d.%d' % sys.version_info[:2])"
PROBE_S = 20


def find(versions: Sequence[str], env: Mapping[str, str] = os.environ) -> Optional[str]:
    """Return a working interpreter of the first version that there is, or None."""
    for version in versions:
        for candidate in candidates(version, env):
            if works(candidate, version):
                return candidate
    return None


def find_or_fetch(versions: Sequence[str], uv: Path, env: Mapping[str, str] = os.environ) -> str:
    """Return an interpreter, if need be one that uv brings; raises `Problem` with what to do."""
    return find(versions, env) or _from_uv(versions[0], uv) or _give_up(versions)


def candidates(version: str, env: Mapping[str, str]) -> Iterator[str]:
    """Yield the paths where an interpreter of a version may be; none of them is tried yet."""
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == version and sys.prefix == sys.base_prefix:
        yield sys.executable
    for folder in env.get("PATH", "").split(os.pathsep):
        found = shutil.which(f"python{version}", path=folder) if folder else None
        if found:
            yield found
    roots = dict.fromkeys([env.get("PYENV_ROOT"), _pyenv_root(env), str(Path(env.get("HOME", "/")) / ".pyenv")])
    for root in filter(None, roots):
        newest_first = sorted((Path(root) / "versions").glob(f"{version}.*"), key=_patch, reverse=True)
        yield from (str(folder / "bin" / "python") for folder in newest_first)


def works(python: str, version: str) -> bool:
    """Say whether this is an interpreter of that version with the modules we need (ssl, sqlite3, venv)."""
    return _output([python, "-c", PROBE]) == version


def _patch(folder: Path) -> int:
    last = folder.name.rsplit(".", 1)[-1]
    return int(last) if last.isdigit() else -1


def _pyenv_root(env: Mapping[str, str]) -> Optional[str]:
    pyenv = shutil.which("pyenv", path=env.get("PATH", ""))
    return _output([pyenv, "root"]) if pyenv else None


def _from_uv(version: str, uv: Path) -> Optional[str]:
    if subprocess.run([str(uv), "python", "install", "--quiet", version], capture_output=True, check=False).returncode:
        return None
    return _output([str(uv), "python", "find", version])


def _give_up(versions: Sequence[str]) -> str:
    wanted = " oder ".join([", ".join(versions[:-1]), versions[-1]]) if len(versions) > 1 else versions[0]
    raise Problem(
        f"Python {wanted} fehlt auf diesem Rechner: bitte installieren (zum Beispiel mit „pyenv install {versions[0]}“) "
        "und den Befehl wiederholen."
    )


def _output(command: Sequence[str]) -> Optional[str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
