"""Train the Rasa model where its inputs changed; the model lies in DATA_DIR/models."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ("config.yml", "bot", "nlu", "requirements/bot.lock", "knowledge/entries", "knowledge/questions", "knowledge/words")
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "OMP_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONPATH": ".",
}


def data_dir() -> Path:
    """Return the folder with this installation's state."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()


def environment() -> dict[str, str]:
    """Return the variables that all child processes get."""
    return {**os.environ, **QUIET, "DATA_DIR": str(data_dir())}


def inputs_hash() -> str:
    """Return the hash over every file that the model is trained from."""
    digest = hashlib.sha256()
    for name in INPUTS:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def train() -> Path:
    """Return the trained model's file; trains (about half a minute) only where an input changed."""
    models = data_dir() / "models"
    models.mkdir(parents=True, exist_ok=True)
    model, stamp, wanted = models / "bot.tar.gz", models / "inputs.sha256", inputs_hash()
    if model.exists() and stamp.exists() and stamp.read_text() == wanted:
        return model
    started = time.monotonic()
    print("Das Sprachmodell wird trainiert …", flush=True)
    command = [".venv-bot/bin/python", "-m", "rasa", "train", "--domain", "bot/domain", "--data", "bot/data", "--config", "config.yml",
               "--out", str(models), "--fixed-model-name", "bot", "--quiet"]  # fmt: skip
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)
    stamp.write_text(wanted)
    print(f"Trainiert ({time.monotonic() - started:.0f} s).", flush=True)
    return model


if __name__ == "__main__":
    try:
        train()
    except subprocess.CalledProcessError:
        print("Das Training ist gescheitert; die Meldung darüber nennt die Ursache.", file=sys.stderr)
        sys.exit(1)
