"""Setting up messengers from the shell."""

from __future__ import annotations

import argparse
import asyncio

from gateway.channels import matrix, telegram
from gateway.channels.messenger import GoneError, LaterError
from gateway.channels.telegram import Telegram
from gateway.settings import Settings


class ChannelError(Exception):
    """The command was not carried out; the text is one German sentence."""


def add_parsers(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module; each names the function that carries it out."""
    webhook = parsers.add_parser("set-telegram-webhook", help="tell Telegram where to deliver messages, and our secret")
    webhook.set_defaults(channel_command=set_telegram_webhook)
    registration = parsers.add_parser("matrix-registration", help="print the file that a Matrix homeserver needs; it holds both tokens")
    registration.set_defaults(channel_command=matrix_registration)


def run(settings: Settings, wanted: argparse.Namespace) -> int:
    """Carry out a command of this module and print what was done; raises `ChannelError`."""
    print(wanted.channel_command(settings))
    return 0


def set_telegram_webhook(settings: Settings) -> str:
    """Register our webhook; updates that the gateway does not know are not asked for."""
    if settings.telegram is None:
        raise ChannelError("Telegram ist nicht eingeschaltet: bitte TELEGRAM=on setzen.")
    url = f"{settings.public_url}/api/v1/channels/telegram/webhook"
    messenger = Telegram(settings.telegram)

    async def call() -> bool:
        try:
            body = {"url": url, "secret_token": messenger.account.secret, "allowed_updates": list(telegram.UPDATES)}
            return await messenger.call("setWebhook", **body)
        finally:
            await messenger.close()

    try:
        is_set = asyncio.run(call())
    except (LaterError, GoneError):
        is_set = False
    if not is_set:
        raise ChannelError("Telegram war nicht zu erreichen oder lehnt ab: bitte TELEGRAM_TOKEN, PUBLIC_URL und die Verbindung prüfen.")
    return f"Telegram liefert Nachrichten ab jetzt an {url}."


def matrix_registration(settings: Settings) -> str:
    """Return the file that tells a homeserver about us."""
    if settings.matrix is None:
        raise ChannelError("Matrix ist nicht eingeschaltet: bitte MATRIX=on und die anderen Einstellungen MATRIX_… setzen.")
    return matrix.registration(settings.matrix, settings.public_url).rstrip()
