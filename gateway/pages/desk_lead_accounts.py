"""The page on which administrators open, change, lock and unlock the desk's accounts. Who serves which queue: see the queues."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from gateway import errors, services
from gateway.clockwork import now_ms
from gateway.desk import passwords
from gateway.desk.commands import LONGEST_NAME
from gateway.desk.forms import AdminForm, AdminPage, Form
from gateway.pages.desk_lead_frame import done, prefixed, show
from gateway.store import advisors, conversations
from gateway.store.advisors import Advisor, NameTaken
from gateway.store.desk_sessions import Session
from gateway.texts import text

PATH = "/desk/lead/accounts"
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def look(request: Request, session: AdminPage) -> Response:
    """Show all accounts and an empty one."""
    return await _show(request, session)


@router.post(PATH)
async def create(request: Request, form: AdminForm) -> Response:
    """Open an account with a first password."""
    own, at = services.of(request), now_ms()
    name, shown, role = form.one("name").strip(), form.one("shown_name").strip(), form.one("role")
    wrong = _wrong(shown or name, role)
    if not _is_name(name):
        wrong["name"] = text("desk_lead.accounts.no_name", longest=LONGEST_NAME)
    stored = await _hashed(form, wrong)

    def write(connection: Connection) -> None:
        made = advisors.create(connection, name, stored, at, role, shown_name=shown)  # type: ignore[arg-type]
        conversations.note(connection, "account_created", made.id, at, form.advisor.id)

    if not wrong:
        try:
            await own.database.write(write)
        except NameTaken:
            wrong["name"] = text("desk_lead.accounts.taken")
    if wrong:
        return await _show(request, form.session, prefixed(wrong, "a-new"), {"name": name, "shown_name": shown, "role": role})
    return done(PATH)


@router.post(f"{PATH}/change")
async def change(request: Request, form: AdminForm) -> Response:
    """Change the shown name and the role; nobody takes the administration from themselves."""
    shown, role, at = form.one("shown_name").strip(), form.one("role"), now_ms()
    wrong = _wrong(shown, role)
    if form.one("account") == form.advisor.id and role != form.advisor.role:
        wrong["role"] = text("desk_lead.accounts.not_yourself")
    return await _changed(request, form, wrong, "account_changed", lambda c, id: advisors.change(c, id, shown, role), at)  # type: ignore[arg-type]


@router.post(f"{PATH}/password")
async def set_password(request: Request, form: AdminForm) -> Response:
    """Set a new password; whoever is logged in with the old one is out."""
    wrong: dict[str, str] = {}
    stored = await _hashed(form, wrong)
    return await _changed(request, form, wrong, "password_set", lambda c, id: advisors.set_password(c, id, stored), now_ms())


@router.post(f"{PATH}/disable")
async def disable(request: Request, form: AdminForm) -> Response:
    """Lock an account out at once; nobody locks out themselves."""
    at = now_ms()
    wrong = {"role": text("desk_lead.accounts.not_yourself")} if form.one("account") == form.advisor.id else {}
    return await _changed(request, form, wrong, "account_disabled", lambda c, id: advisors.disable(c, id, at), at)


@router.post(f"{PATH}/enable")
async def enable(request: Request, form: AdminForm) -> Response:
    """Let a disabled account in again."""
    return await _changed(request, form, {}, "account_enabled", advisors.enable, now_ms())


async def _changed(request: Request, form: Form, wrong: dict[str, str], action: str, work: Any, at: int) -> Response:
    """Carry out a change of one account and note it in the audit, or show the page with what was wrong."""
    id = form.one("account")

    def write(connection: Connection) -> None:
        if advisors.by_id(connection, id) is None:
            raise errors.not_found()
        work(connection, id)
        conversations.note(connection, action, id, at, form.advisor.id)

    if wrong:
        return await _show(request, form.session, prefixed(wrong, f"a-{id}"))
    await services.of(request).database.write(write)
    return done(PATH)


async def _hashed(form: Form, wrong: dict[str, str]) -> str:
    """Return the hash of the form's password; what is wrong with it is added to `wrong`."""
    try:
        return await asyncio.to_thread(passwords.hashed, form.one("password"))
    except passwords.PasswordError as error:
        wrong["password"] = passwords.PROBLEMS[error.problem]
        return ""


def _wrong(shown: str, role: str) -> dict[str, str]:
    wrong = {} if _is_name(shown) else {"shown_name": text("desk_lead.accounts.no_name", longest=LONGEST_NAME)}
    return wrong if role in advisors.ROLES else wrong | {"role": text("errors.wrong_value")}


def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and len(advisors.key(name)) <= LONGEST_NAME


async def _show(request: Request, session: Session, wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> Response:
    """Show the page; the form for a new account keeps what was typed, but for the password."""
    known = await services.of(request).database.read(advisors.every)
    roles = [(role, text(f"desk_lead.accounts.roles.{role}")) for role in advisors.ROLES]
    empty = {"id": "new", "name": "", "shown_name": "", "role": "advisor"} | (typed or {})
    return await show(request, session, "accounts", wrong, cards=[_card(*one) for one in known], empty=empty, roles=roles)


def _card(advisor: Advisor, is_disabled: bool) -> dict[str, Any]:
    return {"id": advisor.id, "name": advisor.name, "shown_name": advisor.shown_name, "role": advisor.role, "is_disabled": is_disabled}
