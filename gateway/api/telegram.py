"""The webhook of Telegram. It proves itself by the secret that was given with setWebhook; everybody else is refused."""

from __future__ import annotations

import secrets
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from gateway import errors, journal, services
from gateway.bodies import read
from gateway.channels import telegram
from gateway.channels.messenger import GoneError, LaterError
from gateway.channels.telegram import Telegram
from gateway.texts import text

# An update is sent again until it is taken. With the message that it answers to, formats and links one of 4,096 characters is far longer.
LIMIT = 512 * 1024
SECRET_HEADER = "x-telegram-bot-api-secret-token"
router = APIRouter(prefix="/api/v1/channels/telegram", include_in_schema=False)


@router.post("/webhook", status_code=200)
async def webhook(request: Request) -> Response:
    """Take an update; 200 only when it stands in the inbox, so that Telegram delivers it again otherwise."""
    office = services.of(request).office
    messenger = office.messengers.get(telegram.NAME)
    if not isinstance(messenger, Telegram):
        raise errors.not_found()
    if not secrets.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), messenger.account.secret.encode()):
        raise errors.forbidden()
    try:
        update = orjson.loads(await read(request, LIMIT))
    except orjson.JSONDecodeError:
        raise errors.invalid(None, "no_json") from None
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        raise errors.invalid("update_id", "wrong_type")
    try:
        post, group = telegram.read(update), telegram.group(update)
    except (KeyError, TypeError, AttributeError):
        raise errors.invalid(None, "invalid") from None
    if post:
        await office.keep(telegram.NAME, [post])
    return Response(status_code=200, background=BackgroundTask(_polite, messenger, update, group))


async def _polite(messenger: Telegram, update: dict[str, Any], group: str | None) -> None:
    """End the waiting sign at a pressed button, and leave groups: after the answer, and neither is worth a second try."""
    calls: list[tuple[str, dict[str, Any]]] = []
    if "callback_query" in update:
        calls.append(("answerCallbackQuery", {"callback_query_id": update["callback_query"].get("id")}))
    if group:
        calls += [("sendMessage", {"chat_id": group, "text": text("messenger.group")}), ("leaveChat", {"chat_id": group})]
    for method, body in calls:
        try:
            await messenger.call(method, **body)
        except (LaterError, GoneError):
            journal.note("telegram_courtesy_failed", level="WARNING", method=method)
