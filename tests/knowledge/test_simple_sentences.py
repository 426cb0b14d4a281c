"""Every German sentence of the code that a citizen reads goes through `say` and has a simple form that says the same."""

import ast
import re
from pathlib import Path

import pytest

from actions import answers, fields
from knowledge import plain, speech, yaml_file
from knowledge.funding import notes, profile, programme

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "actions").rglob("*.py"), *(ROOT / "knowledge" / "funding").glob("*.py")])
TEXTS = [ROOT / "actions" / "texts.yml", ROOT / "actions" / "funding" / "texts.yml"]
# Sentences that `say` gets from a list; what a list holds and the catalogue does not is simple as it is, or what an application calls it.
LISTED = [
    *notes.DUTIES, *notes._WAYS.values(), notes.MOST, notes.LEAST_OWN, notes.FEWEST, notes.NOTHING, notes.ASSUMED,
    "Worum geht es?",
]  # fmt: skip
WORDS = [
    word
    for words in (
        profile.APPLICANTS, profile.THEMES, profile.PHASES, profile.COST_TYPES, programme.PERIODS, fields.APPLICANTS, fields.COSTS,
        answers.TOPIC_TITLES,
    )
    for word in words.values()
]  # fmt: skip
# German that stays as it is, and why.
EXEMPT = {
    "matcher.py:Passt, zurzeit keine Runde": "heads of the page's groups; the chat has its own",
    "matcher.py:Noch offen": "heads of the page's groups; the chat has its own",
    "matcher.py:Passt nicht": "heads of the page's groups; the chat has its own",
    "polarity.py:Kommt darauf an.": "how an answer begins is agreed (API.md)",
    "answers.py:Kommt darauf an.": "how an answer begins is agreed (API.md)",
    "answers.py:Das steht nicht in meinen Quellen.": "how an answer begins is agreed (API.md)",
    "deadlines.py:Das steht nicht in meinen Quellen": "how an answer begins is agreed (API.md)",
    "deadlines.py:Kommt darauf an": "how an answer begins is agreed (API.md)",
}
SAYING = {"say": 0, "ProfileError": 1}  # which argument is the sentence
GERMAN = re.compile(
    r"\b(der|die|das|den|dem|des|ein|eine|und|oder|ist|sind|war|nicht|kein\w*|bitte|Sie|ich|es|zu|zum|für|im|bis|noch|nur|wird|werden|"
    r"kann|von|mit|auf|an|wie|was|wer|welche|geht|gibt|passt|steht|unbekannt)\b|[äöüßÄÖÜ]",
    re.IGNORECASE,
)


def called(node):
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def said():
    """Every template that stands in a call of `say`, or of a mistake that says it later."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node) in SAYING and isinstance(node.args[SAYING[called(node)]], ast.Constant):
                yield node.args[SAYING[called(node)]].value


def unsaid(tree):
    """Yield the texts of a module outside of `say`, patterns, docstrings, imports and subscripts; an f-string as one text."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in ("say", "compile", "search", "sub", "split", "match", "frozenset"):
            skipped |= set(ast.walk(node)) - {node}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            skipped |= set(parts)
            if node not in skipped:
                yield "…".join(part.value for part in parts)
    yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and n not in skipped)


def is_sentence(text):
    return re.search(r"[^\W\d_]{2,}[ :…-]+[^\W\d_]{2,}", text) is not None and GERMAN.search(text) is not None and "\\b" not in text


def places(text):
    return sorted(re.findall(r"{\w+}", text))


def test_every_sentence_has_a_simple_form():
    assert [sentence for sentence in [*said(), *LISTED] if sentence not in speech.sentences()] == []


def test_no_simple_form_is_left_over():
    buttons = re.findall(r'Button\("([^"]+)"', "".join(file.read_text(encoding="utf-8") for file in FILES))
    assert sorted(set(speech.sentences()) - {*said(), *LISTED, *WORDS, *buttons}) == []


@pytest.mark.parametrize("sentence", speech.sentences())
def test_a_simple_sentence_says_the_same(sentence):
    simple = speech.sentences()[sentence]
    assert places(simple) == places(sentence)
    assert list(plain.differences(sentence, simple)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_german_sentence_bypasses_the_catalogue(file):
    known = {*speech.sentences(), *WORDS}
    found = [text for text in unsaid(ast.parse(file.read_text(encoding="utf-8"))) if is_sentence(text) and text not in known]
    assert [text for text in found if file.name not in EXEMPT and f"{file.name}:{text}" not in EXEMPT] == []


def pairs(german, simple, key=""):
    """Yield (key, German, simple) for all fixed sentences; other languages have no simple form."""
    if isinstance(german, dict):
        for name, value in german.items():
            if name != "languages":
                yield from pairs(value, simple.get(name) if isinstance(simple, dict) else None, f"{key}.{name}")
    else:
        yield key, german, simple


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.parent.name)
def test_every_fixed_sentence_has_a_simple_form_that_says_the_same(file):
    german, simple = yaml_file.read(file), yaml_file.read(file.with_suffix(".simple.yml"))
    found = list(pairs(german, simple))
    assert [key for key, _, told in found if not told] == []
    assert [key for key, *_ in pairs(simple, german)] == [key for key, *_ in found]
    assert [key for key, text, told in found if places(text) != places(told)] == []
    assert [(key, list(plain.differences(text, told))) for key, text, told in found if any(plain.differences(text, told))] == []
