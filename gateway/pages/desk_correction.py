"""»Bot-Antwort war falsch«: the citizen gets the correction at once, and the editors find the answer among the feedback."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.clockwork import now_ms
from gateway.contract import DeskMessage
from gateway.desk.forms import DeskForm
from gateway.handoff import desk
from gateway.pages.desk_actions import checked
from gateway.pages.desk_conversation import PATH, page
from gateway.pages.desk_frame import back
from gateway.signals import DESK
from gateway.store import conversations, events, feedback
from gateway.store.advisors import Advisor
from gateway.texts import text

RATING, QUOTED = "wrong", 160
router = APIRouter(include_in_schema=False)


@router.post(f"{PATH}/correction")
async def correct(request: Request, id: str, form: DeskForm) -> Response:
    """Send a correction of one of the bot's messages and file it."""
    own, at, number = services.of(request), now_ms(), form.one("seq")
    try:
        given = checked(form, DeskMessage, "client_id", "text")
        seq = int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else 0
        await own.database.write(lambda c: _correct(c, form.advisor, id, given, seq, at))
    except errors.Refused as refused:
        if refused.status in (403, 404):
            raise
        return await page(request, form.session, id, refused)
    own.signals.wake(id)
    own.signals.wake(DESK)
    return back(f"/desk/conversations/{id}", "corrected", f"n{number}")


def _correct(connection: Connection, advisor: Advisor, conversation: str, given: DeskMessage, seq: int, at: int) -> None:
    wrong = events.one(connection, conversation, seq)
    if wrong is None or wrong.type != "message" or wrong.speaker != "bot":
        raise errors.invalid("seq", "no_such_message")
    language = conversations.language_of(connection, conversation)
    said = text("desk.wrong.message", language, quote=_quoted(wrong.text), correction=given.text)
    sent = desk.write(connection, advisor, conversation, given.client_id.lower(), said, at)
    if sent.is_new:
        feedback.rate(connection, conversation, seq, RATING, given.text, at, feedback.about(wrong, ""))
        conversations.note(connection, "bot_wrong", conversation, at, advisor.id)


def _quoted(said: str) -> str:
    r"""Return the beginning of an answer in one line.

    >>> _quoted("Bis zu 85.000 Euro.\nStand: 2026")
    'Bis zu 85.000 Euro. Stand: 2026'
    """
    line = " ".join(said.split())
    return line if len(line) <= QUOTED else line[: QUOTED - 1].rstrip() + "…"
