"""What kind of question a German sentence is: yes/no or not, one question or two, leaning on what was said before."""

from __future__ import annotations

import re

from knowledge.language import words

_FINITE = frozenset(
    """ist sind war waren bin darf durfen durfte durften kann konnen konnte konnten konnt kannst kannat muss mussen musste mussten braucht
    brauchen brauche brucht bekommt bekommen bekomme kriegt kriegen krieg kriege geht gehen gilt gelten zahlt zahlen fallt fallen lasst
    lassen wird werden wurde wurden hat haben habe hatte hatten kostet kosten nimmt nehmen macht machen machte lauft laufen soll sollen
    sollte sollten reicht reichen stammt gibt gibts gab stimmt passt passen fordert fordern gehort gehoren bietet bieten hilft helfen
    ubernimmt ubernehmen bezahlt bezahlen muss mussten will wollen mag mochte mochten wisst weiss kennen kennt lohnt steht stehen liegt
    liegen bleibt bleiben kommt kommen existiert existieren besteht bestehen verlangt unterstutzt unterstutzen berat beraten dient
    funktioniert genugt finanziert finanzieren tragt tragen zahle erhalt erhalten erhalte bekam bekamen sollten beteiligt mussat derf derfet
    send isch hend kennat mueß muass isses findet finden tut duat kennet stell stelle stellen muessen duerfen darfen richtet bruche brauchts gibtsn geht's gehts zahlts""".split()
)
_LEAD = frozenset("und aber also ja ok okay hallo hi hey guten tag morgen abend dann oder na sagen sie mal bitte frage nur eigentlich etz".split())
_QUESTION_WORDS = frozenset(
    """wie was wer wo wann warum wieso weshalb welche welcher welches welchen welchem wohin woher womit wozu wofur woran wem wen wessen
    wieviel wievielen wivil wia bis ab""".split()
)
_SPLIT = re.compile(
    r"[?!;]+\s*|\.\s+(?=[A-ZÄÖÜ])|,?\s+(?:und|sowie|oder)\s+(?=(?:wie|was|wer|wo|wann|warum|welche\w*|bis wann|bis zu welche\w*|ab wann|muss|müssen|kann|können|"
    r"darf|dürfen|gibt|gibt's|braucht|brauchen|bekomm\w+|wohin|wofür|an wen)\b)",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(ohne|nicht|kein\w*|net|ned|koin\w*|nie)\b", re.IGNORECASE)
_LEANING = re.compile(
    r"\b(dafür|dazu|davon|damit|dabei|daran|da|das|dies\w*|es|sowas|so was|dort|denen|ihm|ihr|ihnen|deren|dessen|darüber|hierfür)\b|^(und|aber|auch|gilt)\b",
    re.IGNORECASE,
)


def is_yes_no(text: str) -> bool:
    """Tell whether the (last) question in a text asks for yes or no: its clause begins with a finite verb.

    >>> is_yes_no("Wir sind ein Verein. Dürfen wir selbst beantragen?"), is_yes_no("Wie hoch ist der Zuschuss?")
    (True, False)
    """
    asked = [part for part in re.split(r"(?<=[?!])\s+|\.\s+(?=[A-ZÄÖÜ])", text.strip()) if part]
    questions = [part for part in asked if "?" in part] or asked[-1:]
    return any(_begins_with_verb(clause) for clause in _clauses(questions[0])) if questions else False


def _clauses(sentence: str) -> list[str]:
    parts = [part for part in re.split(r"[,:–-]\s+", sentence) if len(part.split()) > 1]
    if any(words(part)[:1] and words(part)[0] in _QUESTION_WORDS for part in parts):
        return []
    return parts or [sentence]


def _begins_with_verb(clause: str) -> bool:
    tokens = words(clause)
    while tokens and tokens[0] in _LEAD:
        tokens = tokens[1:]
    return bool(tokens) and tokens[0] in _FINITE


def questions(text: str) -> list[str]:
    """Split a message into the questions it asks; sentences that ask nothing stay with the following question.

    >>> questions("Wo bucht man den Termin und was kostet es?")
    ['Wo bucht man den Termin', 'was kostet es']
    """
    parts = [part.strip(" ,.") for part in _SPLIT.split(text) if len(words(part)) > 1]
    asking = [part for part in parts if words(part)[0] in _QUESTION_WORDS or _begins_with_verb(part)]
    return asking if len(asking) > 1 else [text]


def leans(text: str) -> bool:
    """Tell whether a message leans on what was said before ("und bis wann?", "gibt es das auch für Kirchen?")."""
    return len(words(text)) <= 4 or bool(_LEANING.search(text))


def is_negated(text: str) -> bool:
    """Tell whether a question is put the other way round: without, not, none.

    >>> is_negated("Geht es auch ohne Beschluss?"), is_negated("Brauchen wir einen Beschluss?")
    (True, False)
    """
    return bool(_NEGATION.search(text))
