"""Forms of the desk's pages, posted without JavaScript: their fields, and the proof (CSRF) as a hidden field instead of a header.

A page takes `DeskPage` or `LeadPage`: without a log-in it leads to the door, `/desk`. A form takes `DeskForm` or `LeadForm`;
its template has `<input type="hidden" name="csrf" value="{{ csrf }}">` with the session's secret.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from gateway import errors
from gateway.bodies import read
from gateway.desk import session
from gateway.desk.session import CSRF_COOKIE
from gateway.store.advisors import Advisor
from gateway.store.desk_sessions import Session

FIELD, DOOR = "csrf", "/desk"
MOST_FIELDS = 2_000


@dataclass(frozen=True)
class Form:
    """What was posted, and by whom. Fields keep their order; one may come many times (checkboxes)."""

    session: Session
    pairs: tuple[tuple[str, str], ...]

    @property
    def advisor(self) -> Advisor:
        """Who sent it."""
        return self.session.advisor

    def one(self, name: str) -> str:
        """Return a field as typed, with plain line ends; the last one of a name counts, "" where there is none."""
        return next((value for key, value in reversed(self.pairs) if key == name), "").replace("\r\n", "\n")

    def all(self, name: str) -> list[str]:
        """Return all fields of a name."""
        return [value for key, value in self.pairs if key == name]


async def shown(request: Request) -> Session:
    """Return the session of a page that is looked at; without one the way leads to the door."""
    found = await session.find(request)
    if found is None:
        refused = errors.Refused(303, "unauthorized", kind="logged_out")
        refused.headers["Location"] = DOOR
        raise refused
    await session.touch(request, found.advisor)
    return found


async def posted(request: Request) -> Form:
    """Return the form of this request.

    Raises `Refused`: 401 logged out, 403 without the session's secret in field and cookie, 413 and 422 for what is no form.
    """
    found = await session.find(request)
    if found is None:
        raise errors.Refused(401, "unauthorized", kind="logged_out")
    form = Form(found, _pairs(await read(request)))
    if not _repeats(form.one(FIELD), request.cookies.get(CSRF_COOKIE, ""), found.csrf):
        raise errors.forbidden("csrf")
    await session.touch(request, found.advisor)
    return form


May = Callable[[Advisor], bool]


def shown_to(may: May) -> Any:
    """Return the dependency of a page that not everybody may see; it raises `Refused` (403) for the others."""

    async def only(found: Annotated[Session, Depends(shown)]) -> Session:
        if not may(found.advisor):
            raise errors.forbidden()
        return found

    return Depends(only)


def posted_by(may: May) -> Any:
    """Return the dependency of a form that not everybody may send; it raises `Refused` (403) for the others."""

    async def only(form: Annotated[Form, Depends(posted)]) -> Form:
        if not may(form.advisor):
            raise errors.forbidden()
        return form

    return Depends(only)


def _is_lead(advisor: Advisor) -> bool:
    return advisor.is_lead


def _is_editor(advisor: Advisor) -> bool:
    return advisor.is_editor


def _is_admin(advisor: Advisor) -> bool:
    return advisor.role == "admin"


DeskPage = Annotated[Session, Depends(shown)]
DeskForm = Annotated[Form, Depends(posted)]
LeadPage = Annotated[Session, shown_to(_is_lead)]
LeadForm = Annotated[Form, posted_by(_is_lead)]
EditorPage = Annotated[Session, shown_to(_is_editor)]
EditorForm = Annotated[Form, posted_by(_is_editor)]
AdminPage = Annotated[Session, shown_to(_is_admin)]
AdminForm = Annotated[Form, posted_by(_is_admin)]


def _pairs(body: bytes) -> tuple[tuple[str, str], ...]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise errors.invalid(None) from None
    if any("\0" in value for _, value in pairs):
        raise errors.invalid(None, "nul")
    return tuple(pairs)


def _repeats(sent: str, cookie: str, secret: str) -> bool:
    """Say whether field and cookie are both this session's secret, as the header has to be for scripts."""
    return secrets.compare_digest(sent.encode(), secret.encode()) and secrets.compare_digest(cookie.encode(), secret.encode())
