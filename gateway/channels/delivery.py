"""What stands in the log goes out to the chat: in order, tried again until it has arrived, marked as delivered part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway import journal, tokens
from gateway.channels import chat_commands
from gateway.channels.messenger import GoneError, LaterError, Messenger, Outgoing
from gateway.channels.phrasing import outgoing
from gateway.clockwork import now_ms
from gateway.conversation import Event, Language
from gateway.database import Database
from gateway.store import chats, events, ownership
from gateway.texts import text

HOLD_MS = 60_000  # a gateway that dies with a chat in hand: another one takes it after this
LINK_MS = 15 * 60 * 1000
FORM = "contact"  # contact details for a callback are typed into a form, never into a message


class LostError(Exception):
    """The chat is not ours any more."""


@dataclass
class Pending:
    """What a chat has not been shown yet; `held`: until when it is ours; `tries`: that failed, since something arrived."""

    chat: Row[Any]
    language: Language
    events: list[Event]
    held: int
    tries: int


async def deliver(database: Database, messenger: Messenger, chat: Row[Any], public_url: str) -> None:
    """Show a chat everything it has not seen. What cannot be shown now is tried again later, with growing waits."""
    held = now_ms() + HOLD_MS
    pending = await database.write(lambda c: _take(c, chat, held))
    if pending is None:
        return
    try:
        for event in pending.events:
            await _show(database, messenger, pending, event, public_url)
    except LostError:
        return
    except LaterError as later:
        at, tries = now_ms() + later.wait_ms(pending.tries), pending.tries + 1
        await database.write(lambda c: chats.again(c, chat.id, pending.held, at, tries))
        journal.note("delivery_later", level="WARNING", channel=messenger.name, chat=chat.id, tries=tries)
    except GoneError:
        await database.write(lambda c: chat_commands.leave(c, messenger.name, chat.address, now_ms(), erase=False))
        journal.note("chat_gone", channel=messenger.name, chat=chat.id)
    else:
        await database.write(lambda c: chats.again(c, chat.id, pending.held, 0, 0))


def _take(connection: Connection, chat: Row[Any], until: int) -> Pending | None:
    if not chats.hold(connection, chat, until):
        return None
    locked = ownership.lock(connection, chat.conversation)
    language: Language = locked.language if locked else "de"
    return Pending(chat, language, events.after(connection, chat.conversation, chat.sent_seq), until, chat.tries)


async def _show(database: Database, messenger: Messenger, pending: Pending, event: Event, public_url: str) -> None:
    chat = pending.chat
    link = await _link(database, messenger, pending, event, public_url)
    parts = outgoing(event, pending.language, messenger.longest, link)
    shown = chat.sent_parts if event.seq == chat.sent_seq + 1 else 0
    for number, part in enumerate(parts[shown:], shown + 1):
        await messenger.send(chat.address, part)
        if number < len(parts):
            await _mark(database, pending, event.seq - 1, number)
    await _mark(database, pending, event.seq)


async def _mark(database: Database, pending: Pending, seq: int, parts: int = 0) -> None:
    """Note how far the chat has got; raises `LostError` where it is held by another gateway now, or was erased."""
    held, until = pending.held, now_ms() + HOLD_MS
    if not await database.write(lambda c: chats.delivered(c, pending.chat.id, held, until, seq, parts)):
        raise LostError
    pending.held, pending.tries = until, 0


async def _link(database: Database, messenger: Messenger, pending: Pending, event: Event, public_url: str) -> str | None:
    """Return a link to go on with a human on the web, made for this message; a channel where advisors write themselves needs none."""
    data = (event.answer or {}).get("data") or {}
    if data.get("step") not in ((FORM,) if messenger.is_live else (FORM, "web")):
        return None
    secret, until = tokens.new_token(), now_ms() + LINK_MS
    await database.write(lambda c: chats.set_link(c, pending.chat.id, tokens.hashed(secret), until))
    return text("messenger.link", pending.language, url=f"{public_url}/weiter/{secret}")


def plain(said: str) -> Outgoing:
    """Return a message that stands in no log: where the conversation was erased, or never was one."""
    return Outgoing(said, tokens.new_id())
