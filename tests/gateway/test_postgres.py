"""The same on PostgreSQL, also with two gateways at once. Needs TEST_DATABASE_URL (an empty database)."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from gateway.tables import METADATA

URL = os.environ.get("TEST_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="needs a PostgreSQL server: TEST_DATABASE_URL is not set")


@pytest.fixture
def two(start):
    engine = sa.create_engine(URL.replace("postgresql://", "postgresql+psycopg2://"))
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS gateway_version"))
    engine.dispose()
    return start(DATABASE_URL=URL), start(DATABASE_URL=URL)


def test_a_conversation_is_held_erased_and_rated(two):
    citizen = two[0].citizen()
    assert citizen.say("🏘 Frage")["text"] == "Antwort 1"
    assert citizen.call("POST", "/feedback", json={"seq": 3, "rating": "up"}).status_code == 204
    assert citizen.call("DELETE").status_code == 204 and citizen.call("GET", "/events").status_code == 404


def test_two_gateways_share_a_conversation_without_losing_or_doubling(two, rasa):
    citizen = two[0].citizen()

    def send(number):
        body = {"client_id": str(uuid.uuid4()), "text": f"Frage {number}"}
        path = f"/{citizen.id}/messages?wait=20"
        return two[number % 2].call("POST", path, citizen.token, json=body).json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert all(len(answer["events"]) == 1 for answer in answers)
    log = citizen.events()
    assert [event["seq"] for event in log] == list(range(1, 18))
    assert sorted(e["text"] for e in log if e["from"] == "bot" and e["seq"] > 1) == [f"Antwort {n}" for n in range(1, 9)]


def test_news_of_another_gateway_arrive(two):
    citizen = two[0].citizen()
    two[1].call("POST", f"/{citizen.id}/messages", citizen.token, json={"client_id": str(uuid.uuid4()), "text": "x"})
    assert citizen.events(after=2, wait=10)[0]["from"] == "bot"


def test_a_hundred_conversations_at_once(two):
    with ThreadPoolExecutor(100) as pool:
        assert set(pool.map(lambda n: two[n % 2].citizen().say()["text"], range(100))) == {"Antwort 1"}
