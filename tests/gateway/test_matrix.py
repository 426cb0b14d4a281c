"""Matrix over its transactions and a client-server API of our own: tokens, repetitions, refusals, bad input. The rest: tests/matrix."""

import doctest
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import yaml

from gateway.channels import intake, looking, matrix, matrix_events, messenger, post_office
from gateway.channels.messenger import Post
from gateway.clockwork import now_ms
from gateway.settings import SettingError, from_env
from gateway.store import desk_settings, inbox
from gateway.tables import INBOX
from tests import client_api
from tests.client_api import AS_TOKEN, BOT, ERNA, HS_TOKEN, SERVER_NAME
from tests.gateway.conftest import custom, items, until
from tests.gateway.messengers import Room, rows, wait_for_a_human
from tests.gateway.messengers import matrix_settings as settings_of
from tests.gateway.test_desk_login import listening
from tests.gateway.test_handoff import ALWAYS, Advisor, wish

FORBIDDEN = (403, {"errcode": "M_FORBIDDEN", "error": "no"})


@pytest.fixture
def api():
    with client_api.serving() as made:
        yield made


@pytest.fixture
def options():
    return {}


@pytest.fixture
def gateway(start, api, options, monkeypatch):
    monkeypatch.setattr(intake, "JOIN_MS", 100)  # the window's own length is tested without a clock in test_intake
    monkeypatch.setattr(messenger, "FIRST_WAIT_MS", 50)
    return start(**settings_of(api), **options)


@pytest.fixture
def room(gateway, api):
    return Room(gateway, api)


# Transactions


def test_what_is_delivered_again_is_answered_once(room):
    event = room.text("Frage")
    for txn in (7, 7, 8):
        answer = room.deliver(event, txn=txn)
        assert (answer.status_code, answer.json()) == (200, {})
    room.hears("Antwort 1")
    room.deliver(event, txn=7)
    time.sleep(0.5)
    assert sum("Antwort" in text for text in room.texts) == 1


def test_the_first_message_of_an_unknown_room_waits_for_a_look_at_it(room, api, rasa):
    api.others = [ERNA, f"@otto:{SERVER_NAME}"]
    room.say("Kennt jemand den Zuschuss?")
    until(lambda: api.asked("/forget"))
    assert "In Gruppen" in room.texts[0] and api.asked("/leave")[0][2] == {"reason": room.texts[0]}
    until(lambda: [(row.address, row.text) for row in rows(room.gateway, INBOX)] == [("", "")] * 2)
    assert room.chats() == [] and rasa.received == []


def test_a_member_of_another_name_is_no_reason_to_look(room, api):
    same = {"state_key": ERNA, "content": {"membership": "join"}, "unsigned": {"prev_content": {"membership": "join"}}}
    room.deliver(room.event("m.room.member", **same), room.text("Frage"))
    room.hears("Antwort 1")
    looks = len(api.asked("/members"))
    room.deliver(room.event("m.room.member", **same))
    room.say("Noch eine")
    room.hears("Antwort 2")
    assert len(api.asked("/members")) == looks == 1


def test_what_we_say_ourselves_is_not_heard(room, rasa):
    room.deliver(room.text("Ich bin ein Echo", sender=BOT), room.text("Frage"))
    room.hears("Antwort 1")
    assert [message["message"] for message in rasa.received] == ["Frage"]


def test_a_reply_of_an_older_client_is_read_without_what_it_repeats(room, rasa):
    quoted = {"msgtype": "m.text", "body": "> <@quartierslotse:matrix.test> Bis\n> wann?\n\nBis Mai"}
    room.deliver(room.event(content=quoted | {"m.relates_to": {"m.in_reply_to": {"event_id": "$x"}}}))
    room.hears("Antwort 1")
    assert rasa.received[-1]["message"] == "Bis Mai"


def test_a_reaction_counts_at_our_own_messages_only(room, api, rasa):
    room.say("Frage")
    room.hears("Antwort 1")
    [offered] = [body[matrix.BUTTONS] for body in room.api.sent(room.id)][-1:]
    api.events["$ours"] = {"sender": BOT, "content": {matrix.BUTTONS: offered}}
    api.events["$forged"] = {"sender": ERNA, "content": {matrix.BUTTONS: offered}}
    turns = len(rasa.received)
    for message in ("$forged", "$unknown", "$ours\0"):
        assert room.reacts(message, "1\ufe0f\u20e3").status_code == 200
    room.reacts("$ours", "1\ufe0f\u20e3")
    room.hears("Antwort 2")
    assert [message["message"] for message in rasa.received[turns:]] == ['/ask_deadline{"entry": "quartiersimpulse"}']


