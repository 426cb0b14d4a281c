"""Rasa down, slow or answering rubbish: the citizen hears a polite sentence with contacts, and the chat goes on."""

import json
import threading

import pytest
import sqlalchemy as sa

from gateway import rasa as client
from gateway import turns
from gateway.tables import EVENTS


def assert_polite_failure(event):
    assert event["answer"]["outcome"] == "error" and event["from"] == "bot"
    assert "Behördennummer 115" in event["text"] and "0000 999" not in event["text"]
    assert event["answer"]["data"]["contacts"][0]["phone"] == "115"


def rubbish(custom, items):
    good = custom()
    answer = good["answer"]
    return {
        "empty list": b"[]",
        "two messages": items(good, good),
        "no json": b"<html>",
        "no list": b'{"text": "a"}',
        "plain text": b'[{"recipient_id": "r", "text": "Hallo"}]',
        "text beside": json.dumps([{"recipient_id": "r", "text": "x", "custom": good}]).encode(),
        "unknown outcome": items(good | {"answer": answer | {"outcome": "done"}}),
        "no answer": items({k: v for k, v in good.items() if k != "answer"}),
        "no state": items({k: v for k, v in good.items() if k != "state"}),
        "blank text": items(good | {"text": "  "}),
        "text is a number": items(good | {"text": 5}),
        "text with NUL": items(good | {"text": "a\0"}),
        "endless text": items(good | {"text": "x" * 10_001}),
        "state too large": items(good | {"state": {"x": "y" * 9000}}),
        "script as source": items(good | {"answer": answer | {"sources": [{"title": "t", "url": "javascript:1"}]}}),
        "slash as intent": items(good | {"buttons": [{"title": "t", "intent": "/restart", "entities": {}}]}),
        "entities no words": items(good | {"buttons": [{"title": "t", "intent": "a", "entities": {"x": [1]}}]}),
        "unknown part": items(good | {"extra": 1}),
        "endless body": b" " * 300_000 + items(good),
    }


KINDS = list(rubbish(lambda: {"answer": {}}, lambda *_: b""))


@pytest.mark.parametrize("kind", KINDS)
def test_rubbish_is_an_error_and_the_conversation_goes_on(citizen, rasa, make_custom, make_items, kind):
    citizen.say()
    rasa.always(rubbish(make_custom, make_items)[kind])
    assert_polite_failure(citizen.say())
    rasa.answer = rasa.well
    assert citizen.say()["text"] == "Antwort 2"  # the memory is as before the failure


@pytest.mark.parametrize("status", [500, 404, 302])
def test_another_status_is_an_error(citizen, rasa, make_custom, make_items, status):
    rasa.always(make_items(make_custom()), status=status)
    assert_polite_failure(citizen.say())


def test_the_time_limits_keep_within_ten_seconds():
    assert client.TIMEOUT_S + turns.LEAST_TIME_S < 10


def test_a_slow_bot_is_not_waited_for_and_its_late_reply_is_dropped(citizen, rasa, make_custom, make_items, monkeypatch):
    monkeypatch.setattr(turns, "TIMEOUT_S", 0.3)
    monkeypatch.setattr(turns, "LEAST_TIME_S", 0.1)
    rasa.always(make_items(make_custom("zu spät", state={"late": True})), delay=0.8)
    assert_polite_failure(citizen.say())
    threading.Event().wait(0.8)  # the late reply has been sent by now
    rasa.answer = rasa.well
    assert citizen.say()["text"] == "Antwort 1"
    assert rasa.received[-1]["metadata"]["state"] == {}
    assert "zu spät" not in [event["text"] for event in citizen.events()]


def test_rasa_down_is_an_error_at_once(start):
    down = start(RASA_PORT="1")
    assert_polite_failure(down.citizen().say())


def test_erasing_during_a_turn_leaves_nothing_behind(citizen, rasa, make_custom, make_items, wait_until):
    rasa.always(make_items(make_custom()), delay=0.4)
    citizen.send(wait=None, text="Frage")
    assert citizen.call("DELETE").status_code == 204
    services = citizen.gateway.services
    wait_until(lambda: citizen.id not in services.turns._running)
    count = sa.select(sa.func.count()).select_from(EVENTS).where(EVENTS.c.conversation == citizen.id)
    assert services.database.read_now(lambda c: c.execute(count).scalar()) == 0


def test_the_bot_switched_off_names_contacts_also_while_rasa_is_down(start):
    from gateway.store.conversations import set_switch

    down = start(RASA_PORT="1")
    database = down.services.database
    database.write_now(lambda c: set_switch(c, "bot", "off", 1))
    down.services.switches._read_at = float("-inf")
    event = down.citizen().say()
    assert event["answer"]["outcome"] == "callback" and "115" in event["text"]
    told = down.get("/api/v1/status").json()
    assert (told["notice"], told["bot"], told["opening_hours"]["available"]) == (None, "off", False)
    assert down.citizen().say("Ich will mich umbringen")["answer"]["data"]["emergency"] is True
