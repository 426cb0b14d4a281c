"""The web channel: opens conversations and takes messages, for the API and for the form without JavaScript alike."""

from __future__ import annotations

from dataclasses import dataclass

from gateway import answers, errors, journal, payloads, tokens
from gateway.clockwork import now_ms
from gateway.conversation import Event, Language
from gateway.services import Services
from gateway.signals import DESK
from gateway.store import conversations
from gateway.store.messages import Message, Recorded, record

NAME = "web"


@dataclass(frozen=True)
class Opened:
    """A new conversation. The token is known to the citizen's side only; here its hash is kept."""

    id: str
    token: str
    greeting: Event


async def open_conversation(services: Services, language: Language, address: str) -> Opened:
    """Open a conversation; raises `Refused` (429) when this address opens too many."""
    services.new_conversations.take(address)
    conversation, token, at = tokens.new_id(), tokens.new_token(), now_ms()
    greeting = answers.greeting(conversation, at, language, services.settings.public_url)
    await services.database.write(lambda connection: conversations.create(connection, tokens.hashed(token), NAME, language, greeting))
    services.metrics.conversations.inc()
    journal.note("conversation_opened", conversation=conversation, channel=NAME)
    return Opened(conversation, token, greeting)


async def receive(services: Services, conversation: str, client_id: str, text: str, payload: str) -> Recorded:
    """Write a message and see to its answer; raises `Refused`. When this returns, the message is on the disk."""
    if len(payload) > payloads.LONGEST:
        raise errors.invalid("payload", "unknown_payload")
    kind, content = ("payload", payload) if payload else ("text", text)
    alarm = bool(text) and answers.is_emergency(text)
    message = Message(conversation, client_id.lower(), text, payload, tokens.digest(kind, content), alarm)
    turns, at = services.turns, now_ms()
    recorded = await services.database.write(
        lambda connection: record(connection, message, turns.gateway, at, lambda: services.messages.take(conversation))
    )
    turns.accept(conversation, recorded)
    if recorded.is_new:
        services.signals.wake(conversation)
        if not recorded.due:  # a human owns it: the advisors' lists show who waits for an answer
            services.signals.wake(DESK)
    return recorded
