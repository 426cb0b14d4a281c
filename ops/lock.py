"""One set-up at a time: `make run` and `make test` side by side wait for each other instead of installing over each other."""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from ops.progress import Progress

LOOK_S = 0.2


@contextmanager
def alone(file: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock file while the block runs; wait for whoever holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as held:
        if not _try(held.fileno()):
            progress.step("Eine andere Einrichtung läuft gerade; es wird auf sie gewartet")
            while not _try(held.fileno()):
                progress.tick()
                time.sleep(LOOK_S)
        yield


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
