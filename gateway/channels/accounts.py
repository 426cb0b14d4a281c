"""The accounts of messengers, as settings: what a channel needs to speak for us there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MatrixAccount:
    """Our user on a homeserver, and the two tokens that the homeserver and we prove ourselves with; `is_live` as for Telegram."""

    homeserver: str
    server_name: str
    user: str
    as_token: str
    hs_token: str
    is_live: bool

    @property
    def user_id(self) -> str:
        """Our user as Matrix writes it."""
        return f"@{self.user}:{self.server_name}"


@dataclass(frozen=True)
class TelegramAccount:
    """Token from BotFather, our own secret that the webhook repeats, where the Bot API is; `is_live`: advisors write there themselves."""

    token: str
    secret: str
    api: str
    is_live: bool
