"""The editors' list: answers that readers call out of date or wrong, and corrections by advisors. Only the remark is shown."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import services
from gateway.clockwork import now_ms
from gateway.desk.forms import EditorForm, EditorPage
from gateway.library import Shelf
from gateway.pages.desk_frame import back, show
from gateway.pages.desk_search import titles
from gateway.pages.moments import moment
from gateway.store import conversations, feedback
from gateway.texts import text

PATH = "/desk/remarks"
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def look(request: Request, found: EditorPage) -> Response:
    """Show what is still to be looked at, oldest first."""
    own = services.of(request)
    rows = await own.database.read(feedback.for_editors)
    return await show(request, found, "remarks", rows=[_row(row, own.shelf) for row in rows])


@router.post(f"{PATH}/settle")
async def settle(request: Request, form: EditorForm) -> Response:
    """Take a remark off the list; one that is gone already is no error."""
    remark, at = form.one("remark"), now_ms()

    def write(connection: Connection) -> None:
        conversation = feedback.settle(connection, remark)
        if conversation:
            conversations.note(connection, "remark_settled", conversation, at, form.advisor.id)

    await services.of(request).database.write(write)
    return back(PATH, "settled")


def _row(row: Any, shelf: Shelf) -> dict[str, Any]:
    named = titles(shelf, [row.entry]) if row.entry else []
    return {
        "remark": row.id,
        "at": moment(row.at),
        "kind": text(f"desk.remarks.kinds.{row.rating}"),
        "entry": named[0] if named else None,
        "id": row.entry,
        "knowledge": row.knowledge,
        "sentence": row.sentence,
        "comment": row.comment,
    }
