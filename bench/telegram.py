"""(h) Telegram under load: fifty messages a second from two hundred chats, and the same rate over the web API as reference."""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import requests

from bench import ours
from bench.figures import Requirement
from bench.report import Report
from bench.telegram_load import JOIN_S, SECRET, TOKEN, Job
from knowledge.files import read_knowledge
from ops.ports import free_ports
from ops.progress import Progress
from ops.settings import GATEWAY_PYTHON, ROOT

CHATS, PER_SECOND, SECONDS = 200, 50, 40.0
QUESTIONS = 20


def measure(progress: Progress) -> Report:
    """Ask the same questions over the web, then over Telegram at the wanted rate."""
    bot, port = ours.trained(progress), free_ports(1)[0]
    progress.step(f"Telegram: {PER_SECOND} Nachrichten je Sekunde aus {CHATS} Chats, {SECONDS:.0f} s")
    env = {"TELEGRAM": "on", "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": f"http://127.0.0.1:{port}"}
    with ours.Ours(bot, env) as running:
        answers = _answers(running.url)
        reference = _web(running.url, list(answers))
        job = Job(running.url, port, CHATS, PER_SECOND, SECONDS, answers)
        command = [str(GATEWAY_PYTHON), "-m", "bench.telegram_load"]
        done = subprocess.run(command, input=json.dumps(asdict(job)), text=True, capture_output=True, check=True, cwd=ROOT)
    return _report(json.loads(done.stdout), reference)


def _answers(url: str) -> dict[str, str]:
    """Return questions with how their answers begin, as the web API gives them: what each Telegram answer is compared with."""
    terms = [entry.title for entry in read_knowledge().entries.values() if entry.area == "glossar"][:QUESTIONS]
    found = {}
    for term in terms:
        question = f"Was bedeutet {term}?"
        found[question] = _ask(url, question)[1][:60]
    return found


def _ask(url: str, question: str) -> tuple[float, str]:
    opened = requests.post(f"{url}/api/v1/conversations", json={"channel": "web", "language": "de"}, timeout=30).json()
    body, begun = {"client_id": str(uuid.uuid4()), "text": question}, time.monotonic()
    head = {"Authorization": f"Bearer {opened['token']}"}
    address = f"{url}/api/v1/conversations/{opened['conversation']}/messages"
    answer = requests.post(address, params={"wait": 20}, json=body, headers=head, timeout=40)
    answer.raise_for_status()
    return time.monotonic() - begun, answer.json()["events"][-1]["text"]


def _web(url: str, questions: list[str]) -> list[float]:
    """Return the seconds of answers over the web API at the same rate, for ten seconds."""
    with ThreadPoolExecutor(PER_SECOND) as pool:
        futures = []
        for number in range(PER_SECOND * 10):
            futures.append(pool.submit(_ask, url, questions[number % len(questions)]))
            time.sleep(1 / PER_SECOND)
        return [future.result()[0] for future in futures]


def _report(found: dict[str, Any], reference: list[float]) -> Report:
    ours_p, web_p = _percentiles(found["seconds"]), _percentiles(reference)
    figures = {"chats": CHATS, "per_second": PER_SECOND, "sent": found["sent"], "answered": len(found["seconds"])}
    figures |= {"out_of_order": found["out_of_order"], "missing": found["missing"], "p50_s": ours_p[0], "p95_s": ours_p[1]}
    figures |= {"web_p95_s": web_p[1], "join_s": JOIN_S, "refused": found["refused"]}
    report = Report("(h) Telegram unter Last", figures)
    report.add_table(
        ("", "p50", "p95", "p99"),
        [
            ("Telegram, s nach dem Ende des Sammelfensters", *ours_p),
            ("Telegram, s nach der Nachricht", *(value + JOIN_S for value in ours_p)),
            ("Web (Vergleich), s nach der Nachricht", *web_p),
        ],
    )
    report.requirements = [
        Requirement("p95 nach dem Sammelfenster, s", ours_p[1], 2),
        Requirement("nicht in der Reihenfolge", found["out_of_order"], 0),
        Requirement("ohne Antwort", found["missing"], 0),
        Requirement("abgelehnt", found["refused"], 0),
    ]
    return report


def _percentiles(values: list[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    p50, p95, p99 = (round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3) for share in (0.5, 0.95, 0.99))
    return p50, p95, p99
