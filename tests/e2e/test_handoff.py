"""The whole circle bot → human → bot with the real bot, and the question set's dialogues with their events, over the desk's contract."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import yaml

from ops.chain import Chain
from ops.settings import GATEWAY_PYTHON, current
from ops.train import MODEL
from tests.conftest import Service, Speaker, until

SHARED = Path(os.environ.get("SHARED_DIR", "../shared"))
PASSWORD = "ein langes Kennwort"


class Desk:
    """One advisor at the desk over its contract: log-in, cookies, CSRF header."""

    def __init__(self, url: str, name: str) -> None:
        self.session = requests.Session()
        self.url = f"{url}/api/v1/desk"
        body = {"name": name, "password": PASSWORD}
        assert self.session.post(f"{self.url}/login", json=body, timeout=20).status_code == 204
        self.call("PUT", "/presence", json={"state": "available"})

    def call(self, method: str, path: str, **options: object) -> requests.Response:
        headers = {"X-CSRF-Token": self.session.cookies["csrf"]}
        return self.session.request(method, self.url + path, headers=headers, timeout=30, **options)  # type: ignore[arg-type]

    def claim(self, citizen: Speaker) -> requests.Response:
        return self.call("POST", f"/conversations/{citizen.id}/claim")

    def act(self, citizen: Speaker, what: str, **body: str) -> requests.Response:
        return self.call("POST", f"/conversations/{citizen.id}/{what}", json=body)


@pytest.fixture(scope="module")
def tuesday() -> Iterator[Chain]:
    """A chain of its own on a Tuesday morning, within the usual opening hours."""
    if not (current().models / MODEL).exists():
        pytest.skip("kein trainiertes Modell (make train)")
    env = {"TESTING": "1", "NOW": "2026-11-24T10:15", "RATE_CONVERSATIONS": "0", "RATE_MESSAGES": "0"}
    with ThreadPoolExecutor(1) as keeper:
        chain = Chain(env)
        keeper.submit(chain.__enter__).result()
        command = [str(GATEWAY_PYTHON), "-m", "gateway", "create-advisor", "anna"]
        own = os.environ | {"DATA_DIR": str(chain.data_dir)}
        subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=own, check=True, capture_output=True)
        yield chain
        keeper.submit(chain.close).result()


@pytest.fixture
def anna(tuesday: Chain) -> Desk:
    return Desk(tuesday.url, "anna")


def test_the_whole_circle_from_the_bot_to_a_human_and_back(tuesday, anna):
    citizen = Speaker(tuesday.url)
    citizen.ask("Unser Förderverein in Horb sucht Zuschüsse für 2.000 Euro Sachkosten")
    asked = citizen.ask("Ich möchte lieber mit einem Menschen sprechen")
    assert (asked["answer"]["outcome"], asked["answer"]["data"]["step"]) == ("handoff", "consent")
    accept = next(n for n, button in enumerate(asked["buttons"]) if button["title"].startswith("Ja"))
    assert citizen.press(asked, accept)["state"] == "queued"
    package = anna.claim(citizen).json()
    assert package["profile"]["applicant"] == "verein" and len(package["results"]) == 67
    assert citizen.send(text="Guten Tag, sind Sie ein Mensch?").json()["events"] == []
    said = {"client_id": str(uuid.uuid4()), "text": "Ja, guten Tag!"}
    assert anna.act(citizen, "messages", **said).status_code == 202
    assert anna.act(citizen, "return").status_code == 204
    back = citizen.ask("Und was sind Quartiersimpulse?")
    assert back["answer"]["outcome"] == "answer" and back["answer"]["data"]["profile"]["applicant"] == "verein"


def test_a_refusal_keeps_the_bot(tuesday, anna):
    citizen = Speaker(tuesday.url)
    citizen.ask("Kann ich mit jemandem persönlich sprechen?")
    citizen.ask("Nein danke, doch lieber nicht")
    assert citizen.call("GET", "/events").json()["state"] == "bot"


def test_nobody_there_means_a_callback(tuesday, anna):
    anna.call("PUT", "/presence", json={"state": "away"})
    asked = Speaker(tuesday.url).ask("Kann ich mit einem Menschen sprechen?")
    assert asked["answer"]["outcome"] == "callback" and "115" in asked["text"]


@pytest.mark.parametrize("killed", ["gateway", "rasa", "actions"])
def test_killing_a_process_in_the_middle_of_a_live_conversation_loses_nothing(tuesday, killed):
    desk, citizen, service = Desk(tuesday.url, "anna"), Speaker(tuesday.url), Service(tuesday)
    citizen.ask("Ich möchte lieber mit einem Menschen sprechen")
    assert citizen.ask("Ja, einverstanden")["state"] == "queued"
    assert desk.claim(citizen).status_code == 200
    acknowledged: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(_write, acknowledged, lambda text: citizen.send(text=text))
        answering = pool.submit(_write, acknowledged, lambda text: _answer(desk, citizen, text))
        until(lambda: len(acknowledged) >= 6)
        service.kill(killed)
        service.repair()
        writing.result(60), answering.result(60)
    log = citizen.call("GET", "/events").json()["events"]
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    said = [event["text"] for event in log if event["text"].startswith("Satz ")]
    assert len(said) == len(set(said)) and set(acknowledged) <= set(said)
    assert not any(event["from"] == "bot" for event in log[log.index(next(e for e in log if e.get("state") == "advisor")) :])
    assert desk.act(citizen, "return").status_code == 204


def _write(acknowledged: list[str], send) -> None:
    """Write twenty sentences; one that was not acknowledged is sent no more: nobody promised anything."""
    for _ in range(20):
        text = f"Satz {uuid.uuid4()}"
        with contextlib.suppress(requests.RequestException):
            if send(text).status_code in (200, 202):
                acknowledged.append(text)
        time.sleep(0.05)


def _answer(desk: Desk, citizen: Speaker, text: str) -> requests.Response:
    return desk.act(citizen, "messages", client_id=str(uuid.uuid4()), text=text)


@pytest.mark.skipif(not (SHARED / "eval").exists(), reason="SHARED_DIR with the question sets is not there")
def test_the_dialogues_of_the_question_set_with_their_events(tuesday, anna):
    judge = _judge()
    dialogues = yaml.safe_load((SHARED / "eval" / "dialogues_dev.yml").read_text(encoding="utf-8"))
    with_events = [d for d in dialogues if any("event" in turn for turn in d["turns"])]
    assert with_events
    for dialogue in with_events:
        citizen = judge.Citizen(tuesday.url)
        verdicts = [_turn(judge, citizen, anna, turn) for turn in dialogue["turns"]]
        assert verdicts == ["right"] * len(verdicts), dialogue["id"]


def _turn(judge, citizen, desk: Desk, turn) -> str:
    if turn.get("event") == "advisor_joins":
        package = desk.claim(citizen).json()
        return "right" if judge.remembers({"remembers": turn["handoff_facts"]}, {"data": package}) else f"wrong: {package['profile']}"
    if turn.get("event") == "advisor_ended":
        return "right" if desk.act(citizen, "return").status_code == 204 else "wrong"
    status, answer, text, buttons = citizen.say(turn["user"])
    return judge.verdict(turn["expect"], status, answer, text, buttons)


def _judge():
    spec = importlib.util.spec_from_file_location("judge", SHARED / "eval" / "judge.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
