"""The gateway's own answers, which need no Rasa: greeting, emergency, bot switched off, a component failed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.conversation import Button, Event, Language
from gateway.funding import profiles
from gateway.language import address
from gateway.store.turns import Reply, Turn
from gateway.texts import all_texts, text
from knowledge import emergency
from knowledge.model import Contact

GREETING_SEQ = 1


def greeting(conversation: str, at: int, language: Language, public_url: str) -> Event:
    """Return the first event: a machine speaks, no personal data needed, where the privacy notice is, topics."""
    notice = address(f"{public_url}/datenschutz", language)
    links = [{"title": text("pages.datenschutz.title", language), "url": notice}]
    return Event(
        conversation,
        GREETING_SEQ,
        at,
        "bot",
        text("bot.greeting", language),
        buttons=greeting_buttons(language),
        answer=_answer("smalltalk", {"links": links}),
    )


def greeting_buttons(language: Language) -> tuple[Button, ...]:
    """Return the topics offered at the start."""
    return tuple(Button(topic["title"], topic["intent"], topic.get("entities", {})) for topic in all_texts(language)["bot"]["topics"])


def is_emergency(words: str) -> bool:
    """Say whether danger to life or violence is told of; it comes before anything else."""
    return emergency.recognise(words) is not None


def emergency_reply(turn: Turn) -> Reply:
    """Return the fixed emergency text."""
    return Reply(emergency.words(turn.language), _answer("out_of_scope", {"emergency": True} | _profile(turn)))


def off(turn: Turn, contacts: Iterable[Contact]) -> Reply:
    """Return what is said while the bot is switched off: whom to call instead."""
    return _with_contacts("callback", "bot.off", turn, contacts)


def failed(turn: Turn, contacts: Iterable[Contact]) -> Reply:
    """Return what is said when Rasa or an action failed; the conversation goes on afterwards."""
    return _with_contacts("error", "bot.failed", turn, contacts)


def _with_contacts(outcome: str, key: str, turn: Turn, contacts: Iterable[Contact]) -> Reply:
    named = list(contacts)
    led = [text(f"{key}.contacts", turn.language)] if named else []
    lines = [text(f"{key}.text", turn.language), *led, *(f"• {c.line()}" for c in named)]
    data = {"contacts": [contact_json(contact) for contact in named]} | _profile(turn)
    return Reply("\n".join(lines), _answer(outcome, data))


def contact_json(contact: Contact) -> dict[str, Any]:
    """Return a contact as far as it may be shown; the register decides about phone and mail."""
    names = ("name", "phone", "email", "hours", "url")
    return {name: getattr(contact, name) for name in names}


def _profile(turn: Turn) -> dict[str, Any]:
    profile = turn.bot_state.get("profile")
    return {"profile": profiles.remembered(profile)} if profile else {}


def _answer(outcome: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"outcome": outcome, "entries": [], "sources": [], "data": data}
