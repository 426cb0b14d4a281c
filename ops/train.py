"""Trains the Rasa model where its inputs changed. `make train` also tries again to get the production language model."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import List, Mapping

from ops import environments, processes, spacy_model, stamps
from ops.lock import alone
from ops.problem import Problem, run_as_command
from ops.progress import Progress
from ops.settings import BOT_PYTHON, ROOT, Settings, child_env, current

MODEL = "bot.tar.gz"
KNOWLEDGE_FOLDERS = ("entries", "questions", "words", "places")
DOMAIN, DATA, CONFIG = ROOT / "bot" / "domain", ROOT / "bot" / "data", ROOT / "config.yml"


def inputs() -> List[Path]:
    """Return every file and folder that the trained model depends on."""
    knowledge = ROOT / "knowledge"
    return [
        CONFIG,
        ROOT / "bot",
        ROOT / "nlu",
        *(knowledge / folder for folder in KNOWLEDGE_FOLDERS),
        *sorted(knowledge.glob("*.py")),
        environments.BOT.lock,
    ]


def wanted_stamp() -> str:
    """Return the hash over all inputs, among them the language model that is installed."""
    return stamps.fingerprint(inputs(), f"spacy model {spacy_model.installed_version()}")


def train(settings: Settings, env: Mapping[str, str], progress: Progress) -> Path:
    """Return the trained model; trains where an input changed. The old model stays until the new one is whole."""
    model, stamp, wanted = settings.models / MODEL, settings.models / "inputs.stamp", wanted_stamp()
    if model.exists() and stamps.fits(stamp, wanted):
        return model
    progress.step("Der Bot wird trainiert")
    settings.models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.models, prefix=".training-") as folder:
        processes.run_step(_command(Path(folder)), env, settings.logs / "train.log", progress)
        made = Path(folder) / MODEL
        if not made.exists():
            raise Problem(f"Das Training hat kein Modell ergeben. Bitte das Protokoll ansehen: {settings.logs / 'train.log'}")
        shutil.move(str(made), str(model))
    stamps.write(stamp, wanted)
    return model


def _command(target: Path) -> List[str]:
    command = [str(BOT_PYTHON), "-m", "ops.bot.cli", "train", "--quiet", "--force", "--config", str(CONFIG)]
    command += ["--domain", str(DOMAIN), "--data", str(DATA)]
    return command + ["--out", str(target), "--fixed-model-name", MODEL.split(".")[0]]


def set_up_and_train(settings: Settings, env: Mapping[str, str], progress: Progress, again: bool = False) -> Path:
    """Bring the environments up to date, then the trained model; one at a time on a machine."""
    with alone(ROOT / "var" / "setup.lock", progress):
        environments.set_up(progress)
        spacy_model.try_to_fetch(progress, again)
        return train(settings, env, progress)


def main() -> int:
    """`make train`."""
    processes.stop_on_signals()
    processes.die_with_parent()
    settings, progress = current(), Progress()
    model = set_up_and_train(settings, child_env(os.environ, settings), progress, again=True)
    progress.say(f"Das Modell liegt in {model}. Sprachmodell: {spacy_model.in_use(settings.models)}.")
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
