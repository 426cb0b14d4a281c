"""Our whole chain as it is measured: trained from scratch in a private folder, served with everything durable, no rate limits."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType

from bench import usage, workplace
from knowledge.files import read_knowledge
from ops.chain import Chain
from ops.progress import Progress
from ops.settings import current
from ops.train import train

UNLIMITED = {"RATE_CONVERSATIONS": "0", "RATE_MESSAGES": "0"}


@dataclass(frozen=True)
class OurBot:
    """The trained bot and how long its training took, in seconds."""

    models: Path
    training_s: float


@cache
def trained(progress: Progress) -> OurBot:
    """Train the bot from the files as they are now; once per run of the benchmarks."""
    place = workplace.folder() / "ours"
    shutil.rmtree(place, ignore_errors=True)
    settings, env = workplace.private(current(), place)
    begun = time.monotonic()
    train(settings, env, progress)
    return OurBot(settings.models, time.monotonic() - begun)


def questions(count: int, seed: int = 1) -> list[str]:
    """Return German questions, drawn from the wordings in `knowledge/questions`."""
    asked = [block for entry in read_knowledge().entries.values() for block in entry.asked]
    texts = sorted({text for block in asked for _, text in block.wordings})
    return random.Random(seed).choices(texts, k=count)


class Ours:
    """The chain as running processes: `with Ours(bot) as ours: … ours.url`."""

    def __init__(self, bot: OurBot, settings: Mapping[str, str] | None = None) -> None:
        self._chain = Chain({**UNLIMITED, **(settings or {})}, bot.models)
        self.start_s = 0.0
        self.first_load_s = 0.0

    def __enter__(self) -> Ours:
        begun = time.monotonic()
        self._chain.__enter__()
        self.start_s = max(usage.age_s(pid) for pid in self.pids.values())
        self.first_load_s = time.monotonic() - begun - self.start_s
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._chain.close()

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self._chain.url

    @property
    def data_dir(self) -> Path:
        """Where the chain keeps its databases."""
        return self._chain.data_dir

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by name: rasa, actions, gateway."""
        return self._chain.pids
