"""The door of the desk: log in, log out, and whether one is there."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.addresses import client_address
from gateway.bodies import read_json
from gateway.clockwork import now_ms
from gateway.contract import LogIn, PresenceChange
from gateway.desk import session
from gateway.desk.session import Current, Desk
from gateway.openapi import body
from gateway.store import advisors, conversations, desk_sessions

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])


@router.post("/login", status_code=204, openapi_extra=body(LogIn))
async def login(request: Request) -> Response:
    """Log in: sets the cookies `session` and `csrf`. The answer to a wrong name is the one to a wrong password."""
    _require_json(request)
    sent, own = await read_json(request, LogIn), services.of(request)
    address = client_address(request, own.settings.trusted_proxies)
    opened = await own.log_ins.open(sent.name, sent.password, address, request.cookies.get(session.COOKIE))
    response = Response(status_code=204)
    session.give(response, opened, own.settings.secure_cookie)
    return response


@router.post("/logout", status_code=204)
async def logout(request: Request, mine: Current) -> Response:
    """Log out: ends this session, deletes its cookies; the advisor is away."""
    at, own = now_ms(), services.of(request)

    def leave(connection: Connection) -> None:
        desk_sessions.close(connection, mine.token_hash)
        advisors.set_presence(connection, mine.advisor.id, "away", at)
        conversations.note(connection, "logout", "", at, mine.advisor.id)

    await own.database.write(leave)
    response = Response(status_code=204)
    session.take_back(response, own.settings.secure_cookie)
    return response


@router.put("/presence", status_code=204, openapi_extra=body(PresenceChange))
async def presence(request: Request, advisor: Desk) -> Response:
    """Say whether conversations may be offered to this advisor."""
    at, state = now_ms(), (await read_json(request, PresenceChange)).state

    def change(connection: Connection) -> None:
        advisors.set_presence(connection, advisor.id, state, at)
        conversations.note(connection, f"presence_{state}", "", at, advisor.id)

    await services.of(request).database.write(change)
    return Response(status_code=204)


def _require_json(request: Request) -> None:
    """Refuse what a plain form can send: another site could log a browser in under a foreign account with it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise errors.invalid(None, "no_json")
