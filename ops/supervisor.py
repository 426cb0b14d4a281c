"""Keeps the processes of a chain running: a dead one is started again, more slowly each time; three deaths in a minute end the service."""

from __future__ import annotations

import time
from typing import Dict, List, Sequence

from ops.problem import Problem
from ops.processes import Child
from ops.progress import Progress

LOOK_S = 0.5
WINDOW_S = 60.0
MOST_DEATHS = 3
FIRST_PAUSE_S = 1.0


class Supervisor:
    """Looks after started children. `look` is called again and again and never blocks."""

    def __init__(self, watched: Sequence[Child], progress: Progress) -> None:
        self._watched = watched
        self._progress = progress
        self._deaths: Dict[str, List[float]] = {child.name: [] for child in watched}
        self._again_at: Dict[str, float] = {}

    def watch(self) -> None:
        """Look after the children until `Stopped` is raised by a signal, or `Problem` by a child that keeps dying."""
        while True:
            self.look(time.monotonic())
            time.sleep(LOOK_S)

    def look(self, now: float) -> None:
        """Notice deaths, and start again whose pause is over. Raises `Problem` on the third death within a minute."""
        for child in self._watched:
            child.keep_log_small()
            if child.ended() is None:
                continue
            if child.name not in self._again_at:
                self._note_death(child, now)
            elif now >= self._again_at[child.name]:
                del self._again_at[child.name]
                child.start()

    def _note_death(self, child: Child, now: float) -> None:
        deaths = [death for death in self._deaths[child.name] if now - death < WINDOW_S] + [now]
        self._deaths[child.name] = deaths
        if len(deaths) >= MOST_DEATHS:
            raise Problem(
                f"Der Prozess {child.name} ist in einer Minute {MOST_DEATHS}-mal abgestürzt, der Dienst wird beendet. "
                f"Bitte das Protokoll ansehen: {child.log}"
            )
        pause = FIRST_PAUSE_S * 2 ** (len(deaths) - 1)
        self._again_at[child.name] = now + pause
        self._progress.say(f"Der Prozess {child.name} ist zu Ende (Status {child.ended()}) und wird in {pause:.0f} s neu gestartet.")