def test_a_reaction_that_cannot_be_looked_up_now_is_delivered_again(room, api):
    api.failures = [("/event/", (502, b"<html>"))]
    answer = room.reacts("$ours", "1")
    assert answer.status_code == 503 and answer.json()["errcode"] == "M_UNKNOWN"
    assert room.reacts("$ours", "1").status_code == 200


@pytest.mark.parametrize("options", [{"MATRIX_LIVE": "off"}])
def test_where_advisors_do_not_write_a_link_leads_to_the_web(room, rasa, gateway, options):
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    rasa.always(items(wish("wish", kind="request_human")))
    room.say("!mensch")
    assert f"{gateway.url}/weiter/" in room.hears("Webseite")


# Numbers


LATEST = [{"title": title, "intent": intent} for title, intent in (("Fristen", "ask_deadline"), ("Beträge", "ask_amount"))]


@pytest.fixture
def offered(room, rasa):
    """Somebody who was just offered two buttons; the bot goes on without any."""
    rasa.always(items(custom("Wählen Sie", buttons=LATEST)))
    room.say("Quartiersimpulse")
    room.hears("Wählen Sie")
    rasa.always(items(custom("Weiter", buttons=[])))
    return room


@pytest.mark.parametrize(
    ("said", "understood"), [("2", "/ask_amount"), (" 2. ", "/ask_amount"), ("3", "3"), ("0", "0"), ("2 Jahre", "2 Jahre")]
)
def test_a_number_alone_names_a_button_where_there_is_one(offered, rasa, said, understood):
    offered.say(said)
    offered.hears("Weiter")
    assert rasa.received[-1]["message"] == understood


def test_a_number_among_other_words_is_one_of_them(offered, rasa):
    for said in ("Wir sind", "2", "Personen"):
        offered.say(said)
    offered.hears("Weiter")
    assert [message["message"] for message in rasa.received] == ["Quartiersimpulse", "Wir sind\n2\nPersonen"]


def test_a_choice_that_is_corrected_means_the_buttons_of_then(offered, rasa):
    rasa.always(items(custom("Die Frist ist morgen", buttons=LATEST[:1])))
    chosen = offered.say("1")
    offered.hears("Die Frist ist morgen")
    offered.edit(chosen, "1.")
    offered.edit(chosen, "2")
    until(lambda: rasa.received[-1]["message"] == "/ask_amount")
    assert [message["message"] for message in rasa.received] == ["Quartiersimpulse", "/ask_deadline", "/ask_amount"]


def test_a_word_that_is_corrected_to_a_number_becomes_a_choice(offered, rasa):
    word = offered.say("zwei")
    offered.hears("Weiter")
    offered.edit(word, "2")
    until(lambda: rasa.received[-1]["message"] == "/ask_amount")


def test_a_human_gets_the_number_and_not_a_button(room, rasa, gateway):
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    advisor = Advisor(gateway)
    wait_for_a_human(room, rasa)  # which is said with two buttons
    assert advisor.claim(room.at_desk).status_code == 200
    room.hears("Das ist ein Mensch")
    room.say("2")
    said = until(lambda: [event for event in room.log() if event.speaker == "citizen"][2:])
    assert [event.text for event in said] == ["2"]


# When something is away


@pytest.mark.parametrize(
    "failure",
    [
        (502, b"<html>"),
        (404, b"<html>no such site</html>"),
        (401, {"errcode": "M_UNKNOWN_TOKEN"}),
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 300}),
    ],
)
def test_an_invitation_that_cannot_be_accepted_now_is_accepted_later(room, api, failure):
    api.failures = [("/join", failure), ("/members", failure)]
    room.invites()
    room.hears("Computerprogramm")
    assert len(room.texts) == 1


@pytest.mark.parametrize("failure", [(500, {"errcode": "M_UNKNOWN"}), (401, {"errcode": "M_UNKNOWN_TOKEN"}), (404, b"<html>"), (429, {})])
def test_what_cannot_be_delivered_now_is_delivered_later_once_and_in_order(room, api, failure):
    room.say("Frage 0")
    room.hears("Antwort 1")
    api.always = {"/send/": failure}
    for number in (1, 2):
        room.say(f"Frage {number}")
        until(lambda number=number: any(event.text.startswith(f"Antwort {number + 1}") for event in room.log()))
    until(lambda: room.chats()[0].tries > 0)
    api.always = {}
    room.hears("Antwort 3")
    assert [text.split("\n")[0] for text in room.texts if "Antwort" in text] == ["Antwort 1", "Antwort 2", "Antwort 3"]


