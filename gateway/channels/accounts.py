"""The accounts of messengers, as settings: what a channel needs to speak for us there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TelegramAccount:
    """Token from BotFather, our own secret that the webhook repeats, where the Bot API is; `is_live`: advisors write there themselves."""

    token: str
    secret: str
    api: str
    is_live: bool
