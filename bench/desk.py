"""(g) The desk under load: 200 conversations with 20 advisors for three minutes, and what open streams cost."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import uuid
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import requests

from bench import ours, usage
from bench.desk_load import Job
from bench.figures import Requirement
from bench.report import Report
from gateway.database import Database
from gateway.store import desk_settings
from ops.progress import Progress
from ops.settings import GATEWAY_PYTHON, ROOT

CONVERSATIONS, ADVISORS, SECONDS = 200, 20, float(os.environ.get("BENCH_DESK_S", "180"))
STREAMS = 50
PASSWORD = "ein langes Kennwort"
ALWAYS = {"week": {day: [["00:00", "23:59"]] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}, "exceptions": {}}


def measure(progress: Progress) -> Report:
    """Fill the desk, load it, and open streams."""
    bot = ours.trained(progress)
    progress.step(f"Beratungsplatz: {CONVERSATIONS} Gespräche mit {ADVISORS} Beraterinnen, {SECONDS:.0f} s")
    with ours.Ours(bot, {"DESK_FIRST_ANSWER_S": "3600", "DESK_WAITING_PER_ADVISOR": "1000"}) as running:
        sessions = [_advisor(running, f"anna{number}") for number in range(ADVISORS)]
        talks = {}
        for number in range(CONVERSATIONS):
            conversation, token = _claimed(running.url, sessions[number % ADVISORS])
            talks[conversation] = (token, number % ADVISORS)
        cookies = [(s.cookies["session"], s.cookies["csrf"]) for s in sessions]
        found = _load(Job(running.url, SECONDS, talks, cookies))
        streams_mb = _streams(running, list(talks.items())[:STREAMS])
    return _report(found, streams_mb)


def _advisor(running: ours.Ours, name: str) -> requests.Session:
    env = os.environ | {"DATA_DIR": str(running.data_dir)}
    command = [str(GATEWAY_PYTHON), "-m", "gateway", "create-advisor", name]
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=env, check=True, capture_output=True, cwd=ROOT)
    if name.endswith("anna0"):
        database = Database(f"sqlite:///{running.data_dir / 'conversations.db'}")
        database.write_now(lambda connection: desk_settings.write(connection, "hours", ALWAYS, 0))
        database.close()
    session = requests.Session()
    session.post(f"{running.url}/api/v1/desk/login", json={"name": name, "password": PASSWORD}, timeout=30).raise_for_status()
    session.headers["X-CSRF-Token"] = session.cookies["csrf"]
    session.put(f"{running.url}/api/v1/desk/presence", json={"state": "available"}, timeout=30).raise_for_status()
    return session


def _claimed(url: str, advisor: requests.Session) -> tuple[str, str]:
    """Open a conversation, let it be handed over, and claim it."""
    opened = requests.post(f"{url}/api/v1/conversations", json={"channel": "web", "language": "de"}, timeout=30).json()
    address, head = f"{url}/api/v1/conversations/{opened['conversation']}", {"Authorization": f"Bearer {opened['token']}"}
    for text in ("Ich möchte mit einem Menschen sprechen", "Ja, einverstanden"):
        body = {"client_id": str(uuid.uuid4()), "text": text}
        requests.post(f"{address}/messages", params={"wait": 20}, json=body, headers=head, timeout=40).raise_for_status()
    advisor.post(f"{url}/api/v1/desk/conversations/{opened['conversation']}/claim", timeout=30).raise_for_status()
    return opened["conversation"], opened["token"]


def _load(job: Job) -> dict[str, Any]:
    command = [str(GATEWAY_PYTHON), "-m", "bench.desk_load"]
    done = subprocess.run(command, input=json.dumps(asdict(job)), text=True, capture_output=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _streams(running: ours.Ours, talks: list[tuple[str, tuple[str, int]]]) -> float:
    """Return the gateway's memory in MB that so many open streams cost."""
    pid, parts = running.pids["gateway"], urlsplit(running.url)
    before, open_ones = usage.memory_of(pid).pss, []
    for conversation, (token, _) in talks:
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        connection.request("GET", f"/api/v1/conversations/{conversation}/stream", headers={"Authorization": f"Bearer {token}"})
        open_ones.append((connection, connection.getresponse()))
    after = usage.memory_of(pid).pss
    for connection, _ in open_ones:
        connection.close()
    return after - before


def _report(found: dict[str, Any], streams_mb: float) -> Report:
    seen = sorted(found["seen_ms"])
    p50, p95, p99 = (seen[min(len(seen) - 1, int(len(seen) * share))] for share in (0.5, 0.95, 0.99))
    figures = {"conversations": CONVERSATIONS, "advisors": ADVISORS, "seconds": SECONDS, "sent": found["sent"], "seen": len(seen)}
    figures |= {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "errors": found["errors"], "lost": found["lost"], "streams_mb": streams_mb}
    report = Report("(g) Beratungsplatz unter Last", figures)
    report.add_table(
        ("", "p50", "p95", "p99"),
        [("Nachricht der Bürgerin bei der Beraterin, ms", p50, p95, p99)],
    )
    report.add_table(("", "Zahl"), [("gesendet", found["sent"]), ("gesehen", len(seen)), (f"{STREAMS} offene Streams, MB", streams_mb)])
    report.requirements = [
        Requirement("gesehen nach ms (p95)", p95, 1000),
        Requirement("Fehler", found["errors"], 0),
        Requirement("verlorene Nachrichten", found["lost"], 0),
        Requirement(f"{STREAMS} offene Streams, MB", streams_mb, 20),
    ]
    return report
