"""The stream: events with their seq as id, resumed where it broke, a typing sign without an id, a heartbeat."""

import json

import pytest

from gateway.api import messages


def read(citizen, headers=None, query=""):
    headers = {"Authorization": f"Bearer {citizen.token}"} | (headers or {})
    url = f"{citizen.gateway.url}/api/v1/conversations/{citizen.id}/stream{query}"
    response = citizen.gateway.session.get(url, headers=headers, stream=True, timeout=20)
    assert response.headers["content-type"].startswith("text/event-stream")
    block = []
    for line in response.iter_lines(chunk_size=1, decode_unicode=True):
        if line:
            block.append(line)
        elif block:
            yield dict(part.partition(":")[::2] for part in block)
            block = []


def events(parts):
    return (json.loads(part["data"]) | {"id": int(part["id"])} for part in parts if "id" in part)


def test_events_come_with_their_seq_as_id(citizen):
    citizen.say()
    stream = events(read(citizen))
    assert [next(stream)["seq"] for _ in range(3)] == [1, 2, 3]


def test_the_stream_resumes_after_the_last_event_id(citizen):
    citizen.say()
    for resumed in (read(citizen, {"Last-Event-ID": "2"}), read(citizen, query="?after=2")):
        assert next(events(resumed))["id"] == 3


def test_an_answer_arrives_with_a_typing_sign_that_is_not_kept(citizen, rasa, make_custom, make_items):
    rasa.always(make_items(make_custom()), delay=0.2)
    parts = read(citizen, {"Last-Event-ID": "1"})
    assert "retry" in next(parts)
    citizen.send(wait=None, text="Frage")
    seen = []
    while not any('"from":"bot"' in part.get("data", "") for part in seen):
        seen.append(next(parts))
    typing = [part for part in seen if part.get("event") == " typing"]
    assert typing and "id" not in typing[0] and json.loads(typing[0]["data"]) == {"typing": True}
    assert all(event["type"] in ("message", "state") for event in citizen.events())


def test_a_quiet_stream_beats(citizen, monkeypatch):
    assert messages.HEARTBEAT_S == 15
    monkeypatch.setattr(messages, "HEARTBEAT_S", 0.1)
    parts = read(citizen, {"Last-Event-ID": "1"})
    next(parts)
    assert next(parts) == {"": " heartbeat"}


def test_the_stream_ends_with_the_erasure(citizen):
    parts = read(citizen, {"Last-Event-ID": "1"})
    next(parts)
    citizen.call("DELETE")
    assert list(parts) == []


@pytest.mark.parametrize("last", ["x", "-1"])
def test_a_wrong_last_event_id_is_refused(citizen, last):
    assert citizen.call("GET", "/stream", headers={"Last-Event-ID": last}).status_code == 422


def test_too_many_listeners_of_one_conversation_are_refused(citizen):
    open_streams = [read(citizen) for _ in range(8)]
    for stream in open_streams:
        next(stream), next(stream)
    assert citizen.call("GET", "/events?after=1&wait=1").status_code == 429
