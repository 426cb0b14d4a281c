"""The conversation that a chat is held in: ended by a day of silence, and begun anew with what it was about."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway import answers, payloads, tokens
from gateway.channels.messenger import number
from gateway.conversation import SHOWN, Event, Language, bot_answers
from gateway.store import chats, conversations, events, ownership, turns
from gateway.store.ownership import Line, Locked
from gateway.texts import text
from knowledge.funding.profile import THEMES

SILENCE_MS = 24 * 60 * 60 * 1000
HUMAN = "request_human"
Title = Callable[[str], str | None]


@dataclass(frozen=True)
class Talk:
    """A chat's conversation, under its lock."""

    conversation: str
    address: str
    language: Language


def current(
    connection: Connection, channel: str, address: str, chat: Row[Any] | None, at: int, public_url: str, afresh: bool, title: Title
) -> Talk:
    """Return the chat's conversation, or a new one: at the first message, when that is wished, and after a day of silence with the bot.

    `title`: what an entry is called that the earlier conversation was about.
    """
    held = ownership.lock(connection, chat.conversation) if chat else None
    if held is not None and not afresh and not _is_over(held, at):
        return Talk(held.id, address, held.language)
    language: Language = held.language if held else "de"
    topic = _topic(held, title) if held is not None and not afresh else None
    greeting = answers.greeting(tokens.new_id(), at, language, public_url)
    if topic:
        greeting = _again(greeting, text("messenger.again", language, topic=topic))
    conversations.create(connection, tokens.hashed(tokens.new_token()), channel, language, greeting)
    chats.begin(connection, channel, address, greeting.conversation)
    return Talk(greeting.conversation, address, language)


def is_with_human(connection: Connection, chat: Row[Any] | None) -> bool:
    """Whether a chat's conversation waits for an advisor or is held by one: it does not begin anew then."""
    held = ownership.lock(connection, chat.conversation) if chat else None
    return held is not None and SHOWN[held.state] in ("queued", "advisor")


def say(connection: Connection, held: Talk, said: str, at: int) -> None:
    """Add what the adapter says to the log; it is delivered as everything else."""
    locked = ownership.lock(connection, held.conversation)
    if locked is not None:
        ownership.say(connection, locked, at, [Line(text=said)])


def pressed(connection: Connection, held: Talk, pressed: str) -> str:
    """Return the button that was pressed; "" where there is none.

    One of another conversation, which has ended, still answers: its id stays in front.
    """
    of, own = pressed[: turns.CONVERSATION_ID], pressed[turns.CONVERSATION_ID :]
    wanted = own if of == held.conversation else pressed
    return wanted if turns.button_of(connection, held.conversation, wanted) else ""


def human(conversation: str) -> str:
    """Return the button of the greeting that asks for a human."""
    intents = [button.intent for button in answers.greeting_buttons("de")]
    return payloads.issue(conversation, answers.GREETING_SEQ, intents.index(HUMAN))


def numbered(connection: Connection, conversation: str, said: str, before: int | None = None) -> str:
    """Return the button of the last answer that a number and nothing else names; "" where there is none: then it is a text like any other.

    `before`: as it was when the citizen's event of this seq came. A human is answered in words.
    """
    named = number(said)
    held = ownership.lock(connection, conversation) if named else None
    if named is None or held is None or not bot_answers(held.state):
        return ""
    log = [event for event in events.after(connection, conversation, 0) if before is None or event.seq < before]
    last = next((event for event in reversed(log) if event.speaker != "system" or event.buttons), None)
    if last is None or named > len(last.buttons):
        return ""
    return payloads.issue(conversation, last.seq, named - 1)


def _is_over(held: Locked, at: int) -> bool:
    return SHOWN[held.state] in ("bot", "closed") and held.last_message_at < at - SILENCE_MS


def _again(greeting: Event, said: str) -> Event:
    return Event(greeting.conversation, greeting.seq, greeting.at, "bot", said, buttons=greeting.buttons, answer=greeting.answer)


def _topic(held: Locked, title: Title) -> str | None:
    """Return what a conversation was about: the plan's themes and place, else the last entry; None where nothing is known."""
    state = json.loads(held.bot_state)
    profile = state.get("profile") or {}
    themes = [THEMES[theme] for theme in profile.get("themes") or () if theme in THEMES]
    place = profile.get("place")
    if not themes and not place:
        entry = title(str(state.get("topic") or ""))
        return f"„{entry}“" if entry else None
    named = " und ".join(themes) or text("messenger.your_plan", held.language)
    return text("messenger.plan", held.language, themes=named, place=f" ({place})" if place else "")
