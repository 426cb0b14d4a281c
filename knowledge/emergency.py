"""Recognising danger to life, violence, suicidal words and acute care emergencies, before anything else is asked.

Words belong to classes, classes combine within a few words (`knowledge/words/emergency.yml`); numbers and addresses in the text
are those of the contact register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from knowledge import yaml_file
from knowledge.language import fold

KINDS = ("suicide", "violence", "danger", "care")
TEXT = (
    "Das klingt nach einem Notfall. Ich bin eine Maschine und kann nicht selbst helfen. "
    "Bitte rufen Sie sofort an:\n"
    "• Lebensgefahr, Feuer, Unfall: 112\n"
    "• Polizei, Gewalt, Bedrohung: 110\n"
    "• Seelische Not, Gedanken an den Tod: TelefonSeelsorge 0800 1110111 (kostenlos, rund um die Uhr)\n"
    "• Gewalt gegen Frauen: Hilfetelefon 116 016 (kostenlos, rund um die Uhr)\n"
    "• Ärztliche Hilfe, wenn es nicht lebensgefährlich ist: 116 117\n"
    "Wenn jemand in Ihrer Nähe ist: Bitten Sie ihn um Hilfe, bleiben Sie nicht allein."
)
SIMPLE = (
    "Das klingt nach einem Notfall. Ich bin eine Maschine. Ich kann nicht selbst helfen. "
    "Bitte rufen Sie sofort an:\n"
    "• Lebensgefahr, Feuer, Unfall: 112\n"
    "• Polizei, Gewalt, Bedrohung: 110\n"
    "• Große Not in der Seele, Gedanken an den Tod: TelefonSeelsorge 0800 1110111 (kostet nichts, rund um die Uhr)\n"
    "• Gewalt gegen Frauen: Hilfetelefon 116 016 (kostet nichts, rund um die Uhr)\n"
    "• Hilfe vom Arzt, wenn das Leben nicht in Gefahr ist: 116 117\n"
    "Ist jemand in Ihrer Nähe? Bitten Sie ihn um Hilfe. Bleiben Sie nicht allein."
)

WINDOW = 12  # words within which the parts of a rule stand, if it names no other number
LONGEST = 400  # words of a message that are looked at
MISSPELT = 7  # letters from which a word may be a misspelt key word; one slip, from ten letters two
_DIALECT = (
    (re.compile("sch(?=[tp])"), "s"),
    (re.compile("^g(?=[^aeiou])"), "ge"),
    (re.compile("oi"), "ei"),
    (re.compile("^uff"), "auf"),
    (re.compile("^ei(?=[^n])"), "ein"),
    (re.compile("^f(?=[aeio])"), "v"),
    (re.compile("(?<=..)a$"), "e"),
    (re.compile("(?<=..)e$"), "en"),
)


def words(language: str) -> str:
    """Return the fixed text in a language, `de` or `de-simple`."""
    return SIMPLE if language == "de-simple" else TEXT


def recognise(text: str) -> str | None:
    """Return the kind of emergency (one of `KINDS`) that a text speaks of, None for none.

    >>> recognise("Mei Vadder schnauft nemme"), recognise("Das Projekt ist gestorben")
    ('danger', None)
    """
    plain = re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
    book = _book()
    if book.kind_of(plain) is None:
        return None
    for phrase in book.harmless:
        plain = phrase.sub(" ", plain)
    return book.kind_of(plain)


@dataclass(frozen=True)
class _Rule:
    """Parts that stand together, each a set of classes; `chained[i]` says that part i comes after part i - 1."""

    parts: tuple[int, ...]
    chained: tuple[bool, ...]
    window: int

    def ends(self, marks: Sequence[int], union: int) -> Iterator[int]:
        """Yield the positions at which the rule is fulfilled (the last of its words)."""
        if not self.is_possible(union):
            return
        for start in range(len(marks)):
            if any(part & marks[start] for part in self.parts):
                end = self._fit(marks, start, min(len(marks), start + self.window), ())
                if end is not None:
                    yield end

    def is_possible(self, union: int) -> bool:
        """Say whether each part has a word somewhere."""
        for part in self.parts:  # noqa: SIM110 - `all` takes three times as long, and this runs for each rule
            if not part & union:
                return False
        return True

    def _fit(self, marks: Sequence[int], start: int, stop: int, taken: tuple[int, ...]) -> int | None:
        """Give each part a word of its own between `start` and `stop`; return the last of these words."""
        number = len(taken)
        if number == len(self.parts):
            return max(taken)
        first = taken[-1] + 1 if self.chained[number] else start
        for place in range(first, stop):
            if self.parts[number] & marks[place] and place not in taken:
                end = self._fit(marks, start, stop, (*taken, place))
                if end is not None:
                    return end
        return None


class _Book:
    """The word classes and rules of `emergency.yml`, with a bit for each class and each word that a rule names itself."""

    def __init__(self, file: Path) -> None:
        data = yaml_file.read(file)
        self.bits: dict[str, int] = {}
        self.exact: dict[str, int] = {}
        self.starts: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        for name, listed in data["words"].items():
            for word in listed.split():
                self._add(word, self._bit(name))
        self.phrases = [(self._bit(name), self._rule(line)) for name, lines in data["phrases"].items() for line in lines]
        kinds = data["rules"]
        self.always = {kind: [self._rule(line) for line in kinds[kind]["always"]] for kind in KINDS}
        self.likely = {kind: [self._rule(line) for line in kinds[kind]["likely"]] for kind in KINDS}
        self.sole = {kind: [re.compile(pattern) for pattern in kinds[kind].get("sole", ())] for kind in KINDS}
        self.calm = self._bit("PLAN") | self._bit("PAST")
        self.keys = [word for word in data["typos"].split() if len(word) >= MISSPELT]
        self.harmless = [re.compile(pattern) for pattern in data["unless"]]
        self.mark = lru_cache(maxsize=50_000)(self._mark)

    def kind_of(self, plain: str) -> str | None:
        """Return the kind of emergency in a folded text."""
        marks = [self.mark(word) for word in plain.split()[:LONGEST]]
        union = _united(marks)
        for bit, rule in self.phrases:
            for end in rule.ends(marks, union):
                marks[end] |= bit
                union |= bit
        for kind in KINDS:
            rules = self.always[kind] if union & self.calm else self.always[kind] + self.likely[kind]
            possible = [rule for rule in rules if rule.is_possible(union)]
            if any(True for rule in possible for _ in rule.ends(marks, union)) or any(p.search(plain) for p in self.sole[kind]):
                return kind
        return None

    def _bit(self, name: str) -> int:
        return self.bits.setdefault(name, 1 << len(self.bits))

    def _add(self, word: str, bit: int) -> None:
        where = self.ends if word[0] == "*" else self.starts if word[-1] == "*" else self.exact
        where[word.strip("*")] = where.get(word.strip("*"), 0) | bit

    def _rule(self, line: str) -> _Rule:
        body, _, size = line.partition("/")
        parts: list[int] = []
        chained: list[bool] = []
        after = False
        for item in body.split():
            if item == ">":
                after = True
                continue
            parts.append(_united([self._named(name) for name in item.split("|")]))
            chained.append(after)
            after = False
        return _Rule(tuple(parts), tuple(chained), int(size or WINDOW))

    def _named(self, name: str) -> int:
        if not name.isupper() and name not in self.bits:
            self._add(name, self._bit(name))
        return self.bits[name]

    def _mark(self, word: str) -> int:
        forms = {word}
        for pattern, standard in _DIALECT:
            forms |= {pattern.sub(standard, form) for form in forms}
        found = _united([self._known(form) for form in forms])
        if not found and len(word) >= MISSPELT:
            slips = 1 if len(word) < 10 else 2
            meant = {
                key for form in forms for key in self.keys if key[0] == form[0] and OSA.distance(key, form, score_cutoff=slips) <= slips
            }
            found = _united([self._known(key) for key in meant])
        return found

    def _known(self, word: str) -> int:
        found = self.exact.get(word, 0)
        for cut in range(1, len(word) + 1):
            found |= self.starts.get(word[:cut], 0) | self.ends.get(word[-cut:], 0)
        return found


def _united(bits: Iterable[int]) -> int:
    union = 0
    for bit in bits:
        union |= bit
    return union


@lru_cache(maxsize=1)
def _book() -> _Book:
    return _Book(Path(__file__).parent / "words" / "emergency.yml")
