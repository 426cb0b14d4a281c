"""What is going on, for the person who waits: one line per step, with the seconds since the start."""

from __future__ import annotations

import time
from typing import Callable

REMIND_S = 15.0


class Progress:
    """Prints steps; `tick` is called while a step runs and says now and then that it is still going on."""

    def __init__(self, write: Callable[[str], None] = lambda line: print(line, flush=True)) -> None:
        self._write = write
        self._begun = time.monotonic()
        self._step = ""
        self._reminded = self._begun

    def step(self, text: str) -> None:
        """Begin a step."""
        self._step, self._reminded = text, time.monotonic()
        self.say(f"{text} …")

    def tick(self) -> None:
        """Remind of the running step, at most every 15 seconds."""
        if time.monotonic() - self._reminded >= REMIND_S:
            self._reminded = time.monotonic()
            self.say(f"… {self._step}")

    def say(self, text: str) -> None:
        """Print one line with the seconds since the start."""
        self._write(f"[{time.monotonic() - self._begun:4.0f} s] {text}")
