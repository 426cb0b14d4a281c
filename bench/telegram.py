"""(h) Telegram under load: fifty messages a second from two hundred chats in bursts, and the same rate over the web API as reference."""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests
import sqlalchemy as sa

from bench import ours
from bench.figures import Requirement, percentile
from bench.report import Report
from bench.telegram_load import JOIN_S, SECRET, TOKEN, Job
from bench.telegram_order import Said, Verdict, judge
from gateway.database import Database
from gateway.tables import CHATS, EVENTS
from knowledge.files import read_knowledge
from ops.ports import free_ports
from ops.progress import Progress
from ops.settings import GATEWAY_PYTHON, ROOT

CHATS_NUMBER, PER_SECOND, SECONDS = 200, 50, 40.0
TERMS, BEGINNING = 20, 60
FORMS = (("Was bedeutet {term}?",), ("Was bedeutet", "{term}?"), ("Was", "bedeutet", "{term}?"))


def measure(progress: Progress) -> Report:
    """Ask the same questions over the web, then over Telegram at the wanted rate."""
    bot, port = ours.trained(progress), free_ports(1)[0]
    progress.step(f"Telegram: {PER_SECOND} Nachrichten je Sekunde aus {CHATS_NUMBER} Chats, {SECONDS:.0f} s")
    env = {"TELEGRAM": "on", "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": f"http://127.0.0.1:{port}"}
    with ours.Ours(bot, env) as running:
        answers = _answers(running.url)
        reference = _web(running.url, list(answers))
        job = Job(running.url, port, CHATS_NUMBER, PER_SECOND, SECONDS, _bursts(answers))
        command = [str(GATEWAY_PYTHON), "-m", "bench.telegram_load"]
        done = subprocess.run(command, input=json.dumps(asdict(job)), text=True, capture_output=True, check=True, cwd=ROOT)
        found = json.loads(done.stdout)
        verdict = _judged(found, _logs(running.data_dir), answers)
    return _report(found, verdict, reference)


def _answers(url: str) -> dict[str, str]:
    """Return questions, as one message or in several lines, with how their answers begin over the web: no two terms begin alike."""
    found: dict[str, str] = {}
    for term in [entry.title for entry in read_knowledge().entries.values() if entry.area == "glossar"][:TERMS]:
        questions = ["\n".join(form).format(term=term) for form in FORMS]
        begin = {_ask(url, question)[1][:BEGINNING] for question in questions}
        if len(begin) == 1 and not begin & set(found.values()):
            found |= dict.fromkeys(questions, begin.pop())
    return found


def _bursts(answers: Mapping[str, str]) -> list[list[list[str]]]:
    """Return the messages of a burst, by question and way to write it."""
    by_answer: dict[str, list[list[str]]] = {}
    for text, begins in answers.items():
        by_answer.setdefault(begins, []).append(text.split("\n"))
    return list(by_answer.values())


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


def _logs(data_dir: Path) -> dict[str, list[Said]]:
    """Return what stands in the log of each chat."""
    logs: dict[str, list[Said]] = defaultdict(list)
    wanted = sa.select(CHATS.c.address, EVENTS.c.seq, EVENTS.c.text, EVENTS.c.turn, EVENTS.c.speaker)
    joined = wanted.join(EVENTS, EVENTS.c.conversation == CHATS.c.conversation).where(EVENTS.c.type == "message")
    database = Database(f"sqlite:///{data_dir / 'conversations.db'}")
    for row in database.read_now(lambda c: c.execute(joined.order_by(CHATS.c.address, EVENTS.c.seq)).all()):
        logs[row.address].append(Said(row.seq, row.text, None if row.speaker == "citizen" else row.turn or 0))
    database.close()
    return logs


def _judged(found: dict[str, Any], logs: Mapping[str, list[Said]], answers: Mapping[str, str]) -> Verdict:
    verdict = Verdict()
    for chat, sent in found["sent"].items():
        judge(verdict, sent, logs.get(chat, []), found["shown"].get(chat, []), answers, JOIN_S)
    return verdict


def _report(found: dict[str, Any], verdict: Verdict, reference: list[float]) -> Report:
    ours_p, web_p = _percentiles(verdict.seconds), _percentiles(reference)
    sent = sum(map(len, found["sent"].values()))
    figures: dict[str, Any] = {
        "chats": CHATS_NUMBER,
        "per_second": PER_SECOND,
        "sent": sent,
        "joined": verdict.joined,
        "turns": verdict.turns,
    }
    figures |= {"answered": len(verdict.seconds), "out_of_order": verdict.out_of_order, "p50_s": ours_p[0], "p95_s": ours_p[1]}
    figures |= {"web_p95_s": web_p[1], "join_s": JOIN_S, "refused": found["refused"]}
    report = Report("(h) Telegram unter Last", figures)
    report.add_table(
        ("", "p50", "p95", "p99"),
        [
            ("Telegram, s nach dem Ende des Sammelfensters", *ours_p),
            ("Telegram, s nach der ersten Nachricht", *(value + JOIN_S for value in ours_p)),
            ("Web (Vergleich), s nach der Nachricht", *web_p),
        ],
    )
    report.add_table(("Nachrichten", "davon zusammengefügt", "Fragen daraus"), [(sent, verdict.joined, verdict.turns)])
    report.requirements = [
        Requirement("p95 nach dem Sammelfenster, s", ours_p[1], 2),
        Requirement("Nachrichten, die im Protokoll fehlen oder anderswo stehen", verdict.written, 0),
        Requirement("Fragen ohne Antwort, mit zweien oder außer der Reihe", verdict.answered, 0),
        Requirement("beim Bot-API-Server fehlend, doppelt oder außer der Reihe", verdict.shown, 0),
        Requirement("Antworten auf eine andere Frage", verdict.wrong, 0),
        Requirement("abgelehnt", found["refused"], 0),
    ]
    return report


def _percentiles(values: list[float]) -> tuple[float, float, float]:
    p50, p95, p99 = (round(percentile(values, share), 3) for share in (0.5, 0.95, 0.99))
    return p50, p95, p99