def test_a_wait_that_the_homeserver_asks_for_is_kept(room, api):
    room.say("Frage 0")
    room.hears("Antwort 1")
    api.failures = [("/send/", (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 30_000}))]
    room.say("Frage 1")
    waits = until(lambda: next((row for row in room.chats() if row.tries), None))
    assert 20_000 < waits.next_at - time.time() * 1000 <= 30_000


@pytest.mark.parametrize("failure", [FORBIDDEN, (404, {"errcode": "M_NOT_FOUND", "error": "no"})])
def test_a_room_that_is_gone_is_forgotten(room, api, failure):
    room.say("Frage")
    room.hears("Antwort 1")
    api.always = {"/send/": failure}
    room.say("Noch eine")
    until(lambda: room.chats() == [])


def test_who_erases_everything_and_is_gone_holds_nobody_up(room, api, gateway):
    room.say("Frage")
    room.hears("Antwort 1")
    api.always = {f"/rooms/{room.id}/send/": FORBIDDEN}
    room.say("/loeschen")
    until(lambda: room.chats() == [])
    other = Room(gateway, api)
    other.say("Frage")
    other.hears("Antwort 1")
    assert not any("ist gelöscht" in text for text in room.texts)


def test_an_invitation_that_was_withdrawn_is_forgotten(room, api):
    api.always = {"/join": FORBIDDEN}
    room.invites()
    until(lambda: rows(room.gateway, INBOX) and not rows(room.gateway, INBOX, INBOX.c.waits))
    assert room.chats() == [] and rows(room.gateway, INBOX, INBOX.c.address != "") == []


def test_a_server_that_never_answers_is_given_up(room, api, monkeypatch):
    api.always = {"/join": (504, {"errcode": "M_UNKNOWN"})}
    room.invites()
    until(lambda: rows(room.gateway, INBOX, INBOX.c.waits))
    time.sleep(0.3)
    assert rows(room.gateway, INBOX, INBOX.c.waits)
    monkeypatch.setattr(looking, "GIVE_UP_MS", 0)
    until(lambda: rows(room.gateway, INBOX, INBOX.c.waits) == [])


def test_people_are_answered_however_many_strangers_wait_for_a_look(room, api, gateway, monkeypatch):
    """Somebody else's server lets us join nowhere: neither who talks with us already nor who comes anew waits for that."""
    monkeypatch.setattr(inbox, "BATCH", 10)
    monkeypatch.setattr(looking, "AT_ONCE", 2)
    monkeypatch.setattr(messenger, "FIRST_WAIT_MS", 0)  # they are due again at once, always
    room.say("Frage")
    room.hears("Antwort 1")
    strangers = [Room(gateway, api) for _ in range(12)]
    api.always = {f"{one.id}/join": (504, {"errcode": "M_UNKNOWN"}) for one in strangers}
    assert room.deliver(*(one.invitation(f"@fremd{number}:fern.test") for number, one in enumerate(strangers))).ok
    until(lambda: all(row.tries for row in rows(gateway, INBOX, INBOX.c.kind == "invite")))
    room.say("Noch eine")
    room.hears("Antwort 2")
    newcomer = Room(gateway, api)
    newcomer.invites()
    newcomer.hears("Computerprogramm")


def test_who_writes_without_end_leaves_room_for_others(room, api, gateway, monkeypatch):
    monkeypatch.setattr(intake, "JOIN_MS", 60_000)
    monkeypatch.setattr(inbox, "BATCH", 10)
    monkeypatch.setattr(inbox, "OF_ONE", 3)
    other = Room(gateway, api)
    for one in (room, other):
        one.say("!hilfe")
        one.hears("!loeschen")
    assert room.deliver(*(room.text(f"Wort {number}") for number in range(30))).ok
    other.say("!datenschutz")
    other.hears("Anbieters dieses Messengers")


@pytest.mark.parametrize("options", [{"RATE_MESSAGES": "20"}])
def test_invitations_of_one_sender_are_limited(room, api, gateway, options):
    many = [Room(gateway, api) for _ in range(post_office.INVITATIONS + 3)]
    with listening() as log:
        assert room.deliver(*(one.invitation("@eifrig:fern.test") for one in many)).ok
        room.invites()
        room.hears("Computerprogramm")
    until(lambda: sum(bool(one.texts) for one in many) == post_office.INVITATIONS)
    assert log.getvalue().count("invitation_passed_over") == 3


