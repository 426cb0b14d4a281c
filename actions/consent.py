"""What a citizen says to the offer of a human: yes, no, not any more, rather call me, and when. No replies here.

Consent passes a conversation on to people, so it needs a clear yes: a message counts where it names the matter ("verbinden Sie mich"),
or where nothing stands beside the yes but small words, days and times. Words: `knowledge/words/handoff.yml`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.funding import told
from actions.funding.words import plain
from actions.masking import without_contacts
from knowledge import yaml_file
from knowledge.language import fold

WORDS = Path(__file__).parent.parent / "knowledge" / "words" / "handoff.yml"
LONGEST_WHEN = 200
LONGEST_STANDING = 12  # words
_DIGITS = re.compile(r"\d{1,2}|20\d\d")


def agrees(text: str, direct: bool) -> bool:
    """Whether a message consents. `direct`: it follows the offer, so that a bare yes, or the request itself, is enough.

    >>> agrees("Ja gern, am Dienstag ab 9 Uhr", True), agrees("Ja, wie hoch ist der Zuschuss?", True)
    (True, False)
    """
    said = _said(text)
    yes = _says("agree", said) and not _says("unclear", said)
    clear = yes and not said.startswith("bitte")
    if clear and (_requests(text, "connect") or _requests(text, "callback")) or direct and _requests(text, "connect"):
        return True
    without_reason = _pattern("reason").sub("", said)
    if not (yes and direct) or _asks(text) or _says("negation", _pattern("harmless").sub("", without_reason)):
        return False
    return without_contacts(text) != text or _nothing_else(_pattern("agree").sub("", without_reason))


def is_yes(text: str) -> bool:
    """Whether a message is a yes to whatever was asked last, and nothing else.

    >>> is_yes("Ja bitte"), is_yes("Ja, mit einem Menschen"), is_yes("Ja, und wie hoch ist der Zuschuss?")
    (True, False, False)
    """
    said = _said(text)
    sure = _says("agree", said) and not _says("unclear", said) and not _says("negation", said) and not _asks(text)
    return sure and not _names_human(said) and _nothing_else(_pattern("agree").sub("", said))


def refuses(text: str, direct: bool) -> bool:
    """Whether a message declines the offer, or says later on that no human is wanted.

    >>> refuses("Nein danke", True), refuses("Nein, wir sind eine Genossenschaft", True)
    (True, False)
    """
    said = _said(text)
    denied = _says("negation", said)
    if _asks(text) or _says("unclear", said) or _says("agree", said) and not denied or not _nothing_else(said, "refusing"):
        return False
    return direct and _says("refuse", said) or denied and _names_human(said)


def cancels(text: str, cautious: bool = False) -> bool:
    """Whether somebody who waits for a human takes the wish back. `cautious`: not where anything else is denied ("ich will nicht mehr").

    >>> cancels("Ich mag nicht mehr warten"), cancels("Wir mussten den Umbau abbrechen")
    (True, False)
    """
    said = _said(text)
    left = _pattern("cancel").sub("", said)
    sure = not (cautious and _says("negation", left))
    return sure and left != said and "?" not in text and _nothing_else(left, "refusing")


def asks_standing(text: str) -> bool:
    """Whether somebody who waits asks how that stands: still in the queue, which place, how long.

    >>> asks_standing("Bin ich noch in der Warteschlange?"), asks_standing("Wie lange dauert der Antrag?")
    (True, False)
    """
    return _says("standing", _said(text)) and len(text.split()) <= LONGEST_STANDING


def wants_callback(text: str) -> bool:
    """Whether a message asks to be called, as a request or in a polite question.

    >>> wants_callback("Können Sie mich morgen anrufen?"), wants_callback("Wann rufen Sie mich an?")
    (True, False)
    """
    return _requests(text, "callback")


def is_time(text: str) -> bool:
    """Whether a message is nothing but a day or a time: the answer to when a call would suit."""
    return when(text) is not None and "?" not in text and _nothing_else(_said(text))


def when(text: str) -> str | None:
    """Return the citizen's words where they name a day or a time, without numbers and addresses to reach them at; else None."""
    said = _pattern("reason").sub("", _said(text))
    if not _says("clock", said) and not any(_pattern("day").fullmatch(word) for word in said.split()):
        return None
    words = " ".join(without_contacts(text).split())
    return words if len(words) <= LONGEST_WHEN else words[:LONGEST_WHEN].rsplit(" ", 1)[0]


def is_short_and_new(text: str, most: int = 3) -> bool:
    """Whether a message holds nothing but a yes or no, in words that are not known here: the classifier may decide which."""
    said = _said(text)
    known = any(_says(kind, said) for kind in ("agree", "refuse", "unclear"))
    return len(said.split()) <= most and not known and not _asks(text) and not re.search(r"\d", text)


def _said(text: str) -> str:
    return " ".join(_pattern("greeting").sub("", plain(without_contacts(text))).split())


def _requests(text: str, kind: str) -> bool:
    """Whether one sentence is a request of a kind; what stands behind a question word was asked, not requested."""
    for sentence in told.sentences(without_contacts(text)):
        said = _pattern("asking").split(_said(sentence), maxsplit=1)[0]
        asked = "?" in sentence and not _says("polite", said)
        if not asked and _says(kind, said) and not _says("denied", said):
            return True
    return False


def _asks(text: str) -> bool:
    """Whether anything is asked, also behind a yes ("ja was kostet das denn")."""
    clauses = [clause for sentence in told.sentences(text) for clause in (sentence, *told.clauses(sentence))]
    return "?" in text or any(told.is_question(_pattern("agree").sub("", _said(clause))) for clause in clauses)


def _nothing_else(said: str, *more: str) -> bool:
    """Whether there are none but small words, days, times and words for the hand-off itself."""
    small = _list("small").union(*(_list(name) for name in more))
    return all(word in small or _DIGITS.fullmatch(word) or _is("day", word) or _is("about", word) for word in said.split())


def _names_human(said: str) -> bool:
    return any(_is("about", word) for word in said.split())


def _is(kind: str, word: str) -> bool:
    return _pattern(kind).fullmatch(word) is not None


def _says(kind: str, said: str) -> bool:
    return _pattern(kind).search(said) is not None


@lru_cache(maxsize=4)
def _list(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _table()[name])


@lru_cache(maxsize=32)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_table()[name])


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return dict(yaml_file.read(WORDS))
