"""The question sets judge: none of their sentences stands in code, tests, words or knowledge."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from knowledge import yaml_file

SHARED = Path(os.environ.get("SHARED_DIR", "../shared"))
SHORTEST = 5  # words: shorter sentences are everybody's


def plain(text):
    return " ".join(re.findall(r"[a-zäöüß0-9]+", text.lower()))


def sentences():
    for file in (SHARED / "eval").glob("*_dev.yml"):
        for item in yaml_file.read(file):
            yield from (plain(turn.get("user") or "") for turn in item.get("turns", [{"user": item.get("text")}]))


@pytest.mark.skipif(not (SHARED / "eval").exists(), reason="SHARED_DIR with the question sets is not there")
def test_no_sentence_of_a_question_set_stands_in_the_project():
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split()
    files = [file for file in tracked if file.endswith((".py", ".yml", ".md", ".json", ".html")) and Path(file).exists()]
    judged = {f" {text} " for text in sentences() if len(text.split()) >= SHORTEST}
    bodies = {file: f" {plain(Path(file).read_text(encoding='utf-8'))} " for file in files}
    assert judged and [(file, text) for file, body in bodies.items() for text in judged if text in body] == []
