"""Conversations as a whole: opened, found by token, changed, and the switches of the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.conversation import SHOWN, Event, Language, Owner, State
from gateway.store import events, ownership
from gateway.tables import AUDIT, CONVERSATIONS, SWITCHES, TOMBSTONES

SEEN_EVERY_MS = 5_000
_C = CONVERSATIONS.c
_BY_TOKEN = sa.select(_C.id, _C.channel, _C.language, _C.state, _C.last_seq, _C.created_at).where(_C.token_hash == sa.bindparam("hash"))
_ERASED = sa.select(TOMBSTONES.c.conversation).where(TOMBSTONES.c.token_hash == sa.bindparam("hash"))
_STATE = sa.select(_C.state).where(_C.id == sa.bindparam("of"))


@dataclass(frozen=True)
class Conversation:
    """What a request needs to know of its conversation."""

    id: str
    channel: str
    language: Language
    state: State
    last_seq: int
    created_at: int


@dataclass(frozen=True)
class Erased:
    """The token belonged to a conversation that is no more."""


def create(connection: Connection, token_hash: str, channel: str, language: Language, greeting: Event) -> None:
    """Open a conversation with its greeting as first event."""
    connection.execute(
        sa.insert(CONVERSATIONS),
        {
            "id": greeting.conversation,
            "token_hash": token_hash,
            "channel": channel,
            "language": language,
            "state": "bot",
            "with_human": False,
            "last_seq": greeting.seq,
            "turns": 0,
            "bot_state": "{}",
            "created_at": greeting.at,
            "last_message_at": greeting.at,
        },
    )
    events.append(connection, [greeting])


def by_token(connection: Connection, token_hash: str) -> Conversation | Erased | None:
    """Return whose token this is; None where it was never issued."""
    row = connection.execute(_BY_TOKEN, {"hash": token_hash}).one_or_none()
    if row is not None:
        return Conversation(row.id, row.channel, row.language, SHOWN[row.state], row.last_seq, row.created_at)
    return Erased() if connection.execute(_ERASED, {"hash": token_hash}).first() else None


def state_of(connection: Connection, conversation: str) -> State | None:
    """Return the state, None where it was erased in the meantime."""
    owner: Owner | None = connection.execute(_STATE, {"of": conversation}).scalar()
    return SHOWN[owner] if owner else None


def language_of(connection: Connection, conversation: str) -> Language:
    """Return the language of what comes next; German for what was erased in the meantime."""
    language: Language | None = connection.execute(sa.select(_C.language).where(_C.id == conversation)).scalar()
    return language or "de"


def give(connection: Connection, conversation: str, token_hash: str, channel: str) -> None:
    """Hand a conversation to whoever holds another token, on another channel; the old token is void."""
    connection.execute(sa.update(CONVERSATIONS).where(_C.id == conversation).values(token_hash=token_hash, channel=channel))


def set_language(connection: Connection, conversation: str, language: Language) -> None:
    """Change the language of what comes next."""
    connection.execute(sa.update(CONVERSATIONS).where(_C.id == conversation).values(language=language))


def block(connection: Connection, conversation: str, until: int | None) -> None:
    """Let a conversation reach no human until an instant; None ends that."""
    connection.execute(sa.update(CONVERSATIONS).where(_C.id == conversation).values(blocked_until=until))


def seen(connection: Connection, conversation: str, at: int) -> bool:
    """Note that the citizen is at work on a message; wakes an advisor's wait for them. False where no human owns the conversation."""
    held = ownership.lock(connection, conversation)
    if held is None or SHOWN[held.state] != "advisor":
        return False
    if held.state == "waiting":
        ownership.step(connection, held, "advisor", at, owner=held.owner)
    elif at - held.last_message_at >= SEEN_EVERY_MS:
        connection.execute(sa.update(CONVERSATIONS).where(_C.id == conversation).values(last_message_at=at))
    return True


def switches(connection: Connection) -> dict[str, str]:
    """Return all switches that were ever set."""
    return {row.name: row.value for row in connection.execute(sa.select(SWITCHES.c.name, SWITCHES.c.value))}


def set_switch(connection: Connection, name: str, value: str, at: int) -> None:
    """Set a switch, and note in the audit that it was set (not the value: a notice is text)."""
    connection.execute(sa.delete(SWITCHES).where(SWITCHES.c.name == name))
    connection.execute(sa.insert(SWITCHES), {"name": name, "value": value, "changed_at": at})
    note(connection, f"switch_{name}", "", at)


def note(connection: Connection, action: str, subject: str, at: int, actor: str | None = None) -> None:
    """Write an audit line: random ids and an action, never text. `actor`: the account that did it, None where nobody was logged in."""
    row: dict[str, Any] = {"at": at, "action": action, "subject": subject, "actor": actor}
    connection.execute(sa.insert(AUDIT), row)
