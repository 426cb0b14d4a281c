"""Log-in by the operator's identity provider: there, back, and in. What has to come back stands in a short-lived cookie."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from gateway import errors, journal, services
from gateway.desk import session
from gateway.desk.oidc import Oidc, OidcError

COOKIE, LASTS_S = "oidc", 600
router = APIRouter(include_in_schema=False)


@router.get("/desk/oidc")
async def leave(request: Request) -> Response:
    """Send the browser to the provider."""
    own = services.of(request)
    try:
        begun = await _provider(own).begin()
    except OidcError as error:
        journal.note("oidc_failed", level="WARNING", where=str(error))
        raise errors.unavailable() from None
    response = RedirectResponse(begun.address, 303)
    # Lax: the provider's redirect comes from another site, and a strict cookie would stay behind.
    kept = f"{begun.state}.{begun.nonce}.{begun.verifier}"
    response.set_cookie(COOKIE, kept, LASTS_S, httponly=True, samesite="lax", secure=own.settings.secure_cookie, path="/desk/oidc")
    return response


@router.get("/desk/oidc/back")
async def arrive(request: Request) -> Response:
    """Take who comes back from the provider in; refused without our own state, or where we have no such account."""
    own = services.of(request)
    state, _, rest = request.cookies.get(COOKIE, "").partition(".")
    nonce, _, verifier = rest.partition(".")
    code, given = request.query_params.get("code", ""), request.query_params.get("state", "")
    if not (code and state and secrets.compare_digest(state.encode(), given.encode())):
        raise errors.Refused(401, "unauthorized", kind="wrong_login")
    try:
        name = await _provider(own).finish(code, nonce, verifier)
    except OidcError as error:
        journal.note("oidc_failed", level="WARNING", where=str(error))
        raise errors.Refused(401, "unauthorized", kind="wrong_login") from None
    opened = await own.log_ins.vouched(name, request.cookies.get(session.COOKIE))
    # The session's cookies are strict: the browser gets them with a page of ours, not with the redirect from elsewhere.
    response = Response('<meta http-equiv="refresh" content="0; url=/desk">', media_type="text/html")
    session.give(response, opened, own.settings.secure_cookie)
    response.delete_cookie(COOKIE, path="/desk/oidc")
    return response


def _provider(own: services.Services) -> Oidc:
    if own.oidc is None:
        raise errors.not_found()
    return own.oidc
