"""PostgreSQL killed (SIGKILL) in the middle of live conversations: what was acknowledged is there afterwards, once, in order."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests

from gateway.clockwork import now_ms
from gateway.store import desk_settings
from tests.gateway.conftest import custom, items, until
from tests.gateway.test_handoff import ALWAYS, Advisor, wish
from tests.postgres import Cluster, programs

pytestmark = pytest.mark.skipif(programs() is None, reason="needs PostgreSQL's programs and the right to run them as another user")


@pytest.fixture
def cluster():
    made = Cluster(programs())
    yield made
    made.close()


@pytest.mark.parametrize("talk", ["advisor", "bot"])
def test_a_killed_database_loses_nothing_that_was_acknowledged(cluster, start, rasa, talk):
    gateway = start(DATABASE_URL=cluster.url)
    citizen, advisor = gateway.citizen(), _advisor(gateway)
    if talk == "advisor":
        _hand_over(citizen, advisor, rasa)
    acknowledged: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(_write, acknowledged, lambda text: _say(citizen, text))]
        if talk == "advisor":
            writers.append(pool.submit(_write, acknowledged, lambda text: advisor.write(citizen, text)))
        until(lambda: len(acknowledged) >= 6)
        cluster.kill()
        assert not cluster.is_up()
        refused = _say(citizen, "Satz ohne Datenbank")
        assert refused.status_code == 503 and refused.headers["Retry-After"]
        cluster.start()
        for writer in writers:
            writer.result(60)
    after = f"Satz {uuid.uuid4()}"
    until(lambda: _say(citizen, after).status_code == 202)
    until(lambda: talk == "advisor" or _answered(citizen), 40)  # a turn that lost its database is taken up again after its lease
    log = citizen.events()
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    said = [event["text"] for event in log if event["text"].startswith("Satz ")]
    assert len(said) == len(set(said)) and set(acknowledged) <= set(said)
    assert len(acknowledged) > 6 and said[-1] == after


def _advisor(gateway):
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    return Advisor(gateway)


def _hand_over(citizen, advisor, rasa):
    for step, text in (("wish", "Ein Mensch, bitte"), ("accept", "Ja, einverstanden")):
        rasa.always(items(wish(step)))
        citizen.send(text=text)
    rasa.always(items(custom()))
    assert advisor.claim(citizen).status_code == 200


def _say(citizen, text):
    return citizen.call("POST", "/messages", json={"client_id": str(uuid.uuid5(uuid.NAMESPACE_URL, text)), "text": text})


def _answered(citizen):
    """Every question has its one answer, none has two."""
    log = [event for event in citizen.events() if event["seq"] > 1]
    return sum(event["from"] == "bot" for event in log) == sum(event["from"] == "citizen" for event in log)


def _write(acknowledged, send):
    """Write twenty sentences; one that was not acknowledged is sent no more: nobody promised anything."""
    for _ in range(20):
        text = f"Satz {uuid.uuid4()}"
        with suppress(requests.RequestException):
            if send(text).status_code == 202:
                acknowledged.append(text)
        time.sleep(0.05)
