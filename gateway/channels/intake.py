"""From what a messenger delivered to turns of a conversation, each chat in order. Texts that came within two seconds are one turn.

A post is acknowledged when it stands in the inbox. It leaves it in the same transaction in which it becomes a turn, or has done what a
command does: killed in between, everything is as before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway import answers, errors, tokens
from gateway.channels import chat_commands, correcting, recent, talk
from gateway.channels.chat_commands import command
from gateway.channels.grouping import Group, groups
from gateway.channels.recent import Said
from gateway.channels.talk import Talk
from gateway.contract import TEXT_LIMIT
from gateway.conversation import Language
from gateway.store import chats, inbox, ownership
from gateway.store.messages import Message, Recorded, record
from gateway.store.ownership import Line
from gateway.texts import text

JOIN_MS = 2_000


@dataclass(frozen=True)
class Context:
    """What the intake of one channel works with. `admit` raises `Refused` (429) for a sender who writes too much.

    `title`: what an entry of the knowledge base is called, None where there is none. `is_numbered`: as for `Messenger`.
    """

    channel: str
    gateway: str
    public_url: str
    contacts: Sequence[str]
    admit: Callable[[str], None]
    title: Callable[[str], str | None] = lambda entry: None
    is_numbered: bool = False


@dataclass
class Taken:
    """What became of a chat's posts: turns to answer, and conversations whose log has grown. `erased`: the chat is forgotten."""

    recorded: list[tuple[str, Recorded]] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    erased: bool = False


def ready(rows: Sequence[Row[Any]], at: int) -> list[str]:
    """Return the chats whose first post has waited long enough for others to join it; what is no plain text need not wait."""
    first: dict[str, bool] = {}
    for row in rows:
        waits = row.kind in ("text", "edit", "redact", "media") and command(row.text) is None and row.at > at - JOIN_MS
        first[row.address] = first.get(row.address, False) or not waits
    return [address for address, is_ready in first.items() if is_ready]


def take(connection: Connection, context: Context, address: str, at: int) -> Taken:
    """Do everything that waits of one chat."""
    taken = Taken()
    rows = list(takewhile(lambda row: row.kind not in inbox.LOOKS, inbox.of_chat(connection, context.channel, address)))
    for group in groups(rows):
        _one(connection, context, address, group, at, taken)
    inbox.done(connection, [row.number for row in rows])
    if taken.erased:
        inbox.forget(connection, context.channel, address)
    return taken


def _one(connection: Connection, context: Context, address: str, group: Group, at: int, taken: Taken) -> None:
    chat = chats.find(connection, context.channel, address)
    meant = correcting.meant(connection, chat, group, context.is_numbered) if group.kind == "edit" else group
    if meant is None:
        return
    name = command(meant.text) if meant.kind == "text" else None
    if meant.kind == "gone" or name == "loeschen":
        taken.changed |= {chat.conversation} if chat else set()
        taken.erased = chat_commands.leave(connection, context.channel, address, at, erase=name is not None) or taken.erased
        return
    try:
        context.admit(address)
    except errors.Refused as refused:
        _tell(connection, chat, refused.said, at, taken)
        _remember(connection, chat, chat.conversation if chat else "", meant, Said(None))
        return
    if meant.kind == correcting.STALE:
        _tell(connection, chat, lambda language: text("messenger.old_edit", language), at, taken)
        return
    _admitted(connection, context, chat, address, meant, name, at, taken)


def _admitted(
    connection: Connection, context: Context, chat: Row[Any] | None, address: str, group: Group, name: str | None, at: int, taken: Taken
) -> None:
    afresh = name in ("neu", "start") and not talk.is_with_human(connection, chat)
    held = talk.current(connection, context.channel, address, chat, at, context.public_url, afresh, context.title)
    taken.changed.add(held.conversation)
    if chat is None or chat.conversation != held.conversation:
        group = replace(group, corrects=None)  # what it would correct was said in another conversation
    told, became = _told(connection, context, held, group, name), Said(None)
    if name in ("neu", "start"):
        told = None if afresh else text("messenger.with_human", held.language)
    elif told is None:
        told, became = _turn(connection, context, held, group, name, at, taken)
    if told:
        talk.say(connection, held, told, at)
    _remember(connection, chat, held.conversation, group, became)


def _told(connection: Connection, context: Context, held: Talk, group: Group, name: str | None) -> str | None:
    """Return what the adapter itself says to a post, None where it becomes a turn."""
    if name in chat_commands.ANSWERED:
        return chat_commands.answer(connection, held, name, context.public_url)
    if group.kind == "media":
        return "\n".join([text("messenger.media", held.language), *(f"• {one}" for one in context.contacts)])
    if group.kind == "text" and len(group.text) > TEXT_LIMIT:
        return text("errors.text_too_long", held.language, limit=f"{TEXT_LIMIT:,}".replace(",", "."))
    return None


def _tell(connection: Connection, chat: Row[Any] | None, said: Callable[[Language], str], at: int, taken: Taken) -> None:
    """Say something where there is a conversation to say it in: nobody opens one by writing too much, or by an edit."""
    held = ownership.lock(connection, chat.conversation) if chat else None
    if held is not None:
        ownership.say(connection, held, at, [Line(text=said(held.language))])
        taken.changed.add(held.id)


def _turn(
    connection: Connection, context: Context, held: Talk, group: Group, name: str | None, at: int, taken: Taken
) -> tuple[str | None, Said]:
    """Record a turn; returns what is said where that cannot be, and what became of it."""
    message = _message(connection, context, held, group, name)
    if message is None:
        return text("messenger.no_button", held.language), Said(None)
    try:
        recorded = record(connection, message, context.gateway, at, lambda: None)
    except errors.Refused as refused:
        return refused.said(held.language), Said(None)
    taken.recorded.append((held.conversation, recorded))
    return None, Said(recorded.seq, recorded.due, group.parts)


def _message(connection: Connection, context: Context, held: Talk, group: Group, name: str | None) -> Message | None:
    """Return the message of a turn, None for a button that is not there. A number that names no button is said to the bot."""
    if name == "mensch":
        payload = talk.human(held.conversation)
    elif group.kind == "press":
        payload = talk.pressed(connection, held, group.text)
        if not payload:
            return None
    else:
        payload = talk.numbered(connection, held.conversation, group.text, group.corrects) if context.is_numbered else ""
    said = "" if payload else group.text
    digest = tokens.digest("payload", payload) if payload else tokens.digest("text", said)
    return Message(held.conversation, group.client_id, said, payload, digest, answers.is_emergency(said), group.corrects)


def _remember(connection: Connection, chat: Row[Any] | None, conversation: str, group: Group, became: Said) -> None:
    """Keep what became of the messages, for edits that come later."""
    if became.seq is None and (not group.parts or group.corrects is not None):
        return  # nothing that could be edited; or a correction that could not be taken: the earlier words still stand
    known = recent.read(chat.recent) if chat is not None and chat.conversation == conversation else []
    said = replace(became, parts=group.parts)
    chats.remember(connection, conversation, recent.noted(known, said, group.corrects))
