"""What kind of question a German sentence is: yes/no or not, one question or two, leaning on what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from knowledge import yaml_file
from knowledge.language import words

WORDS = Path(__file__).parent.parent / "knowledge" / "words" / "grammar.yml"

_SPLIT = re.compile(
    r"[?!;]+\s*|\.\s+(?=[A-ZÄÖÜ])|,?\s+(?:und|sowie|oder)\s+(?=(?:wie|was|wer|wo|wann|warum|welche\w*|bis wann|bis zu welche\w*|"
    r"ab wann|muss|müssen|kann|können|darf|dürfen|gibt|gibt's|braucht|brauchen|bekomm\w+|wohin|wofür|an wen)\b)",
    re.IGNORECASE,
)
_VERB_ENDING = re.compile(r"(t|en|st|a|et|ern|eln)$")
_STATE = re.compile(
    r"\b(noch|aktuell|zurzeit|derzeit|gerade|heuer)\b.{0,25}\b(offen|möglich|anträge|bewerb\w*|beantrag\w*)|\boffen für\b", re.IGNORECASE
)
_NEGATION = re.compile(r"\b(ohne|nicht|kein\w*|net|ned|koin\w*|nie)\b", re.IGNORECASE)
_LEANING = re.compile(
    r"\b(dafür|dazu|davon|damit|dabei|daran|da|das|dies\w*|es|sowas|so was|dort|denen|ihm|ihr|ihnen|deren|dessen|darüber|hierfür)\b|"
    r"(?:^|[.!?]\s+)(und|ond|aber|auch|gilt)\b|\b(des|do|au|dafir|drfür)\b",
    re.IGNORECASE,
)


def is_yes_no(text: str) -> bool:
    """Tell whether the (last) question in a text asks for yes or no: its clause begins with a finite verb.

    >>> is_yes_no("Wir sind ein Verein. Dürfen wir selbst beantragen?"), is_yes_no("Wie hoch ist der Zuschuss?")
    (True, False)
    """
    if _STATE.search(text) and not set(words(text)) & _known("question_words"):
        return True
    asked = [part for part in re.split(r"(?<=[?!])\s+|\.\s+(?=[A-ZÄÖÜ])", text.strip()) if part]
    questions = [part for part in asked if "?" in part] or [part for part in asked[-1:] if not _tells(part)]
    return any(_begins_with_verb(clause) for clause in _clauses(questions[0])) if questions else False


def _tells(sentence: str) -> bool:
    """A sentence without a question mark that begins with a verb of the first person tells something ("Brauche Beispiele")."""
    return words(sentence)[:1] != [] and words(sentence)[0] in _known("first_person")


def _clauses(sentence: str) -> list[str]:
    parts = [part for part in re.split(r"[,:–-]\s+", sentence) if len(part.split()) > 1]
    if any(words(part)[:1] and words(part)[0] in _known("question_words") for part in parts):
        return []
    return parts or [sentence]


def _begins_with_verb(clause: str) -> bool:
    tokens = words(clause)
    while tokens and tokens[0] in _known("lead_in"):
        tokens = tokens[1:]
    if not tokens:
        return False
    return tokens[0] in _known("finite_verbs") or "?" in clause and _looks_like_verb(tokens)


def _looks_like_verb(tokens: list[str]) -> bool:
    """A first word with a verb's ending before a small word: "Benötigen die Gäste …?", "Übernimmt ihr …?"."""
    small = _known("small_words")
    if len(tokens) < 2 or tokens[0] in small or tokens[0] in _known("question_words"):
        return False
    return bool(_VERB_ENDING.search(tokens[0])) and tokens[1] in small


def questions(text: str) -> list[str]:
    """Split a message into the questions it asks; sentences that ask nothing stay with the following question.

    >>> questions("Wo bucht man den Termin und was kostet es?")
    ['Wo bucht man den Termin', 'was kostet es']
    """
    parts = [part.strip(" ,.") for part in _SPLIT.split(text) if len(words(part)) > 1]
    asking = [part for part in parts if words(part)[0] in _known("question_words") or _begins_with_verb(part)]
    return asking if len(asking) > 1 else [text]


def leans(text: str) -> bool:
    """Tell whether a message leans on what was said before ("und bis wann?", "gibt es das auch für Kirchen?")."""
    return len(words(text)) <= 4 or bool(_LEANING.search(text))


def has_no_subject(content: Iterable[str]) -> bool:
    """Tell whether content words (folded) name nothing that a question could be about.

    >>> has_no_subject(["antrag", "stellen"]), has_no_subject(["antrag", "dorfladen"])
    (True, False)
    """
    return set(content) <= _known("no_subject")


def is_negated(text: str) -> bool:
    """Tell whether a question is put the other way round: without, not, none.

    >>> is_negated("Geht es auch ohne Beschluss?"), is_negated("Brauchen wir einen Beschluss?")
    (True, False)
    """
    return bool(_NEGATION.search(text))


@lru_cache(maxsize=8)
def _known(kind: str) -> frozenset[str]:
    return frozenset(yaml_file.read(WORDS)[kind])
