"""The commands of messengers: /start, /hilfe, /neu, /mensch, /einfach, /datenschutz, /loeschen. Anything else with a slash is text."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from gateway.channels.talk import Talk
from gateway.conversation import Language
from gateway.handoff import desk
from gateway.language import address
from gateway.store import chats, conversations, erasure
from gateway.texts import text

NAMES = ("start", "hilfe", "neu", "mensch", "einfach", "datenschutz", "loeschen")
ALSO = {"help": "hilfe", "löschen": "loeschen"}
ANSWERED = ("hilfe", "einfach", "datenschutz")


def command(said: str) -> str | None:
    """Return the command that a text is, None for anything else. The bot's name behind it, and words after it, do not count.

    >>> command("/Hilfe"), command("/start@quartierslotse_bot abc"), command("/intent{x}"), command("und / oder")
    ('hilfe', 'start', None, None)
    """
    words = said.split(maxsplit=1)
    if not words or not words[0].startswith("/"):
        return None
    name = words[0][1:].partition("@")[0].casefold()
    return name if name in NAMES else ALSO.get(name)


def answer(connection: Connection, held: Talk, name: str, public_url: str) -> str:
    """Return what a command says; /einfach also changes the language, there and back."""
    if name == "einfach":
        language: Language = "de" if held.language == "de-simple" else "de-simple"
        conversations.set_language(connection, held.conversation, language)
        return text(f"messenger.{'simple_on' if language == 'de-simple' else 'simple_off'}", language)
    return text(f"messenger.{name}", held.language, url=address(f"{public_url}/datenschutz", held.language))


def leave(connection: Connection, channel: str, address: str, at: int, erase: bool) -> bool:
    """Leave a chat: somebody who waits or talks with an advisor there has gone. `erase`: with everything that was ever held there.

    Says whether everything is to be forgotten.
    """
    if erase:
        for conversation in chats.conversations(connection, channel, address):
            erasure.erase(connection, conversation, at)
        return True
    chat = chats.find(connection, channel, address)
    if chat is not None:
        chats.leave(connection, chat)
        desk.citizen_gone(connection, chat.conversation, at)
    return False
