"""The door of the desk as plain forms: log in, log out, and whether one is there. The contract's way in is `api.desk_login`.

Before there is a session the log-in form is bound to a cookie of its own: another site could otherwise log a browser in under its account.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from gateway import errors, services, tokens
from gateway.addresses import client_address
from gateway.bodies import read_form, refused_by
from gateway.clockwork import now_ms
from gateway.contract import LogIn
from gateway.desk import session
from gateway.desk.forms import DeskForm
from gateway.pages import csrf
from gateway.pages.desk_frame import back, show
from gateway.signals import DESK
from gateway.store import advisors, conversations, desk_sessions
from gateway.store.advisors import Presence

COOKIE = "desk_door"
router = APIRouter(include_in_schema=False)


async def closed(request: Request, refused: errors.Refused | None = None, name: str = "") -> Response:
    """Show the log-in form; `refused`: why the last try failed."""
    own, secret = services.of(request), request.cookies.get(COOKIE) or tokens.new_token()
    mark = csrf.issue(own.settings.secret_key, secret)
    response = await show(request, None, "door", refused=refused, mark=mark, name=name, oidc=own.oidc is not None)
    response.set_cookie(COOKIE, secret, httponly=True, samesite="strict", secure=own.settings.secure_cookie, path="/desk")
    return response


@router.post("/desk/login")
async def log_in(request: Request) -> Response:
    """Log in with name and password; what was wrong is said on the same form."""
    fields, own = await read_form(request), services.of(request)
    name = fields.get("name", "")[:200]
    try:
        if not csrf.is_valid(own.settings.secret_key, request.cookies.get(COOKIE, ""), fields.get("mark", "")):
            raise errors.Refused(403, "forbidden", kind="stale_form")
        sent = _read(fields)
        address = client_address(request, own.settings.trusted_proxies)
        opened = await own.log_ins.open(sent.name, sent.password, address, request.cookies.get(session.COOKIE))
    except errors.Refused as refused:
        return await closed(request, refused, name)
    response = back("/desk")
    session.give(response, opened, own.settings.secure_cookie)
    response.delete_cookie(COOKIE, path="/desk", httponly=True, samesite="strict", secure=own.settings.secure_cookie)
    return response


@router.post("/desk/logout")
async def log_out(request: Request, form: DeskForm) -> Response:
    """Log out; the advisor is away."""
    at, own = now_ms(), services.of(request)

    def leave(connection: Connection) -> None:
        desk_sessions.close(connection, form.session.token_hash)
        advisors.set_presence(connection, form.advisor.id, "away", at)
        conversations.note(connection, "logout", "", at, form.advisor.id)

    await own.database.write(leave)
    response = back("/desk", "logged_out")
    session.take_back(response, own.settings.secure_cookie)
    return response


@router.post("/desk/presence")
async def set_presence(request: Request, form: DeskForm) -> Response:
    """Say whether conversations may be offered to this advisor."""
    at, own = now_ms(), services.of(request)
    state: Presence = "available" if form.one("state") == "available" else "away"

    def change(connection: Connection) -> None:
        advisors.set_presence(connection, form.advisor.id, state, at)
        conversations.note(connection, f"presence_{state}", "", at, form.advisor.id)

    await own.database.write(change)
    own.signals.wake(DESK)
    return back("/desk", state)


def _read(fields: dict[str, str]) -> LogIn:
    try:
        return LogIn.model_validate({key: fields.get(key, "") for key in ("name", "password")})
    except ValidationError as error:
        raise refused_by(error) from None
