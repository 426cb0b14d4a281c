"""The gateway's settings, read once from the environment. A wrong value stops the start and names its variable."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from gateway.channels.accounts import MatrixAccount, TelegramAccount
from gateway.desk.oidc import Client
from gateway.handoff.limits import NUMBERS, SECOND, TIMES, Limits

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
T = TypeVar("T")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingError(ValueError):
    """A variable holds a value that cannot be used. Carries the name and what was expected, never the value."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"Die Einstellung {name} ist falsch gesetzt: erwartet wird {expected}.")
        self.name = name
        self.expected = expected


@dataclass(frozen=True)
class Settings:
    """All settings of the gateway. Times are in days where the name says so; rates are per minute, 0 = off."""

    host: str
    port: int
    rasa_url: str
    actions_url: str
    data_dir: Path
    database_url: str
    knowledge_url: str
    redis_url: str | None
    public_url: str
    allowed_origins: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    secret_key: bytes
    rate_conversations: int
    rate_messages: int
    retention_bot_days: int
    retention_tombstone_days: int
    retention_audit_days: int
    retention_handoff_days: int
    retention_callback_days: int
    retention_comment_days: int
    limits: Limits
    oidc: Client | None
    telegram: TelegramAccount | None
    matrix: MatrixAccount | None
    metrics: bool
    docs: bool
    log_level: str

    @property
    def secure_cookie(self) -> bool:
        """Cookies are for HTTPS only where the public address is HTTPS."""
        return self.public_url.startswith("https://")


def from_env(env: Mapping[str, str]) -> Settings:
    """Read all settings; creates DATA_DIR and, where SECRET_KEY is not set, a key file in it.

    Raises `SettingError` for the first variable with a wrong value.
    """
    host, port = env.get("HOST") or "127.0.0.1", _number(env, "PORT", 8080, 1, 65535)
    data_dir = _data_dir(env)
    return Settings(
        host=host,
        port=port,
        rasa_url=f"http://127.0.0.1:{_number(env, 'RASA_PORT', 5005, 1, 65535)}",
        actions_url=f"http://127.0.0.1:{_number(env, 'ACTIONS_PORT', 5055, 1, 65535)}",
        data_dir=data_dir,
        database_url=_database_url(env, data_dir / "conversations.db"),
        knowledge_url=_database_url(env, data_dir / "knowledge.db"),
        redis_url=_redis_url(env),
        public_url=_address("PUBLIC_URL", env.get("PUBLIC_URL") or f"http://{host}:{port}"),
        allowed_origins=_listed(env, "ALLOWED_ORIGINS", lambda item: _address("ALLOWED_ORIGINS", item)),
        trusted_proxies=_listed(env, "TRUSTED_PROXIES", _network),
        secret_key=_secret_key(env, data_dir),
        rate_conversations=_number(env, "RATE_CONVERSATIONS", 20, 0, 1_000_000),
        rate_messages=_number(env, "RATE_MESSAGES", 20, 0, 1_000_000),
        retention_bot_days=_number(env, "RETENTION_BOT_DAYS", 7, 1, 3650),
        retention_tombstone_days=_number(env, "RETENTION_TOMBSTONE_DAYS", 30, 1, 3650),
        retention_audit_days=_number(env, "RETENTION_AUDIT_DAYS", 365, 1, 3650),
        retention_handoff_days=_number(env, "RETENTION_HANDOFF_DAYS", 30, 1, 3650),
        retention_callback_days=_number(env, "RETENTION_CALLBACK_DAYS", 7, 1, 3650),
        retention_comment_days=_number(env, "RETENTION_COMMENT_DAYS", 30, 1, 3650),
        limits=_limits(env),
        oidc=_oidc(env, _address("PUBLIC_URL", env.get("PUBLIC_URL") or f"http://{host}:{port}")),
        telegram=_telegram(env),
        matrix=_matrix(env),
        metrics=_switch(env, "METRICS"),
        docs=_switch(env, "DOCS"),
        log_level=_choice(env, "LOG_LEVEL", "INFO", LOG_LEVELS),
    )


def _oidc(env: Mapping[str, str], public_url: str) -> Client | None:
    """Read OIDC_…: all of issuer, client id and secret, or none of them."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    given = [name for name in names if env.get(name)]
    if not given:
        return None
    for name in names:
        if name not in given:
            raise SettingError(name, f"ein Wert, weil {given[0]} gesetzt ist")
    issuer = _address("OIDC_ISSUER", env["OIDC_ISSUER"])
    claim = env.get("OIDC_CLAIM") or "preferred_username"
    return Client(issuer, env["OIDC_CLIENT_ID"], env["OIDC_CLIENT_SECRET"], claim, f"{public_url}/desk/oidc/back")


def _telegram(env: Mapping[str, str]) -> TelegramAccount | None:
    """Read TELEGRAM_…: with TELEGRAM=on the bot's token and a secret for the webhook are needed."""
    if _choice(env, "TELEGRAM", "off", ("on", "off")) == "off":
        return None
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_SECRET"):
        if not env.get(name):
            raise SettingError(name, "ein Wert, weil TELEGRAM eingeschaltet ist")
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", env["TELEGRAM_SECRET"]):
        raise SettingError("TELEGRAM_SECRET", "16 bis 256 Zeichen aus Buchstaben, Ziffern, _ und -")
    api = _address("TELEGRAM_API", env.get("TELEGRAM_API") or "https://api.telegram.org")
    is_live = _choice(env, "TELEGRAM_LIVE", "off", ("on", "off")) == "on"
    return TelegramAccount(env["TELEGRAM_TOKEN"], env["TELEGRAM_SECRET"], api, is_live)


