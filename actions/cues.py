"""What a question asks for, by its own words: the classifier saw the whole message, this sees one question of it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from actions.funding.words import plain
from knowledge import yaml_file

CUED = 0.8
WISHES = ("money", "offer", "define", "elsewhere", "open_now", "instead", "usual_language")


def sharpened(beliefs: dict[str, float], question: str) -> dict[str, float]:
    """Raise the belief in topics that a question names in plain words.

    >>> sharpened({"amount": 0.2, "applicants": 0.3}, "Bis wann muss der Antrag da sein?")["deadline"]
    0.8
    """
    said = plain(question)
    cued = {topic for topic, patterns in _patterns().items() if topic not in WISHES and any(p.search(said) for p in patterns)}
    return {**beliefs, **{topic: max(CUED, beliefs.get(topic, 0.0)) for topic in cued}}


def wants_money(text: str) -> bool:
    """Tell whether a message looks for money: an everyday or official word for it, or somebody who pays.

    >>> wants_money("Wer bezahlt die Gärtnerin?"), wants_money("Wir suchen einen Kurs")
    (True, False)
    """
    return _says(text, "money")


def wants_offer(text: str) -> bool:
    """Tell whether a message looks for a course, advice, exchange or material.

    >>> wants_offer("Welche Schulung passt für uns?")
    True
    """
    return _says(text, "offer")


def asks_whether_open(text: str) -> bool:
    """Tell whether a message asks if one can still, or at this time, apply."""
    return _says(text, "open_now")


def wants_meaning(text: str) -> bool:
    """Tell whether a message asks what a word means."""
    return _says(text, "define")


def wants_another(text: str) -> bool:
    """Tell whether a message asks for something else in place of what was named.

    >>> wants_another("Was wäre die Alternative?")
    True
    """
    return _says(text, "instead")


def wants_usual_language(text: str) -> bool:
    """Tell whether somebody who reads Einfache Sprache wants the usual German back.

    >>> wants_usual_language("ab jetzt wieder normale Sprache bitte"), wants_usual_language("Was ist Einfache Sprache?")
    (True, False)
    """
    return _says(text, "usual_language")


def is_elsewhere(text: str) -> bool:
    """Tell whether a message is about another Land, and not about Baden-Württemberg too."""
    return _says(text, "elsewhere") and "baden wurttemberg" not in plain(text)


def _says(text: str, wish: str) -> bool:
    said = plain(text)
    return any(pattern.search(said) for pattern in _patterns()[wish])


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    table = yaml_file.read(Path(__file__).parent.parent / "knowledge" / "words" / "topics.yml")
    return {topic: [re.compile(pattern) for pattern in patterns] for topic, patterns in table.items()}
