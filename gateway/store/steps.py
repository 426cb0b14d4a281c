"""The step of a turn's reply: what the bot's side does to the owner, in the transaction of the reply itself."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from gateway.conversation import Event
from gateway.store import handoffs, ownership
from gateway.store.handoffs import Request, Step
from gateway.store.ownership import Locked, state_line


def take(connection: Connection, conversation: str, step: Step, turn: int, at: int) -> list[Event]:
    """Carry out a step; what no longer fits (a human was faster, the citizen cancelled) is left alone."""
    held = ownership.lock(connection, conversation)
    if held is None or held.state not in ("bot", "offered", "queued"):
        return []
    if step.to == "queued" and step.request and held.state != "queued":
        return _queue(connection, held, step.request, turn, at)
    if step.to == "offered" and held.state == "bot":
        return ownership.step(connection, held, "offered", at)[1]
    return _to_bot(connection, held, turn, at) if step.to == "bot" and held.state != "bot" else []


def _queue(connection: Connection, held: Locked, request: Request, turn: int, at: int) -> list[Event]:
    handoffs.begin(connection, held.id, request, at)
    stands = handoffs.waiting(connection, request.queue)
    handoffs.change(connection, request.id, told_position=stands.number)
    told = state_line("queued", turn, position=stands.number, wait_s=stands.wait_s)
    return ownership.step(connection, held, "queued", at, [told])[1]


def _to_bot(connection: Connection, held: Locked, turn: int, at: int) -> list[Event]:
    waiting = handoffs.current(connection, held.id)
    if waiting is not None:
        handoffs.end(connection, waiting, "cancelled", at)
    return ownership.step(connection, held, "bot", at, [state_line("bot", turn)] if held.state == "queued" else [])[1]