def test_of_two_gateways_one_looks(gateway, room):
    database, at = gateway.services.database, now_ms()
    post = Post("$x/look", room.id, "look")
    database.write_now(lambda c: inbox.keep(c, "other", post, at))
    [chat] = database.read_now(lambda c: inbox.unseen(c, "other", at, 5))
    held = [database.write_now(lambda c: inbox.hold(c, "other", chat.address, at, at + 10)) for _ in range(2)]
    assert [len(rows) for rows in held] == [1, 0] and database.read_now(lambda c: inbox.unseen(c, "other", at + 9, 5)) == []
    assert len(database.read_now(lambda c: inbox.unseen(c, "other", at + 10, 5))) == 1


def test_an_invitation_survives_a_restart(start, api, tmp_path):
    api.always = {"/join": (502, b"")}
    room = Room(start(**settings_of(api), DATA_DIR=str(tmp_path)), api)
    room.invites()
    room.gateway.stop()
    api.always = {}
    start(**settings_of(api), DATA_DIR=str(tmp_path))
    room.hears("Computerprogramm")


def test_a_message_that_the_homeserver_never_takes_does_not_stop_the_next(room, api):
    room.say("Frage")
    room.hears("Antwort 1")
    api.failures = [("/send/", (413, {"errcode": "M_TOO_LARGE", "error": "no"}))]
    room.say("Noch eine")
    room.say("Und noch eine")
    room.hears("Antwort")
    time.sleep(0.3)
    room.say("Letzte")
    until(lambda: len(room.texts) >= 3)


def test_our_user_is_made_known_once_it_is_possible(api, start, monkeypatch):
    monkeypatch.setattr(matrix, "INTRODUCE_AGAIN_S", 0.05)
    api.failures = [("/register", (502, b"")), ("/displayname", (502, b""))]
    start(**settings_of(api))
    [named] = until(lambda: [call for call in api.asked("/displayname") if call[0] == "PUT"])
    assert named[2] == {"displayname": "Quartierslotse"}
    assert api.asked("/register")[0][2]["username"] == "quartierslotse"


# Bad input


@pytest.mark.parametrize(
    ("body", "token", "status", "errcode"),
    [
        (b'{"events": []}', "", 403, "M_FORBIDDEN"),
        (b'{"events": []}', "Bearer falsch", 403, "M_FORBIDDEN"),
        (b'{"events": []}', f"Bearer {AS_TOKEN}", 403, "M_FORBIDDEN"),
        (b'{"events": []}', f"Basic {HS_TOKEN}", 403, "M_FORBIDDEN"),
        (b" " * 1_000_000, "Bearer falsch", 403, "M_FORBIDDEN"),
        (b"kein json", f"Bearer {HS_TOKEN}", 400, "M_NOT_JSON"),
        (b"[]", f"Bearer {HS_TOKEN}", 400, "M_NOT_JSON"),
        (b"{}", f"Bearer {HS_TOKEN}", 400, "M_NOT_JSON"),
        (b" " * (16 * 1024 * 1024 + 1), f"Bearer {HS_TOKEN}", 413, "M_TOO_LARGE"),
    ],
)
def test_bad_input_gets_the_right_status_and_form(gateway, body, token, status, errcode):
    headers = {"Authorization": token} if token else {}
    answer = requests.put(f"{gateway.url}/_matrix/app/v1/transactions/1", data=body, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["errcode"]) == (status, errcode) and answer.json()["error"]


def test_the_token_counts_in_the_header_only(room):
    answer = requests.put(f"{room.gateway.url}/_matrix/app/v1/transactions/1?access_token={HS_TOKEN}", json={"events": []}, timeout=30)
    assert answer.status_code == 403


def test_events_that_make_no_sense_do_not_stop_the_others(room):
    nonsense = [7, None, {}, [], "x", room.event(content=None), room.event("m.room.member"), room.event("m.reaction")]
    nonsense += [room.event("m.room.redaction"), room.event(event_id="\0" * 300), room.event(room_id=7), room.event(sender=None)]
    nonsense += [room.text("x", event_id="$" + "x" * 300), room.event(content={"msgtype": "m.text", "body": 7}), room.event(7)]
    assert room.deliver(*nonsense, room.text("Frage")).status_code == 200
    room.hears("Antwort 1")
    assert len(room.texts) == 2


def test_a_transaction_of_a_megabyte_is_taken(room):
    assert room.deliver(*(room.event("org.example.big", content={"x": "y" * 60_000}) for _ in range(30)), room.text("Frage")).ok
    room.hears("Antwort 1")


