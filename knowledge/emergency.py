"""Recognising danger to life, violence, suicidal words and acute care emergencies, before anything else is asked.

The patterns are data (`knowledge/words/emergency.yml`); numbers and addresses in the text are those of the contact register.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

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


def recognise(text: str) -> str | None:
    """Return the kind of emergency (one of `KINDS`) that a text speaks of, None for none."""
    plain = _spoken(text)
    patterns, harmless = _patterns()
    for phrase in harmless:
        plain = phrase.sub(" ", plain)
    return next((kind for kind in KINDS if any(p.search(plain) for p in patterns[kind])), None)


def _spoken(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


@lru_cache(maxsize=1)
def _patterns() -> tuple[dict[str, list[re.Pattern[str]]], list[re.Pattern[str]]]:
    data = yaml_file.read(Path(__file__).parent / "words" / "emergency.yml")
    compiled = {kind: [re.compile(pattern) for pattern in data[kind]] for kind in KINDS}
    return compiled, [re.compile(pattern) for pattern in data["unless"]]
