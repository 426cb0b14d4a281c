"""The set-up: lock files, environments, models, and what it says when it cannot go on."""

import errno
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from ops import environments, spacy_model, train
from ops.problem import FULL_DISK, Problem, Stopped, run_as_command, sentence_for
from ops.progress import Progress
from ops.settings import ROOT
from ops.summary import Summary, closing_line

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_has_a_hash_for_every_package_and_no_address(lock: Path):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text and "--find-links" not in text and "index-url" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[\w.\[\],-]+==\S+", block) and "--hash=sha256:" in block for block in blocks)


def test_there_is_a_lock_for_each_environment_and_for_the_installer():
    assert [lock.name for lock in LOCKS] == ["bot.lock", "gateway.lock", "synapse.lock", "uv.lock"]


def test_the_language_model_is_in_no_lock_file():
    assert not any("de-core-news" in lock.read_text(encoding="utf-8").replace("_", "-") for lock in LOCKS)


def test_environments_that_fit_their_locks_are_left_alone(monkeypatch):
    monkeypatch.setattr(environments, "run_step", lambda *_: pytest.fail("something was installed"))
    monkeypatch.setattr(environments.Environment, "is_current", lambda self: True)
    environments.set_up(Progress(lambda line: None))


def test_too_little_space_is_said_before_anything_is_installed(monkeypatch):
    monkeypatch.setattr(environments.Environment, "is_current", lambda self: False)
    monkeypatch.setattr(environments, "run_step", lambda *_: pytest.fail("something was installed"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    with pytest.raises(Problem, match="nur 0.9 GB frei, die Einrichtung braucht 5 GB: bitte Platz schaffen"):
        environments.set_up(Progress(lambda line: None))


def test_an_unchanged_bot_is_not_trained_again(tmp_path, monkeypatch):
    settings = SimpleNamespace(models=tmp_path, logs=tmp_path)
    monkeypatch.setattr(train, "wanted_stamp", lambda: "same")
    (tmp_path / train.MODEL).write_bytes(b"model")
    (tmp_path / "inputs.stamp").write_text("same")
    monkeypatch.setattr(train.processes, "run_step", lambda *_: pytest.fail("it was trained"))
    assert train.train(settings, {}, Progress(lambda line: None)) == tmp_path / train.MODEL


def test_a_failed_training_leaves_the_old_model(tmp_path, monkeypatch):
    settings = SimpleNamespace(models=tmp_path, logs=tmp_path)
    monkeypatch.setattr(train, "wanted_stamp", lambda: "new")
    (tmp_path / train.MODEL).write_bytes(b"old")
    monkeypatch.setattr(train.processes, "run_step", lambda *_: None)
    with pytest.raises(Problem, match="Das Training hat kein Modell ergeben"):
        train.train(settings, {}, Progress(lambda line: None))
    assert [file.name for file in tmp_path.iterdir()] == [train.MODEL]


def test_everything_that_the_model_is_made_of_counts_as_its_input():
    names = {path.relative_to(ROOT).as_posix() for path in train.inputs()}
    assert {"config.yml", "bot", "nlu", "requirements/bot.lock", "knowledge/entries", "knowledge/language.py"} <= names


def test_a_failed_search_for_the_language_model_is_remembered_for_a_week(tmp_path, monkeypatch):
    tries = []
    monkeypatch.setattr(spacy_model, "_attempt", lambda: tmp_path / "attempt")
    monkeypatch.setattr(spacy_model, "installed_version", lambda: None)
    monkeypatch.setattr(spacy_model, "_download", lambda: tries.append(1))
    silent = Progress(lambda line: None)
    spacy_model.try_to_fetch(silent)
    spacy_model.try_to_fetch(silent)
    assert len(tries) == 1
    spacy_model.try_to_fetch(silent, again=True)
    (tmp_path / "attempt").write_text("1000")
    spacy_model.try_to_fetch(silent)
    assert len(tries) == 3


def test_the_language_model_in_use_is_named_for_people(tmp_path):
    assert spacy_model.in_use(tmp_path) == "unbekannt"
    (tmp_path / "language_model.json").write_text('{"model": "blank-de-lookups", "version": "3.4.4"}')
    assert spacy_model.in_use(tmp_path) == "die eingebaute deutsche Ersatzlösung (blank-de-lookups), Version 3.4.4"


@pytest.mark.parametrize("error", [Problem("Ein Satz."), OSError(errno.ENOSPC, "full"), PermissionError(errno.EACCES, "no", "x")])
def test_whatever_ends_a_start_is_one_sentence_and_status_1(error, capsys):
    def fail() -> int:
        raise error

    assert run_as_command(fail) == 1
    told = capsys.readouterr().err.strip()
    assert "\n" not in told and "Traceback" not in told and told.endswith(".")


def test_a_full_disk_has_its_own_sentence():
    assert sentence_for(OSError(errno.ENOSPC, "no space")) == FULL_DISK


def test_stopping_the_set_up_is_no_error_message(capsys):
    def stop() -> int:
        raise Stopped

    assert run_as_command(stop) == 130
    assert capsys.readouterr().err.strip() == "Abgebrochen."


def test_the_closing_line_adds_up_both_runs():
    total = Summary()
    total.add_closing_line(closing_line(["...", "=== 3 passed, 1 skipped in 0.12s ==="]))
    total.add_closing_line(closing_line(["2 failed, 5 passed, 1 error in 61.20s (0:01:01)", "", "other words"]))
    assert str(total) == "8 passed, 3 failed, 1 skipped"


def test_progress_reminds_of_a_long_step(monkeypatch):
    said: list[str] = []
    progress = Progress(said.append)
    progress.step("Der Bot wird trainiert")
    progress.tick()
    monkeypatch.setattr("ops.progress.REMIND_S", 0.0)
    progress.tick()
    assert [line.split("] ")[1] for line in said] == ["Der Bot wird trainiert …", "… Der Bot wird trainiert"]
