"""The live part of the desk: one stream per page (text/event-stream). It says that something has changed; the page asks for the rest.

`changed`: a list of the overview looks different · `queued`: somebody new waits · `message`: a line of the log, as HTML · `state`: the
conversation stands otherwise · `over`: logged out. While it is open the advisor counts as being there.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.api import access
from gateway.conversation import Event
from gateway.desk import session
from gateway.desk.forms import DeskPage
from gateway.pages import desk_case, desk_lists, desk_view, rendering
from gateway.pages.desk_conversation import PATH
from gateway.pages.desk_lists import Rows
from gateway.signals import DESK, Listener
from gateway.store.advisors import Advisor
from gateway.store.desk_sessions import Session
from gateway.texts import all_texts

HEARTBEAT_S = 15.0
LISTS_EVERY_S = 0.5
POLL_S = 1.0  # only where another gateway may change something
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
router = APIRouter(include_in_schema=False)


@dataclass
class Seen:
    """What the page knows already, and what has to be looked up: the lists (at most every half second), the conversation."""

    conversation: str | None = None
    after: int = 0
    stand: str = ""
    rows: Rows | None = None
    lists_at: float = 0.0
    lists_due: bool = True
    conversation_due: bool = True


@router.get("/desk/stream")
async def of_desk(request: Request, found: DeskPage) -> Response:
    """Stream what changes in the lists."""
    return StreamingResponse(_stream(request, found, Seen()), headers=HEADERS, media_type="text/event-stream")


@router.get(f"{PATH}/stream")
async def of_conversation(request: Request, id: str, found: DeskPage, stand: str = "") -> Response:
    """Stream the lines of a conversation after `after` (`Last-Event-ID` resumes), and what changes in the lists."""
    after = access.seq("after", request.query_params.get("after"))
    seen = Seen(id, access.seq("Last-Event-ID", request.headers.get("last-event-id"), after), stand)
    await services.of(request).database.read(lambda c: desk_case.look(c, found.advisor, id))
    return StreamingResponse(_stream(request, found, seen), headers=HEADERS, media_type="text/event-stream")


async def _stream(request: Request, found: Session | None, seen: Seen) -> AsyncIterator[bytes]:
    own, beat = services.of(request), time.monotonic() + HEARTBEAT_S
    with ExitStack() as stack:
        wanted = [DESK, *([seen.conversation] if seen.conversation else [])]
        listeners = [stack.enter_context(own.signals.listen(name)) for name in wanted]
        yield b"retry: 2000\n\n"
        while found is not None:
            for part in [*await _of_lists(own, found, seen), *await _of_conversation(own, found, seen)]:
                yield part
            left = beat - time.monotonic()
            if left > 0:
                await _wait(own, listeners, seen, left)
                continue
            yield b": heartbeat\n\n"
            beat = time.monotonic() + HEARTBEAT_S
            found = await session.find(request)
            if found is not None:
                await session.touch(request, found.advisor)
        yield _event("over")


async def _of_lists(own: services.Services, found: Session, seen: Seen) -> list[bytes]:
    """Return whether the lists look different. Every message wakes every advisor, so they are not read each time."""
    now, advisor = time.monotonic(), found.advisor
    if not seen.lists_due or now < seen.lists_at:
        return []
    seen.lists_due, seen.lists_at = False, now + LISTS_EVERY_S
    rows, before = await own.database.read(lambda c: desk_lists.read(c, advisor)), seen.rows
    seen.rows = rows
    if before is None or rows == before:
        return []
    return [_event("changed"), *([_event("queued")] if rows.waiting() - before.waiting() else [])]


async def _of_conversation(own: services.Services, found: Session, seen: Seen) -> list[bytes]:
    """Return the new lines of the conversation, and how it stands if that has changed."""
    conversation, advisor = seen.conversation, found.advisor
    if conversation is None or not seen.conversation_due:
        return []
    seen.conversation_due = False
    try:
        stand, new = await own.database.read(lambda c: _look(c, advisor, conversation, seen.after))
    except errors.Refused:  # erased, or in a queue that is not theirs any more
        stand, new = "gone", []
    parts = [_line(event, conversation, stand == "mine", found.csrf) for event in new]
    seen.after = new[-1].seq if new else seen.after
    if stand != seen.stand:
        seen.stand = stand
        parts.append(_event("state", stand))
    return parts


def _look(connection: Connection, advisor: Advisor, conversation: str, after: int) -> tuple[str, list[Event]]:
    case = desk_case.look(connection, advisor, conversation)
    return case.stand, case.log(connection, after)


def _line(event: Event, conversation: str, mine: bool, csrf: str) -> bytes:
    shown = desk_view.entry(event)
    facts = {"t": all_texts(), "e": shown, "id": conversation, "mine": mine, "csrf": csrf, "client_id": str(uuid.uuid4())}
    return _event("message", rendering.part("desk/entry.html", **facts) if shown else "", event.seq)


def _event(name: str, data: str = "", seq: int | None = None) -> bytes:
    lines = [f"id: {seq}"] if seq is not None else []
    lines += [f"event: {name}", *(f"data: {line}" for line in re.split("\r\n|\r|\n", data))]
    return ("\n".join(lines) + "\n\n").encode()


async def _wait(own: services.Services, listeners: Sequence[Listener], seen: Seen, seconds: float) -> None:
    """Wait for news and note of what; what wakes a listener at the end of the wait stays in it for the next time."""
    if not own.database.is_sqlite:
        seconds = min(seconds, POLL_S)
    if seen.lists_due:
        seconds = min(seconds, max(0.0, seen.lists_at - time.monotonic()))
    tasks = [asyncio.ensure_future(listener.wait(seconds)) for listener in listeners]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    woken = [task in done and task.result() for task in tasks]
    other = not own.database.is_sqlite and not any(woken)
    seen.lists_due = seen.lists_due or woken[0] or other
    seen.conversation_due = any(woken[1:]) or other