def test_users_rooms_and_ping(room):
    assert room.call("GET", f"/users/{BOT}").json() == {}
    assert room.call("GET", f"/users/{ERNA}").status_code == 404
    assert room.call("GET", "/rooms/%23lotse:matrix.test").json()["errcode"] == "M_NOT_FOUND"
    assert room.call("POST", "/ping", json={"transaction_id": "x"}).json() == {}
    for method, path in (("GET", f"/users/{BOT}"), ("GET", "/rooms/x"), ("POST", "/ping")):
        assert room.call(method, path, token="falsch").status_code == 403
    assert room.call("GET", "/ping").json()["errcode"] == "M_UNRECOGNIZED"


def test_switched_off_there_is_nothing(start):
    answer = requests.put(f"{start().url}/_matrix/app/v1/transactions/1", json={"events": []}, timeout=30)
    assert (answer.status_code, answer.json()["errcode"]) == (404, "M_NOT_FOUND")


@pytest.mark.parametrize("options", [{"RATE_MESSAGES": "2"}])
def test_who_writes_too_much_is_told_so(room, options):
    for number in range(4):
        room.say(f"Frage {number}")
        time.sleep(0.3)
    room.hears("sehr viele Anfragen")


def test_neither_rooms_nor_people_nor_tokens_are_logged(room, api):
    api.failures = [("/members", (502, b"")), ("/send/", (502, b"")), ("/send/", (413, {"errcode": "M_TOO_LARGE"}))]
    with listening() as log:
        room.deliver(7, room.text("Frage"))
        room.hears("Antwort 1")
    events = {json.loads(line)["event"] for line in log.getvalue().splitlines()}
    assert {"look_later", "delivery_later", "event_malformed", "matrix_refused"} <= events
    assert not [secret for secret in (room.id, room.id[1:9], ERNA, AS_TOKEN, HS_TOKEN) if secret in log.getvalue()]


# Words and settings


def test_buttons_are_numbered_lines_with_how_to_choose(room, rasa):
    rasa.always(items(custom("Wählen Sie", buttons=[{"title": "Fristen", "intent": "x"}, {"title": "Beträge", "intent": "y"}])))
    room.say("Quartiersimpulse")
    assert room.hears("Wählen Sie").endswith("\n\n1  Fristen\n2  Beträge\nIhre Auswahl: Schreiben Sie mir einfach die Zahl.")


def test_the_examples_in_the_docs_hold():
    assert doctest.testmod(matrix_events).failed == 0


GOOD = {
    "MATRIX": "on",
    "MATRIX_HOMESERVER": "https://matrix.example.de",
    "MATRIX_SERVER_NAME": "example.de",
    "MATRIX_AS_TOKEN": AS_TOKEN,
    "MATRIX_HS_TOKEN": HS_TOKEN,
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MATRIX", "ja"),
        ("MATRIX_HOMESERVER", "matrix.example.de"),
        ("MATRIX_HOMESERVER", ""),
        ("MATRIX_SERVER_NAME", "https://example.de"),
        ("MATRIX_SERVER_NAME", ""),
        ("MATRIX_AS_TOKEN", "kurz"),
        ("MATRIX_AS_TOKEN", ""),
        ("MATRIX_HS_TOKEN", "mit leerzeichen " * 3),
        ("MATRIX_HS_TOKEN", AS_TOKEN),
        ("MATRIX_USER", "Lotse"),
        ("MATRIX_LIVE", "vielleicht"),
    ],
)
def test_a_wrong_setting_names_its_variable(tmp_path, name, value):
    with pytest.raises(SettingError) as wrong:
        from_env(GOOD | {"DATA_DIR": str(tmp_path), name: value})
    assert wrong.value.name == name and not (value and len(value) > 4 and value in str(wrong.value))


def test_by_default_it_is_off_and_switched_on_advisors_write_there(tmp_path):
    assert from_env({"DATA_DIR": str(tmp_path)}).matrix is None
    account = from_env(GOOD | {"DATA_DIR": str(tmp_path)}).matrix
    assert account.is_live and account.user_id == "@quartierslotse:example.de"


def run(tmp_path, **env):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://chat.example.de", **env}
    command = [sys.executable, "-m", "gateway", "matrix-registration"]
    return subprocess.run(command, cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, timeout=30)


def test_the_registration_is_printed_for_the_homeserver(tmp_path):
    printed = yaml.safe_load(run(tmp_path, **GOOD).stdout)
    assert (printed["url"], printed["as_token"], printed["hs_token"]) == ("https://chat.example.de", AS_TOKEN, HS_TOKEN)
    assert printed["namespaces"]["users"] == [{"exclusive": True, "regex": "^@quartierslotse:example\\.de$"}]
    refused = run(tmp_path)
    assert refused.returncode == 1 and "MATRIX" in refused.stderr and len(refused.stderr.splitlines()) == 1
