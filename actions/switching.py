"""Changing between German and Einfache Sprache within a conversation: the last answer again, in the language asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions import answers, finding, talk
from actions.funding import steps
from actions.reply import Button, Reply
from actions.turn import Turn
from knowledge.library import Served
from knowledge.model import Entry
from knowledge.speech import GERMAN, SIMPLE, is_simple, speaking

USUAL_BUTTON = Button("Normale Sprache", "simple_language", {"language": GERMAN})


def clicked(turn: Turn, served: Served, today: date) -> Reply:
    """Change to the language of a button."""
    wanted = next(iter(turn.values("language")), SIMPLE)
    return switch(turn, GERMAN if wanted == GERMAN else SIMPLE, served, today)


def switch(turn: Turn, language: str, served: Served, today: date) -> Reply:
    """Give the last answer, list, question or result again in a language, and go on in it."""
    simplest = language == turn.memory.language == SIMPLE
    with speaking(language):
        memory = replace(turn.memory, language=language, offered=True, misses=0)
        reply = _again(replace(turn, memory=memory), served, today)
        if not is_simple():
            return reply
        note, button = ("simplest", talk.HUMAN_BUTTON) if simplest else ("unreviewed", USUAL_BUTTON)
        return replace(reply, text=f"{reply.text}\n{talk.texts()[note]}", buttons=[*reply.buttons, button])


def repeat(turn: Turn, served: Served, today: date) -> Reply:
    """Give the last answer, list, question or result once more, and offer to say it more simply."""
    if not turn.memory.topic and not turn.memory.finder.active:
        return talk.not_understood(turn, served)
    reply = _again(turn, served, today)
    offered = is_simple() or any(button.intent == "simple_language" for button in reply.buttons)
    return reply if offered else replace(reply, buttons=[talk.SIMPLE_BUTTON, *reply.buttons])


def _again(turn: Turn, served: Served, today: date) -> Reply:
    memory, finder = turn.memory, turn.memory.finder
    if finder.active and finder.open and not finder.shown:
        return steps.again(turn, served, today)
    entry = served.entries.get(memory.topic or "")
    text = memory.simple if is_simple() else memory.text
    if entry and text:
        return answers.about_entries(text, memory, [entry], answers.next_steps(entry, memory.asked or "overview", left=True))
    if finder.shown and memory.entries:
        return steps.result(turn, served, today)
    offered = _offered(memory.entries, served)
    if offered:
        return finding.again(turn, offered, today)
    if entry:
        return answers.about(memory, entry, memory.asked or "overview", served, today)
    return Reply("smalltalk", talk.texts()["simple_language" if is_simple() else "usual_language"], memory)


def _offered(keys: Sequence[str], served: Served) -> list[Entry]:
    return [served.entries[key] for key in keys if key in served.entries]
