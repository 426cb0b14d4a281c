"""What the launcher reads from the environment, and the environment that all its child processes get.

The gateway's own settings are checked by the gateway (docs/settings.md lists all of them).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from ops.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
BOT_PYTHON = ROOT / ".venv-bot" / "bin" / "python"
GATEWAY_PYTHON = ROOT / ".venv" / "bin" / "python"

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",  # Rasa's training cache does not see changes in knowledge/ and would serve stale results
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "OMP_NUM_THREADS": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
    "SANIC_WORKERS": "1",
    "SANIC_HOST": "127.0.0.1",
    "SANIC_ACCESS_LOG": "false",
}
PASSED_ON_OTHERWISE = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


@dataclass(frozen=True)
class Settings:
    """Addresses and the folder with this installation's state."""

    host: str
    port: int
    rasa_port: int
    actions_port: int
    data_dir: Path

    @property
    def url(self) -> str:
        """The address at which this machine reaches the gateway."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{host}:{self.port}"

    @property
    def logs(self) -> Path:
        """The folder with one log per process."""
        return self.data_dir / "logs"

    @property
    def models(self) -> Path:
        """The folder with the trained model."""
        return self.data_dir / "models"


def from_env(env: Mapping[str, str]) -> Settings:
    """Read the launcher's settings; raises `Problem` naming the variable that cannot be used."""
    settings = Settings(
        host=env.get("HOST") or "127.0.0.1",
        port=_port(env, "PORT", 8080),
        rasa_port=_port(env, "RASA_PORT", 5005),
        actions_port=_port(env, "ACTIONS_PORT", 5055),
        data_dir=(ROOT / (env.get("DATA_DIR") or "var")).resolve(),
    )
    used = [settings.port, settings.rasa_port, settings.actions_port]
    if env.get("INTERNAL_PORT"):
        used.append(_port(env, "INTERNAL_PORT", 0))
    if len(set(used)) < len(used):
        raise Problem("Die Einstellungen PORT, RASA_PORT, ACTIONS_PORT und INTERNAL_PORT brauchen verschiedene Werte.")
    if env.get("NOW") and env.get("TESTING") != "1":
        raise Problem("Die Einstellung NOW ist nur zusammen mit TESTING=1 erlaubt: bitte NOW weglassen.")
    return settings


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= 65535):
        raise Problem(f"Die Einstellung {name} ist falsch gesetzt: erwartet wird eine ganze Zahl von 1 bis 65535.")
    return int(value)


def child_env(env: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """Return the variables of every child process: all settings resolved, quiet libraries, one common clock."""
    passed = {key: value for key, value in env.items() if key not in PASSED_ON_OTHERWISE}
    return {
        **passed,
        **QUIET,
        "HOST": settings.host,
        "PORT": str(settings.port),
        "RASA_PORT": str(settings.rasa_port),
        "ACTIONS_PORT": str(settings.actions_port),
        "DATA_DIR": str(settings.data_dir),
        "CLOCK_STARTED": env.get("CLOCK_STARTED") or str(time.time()),
    }


def current() -> Settings:
    """Return the settings of this process's own environment."""
    return from_env(os.environ)
