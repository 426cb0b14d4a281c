"""Telegram: what its updates mean, and the way out by the Bot API (core.telegram.org/bots/api). The webhook is in `api.telegram`."""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson

from gateway import journal
from gateway.channels.accounts import TelegramAccount
from gateway.channels.messenger import GoneError, LaterError, Outgoing, Post, written_at

NAME, LONGEST = "telegram", 4_000  # Telegram counts 4,096 UTF-16 units: some characters are two
TIMEOUT = aiohttp.ClientTimeout(total=10)
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
MEDIA = (
    "voice", "audio", "photo", "document", "video", "video_note", "sticker", "animation", "location", "contact", "venue", "poll", "dice",
    "story", "paid_media",
)  # fmt: skip
LEFT = ("kicked", "left")


class Telegram:
    """The way out: one method of the Bot API per message."""

    name, longest, is_numbered = NAME, LONGEST, False

    def __init__(self, account: TelegramAccount) -> None:
        self.account, self.is_live = account, account.is_live
        self._session: aiohttp.ClientSession | None = None

    async def send(self, address: str, message: Outgoing) -> None:
        """Send a message; buttons stand below it, one per row, so that long titles are readable on a phone."""
        body: dict[str, Any] = {"chat_id": address, "text": message.text, "link_preview_options": {"is_disabled": True}}
        if message.buttons:
            rows = [[{"text": title, "callback_data": id}] for title, id in message.buttons]
            body["reply_markup"] = {"inline_keyboard": rows}
        await self.call("sendMessage", **body)

    async def look(self, address: str, is_invited: bool) -> bool:
        """Every chat is one to talk in: `read` lets nothing in from groups."""
        return True

    async def call(self, method: str, **body: Any) -> bool:
        """Call a method; raises `LaterError` and `GoneError`. What Telegram will never take is noted and passed over: False."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, json_serialize=lambda value: orjson.dumps(value).decode())
        try:
            url = f"{self.account.api}/bot{self.account.token}/{method}"
            async with self._session.post(url, json=body) as answer:
                status, told = answer.status, await _told(answer)
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise LaterError from None  # no cause: its text names the address, and that holds the token
        if status == 429:
            raise LaterError(float((told.get("parameters") or {}).get("retry_after") or 1))
        if status >= 500 or (status < 400 and told.get("ok") is not True):  # 200 without the Bot API's word: a proxy's page
            raise LaterError
        if status == 403 or "chat not found" in str(told.get("description", "")).lower():
            raise GoneError
        if status in (401, 404):  # the token is wrong, or the bot was deleted: nothing is lost, an operator has to look
            journal.note("telegram_token_refused", level="ERROR", method=method)
            raise LaterError
        if status >= 400:
            journal.note("telegram_refused", level="ERROR", method=method, status=status)
        return status < 400

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


async def _told(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        told = orjson.loads(await answer.read())
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def read(update: dict[str, Any]) -> Post | None:
    """Return what a person did in a chat with us alone; None for all else."""
    id = str(update["update_id"])
    if "callback_query" in update:
        query = update["callback_query"]
        chat = query["message"]["chat"]
        return Post(id, _id(chat["id"]), "press", str(query.get("data", "")).replace("\0", "")) if chat["type"] == "private" else None
    if "my_chat_member" in update:
        change = update["my_chat_member"]
        left = change["new_chat_member"]["status"] in LEFT and change["chat"]["type"] == "private"
        return Post(id, _id(change["chat"]["id"]), "gone") if left else None
    message = update.get("message", update.get("edited_message"))
    if message is None or message["chat"]["type"] != "private":
        return None
    return _message(id, message, is_edit="edited_message" in update)


def _message(id: str, message: dict[str, Any], is_edit: bool) -> Post | None:
    address, number, sent = _id(message["chat"]["id"]), _id(message["message_id"]), written_at(message.get("date"), 1000)
    if isinstance(message.get("text"), str):
        return Post(id, address, "edit" if is_edit else "text", message["text"].replace("\0", ""), number, sent)
    if not is_edit and any(kind in message for kind in MEDIA):
        return Post(id, address, "media")
    return None


def _id(number: Any) -> str:
    """Return one of Telegram's numbers as text; raises TypeError for anything else, and for what no database would take."""
    if type(number) is not int or abs(number) >= 2**53:
        raise TypeError
    return str(number)


def group(update: dict[str, Any]) -> str | None:
    """Return the group to leave: one we were added to, or that somebody writes in."""
    source = update.get("message", update.get("my_chat_member"))
    if source is None or source["chat"]["type"] == "private":
        return None
    status = (source.get("new_chat_member") or {}).get("status")
    return None if status in LEFT else str(source["chat"]["id"])
