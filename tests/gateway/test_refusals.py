"""Bad input is refused with a field and a German sentence, and never harms the conversation."""

import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BAD = [
    ({"text": ""}, 422, "text"),
    ({"text": "   \n\u00a0\u200b"}, 422, "text"),
    ({"text": "a\0b"}, 422, "text"),
    ({"text": "x" * 2001}, 413, "text"),
    ({"text": 5}, 422, "text"),
    ({"text": None}, 422, "text"),
    ({"text": ["a"]}, 422, "text"),
    ({"text": "a", "payload": "1.0.aaaaaaaaaaaa"}, 422, "payload"),
    ({}, 422, "text"),
    ({"payload": ""}, 422, "payload"),
    ({"payload": "/restart"}, 422, "payload"),
    ({"payload": "1.99.abcdef012345"}, 422, "payload"),
    ({"payload": "9" * 40}, 422, "payload"),
    ({"payload": 7}, 422, "payload"),
    ({"text": "a", "client_id": "keine-uuid"}, 422, "client_id"),
    ({"text": "a", "client_id": 3}, 422, "client_id"),
    ({"text": "a", "from": "bot"}, 422, "from"),
]


def shaped(refused):
    body = refused.json()
    assert set(body) == {"error", "field", "message"} and len(body["message"]) > 10
    assert "Traceback" not in refused.text
    return body


@pytest.mark.parametrize(("body", "status", "field"), BAD)
def test_a_bad_message_is_refused_with_its_field(citizen, body, status, field):
    refused = citizen.send(**body)
    assert (refused.status_code, shaped(refused)["field"]) == (status, field)
    assert citizen.say()["text"] == "Antwort 1"


def test_the_client_id_is_required(citizen):
    refused = citizen.call("POST", "/messages", json={"text": "a"})
    assert (refused.status_code, shaped(refused)["field"]) == (422, "client_id")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"a"', b"\xff\xfe", b'{"text": "\\ud800", "client_id": "x"}', b"NaN", b"[" * 5000])
def test_what_is_no_json_object_is_refused(citizen, body):
    refused = citizen.call("POST", "/messages", data=body)
    assert refused.status_code == 422
    shaped(refused)


def test_a_body_over_64_kb_is_refused(citizen, gateway):
    large = json.dumps({"client_id": str(uuid.uuid4()), "text": "x" * 70_000})
    for target in (lambda **o: citizen.call("POST", "/messages", **o), lambda **o: gateway.call("POST", "", **o)):
        assert target(data=large).status_code == 413
        assert target(data=iter([large.encode()])).status_code == 413


def test_two_thousand_characters_are_taken_however_many_bytes_they_are(citizen):
    assert citizen.send(text="🏘" * 2000).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channel": "telegram"}, "channel"),
        ({"language": "en"}, "language"),
        ({"channel": "web", "x": 1}, "x"),
        ({"channel": 1}, "channel"),
    ],
)
def test_a_conversation_is_opened_only_for_the_web_and_in_known_languages(gateway, body, field):
    refused = gateway.call("POST", "", json=body)
    assert (refused.status_code, shaped(refused)["field"]) == (422, field)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1.5", "wait=x", "wait=-1", "wait=nan", "wait=inf", "after=" + "9" * 30])
def test_a_wrong_place_or_time_is_refused(citizen, query):
    refused = citizen.call("GET", f"/events?{query}")
    assert (refused.status_code, shaped(refused)["field"]) == (422, query.split("=")[0])


def test_what_does_not_exist_and_what_is_not_meant_so(gateway):
    assert shaped(gateway.get("/api/v1/nichts"))["error"] == "not_found"
    refused = gateway.call("PUT", "")
    assert refused.status_code == 405
    shaped(refused)


STRANGE = [
    "'; DROP TABLE events; --",
    "<script>alert(1)</script>",
    "\u202eeinsdreh\u202c",
    "👩‍👩‍👧‍👦",
    "%s%n{0}{{7*7}}",
    "🏘" * 500,
]


@pytest.mark.parametrize("text", STRANGE)
def test_strange_texts_are_just_texts(citizen, rasa, text):
    citizen.say(text)
    assert rasa.received[-1]["message"] == text
    assert citizen.events(after=1)[0]["text"] == text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=2100))
def test_any_text_is_answered_or_refused_never_broken(citizen, text):
    assert citizen.send(text=text).status_code in (200, 413, 422)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(
        st.sampled_from(["client_id", "text", "payload", "seq", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
            max_leaves=5,
        ),
    )
)
def test_any_body_is_refused_in_the_agreed_shape(citizen, body):
    refused = citizen.call("POST", "/messages", data=json.dumps(body))
    if refused.status_code not in (200, 202):
        assert refused.status_code in (413, 422)
        shaped(refused)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=80))
def test_any_token_that_is_not_ours_is_refused(citizen, token):
    headers = {"Authorization": b"Bearer " + token.encode("latin-1")}
    if token.strip() != citizen.token:
        try:
            status = citizen.gateway.call("GET", f"/{citizen.id}/events", headers=headers).status_code
        except ValueError:  # the client itself does not send such a header
            return
        assert status in (400, 401)
