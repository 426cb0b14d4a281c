"""Who is at the desk: the cookie `session`, the rights of roles, and proof that the desk's own page sent a request (CSRF).

A route takes `Desk`, `Lead` or `Editor` as a parameter and is thereby closed to everybody else.
"""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Request, Response

from gateway import errors, services, tokens
from gateway.clockwork import now_ms
from gateway.desk.login import Opened
from gateway.store import advisors, desk_sessions
from gateway.store.advisors import Advisor
from gateway.store.desk_sessions import Session

COOKIE, CSRF_COOKIE, CSRF_HEADER = "session", "csrf", "x-csrf-token"
WRITING = ("POST", "PUT", "PATCH", "DELETE")


async def current(request: Request) -> Session:
    """Return the session of this request and note that its advisor is there.

    Raises `Refused`: 401 without a session that is still good, 403 for a writing request without its CSRF secret.
    """
    session = await find(request)
    if session is None:
        raise errors.Refused(401, "unauthorized", kind="logged_out")
    if request.method in WRITING and not _repeats(request, session.csrf):
        raise errors.forbidden("csrf")
    await touch(request, session.advisor)
    return session


async def find(request: Request) -> Session | None:
    """Return the session of this browser, None where nobody is logged in; for pages that show the log-in instead of refusing."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    secret, at = tokens.hashed(token), now_ms()
    return await services.of(request).database.read(lambda c: desk_sessions.by_token(c, secret, at))


async def touch(request: Request, advisor: Advisor) -> None:
    """Note that the advisor's page is alive. Routes that stay open long call it again: whoever is not seen is not there."""
    at = now_ms()
    if advisors.needs_touch(advisor, at):
        await services.of(request).database.write(lambda c: advisors.touch(c, advisor.id, at))


Current = Annotated[Session, Depends(current)]


async def desk(session: Current) -> Advisor:
    """Return who is logged in."""
    return session.advisor


async def lead(session: Current) -> Advisor:
    """Return who is logged in; raises `Refused` (403) unless they lead."""
    if not session.advisor.is_lead:
        raise errors.forbidden()
    return session.advisor


async def editor(session: Current) -> Advisor:
    """Return who is logged in; raises `Refused` (403) unless they may edit."""
    if not session.advisor.is_editor:
        raise errors.forbidden()
    return session.advisor


Desk = Annotated[Advisor, Depends(desk)]
Lead = Annotated[Advisor, Depends(lead)]
Editor = Annotated[Advisor, Depends(editor)]


def give(response: Response, opened: Opened, secure: bool) -> None:
    """Set the cookies of a new session; both end with the browser, the session itself after twelve hours."""
    response.set_cookie(COOKIE, opened.token, httponly=True, samesite="strict", secure=secure, path="/")
    response.set_cookie(CSRF_COOKIE, opened.csrf, httponly=False, samesite="strict", secure=secure, path="/")


def take_back(response: Response, secure: bool) -> None:
    """Delete the cookies."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=secure)
    response.delete_cookie(CSRF_COOKIE, path="/", samesite="strict", secure=secure)


def _repeats(request: Request, csrf: str) -> bool:
    """Say whether the header repeats the cookie, and both this session's secret: another site can read neither."""
    sent, cookie = request.headers.get(CSRF_HEADER, ""), request.cookies.get(CSRF_COOKIE, "")
    return secrets.compare_digest(sent.encode(), cookie.encode()) and secrets.compare_digest(sent.encode(), csrf.encode())
