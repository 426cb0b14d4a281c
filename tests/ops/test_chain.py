"""The whole chain with real processes: started by one command, watched over, and gone when it is stopped."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.chain import Chain
from ops.ports import free_ports
from ops.settings import current
from ops.train import MODEL

MODELS = current().models
CANARY = "kanarienvogel"
pytestmark = pytest.mark.skipif(not (MODELS / MODEL).exists(), reason="kein trainiertes Modell (make train)")


def post(url: str, body: object, token: str = "") -> dict:
    head = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), head), timeout=30) as answer:
        return json.load(answer)


class Citizen:
    """One conversation over the public contract."""

    def __init__(self, url: str) -> None:
        opened = post(f"{url}/api/v1/conversations", {"channel": "web", "language": "de"})
        self._messages = f"{url}/api/v1/conversations/{opened['conversation']}/messages?wait=20"
        self._token = opened["token"]

    def outcome(self, text: str) -> str:
        said = post(self._messages, {"client_id": str(uuid.uuid4()), "text": text}, self._token)["events"]
        return said[-1]["answer"]["outcome"]


class Service:
    """`python -m ops.run` as a process of the test, with its own ports and state."""

    def __init__(self, data_dir: Path) -> None:
        (data_dir / "models").symlink_to(MODELS)
        port, rasa, actions = free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        own = {"RATE_MESSAGES": "0", "PORT": str(port), "RASA_PORT": str(rasa), "ACTIONS_PORT": str(actions), "DATA_DIR": str(data_dir)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ops.run"],
            env={**os.environ, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self._own = own
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)

    def has_said(self, text: str) -> bool:
        return any(text in line for line in self.said)

    def pids(self) -> list[int]:
        """Return the living processes with this service's own state in their environment."""
        wanted = f"DATA_DIR={self._own['DATA_DIR']}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def running(self, module: str) -> list[int]:
        return [pid for pid in self.pids() if module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]


def until(true, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    return bool(true())


@pytest.fixture
def service(tmp_path) -> Iterator[Service]:
    started = Service(tmp_path)
    yield started
    started.process.kill()
    until(lambda: not started.pids(), 15)


def test_the_service_announces_itself_and_ctrl_c_leaves_no_process(service):
    assert until(lambda: service.has_said("Beenden mit Strg-C")), service.said
    assert service.has_said(f"{service.url}/health/ready") and service.has_said("Sprache")
    assert len(service.pids()) == 4
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(15) == 0
    assert service.pids() == []
    assert not service.has_said("Traceback")


def test_when_the_launcher_is_killed_its_processes_end_too(service):
    assert until(lambda: len(service.pids()) == 4 and service.has_said("starten"))
    service.process.kill()
    assert until(lambda: service.pids() == [], 15)


def test_a_killed_rasa_comes_back_and_conversations_go_on(service):
    assert until(lambda: service.has_said("Beenden mit Strg-C")), service.said
    citizen = Citizen(service.url)
    os.kill(service.running("ops.bot.rasa")[0], signal.SIGKILL)
    assert citizen.outcome("Was ist ein Quartier?") == "error"
    assert until(lambda: service.has_said("wird in 1 s neu gestartet"))
    assert until(lambda: citizen.outcome("Was ist ein Quartier?") != "error")


def test_a_taken_port_ends_the_start_with_one_sentence(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path)}
        done = subprocess.run([sys.executable, "-m", "ops.run"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(rf"\nDer Port {port} auf 127\.0\.0\.1 ist nicht frei: [^\n]+\n", done.stderr)


def test_a_private_chain_answers_and_writes_no_citizens_words_into_its_logs():
    with Chain({"TESTING": "1", "NOW": "2026-11-22T10:15", "RATE_CONVERSATIONS": "0", "RATE_MESSAGES": "0"}) as chain:
        assert set(chain.pids) == {"rasa", "actions", "gateway"} and chain.health()["status"] == "ok"
        citizen = Citizen(chain.url)
        assert citizen.outcome(f"Was ist ein Quartier? {CANARY}") != "error"
        os.kill(chain.pids["actions"], signal.SIGKILL)
        assert citizen.outcome(f"Was ist ein {CANARY}?") == "error"
        logs = {file.name: file.read_text(encoding="utf-8") for file in chain.logs.iterdir()}
        data_dir, pids = chain.data_dir, chain.pids
    assert "ERROR rasa.core.processor" in logs["rasa.log"]
    assert not [name for name, text in logs.items() if CANARY in text]
    assert not data_dir.exists() and not any(Path(f"/proc/{pid}").exists() for pid in pids.values())
