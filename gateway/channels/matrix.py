"""Matrix: an application service of a homeserver (spec.matrix.org), with one user that people invite. This is the way out.

What comes in is in `api.matrix`, what it means in `matrix_events`. The homeserver is asked only as our own user, never as another one.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
import yaml
from yarl import URL

from gateway import journal, tokens
from gateway.channels.accounts import MatrixAccount
from gateway.channels.chat_commands import NAMES
from gateway.channels.matrix_events import ID, chosen, read
from gateway.channels.messenger import GoneError, LaterError, Outgoing, Post
from gateway.texts import text

NAME, LONGEST = "matrix", 4_000  # an event holds 64 KB; this is what fits a phone
TIMEOUT = aiohttp.ClientTimeout(total=10)
INTRODUCE_AGAIN_S, INTRODUCE_LONGEST_S = 5.0, 60.0
BUTTONS = "de.quartierslotse.buttons"  # in our messages: what a reaction to them means; the homeserver keeps it, not we
SLASHES = re.compile(rf"(?<!\S)/(?=(?:{'|'.join(NAMES)})\b)")


class Matrix:
    """The way out: the client-server API, as the user of our registration."""

    name, longest, is_numbered = NAME, LONGEST, True

    def __init__(self, account: MatrixAccount) -> None:
        self.account, self.is_live = account, account.is_live
        self._session: aiohttp.ClientSession | None = None

    async def introduce(self) -> None:
        """Make our user known on the homeserver, so that it can be found and invited; tried until the homeserver is there."""
        me, wait_s = quote(self.account.user_id, safe=""), INTRODUCE_AGAIN_S
        while True:
            try:
                await self.call("POST", "/register", type="m.login.application_service", username=self.account.user, inhibit_login=True)
                # Set only where it is another one: every room that our user is in would hear of it.
                if (await self._found(f"/profile/{me}/displayname")).get("displayname") != text("service.name"):
                    await self.call("PUT", f"/profile/{me}/displayname", displayname=text("service.name"))
                return
            except (LaterError, GoneError):
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, INTRODUCE_LONGEST_S)

    async def posts(self, event: dict[str, Any]) -> list[Post]:
        """Return what an event asks of us; raises `LaterError` where that cannot be found out now."""
        reaction = chosen(event, self.account.user_id)
        if reaction is None:
            return read(event, self.account.user_id)
        message, number = reaction
        shown = await self._found(f"{_room(event['room_id'])}/event/{quote(message, safe='')}")
        offered = (shown.get("content") or {}).get(BUTTONS) if shown.get("sender") == self.account.user_id else None
        if not offered or number > len(offered) or not ID.fullmatch(event["event_id"]):
            return []
        return [Post(event["event_id"], event["room_id"], "press", offered[number - 1])]

    async def send(self, address: str, message: Outgoing) -> None:
        """Send a message; its key is the transaction's id, so that the homeserver takes it once however often it is sent.

        As `m.text` and not as `m.notice`: by default clients do not notify of notices, and an advisor's answer would go unnoticed.
        """
        content: dict[str, Any] = {"msgtype": "m.text", "body": _shown(message), "m.mentions": {}}
        if message.buttons:
            content[BUTTONS] = [id for _, id in message.buttons]
        await self.call("PUT", f"{_room(address)}/send/m.room.message/{quote(message.key, safe='')}", **content)

    async def look(self, address: str, is_invited: bool) -> bool:
        """Join where we are invited; stay where one person is, unencrypted. Everything else is left with a sentence."""
        room = _room(address)
        if is_invited:
            await self.call("POST", f"{room}/join")
        others = await self._others(room)
        is_encrypted = bool(await self._found(f"{room}/state/m.room.encryption"))
        if len(others) == 1 and not is_encrypted:
            return True
        why = text("messenger.encrypted") if is_encrypted else text("messenger.group")
        if others:
            await self.send(address, Outgoing(why, tokens.new_id()))
        await self.call("POST", f"{room}/leave", reason=why)
        await self._found(f"{room}/forget", "POST")
        return False

    async def call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """Call the homeserver; raises `LaterError` and `GoneError`. What it will never take is noted and passed over."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, json_serialize=lambda value: orjson.dumps(value).decode())
        url = URL(f"{self.account.homeserver}/_matrix/client/v3{path}", encoded=True)
        headers = {"Authorization": f"Bearer {self.account.as_token}"}
        try:
            async with self._session.request(method, url, json=None if method == "GET" else body, headers=headers) as answer:
                status, told, wait = answer.status, _told(await answer.read()), answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise LaterError from None  # no cause: its text names the room
        if told is None and status < 400:  # not the homeserver's word: a proxy's page
            raise LaterError
        _check(status, told or {}, wait)
        return told if told and status < 400 else {}

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _others(self, room: str) -> list[str]:
        """Return who is in a room or invited to it, but for us."""
        members = (await self.call("GET", f"{room}/members?not_membership=leave")).get("chunk") or ()
        there = [one["state_key"] for one in members if one["content"]["membership"] in ("join", "invite")]
        return sorted(one for one in there if one != self.account.user_id)

    async def _found(self, path: str, method: str = "GET") -> dict[str, Any]:
        """Return what a path holds, {} where there is nothing."""
        try:
            return await self.call(method, path)
        except GoneError:
            return {}


def registration(account: MatrixAccount, url: str) -> str:
    """Return the registration file for the homeserver, which reaches us at `url`."""
    user = {"exclusive": True, "regex": f"^{re.escape(account.user_id)}$"}
    tokens_of = {"as_token": account.as_token, "hs_token": account.hs_token}
    rest = {"sender_localpart": account.user, "rate_limited": False, "namespaces": {"users": [user], "aliases": [], "rooms": []}}
    return yaml.safe_dump({"id": "quartierslotse", "url": url} | tokens_of | rest, sort_keys=False)


def _check(status: int, told: dict[str, Any], wait: str) -> None:
    errcode = told.get("errcode")
    if status == 429:
        raise LaterError(float(wait) if wait.isdigit() else float(told.get("retry_after_ms") or 1000) / 1000)
    if status in (403, 404) and errcode in ("M_FORBIDDEN", "M_NOT_FOUND"):
        raise GoneError
    if status >= 400 and errcode != "M_USER_IN_USE":
        journal.note("matrix_refused", level="ERROR" if status < 500 else "WARNING", status=status)
    if status >= 500 or status in (401, 403, 404):  # not the homeserver's word on the room: a proxy's, or our token is wrong
        raise LaterError


def _told(body: bytes) -> dict[str, Any] | None:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None


def _room(address: str) -> str:
    return f"/rooms/{quote(address, safe='')}"


def _shown(message: Outgoing) -> str:
    """Return a message with its buttons as numbered lines, and commands as they can be typed here (see `matrix_events`)."""
    lines = [f"{number}  {title}" for number, (title, _) in enumerate(message.buttons, 1)]
    choice = ["", *lines, text("messenger.choose", message.language)] if lines else []
    return "\n".join([SLASHES.sub("!", message.text), *choice])
