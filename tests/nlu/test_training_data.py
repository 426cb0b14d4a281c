"""Training data: one intent per sentence, one domain file per key, no sentence of a question set."""

import hashlib
import os
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from knowledge import yaml_file
from nlu.importer import examples

SHARED = Path(os.environ.get("SHARED_DIR", "../shared"))
ANNOTATION = re.compile(r"\[([^\]]+)\](\{[^}]*\}|\([^)]*\))")


def normalised(text):
    return re.sub(r"[^a-zäöüß0-9 ]", "", text.lower()).strip()


def written():
    for file in Path("bot/data").glob("*.yml"):
        for block in yaml_file.read(file)["nlu"]:
            for line in block.get("examples", "").splitlines():
                if line.strip():
                    yield ANNOTATION.sub(r"\1", line.strip()[2:]), block["intent"]


def test_no_written_sentence_stands_in_two_intents():
    intents = defaultdict(set)
    for text, intent in written():
        intents[normalised(text) or text].add(intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_every_domain_key_stands_in_exactly_one_file():
    seen = Counter()
    for file in Path("bot/domain").glob("*.yml"):
        for kind, keys in yaml_file.read(file).items():
            if kind in ("intents", "entities", "actions", "responses"):
                seen.update((kind, key if isinstance(key, str) else next(iter(key))) for key in keys)
    assert [key for key, count in seen.items() if count > 1] == []


def test_every_intent_has_a_rule_and_every_rule_an_intent():
    intents = {i for f in Path("bot/domain").glob("*.yml") for i in yaml_file.read(f).get("intents", [])}
    ruled = {r["steps"][0]["intent"] for f in Path("bot/data/rules").glob("*.yml") for r in yaml_file.read(f)["rules"]}
    assert intents == ruled


def test_the_knowledge_base_gives_training_sentences():
    assert len(set(examples())) > 5_000


@pytest.mark.skipif(not (SHARED / "eval").exists(), reason="SHARED_DIR with the question sets is not there")
def test_no_sentence_of_a_question_set_is_trained():
    trained = {normalised(text) for text, _ in [*written(), *examples()]}
    sentences = {_hash(text) for text in trained}
    shingles = [{_hash(s) for s in _shingles(text)} for text in trained]
    where = defaultdict(set)
    for number, found in enumerate(shingles):
        for shingle in found:
            where[shingle].add(number)
    assert [text for text in _judged() if _hash(text) in sentences or _is_copied(text, where)] == []


def _judged():
    for file in (SHARED / "eval").glob("*.yml"):
        for asked in re.findall(r"^\s*-?\s*(?:text|user): *(.+)$", file.read_text(encoding="utf-8"), re.M):
            text = normalised(asked.strip("\"' "))
            if len(text) > 12:
                yield text


def _is_copied(text, where):
    """More than half of a question's five-word shingles stand in one training sentence; a common phrase alone does not count."""
    own = [_hash(s) for s in _shingles(text)]
    shared = Counter(number for shingle in own for number in where.get(shingle, ()))
    return len(own) > 1 and max(shared.values(), default=0) > 0.5 * len(own)


def _shingles(text, size=5):
    parts = text.split()
    return [" ".join(parts[i : i + size]) for i in range(len(parts) - size + 1)]


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()
