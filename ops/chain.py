"""The whole chain (Rasa, action server, gateway) as processes of ours: started, watched until ready, restarted, stopped.

`Chain` also serves tests, `make eval` and `make bench`: on free ports, with a private DATA_DIR and an already trained model.

    with Chain({"TESTING": "1", "NOW": "2026-11-22T10:15"}) as chain:
        requests.post(f"{chain.url}/api/v1/conversations", …)

Start it in a thread that lives as long as the chain: the kernel ends the processes when that thread ends.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Mapping, Optional, Type, Union

from ops import knowledge_base
from ops.ports import free_ports
from ops.problem import Problem
from ops.processes import Child, is_german_sentence, stop_all
from ops.progress import Progress
from ops.settings import BOT_PYTHON, GATEWAY_PYTHON, Settings, child_env, from_env

READY_S = 120.0
LOOK_S = 0.1


def children(settings: Settings, env: Mapping[str, str]) -> List[Child]:
    """Return the three processes, not started yet."""
    commands: Dict[str, List[Union[str, Path]]] = {
        "rasa": [BOT_PYTHON, "-m", "ops.bot.rasa"],
        "actions": [BOT_PYTHON, "-m", "ops.bot.actions"],
        "gateway": [GATEWAY_PYTHON, "-m", "gateway", "serve"],
    }
    return [Child(name, command, env, settings.logs / f"{name}.log") for name, command in commands.items()]


def start_all(started: List[Child]) -> None:
    """Start all children with empty logs."""
    for child in started:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        child.log.write_bytes(b"")
        child.start()


def wait_until_ready(settings: Settings, started: List[Child], progress: Progress) -> None:
    """Return when /health/ready says 200; raises `Problem` where a process ends before, or after two minutes."""
    deadline = time.monotonic() + READY_S
    while not is_ready(settings.url):
        for child in started:
            if child.ended() is not None:
                raise Problem(why_ended(child))
        if time.monotonic() > deadline:
            raise Problem(f"Der Dienst ist nach {READY_S:.0f} Sekunden nicht bereit. Bitte die Protokolle ansehen: {settings.logs}")
        progress.tick()
        time.sleep(LOOK_S)


def is_ready(url: str) -> bool:
    """Say whether the gateway calls itself and everything behind it ready."""
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=3) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def why_ended(child: Child) -> str:
    """Return one sentence on a process that ended by itself, with its own last sentence where it left one."""
    last = child.last_words()
    return (
        last if is_german_sentence(last) else f"Der Prozess {child.name} ist unerwartet zu Ende. Bitte das Protokoll ansehen: {child.log}"
    )


class Chain:
    """A private chain: own ports, own DATA_DIR (removed afterwards), the trained model of `models`."""

    def __init__(self, env: Optional[Mapping[str, str]] = None, models: Optional[Path] = None) -> None:
        self._env = dict(env or {})
        self._models = models or from_env(os.environ).models
        self._children: List[Child] = []
        self.data_dir = Path()
        self.url = ""

    def __enter__(self) -> Chain:
        self.data_dir = Path(tempfile.mkdtemp(prefix="quartierslotse-"))
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, _type: Optional[Type[BaseException]], _error: Optional[BaseException], _trace: Optional[TracebackType]) -> None:
        self.close()

    @property
    def logs(self) -> Path:
        """The folder with the logs of this chain."""
        return self.data_dir / "logs"

    @property
    def pids(self) -> Dict[str, int]:
        """Process ids by name: rasa, actions, gateway."""
        return {child.name: child.pid for child in self._children}

    def health(self) -> Dict[str, object]:
        """Return what /health/ready tells."""
        with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
            found: Dict[str, object] = json.load(answer)
            return found

    def close(self) -> None:
        """Stop all processes and remove the private DATA_DIR."""
        stop_all(self._children)
        if self.data_dir != Path():
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def _start(self) -> None:
        if not self._models.exists():
            raise Problem("Es gibt noch kein trainiertes Modell: bitte zuerst „make train“ ausführen.")
        (self.data_dir / "models").symlink_to(self._models.resolve())
        port, rasa_port, actions_port = free_ports(3)
        ports = {"PORT": str(port), "RASA_PORT": str(rasa_port), "ACTIONS_PORT": str(actions_port)}
        wanted = {**os.environ, "HOST": "127.0.0.1", "PUBLIC_URL": "", **self._env, **ports, "DATA_DIR": str(self.data_dir)}
        wanted.pop("CLOCK_STARTED", None)
        settings = from_env(wanted)
        env, progress = child_env(wanted, settings), Progress(lambda line: None)
        knowledge_base.load(settings, env, progress)
        self._children = children(settings, env)
        start_all(self._children)
        wait_until_ready(settings, self._children, progress)
        self.url = settings.url
