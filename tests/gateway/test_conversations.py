"""A conversation over the public contract: opened, held, read, rated, erased."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from gateway import conversation as states
from gateway.tables import CONVERSATIONS


def set_state(citizen, state):
    change = sa.update(CONVERSATIONS).where(CONVERSATIONS.c.id == citizen.id).values(state=state)
    citizen.gateway.services.database.write_now(lambda connection: connection.execute(change))


def test_the_greeting_says_that_a_machine_speaks_and_where_the_privacy_notice_is(citizen):
    [greeting] = citizen.greeting
    assert greeting["seq"] == 1 and greeting["from"] == "bot"
    assert "kein Mensch" in greeting["text"] and "nichts Persönliches" in greeting["text"]
    assert greeting["answer"]["outcome"] == "smalltalk"
    assert greeting["answer"]["data"]["links"][0]["url"].endswith("/datenschutz")
    assert 3 <= len(greeting["buttons"]) <= 5
    assert all(len(button["payload"].encode()) <= 32 for button in greeting["buttons"])


def test_a_question_is_answered_within_the_wait(citizen):
    answered = citizen.send(text="Wie viel Geld gibt es?").json()
    assert answered["seq"] == 2
    [event] = answered["events"]
    assert (event["seq"], event["from"], event["type"], event["text"]) == (3, "bot", "message", "Antwort 1")
    assert event["answer"]["sources"][0]["as_of"] == "2026-01"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00", event["at"])


def test_without_wait_the_message_is_taken_and_the_answer_follows_in_the_log(citizen):
    taken = citizen.send(wait=None, text="Frage")
    assert (taken.status_code, taken.json()) == (202, {"seq": 2})
    [said] = citizen.events(after=1, wait=0)[:1]
    assert said["from"] == "citizen" and said["text"] == "Frage"
    assert citizen.events(after=2, wait=10)[0]["text"] == "Antwort 1"


def test_an_unfinished_turn_is_taken_without_an_answer(citizen, rasa, make_items, make_custom):
    rasa.always(make_items(make_custom()), delay=1.0)
    assert citizen.send(wait=0.1, text="Frage").status_code == 202
    assert citizen.events(after=2, wait=10)[0]["from"] == "bot"


def test_the_long_poll_returns_with_the_first_news_and_says_the_state(citizen):
    got = []
    waiting = threading.Thread(target=lambda: got.append(citizen.call("GET", "/events?after=1&wait=20").json()))
    waiting.start()
    citizen.gateway.call("POST", f"/{citizen.id}/messages", citizen.token, json={"client_id": str(uuid.uuid4()), "text": "x"})
    waiting.join(10)
    assert got[0]["events"] and got[0]["state"] == "bot"


def test_the_long_poll_ends_empty_when_nothing_happens(citizen):
    assert citizen.call("GET", "/events?after=1&wait=0.2").json() == {"events": [], "state": "bot"}


def test_events_count_up_by_one_and_none_is_lost_with_parallel_messages(citizen):
    def send(number):
        return citizen.gateway.call(
            "POST",
            f"/{citizen.id}/messages?wait=20",
            citizen.token,
            json={"client_id": str(uuid.uuid4()), "text": f"Frage {number}"},
        ).json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    log = citizen.events()
    assert [event["seq"] for event in log] == list(range(1, 18))
    assert sorted(event["text"] for event in log if event["from"] == "bot")[:8] == sorted(f"Antwort {n}" for n in range(1, 9))
    assert len({answer["events"][0]["seq"] for answer in answers}) == 8


def test_turns_of_a_conversation_run_one_at_a_time(citizen, rasa):
    at_work, most = [0], [0]

    def answer(message):
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        threading.Event().wait(0.05)
        at_work[0] -= 1
        return rasa.well(message)

    rasa.answer = answer
    for _ in range(4):
        citizen.send(wait=None, text="Frage")
    while len(citizen.events()) < 9:
        pass
    assert most == [1]


def test_the_bots_memory_travels_with_each_turn_and_is_never_in_rasa(citizen, rasa):
    citizen.say()
    citizen.say("und bis wann?")
    first, second = rasa.received
    assert first["metadata"]["state"] == {} and second["metadata"]["state"]["count"] == 1
    assert second["metadata"]["turn"] == f"{citizen.id}.4" and second["metadata"]["language"] == "de"
    assert first["sender"] == f"{citizen.id}.0"


def test_the_sender_is_new_at_every_turn(citizen, rasa):
    for _ in range(3):
        citizen.say()
    assert [message["sender"].rsplit(".")[-1] for message in rasa.received] == ["0", "1", "2"]


def test_the_same_client_id_is_one_message_with_the_same_answer(citizen, rasa):
    body = {"client_id": str(uuid.uuid4()), "text": "Frage"}
    first, second = citizen.send(**body), citizen.send(**body)
    assert first.json() == second.json() and (first.status_code, second.status_code) == (200, 200)
    assert citizen.send(wait=None, **body).json() == {"seq": 2}
    assert len(rasa.received) == 1 and len(citizen.events()) == 3


def test_the_same_message_sent_twice_at_once_is_answered_once(citizen, rasa, make_items, make_custom):
    rasa.always(make_items(make_custom()), delay=0.2)
    body = {"client_id": str(uuid.uuid4()), "text": "Frage"}
    with ThreadPoolExecutor(5) as pool:
        path = f"/{citizen.id}/messages?wait=20"
        sent = list(pool.map(lambda _: citizen.gateway.call("POST", path, citizen.token, json=body).json(), range(5)))
    assert all(answer == sent[0] for answer in sent) and len(rasa.received) == 1


def test_the_same_client_id_with_other_content_is_a_conflict(citizen):
    client_id = str(uuid.uuid4())
    citizen.send(client_id=client_id, text="Frage")
    refused = citizen.send(client_id=client_id, text="Andere Frage")
    assert refused.status_code == 409 and refused.json()["field"] == "client_id"
    payload = citizen.greeting[0]["buttons"][0]["payload"]
    assert citizen.send(client_id=client_id, payload=payload).status_code == 409


def test_a_pressed_button_is_logged_with_its_title_and_reaches_rasa_as_intent(citizen, rasa):
    button = citizen.say()["buttons"][0]
    answered = citizen.send(payload=button["payload"]).json()
    assert rasa.received[-1]["message"] == '/ask_deadline{"entry": "quartiersimpulse"}'
    log = {event["seq"]: event for event in citizen.events()}
    assert log[answered["seq"]]["text"] == "Bis wann?"


def test_nothing_of_a_buttons_meaning_goes_outside(citizen):
    assert set(citizen.say()["buttons"][0]) == {"title", "payload"}


def test_a_payload_of_another_conversation_is_refused(citizen, gateway):
    foreign = gateway.citizen().greeting[0]["buttons"][0]["payload"]
    refused = citizen.send(payload=foreign)
    assert (refused.status_code, refused.json()["field"]) == (422, "payload")


def test_without_a_token_or_with_a_wrong_one_nobody_gets_in(citizen, gateway):
    for token in (None, "falsch", "Bearer", "ä" * 20):
        headers = {"Authorization": f"Bearer {token}".encode()} if token else {}
        refused = gateway.call("GET", f"/{citizen.id}/events", headers=headers)
        assert refused.status_code == 401 and refused.json()["error"] == "unauthorized"


def test_another_conversations_token_sees_nothing(citizen, gateway):
    other = gateway.citizen()
    for method, path in (("GET", "/events"), ("GET", "/transcript"), ("DELETE", ""), ("GET", "/stream")):
        assert gateway.call(method, f"/{citizen.id}{path}", other.token).status_code == 404
    assert gateway.call("GET", "/gibtesnicht/events", other.token).status_code == 404


def test_an_erased_conversation_is_not_there_any_more(citizen):
    citizen.say()
    assert citizen.call("DELETE").status_code == 204
    for method, path in (("GET", "/events"), ("DELETE", ""), ("GET", "/transcript")):
        assert citizen.call(method, path).status_code == 404
    assert citizen.send(text="Hallo?").status_code == 404


def test_the_language_can_be_changed_and_reaches_the_bot(citizen, rasa):
    changed = citizen.call("PATCH", json={"language": "de-simple"})
    assert changed.status_code == 200 and changed.json()["language"] == "de-simple"
    citizen.say()
    assert rasa.received[-1]["metadata"]["language"] == "de-simple"


def test_the_bot_can_change_the_language_too(citizen, rasa, make_items, make_custom):
    rasa.always(make_items(make_custom(state={"language": "de-simple"})))
    citizen.say("bitte einfacher")
    citizen.say()
    assert rasa.received[-1]["metadata"]["language"] == "de-simple"


@pytest.mark.parametrize(
    ("body", "field"),
    [({"profile": None}, "profile"), ({"language": "en"}, "language"), ({}, "language"), ({"state": "bot"}, "state")],
)
def test_nothing_else_can_be_changed(citizen, body, field):
    refused = citizen.call("PATCH", json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


def test_a_simple_greeting_for_simple_language(gateway):
    assert "Ich bin ein Computer." in gateway.citizen("de-simple").greeting[0]["text"]


def test_the_transcript_says_who_spoke_when_and_on_which_source(citizen):
    citizen.say("Wie viel?")
    taken = citizen.call("GET", "/transcript")
    assert taken.headers["content-type"].startswith("text/plain")
    for part in ("Sie, ", "Quartierslotse (Maschine), ", "Wie viel?", "Quelle: Quartiersimpulse, Stand: Januar 2026"):
        assert part in taken.text
    as_json = citizen.call("GET", "/transcript?format=json").json()
    assert [event["seq"] for event in as_json["events"]] == [1, 2, 3]
    assert citizen.call("GET", "/transcript?format=xml").json()["field"] == "format"


def test_feedback_on_a_message_and_on_the_whole(citizen):
    seq = citizen.say()["seq"]
    assert citizen.call("POST", "/feedback", json={"seq": seq, "rating": "up"}).status_code == 204
    assert citizen.call("POST", "/feedback", json={"seq": seq, "rating": "outdated", "comment": "2024"}).status_code == 204
    assert citizen.call("POST", "/feedback", json={"rating": 4}).status_code == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"seq": 99, "rating": "up"}, "seq"),
        ({"seq": 2, "rating": "up"}, "seq"),
        ({"seq": 1, "rating": 5}, "rating"),
        ({"rating": "up"}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": True}, "rating"),
        ({"seq": "1", "rating": "up"}, "seq"),
        ({"rating": 3, "comment": "a\0"}, "comment"),
        ({"rating": 3, "name": "x"}, "name"),
    ],
)
def test_feedback_that_does_not_fit_is_refused(citizen, body, field):
    citizen.say()
    refused = citizen.call("POST", "/feedback", json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


def test_a_message_to_a_closed_conversation_reopens_it_with_the_bot(citizen):
    set_state(citizen, "closed")
    answered = citizen.send(text="Noch etwas").json()
    reopened, said, reply = citizen.events(after=1)
    assert (reopened["type"], reopened["from"], reopened["state"]) == ("state", "system", "bot")
    assert said["seq"] == answered["seq"] == 3 and reply["from"] == "bot"


def test_while_a_human_owns_the_conversation_the_bot_is_silent(citizen, rasa):
    set_state(citizen, "advisor")
    assert citizen.send(text="Hallo").json() == {"seq": 2, "events": []}
    assert rasa.received == []


def test_an_emergency_is_answered_at_once_also_beside_a_human(citizen, rasa):
    event = citizen.say("Ich will mich umbringen")
    assert event["answer"]["outcome"] == "out_of_scope" and event["answer"]["data"]["emergency"] is True
    assert "112" in event["text"] and event["from"] == "bot"
    set_state(citizen, "advisor")
    event = citizen.say("Ich will mich umbringen")
    assert event["from"] == "system" and "112" in event["text"]
    assert rasa.received == []


def test_the_table_of_states_allows_only_what_it_names():
    assert states.move("bot", "queued") == "queued"
    with pytest.raises(states.TransitionError):
        states.move("closed", "advisor")
    assert states.after_citizen_message("closed") == "bot" and not states.bot_answers("advisor")


def test_a_hundred_conversations_at_once_are_all_answered(gateway):
    def hold(_):
        return gateway.citizen().say()["text"]

    with ThreadPoolExecutor(100) as pool:
        assert set(pool.map(hold, range(100))) == {"Antwort 1"}


def test_the_two_hundredth_turn_reads_no_more_than_the_first(citizen):
    counted = []

    def count(connection, cursor, statement, parameters, *_):
        if citizen.id in str(parameters):  # the sweep and other conversations run beside
            counted.append(1)

    engine = citizen.gateway.services.database._writer
    sa.event.listen(engine, "before_cursor_execute", count)
    citizen.say()
    first = len(counted)
    for _ in range(60):
        citizen.say()
    counted.clear()
    citizen.say()
    assert len(counted) == first
    sa.event.remove(engine, "before_cursor_execute", count)