def _matrix(env: Mapping[str, str]) -> MatrixAccount | None:
    """Read MATRIX_…: with MATRIX=on the homeserver's address and name and both tokens are needed."""
    if _choice(env, "MATRIX", "off", ("on", "off")) == "off":
        return None
    for name in ("MATRIX_HOMESERVER", "MATRIX_SERVER_NAME", "MATRIX_AS_TOKEN", "MATRIX_HS_TOKEN"):
        if not env.get(name):
            raise SettingError(name, "ein Wert, weil MATRIX eingeschaltet ist")
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,200}(:\d{1,5})?", env["MATRIX_SERVER_NAME"]):
        raise SettingError("MATRIX_SERVER_NAME", "der Name des Homeservers wie matrix.example.de")
    for name in ("MATRIX_AS_TOKEN", "MATRIX_HS_TOKEN"):
        if not re.fullmatch(r"[A-Za-z0-9._~-]{32,128}", env[name]):
            raise SettingError(name, "32 bis 128 Zeichen aus Buchstaben, Ziffern, . _ ~ und -")
    if env["MATRIX_AS_TOKEN"] == env["MATRIX_HS_TOKEN"]:
        raise SettingError("MATRIX_HS_TOKEN", "ein anderer Wert als MATRIX_AS_TOKEN")
    user = env.get("MATRIX_USER") or "quartierslotse"
    if not re.fullmatch(r"[a-z0-9._-]{1,32}", user):
        raise SettingError("MATRIX_USER", "höchstens 32 Zeichen aus Kleinbuchstaben, Ziffern, . _ und -")
    is_live = _choice(env, "MATRIX_LIVE", "on", ("on", "off")) == "on"
    homeserver = _address("MATRIX_HOMESERVER", env["MATRIX_HOMESERVER"])
    return MatrixAccount(homeserver, env["MATRIX_SERVER_NAME"], user, env["MATRIX_AS_TOKEN"], env["MATRIX_HS_TOKEN"], is_live)


def _limits(env: Mapping[str, str]) -> Limits:
    """Read the hand-off's times in seconds (DESK_…_S) and numbers; the defaults stand in `Limits`."""
    usual = Limits()
    seconds = {name: _number(env, f"DESK_{name[:-3].upper()}_S", getattr(usual, name) // SECOND, 1, 365 * 86_400) for name in TIMES}
    numbers = {name: _number(env, f"DESK_{name.upper()}", getattr(usual, name), 1, 1_000) for name in NUMBERS}
    kept = _number(env, "RETENTION_HANDOFF_DAYS", usual.keep_days, 1, 3650)
    return Limits(**{name: value * SECOND for name, value in seconds.items()}, **numbers, keep_days=kept)


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and low <= int(value[:12]) <= high):
        raise SettingError(name, f"eine ganze Zahl von {low} bis {high}")
    return int(value)


def _switch(env: Mapping[str, str], name: str) -> bool:
    return _choice(env, name, "on", ("on", "off")) == "on"


def _choice(env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or default
    if value not in choices:
        raise SettingError(name, "eines von " + ", ".join(choices))
    return value


def _address(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingError(name, "eine Adresse wie https://chat.example.de")
    return value.rstrip("/")


def _network(value: str) -> Network:
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise SettingError("TRUSTED_PROXIES", "IP-Adressen oder Netze, durch Komma getrennt") from error


def _listed(env: Mapping[str, str], name: str, parse: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(parse(item.strip()) for item in env.get(name, "").split(",") if item.strip())


def _database_url(env: Mapping[str, str], file: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{file}"
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in ("sqlite", "postgresql", "postgres"):
        raise SettingError("DATABASE_URL", "eine Adresse wie postgresql://name:kennwort@server/datenbank")
    # SQLAlchemy 2.1 would choose psycopg 3 for the bare name; both environments have psycopg2.
    return url if scheme.startswith("sqlite") else f"postgresql+psycopg2://{rest}"


def _redis_url(env: Mapping[str, str]) -> str | None:
    url = env.get("REDIS_URL") or None
    if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise SettingError("REDIS_URL", "eine Adresse wie redis://server:6379/0")
    return url


def _data_dir(env: Mapping[str, str]) -> Path:
    folder = Path(env.get("DATA_DIR") or "var").resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError("DATA_DIR", "ein Ordner, in den der Dienst schreiben darf") from error
    return folder


def _secret_key(env: Mapping[str, str], data_dir: Path) -> bytes:
    """Return SECRET_KEY, or one made at the first start and kept in DATA_DIR (readable by its owner only)."""
    if env.get("SECRET_KEY"):
        if len(env["SECRET_KEY"]) < 32:
            raise SettingError("SECRET_KEY", "eine zufällige Zeichenkette mit mindestens 32 Zeichen")
        return env["SECRET_KEY"].encode()
    file = data_dir / "secret.key"
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingError("DATA_DIR", "ein Ordner, in den der Dienst schreiben darf") from error
    return file.read_bytes()
