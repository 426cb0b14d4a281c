"""A real Matrix homeserver (Synapse, in an environment of its own) on a free port, and people with a real client (matrix-nio)."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nio
import pytest
import requests
import yaml

from gateway.channels import matrix
from gateway.settings import from_env
from ops.environments import SYNAPSE
from ops.processes import die_with_parent
from tests.conftest import until

SERVER_NAME = "matrix.test"
BOT = f"@quartierslotse:{SERVER_NAME}"
AS_TOKEN, HS_TOKEN = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
PATIENCE_S = 30.0
UNLIMITED = {"per_second": 1000, "burst_count": 1000}


class Homeserver:
    """Synapse in a folder of its own; `registration` is the file that tells it about us."""

    def __init__(self, folder: Path, port: int, registration: str) -> None:
        self.url, self._folder = f"http://127.0.0.1:{port}", folder
        (folder / "registration.yaml").write_text(registration, encoding="utf-8")
        (folder / "homeserver.yaml").write_text(yaml.safe_dump(self._config(port)), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [str(SYNAPSE.python), "-m", "synapse.app.homeserver", "-c", str(self._folder / "homeserver.yaml")]
        log = (self._folder / "out.log").open("ab")
        self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log, preexec_fn=die_with_parent)
        until(self._answers, 60)

    def signal(self, number: signal.Signals) -> None:
        """Stop and continue it as an operator, or a fault, would."""
        assert self._process is not None
        self._process.send_signal(number)

    def end(self) -> None:
        """End it as a fault would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        assert self._process is not None and self._process.poll() is None, (self._folder / "out.log").read_text()[-2000:]
        try:
            return requests.get(f"{self.url}/health", timeout=5).ok
        except requests.ConnectionError:
            return False

    def _config(self, port: int) -> dict[str, Any]:
        limits = ("rc_message", "rc_registration", "rc_joins_per_room", "rc_room_creation")
        nested = {"rc_login": ("address", "account"), "rc_joins": ("local", "remote"), "rc_invites": ("per_room", "per_user", "per_issuer")}
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        return {
            "server_name": SERVER_NAME,
            "listeners": [
                {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]},
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self._folder / "homeserver.db")}},
            "pid_file": str(self._folder / "pid"),
            "media_store_path": str(self._folder / "media"),
            "signing_key": f"ed25519 a_test {key}",
            "macaroon_secret_key": secrets.token_hex(16),
            "form_secret": secrets.token_hex(16),
            "report_stats": False,
            "trusted_key_servers": [],
            "presence": {"enabled": False},
            "encryption_enabled_by_default_for_room_type": "off",
            "enable_registration": True,
            "enable_registration_without_verification": True,
            "app_service_config_files": [str(self._folder / "registration.yaml")],
            **{name: UNLIMITED for name in limits},
            **{name: {part: UNLIMITED for part in parts} for name, parts in nested.items()},
        }


class Person:
    """Somebody with a Matrix client, in a loop of their own; what the client sees is kept in order."""

    def __init__(self, homeserver: Homeserver) -> None:
        self.url, self.room = homeserver.url, ""
        self.events: list[nio.Event] = []
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.id = self._do(self._begin())

    def invites(self, others: tuple[str, ...] = (), is_encrypted: bool = False) -> str:
        """Make a room, and invite the bot into it."""
        state = [nio.EnableEncryptionBuilder().as_dict()] if is_encrypted else []
        self.room = self._do(self._client.room_create(is_direct=True, invite=[BOT, *others], initial_state=state)).room_id
        return self.room

    def say(self, text: str, **more: Any) -> str:
        return self.send("m.room.message", {"msgtype": "m.text", "body": text} | more)

    def send(self, kind: str, content: dict[str, Any]) -> str:
        sent = self._do(self._client.room_send(self.room, kind, content))
        assert isinstance(sent, nio.RoomSendResponse), sent
        return sent.event_id

    def tries(self, kind: str, content: dict[str, Any]) -> None:
        """Send what the homeserver may refuse."""
        self._do(self._client.room_send(self.room, kind, content))

    def edit(self, message: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        return self.say(f"* {text}", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": message}})

    def react(self, message: str, key: str) -> str:
        return self.send("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": message, "key": key}})

    def redact(self, message: str) -> None:
        self._do(self._client.room_redact(self.room, message))

    def invite(self, other: str) -> None:
        self._do(self._client.room_invite(self.room, other))

    def encrypts(self) -> None:
        """Switch encryption on in the room."""
        self._do(self._client.room_put_state(self.room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}))

    def kicks(self) -> None:
        self._do(self._client.room_kick(self.room, BOT))

    def leaves(self) -> None:
        self._do(self._client.room_leave(self.room))

    def members(self) -> set[str]:
        return {member.user_id for member in self._do(self._client.joined_members(self.room)).members}

    @property
    def messages(self) -> list[nio.RoomMessageText]:
        """What the bot has shown in the room."""
        return [e for e in list(self.events) if isinstance(e, nio.RoomMessageText) and e.sender == BOT and e.source["room"] == self.room]

    @property
    def texts(self) -> list[str]:
        return [message.body for message in self.messages]

    def hears(self, words: str, seconds: float = PATIENCE_S) -> nio.RoomMessageText:
        """Wait for a message of the bot with these words in it."""
        return until(lambda: next((one for one in self.messages if words in one.body), None), seconds)

    def close(self) -> None:
        self._syncing.cancel()
        self._do(self._client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    async def _begin(self) -> str:
        self._client = nio.AsyncClient(self.url, config=nio.AsyncClientConfig(encryption_enabled=False))
        made = await self._client.register(f"erna-{secrets.token_hex(4)}", secrets.token_urlsafe(16))
        assert isinstance(made, nio.RegisterResponse), made
        self._client.add_event_callback(self._seen, nio.Event)
        self._syncing = asyncio.ensure_future(self._client.sync_forever(timeout=10_000, full_state=False))
        return str(made.user_id)

    async def _seen(self, room: nio.MatrixRoom, event: nio.Event) -> None:
        event.source["room"] = room.room_id
        self.events.append(event)


def settings(port: int) -> dict[str, str]:
    """Return the settings of a gateway that talks to a homeserver on this port."""
    names = {"MATRIX_HOMESERVER": f"http://127.0.0.1:{port}", "MATRIX_SERVER_NAME": SERVER_NAME}
    return {"MATRIX": "on", "MATRIX_AS_TOKEN": AS_TOKEN, "MATRIX_HS_TOKEN": HS_TOKEN} | names


@contextmanager
def serving(folder: Path, gateway: str, port: int) -> Iterator[Homeserver]:
    """Serve a homeserver that delivers to the gateway at an address. Skips the test where there is none here; in CI it has to be."""
    if not SYNAPSE.is_current():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("keine Umgebung .venv-synapse (make test legt sie an)")
    with TemporaryDirectory() as data_dir:
        account = from_env(settings(port) | {"DATA_DIR": data_dir}).matrix
    assert account is not None
    server = Homeserver(folder, port, matrix.registration(account, gateway))
    with ThreadPoolExecutor(1) as keeper:  # the kernel ends the process with the thread that started it
        keeper.submit(server.start).result()
        try:
            yield server
        finally:
            keeper.submit(server.end).result()
