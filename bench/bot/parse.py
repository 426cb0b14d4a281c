"""Trains an NLU pipeline or loads a model, and parses sentences through Rasa's own graph. Runs in `.venv-bot`.

`python -m bench.bot.parse JOB.json`: the job names `config` and `data` to train with, or a `model`, and the `examples` as
[sentence, intent]; the result is printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

from ops.bot import without_tensorflow

WARM_UP = 50


def main() -> None:
    """Do the job that the first argument names."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if job.get("config"):
        without_tensorflow.install(Path(job["config"]))
    begun = time.perf_counter()
    model = job.get("model") or trained(job)
    training_s = time.perf_counter() - begun
    result = asyncio.run(parsed(model, job["examples"]))
    print(json.dumps({**result, "training_s": training_s if job.get("config") else None}))


def trained(job: dict[str, Any]) -> str:
    """Train the pipeline and return the model's file."""
    from rasa.model_training import train_nlu

    model = train_nlu(job["config"], job["data"], job["out"], fixed_model_name="nlu")
    if not model:
        raise SystemExit("Das Training hat kein Modell ergeben.")
    return str(model)


async def parsed(model: str, examples: list[list[str]]) -> dict[str, Any]:
    """Return how many intents are right, and milliseconds a sentence."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # as a server's: without it Rasa prints a line for each sentence
    agent = Agent.load(model)
    for text, _ in examples[:WARM_UP]:
        await agent.parse_message(text)
    right, times = 0, []
    for text, intent in examples:
        begun = time.perf_counter()
        found = await agent.parse_message(text)
        times.append((time.perf_counter() - begun) * 1000)
        right += found["intent"]["name"] == intent
    return {"right": right, "times_ms": times}


if __name__ == "__main__":
    main()
