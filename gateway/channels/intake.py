"""From what a messenger delivered to turns of a conversation, each chat in order. Texts that came within two seconds are one turn.

A post is acknowledged when it stands in the inbox. It leaves it in the same transaction in which it becomes a turn, or has done what a
command does: killed in between, everything is as before.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway import answers, errors, tokens
from gateway.channels import chat_commands, talk
from gateway.channels.chat_commands import command
from gateway.channels.looking import LOOKS
from gateway.channels.talk import Talk
from gateway.contract import TEXT_LIMIT
from gateway.store import chats, inbox, ownership
from gateway.store.messages import Message, Recorded, record
from gateway.store.ownership import Line
from gateway.texts import text

JOIN_MS = 2_000


@dataclass(frozen=True)
class Context:
    """What the intake of one channel works with. `admit` raises `Refused` (429) for a sender who writes too much.

    `title`: what an entry of the knowledge base is called, None where there is none.
    """

    channel: str
    gateway: str
    public_url: str
    contacts: Sequence[str]
    admit: Callable[[str], None]
    title: Callable[[str], str | None] = lambda entry: None


@dataclass
class Taken:
    """What became of a chat's posts: turns to answer, and conversations whose log has grown. `erased`: the chat is forgotten."""

    recorded: list[tuple[str, Recorded]] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    erased: bool = False


@dataclass(frozen=True)
class Group:
    """Posts that are one message: their kind, what was said, and the platform's id of the newest one."""

    kind: str
    text: str
    message: str
    updates: tuple[str, ...]

    @property
    def client_id(self) -> str:
        """An id that is the same when the same posts are taken again."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(self.updates)))


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
    rows = list(takewhile(lambda row: row.kind not in LOOKS, inbox.of_chat(connection, context.channel, address)))
    for group in groups(rows):
        _one(connection, context, address, group, at, taken)
    inbox.done(connection, [row.number for row in rows])
    if taken.erased:
        inbox.forget(connection, context.channel, address)
    return taken


def groups(rows: Sequence[Row[Any]]) -> list[Group]:
    """Put texts that follow one another, and fit into one message, together.

    An edit of one that still waits takes its place; one that was taken back is left out.
    """
    redacted = {row.message for row in rows if row.kind == "redact"}
    rows = [row for row in rows if row.kind != "redact" and not redacted & {row.message, row.update}]
    newest = {row.message: row.text for row in rows if row.kind == "edit"}
    waiting = {row.message for row in rows if row.kind == "text"}
    found: list[Group] = []
    for row in rows:
        if row.kind == "edit" and row.message in waiting:
            continue
        said = newest.get(row.message, row.text) if row.kind == "text" else row.text
        one = Group(row.kind, said, row.message, (f"{row.channel}:{row.update}",))
        if found and _join(found[-1], one):
            last = found[-1]
            found[-1] = replace(one, text=f"{last.text}\n{one.text}", updates=(*last.updates, *one.updates))
        else:
            found.append(one)
    return found


def _join(first: Group, second: Group) -> bool:
    if first.kind == second.kind == "media":
        return True  # an album is declined once
    plain = all(one.kind == "text" and command(one.text) is None for one in (first, second))
    return plain and len(first.text) + 1 + len(second.text) <= TEXT_LIMIT


def _one(connection: Connection, context: Context, address: str, group: Group, at: int, taken: Taken) -> None:
    chat = chats.find(connection, context.channel, address)
    name = command(group.text) if group.kind == "text" else None
    if group.kind == "gone" or name == "loeschen":
        taken.changed |= {chat.conversation} if chat else set()
        taken.erased = chat_commands.leave(connection, context.channel, address, at, erase=name is not None) or taken.erased
        return
    try:
        context.admit(address)
    except errors.Refused as refused:
        _too_much(connection, chat, refused, at, taken)
        return
    afresh = name in ("neu", "start") and not talk.is_with_human(connection, chat)
    held = talk.current(connection, context.channel, address, chat, at, context.public_url, afresh, context.title)
    taken.changed.add(held.conversation)
    told = _told(connection, context, held, group, name, at)
    if name in ("neu", "start") and not afresh:
        told = text("messenger.with_human", held.language)
    if told is None and name not in ("neu", "start"):
        told = _turn(connection, context, held, group, name, at, taken)
    if told:
        talk.say(connection, held, told, at)


def _told(connection: Connection, context: Context, held: Talk, group: Group, name: str | None, at: int) -> str | None:
    """Return what the adapter itself says to a post, None where it becomes a turn."""
    if name in chat_commands.ANSWERED:
        return chat_commands.answer(connection, held, name, context.public_url)
    if group.kind == "media":
        return "\n".join([text("messenger.media", held.language), *(f"• {one}" for one in context.contacts)])
    if group.kind == "edit" and inbox.newest_message(connection, context.channel, held.address) != group.message:
        return text("messenger.old_edit", held.language)
    if group.kind in ("text", "edit") and len(group.text) > TEXT_LIMIT:
        return text("errors.text_too_long", held.language, limit=f"{TEXT_LIMIT:,}".replace(",", "."))
    return None


def _too_much(connection: Connection, chat: Row[Any] | None, refused: errors.Refused, at: int, taken: Taken) -> None:
    """Say that this was too much, where there is a conversation to say it in; nobody opens one by writing too much."""
    held = ownership.lock(connection, chat.conversation) if chat else None
    if held is not None:
        ownership.say(connection, held, at, [Line(text=refused.said(held.language))])
        taken.changed.add(held.id)


def _turn(connection: Connection, context: Context, held: Talk, group: Group, name: str | None, at: int, taken: Taken) -> str | None:
    """Record a turn; returns what is said where that cannot be."""
    message = _message(connection, held, group, name)
    if message is None:
        return text("messenger.no_button", held.language)
    try:
        recorded = record(connection, message, context.gateway, at, lambda: None)
    except errors.Refused as refused:
        return refused.said(held.language)
    taken.recorded.append((held.conversation, recorded))
    return None


def _message(connection: Connection, held: Talk, group: Group, name: str | None) -> Message | None:
    """Return the message of a turn, None for a button that is not there. A number that names no button is said to the bot."""
    if group.kind in ("press", "number") or name == "mensch":
        payload = talk.human(held) if name else talk.payload(connection, held, group.kind, group.text)
        if payload:
            return Message(held.conversation, group.client_id, "", payload, tokens.digest("payload", payload))
        if group.kind == "press":
            return None
    said = group.text
    return Message(held.conversation, group.client_id, said, "", tokens.digest("text", said), answers.is_emergency(said))
