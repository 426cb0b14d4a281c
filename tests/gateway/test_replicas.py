"""Two gateways beside each other, on PostgreSQL and Redis: what happens at one is seen at the other at once."""

import os
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from gateway.channels import intake
from gateway.clockwork import now_ms
from gateway.pages import desk_stream
from gateway.store import desk_settings
from gateway.tables import METADATA
from tests import bot_api
from tests.gateway.conftest import items, until
from tests.gateway.test_desk_lead import Lead, words
from tests.gateway.test_desk_pages import Browser
from tests.gateway.test_handoff import ALWAYS, Advisor, wish
from tests.gateway.test_telegram import Phone, settings_of

URL, REDIS = os.environ.get("TEST_DATABASE_URL", ""), os.environ.get("TEST_REDIS_URL", "")
pytestmark = pytest.mark.skipif(not (URL and REDIS), reason="needs PostgreSQL and Redis: TEST_DATABASE_URL, TEST_REDIS_URL")


def clean():
    """Empty the database."""
    engine = sa.create_engine(URL.replace("postgresql://", "postgresql+psycopg2://"))
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS gateway_version"))
    engine.dispose()


@pytest.fixture
def two(start):
    clean()
    return start(DATABASE_URL=URL, REDIS_URL=REDIS), start(DATABASE_URL=URL, REDIS_URL=REDIS)


def test_an_answer_given_at_one_gateway_arrives_at_the_other(two):
    citizen = two[0].citizen()
    two[1].call("POST", f"/{citizen.id}/messages", citizen.token, json={"client_id": str(uuid.uuid4()), "text": "x"})
    assert citizen.events(after=2, wait=10)[0]["from"] == "bot"


def test_the_typing_sign_reaches_the_other_gateway(two, wait_until):
    citizen = two[0].citizen()
    wait_until(lambda: _typed(two, citizen.id))


def _typed(two, conversation):
    two[1].services.signals.typing(conversation, True)
    return conversation in two[0].services.signals._typing


def test_redis_that_is_away_costs_no_message(start):
    gateway = start(REDIS_URL="redis://127.0.0.1:1/0")
    assert gateway.citizen().say()["text"] == "Antwort 1"


def test_of_twenty_advisors_at_two_gateways_exactly_one_gets_it(two, rasa):
    for one in two:
        one.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    everybody = [Advisor(two[number % 2]) for number in range(20)]
    citizen = two[0].citizen()
    for step, text in (("wish", "Ein Mensch, bitte"), ("accept", "Ja, einverstanden")):
        rasa.always(items(wish(step)))
        assert citizen.send(text=text).status_code == 200
    barrier = threading.Barrier(20)

    def claim(advisor):
        barrier.wait()
        return advisor.claim(citizen).status_code

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(claim, everybody)) == [200] + [409] * 19
    owner = next(advisor for advisor in everybody if advisor.write(citizen, "Guten Tag").status_code == 202)
    with ThreadPoolExecutor(8) as pool:
        assert {r.status_code for r in pool.map(lambda n: owner.write(citizen, f"Satz {n}"), range(8))} == {202}
    log = citizen.events()
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    assert sum(event["from"] == "advisor" for event in log) == 9


def test_the_desk_of_another_gateway_hears_of_a_new_message_by_redis(two, rasa, monkeypatch):
    monkeypatch.setattr(desk_stream, "POLL_S", 60.0)  # so that nothing but the news from the other gateway wakes the stream
    browser, citizen = _there(two, rasa)
    stream = browser.stream(f"/desk/conversations/{citizen.id}/stream?after={citizen.events()[-1]['seq']}&stand=mine")
    with ThreadPoolExecutor(1) as pool:
        line = pool.submit(stream.next, "message")
        assert citizen.call("POST", "/messages", json={"client_id": str(uuid.uuid4()), "text": "Sind Sie noch da?"}).status_code == 202
        assert "Sind Sie noch da?" in line.result(10)


def test_masking_history_and_settings_on_a_server(two, rasa):
    browser, citizen = _there(two, rasa, "Bitte rufen Sie mich an: 0711 2345678", claimed=False)
    assert "2345678" not in browser.get("/desk").text + browser.page(citizen).text
    assert browser.claim(citizen).status_code == 200 and "0711 2345678" in browser.page(citizen).text
    assert browser.on(citizen, "close", reason="answered").status_code == 303
    assert "Beantwortet" in words(browser.get("/desk/history"))
    lead = Lead(two[0], role="lead")
    lead.saves("/desk/lead/modules", {"module": "", "title": "Gruß", "text": "Guten Tag"})
    assert "Gruß" in Lead(two[1], role="lead").get("/desk/lead/modules").text


def test_two_leads_who_save_at_once_are_both_answered(two):
    leads = [Lead(gateway, role="lead") for gateway in two for _ in range(4)]
    barrier = threading.Barrier(len(leads))

    def save(lead):
        barrier.wait()
        return lead.post("/desk/lead/hours", {"mo": "9-12"}).status_code

    with ThreadPoolExecutor(len(leads)) as pool:
        assert set(pool.map(save, leads)) == {200}


def test_two_gateways_deliver_a_messengers_answers_once_and_in_order(start, rasa, monkeypatch):
    monkeypatch.setattr(intake, "JOIN_MS", 0)
    clean()
    with bot_api.serving() as api:
        settings = settings_of(api) | {"DATABASE_URL": URL, "REDIS_URL": REDIS}
        both = start(**settings), start(**settings)
        phones = [Phone(gateway, api, chat=4711) for gateway in both]
        for number in range(12):
            phones[number % 2].say(f"Frage {number}", number=900_000 + number)
            phones[(number + 1) % 2].say(f"Frage {number}", number=900_000 + number)  # delivered again, to the other one
            _answered(api, number + 1)
        answers = [text.split("\n")[0] for text in api.texts(4711) if text.startswith("Antwort")]
    assert answers == [f"Antwort {number}" for number in range(1, 13)]


def _answered(api, count):
    until(lambda: sum(text.startswith("Antwort") for text in api.texts(4711)) == count)


def _there(two, rasa, words="Ein Mensch, bitte", claimed=True):
    """A citizen at one gateway who waits for, or talks with, somebody at the other."""
    two[0].services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    browser, citizen = Browser(two[1]), two[0].citizen()
    for step, text in (("wish", words), ("accept", "Ja, einverstanden")):
        rasa.always(items(wish(step)))
        assert citizen.send(text=text).status_code == 200
    if claimed:
        assert browser.claim(citizen).status_code == 200
    return browser, citizen
