"""Stock Rasa as the reference: the bot of `rasa init` with its default pipeline and policies, trained once, then served."""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import yaml

from bench import workplace
from ops import stamps
from ops.ports import free_ports
from ops.problem import Problem
from ops.processes import Child, run_step, stop_all
from ops.progress import Progress
from ops.settings import BOT_PYTHON, ROOT

SCAFFOLD = "from rasa.cli.scaffold import create_initial_project as make; import sys; make(sys.argv[1])"
READY_S = 180.0
BOT_LOCK = ROOT / "requirements" / "bot.lock"


@dataclass(frozen=True)
class StockBot:
    """The trained bot of `rasa init` and how long its training took, in seconds."""

    folder: Path
    model: Path
    training_s: float

    def examples(self) -> list[str]:
        """Return the sentences that the bot was trained on, of all its intents."""
        document = yaml.safe_load((self.folder / "data" / "nlu.yml").read_text(encoding="utf-8"))
        lines = "\n".join(block["examples"] for block in document["nlu"]).splitlines()
        return [line.removeprefix("- ").strip() for line in lines if line.strip()]


def trained(progress: Progress) -> StockBot:
    """Return the reference bot; trains it where this Rasa has not trained it here yet."""
    place = workplace.folder() / "stock"
    bot, model, stamp, times = place / "bot", place / "models" / "stock.tar.gz", place / "stamp", place / "training.json"
    wanted = stamps.fingerprint([BOT_LOCK])
    if not (model.exists() and times.exists() and stamps.fits(stamp, wanted)):
        shutil.rmtree(place, ignore_errors=True)
        bot.mkdir(parents=True)
        env = workplace.stock_env()
        progress.step("Das Vergleichsprogramm (rasa init) wird trainiert")
        run_step([BOT_PYTHON, "-c", SCAFFOLD, bot], env, place / "scaffold.log", progress)
        begun = time.monotonic()
        run_step(_training(bot, model), env, place / "train.log", progress)
        times.write_text(json.dumps({"training_s": time.monotonic() - begun}), encoding="utf-8")
        stamps.write(stamp, wanted)
    return StockBot(bot, model, float(json.loads(times.read_text(encoding="utf-8"))["training_s"]))


def _training(bot: Path, model: Path) -> list[str]:
    command = [str(BOT_PYTHON), "-m", "rasa", "train", "--config", str(bot / "config.yml"), "--domain", str(bot / "domain.yml")]
    return [*command, "--data", str(bot / "data"), "--out", str(model.parent), "--fixed-model-name", model.name.split(".")[0]]


class Stock:
    """Stock Rasa as a running process with its REST channel: `with Stock(bot) as stock: … stock.url`."""

    def __init__(self, bot: StockBot) -> None:
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self.start_s = 0.0
        self._child = Child("rasa", _serving(bot, port), _served_env(), bot.folder.parent / "run.log")

    def __enter__(self) -> Stock:
        self._child.log.write_bytes(b"")
        begun = time.monotonic()
        self._child.start()
        try:
            self._wait(begun + READY_S)
        except BaseException:
            self.close()
            raise
        self.start_s = time.monotonic() - begun
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by name."""
        return {"rasa": self._child.pid}

    def close(self) -> None:
        """Stop the process."""
        stop_all([self._child])

    def _wait(self, deadline: float) -> None:
        while not _answers(self.url):
            if self._child.ended() is not None or time.monotonic() > deadline:
                raise Problem(f"Das Vergleichsprogramm startet nicht. Bitte das Protokoll ansehen: {self._child.log}")
            time.sleep(0.1)


def _serving(bot: StockBot, port: int) -> list[str]:
    command = [str(BOT_PYTHON), "-m", "rasa", "run", "--model", str(bot.model), "--port", str(port), "--interface", "127.0.0.1"]
    return [*command, "--credentials", str(bot.folder / "credentials.yml"), "--endpoints", str(bot.folder / "endpoints.yml")]


def _served_env() -> Mapping[str, str]:
    return {key: value for key, value in workplace.stock_env().items() if not key.startswith("SANIC_")}


def _answers(url: str) -> bool:
    """Say whether the server answers; Rasa listens after it has loaded its model."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False
