"""Where benchmarks keep what they make, and the environment of the processes that they start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ops.settings import QUIET, ROOT, Settings, child_env, current

# Stock Rasa keeps its own defaults for threads and kernels: it is measured as it comes.
NOT_FOR_STOCK = ("OMP_NUM_THREADS", "TF_ENABLE_ONEDNN_OPTS")


def folder() -> Path:
    """Return DATA_DIR/bench."""
    return current().data_dir / "bench"


def shared() -> Path:
    """Return the folder that SHARED_DIR names; it may be missing."""
    return (ROOT / (os.environ.get("SHARED_DIR") or "../shared")).resolve()


def stock_env() -> dict[str, str]:
    """Return the environment of stock Rasa: quiet, without our choice of threads, caches in a private folder."""
    env = child_env(os.environ, current())
    for name in NOT_FOR_STOCK:
        env.pop(name)
    return {**env, **_given(NOT_FOR_STOCK), "RASA_CACHE_DIRECTORY": str(folder() / "stock" / "cache")}


def _given(names: tuple[str, ...]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}


def private(settings: Settings, data_dir: Path) -> tuple[Settings, Mapping[str, str]]:
    """Return settings and environment with another DATA_DIR."""
    own = Settings(settings.host, settings.port, settings.rasa_port, settings.actions_port, data_dir)
    return own, {**child_env(os.environ, own), **QUIET}
