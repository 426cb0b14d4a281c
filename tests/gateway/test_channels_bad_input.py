"""Bad input on the messengers' webhooks, beyond test_telegram and test_matrix: bodies, types, strangers, repetitions, and too much."""

import copy
import json
import socket

import pytest
import requests
from sqlalchemy.exc import OperationalError

from gateway.channels import intake, matrix
from gateway.tables import INBOX
from tests import bot_api, client_api
from tests.client_api import BOT, HS_TOKEN
from tests.gateway.conftest import Gateway, environment, until
from tests.gateway.messengers import NUMBERS, SECRET, Phone, Room, matrix_settings, rows, telegram_settings
from tests.gateway.test_desk_login import listening
from tests.gateway.test_replicas import URL, clean

MEGABYTE = 1024 * 1024
OF_CHANNEL = {"telegram": telegram_settings, "matrix": matrix_settings}
NO_JSON = [
    b"",
    b"\xff",
    b"[" * 100_000,
    b'{"update_id": 1, "events": [',
    b'{"x": "\\ud800", "update_id": 1, "events": []}',
    b'{"update_id": NaN}',
]


@pytest.fixture(params=["telegram", "matrix"])
def channel(request):
    return request.param


@pytest.fixture(scope="module")
def apis():
    with bot_api.serving() as telegram, client_api.serving() as matrix:
        yield {"telegram": telegram, "matrix": matrix}


@pytest.fixture
def api(apis, channel):
    yield apis[channel]
    if channel == "matrix":
        apis[channel].always, apis[channel].events = {}, {}


@pytest.fixture(scope="module", autouse=True)
def window():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "JOIN_MS", 50)
        yield


@pytest.fixture(scope="module")
def shared(tmp_path_factory, rasa_server, apis, window):
    """A gateway with both messengers, the same for all tests without options of their own."""
    settings = telegram_settings(apis["telegram"]) | matrix_settings(apis["matrix"])
    gateway = Gateway(environment(tmp_path_factory.mktemp("data"), rasa_server, **settings))
    yield gateway
    gateway.stop()


@pytest.fixture
def options():
    return {}


@pytest.fixture
def gateway(request, channel, api, options, rasa):
    if not options:
        return request.getfixturevalue("shared")
    return request.getfixturevalue("start")(**OF_CHANNEL[channel](api), **options)


@pytest.fixture
def come(gateway, channel, api):
    """Let people come."""
    return lambda: {"telegram": Phone, "matrix": Room}[channel](gateway, api)


@pytest.fixture
def person(come):
    return come()


def send(gateway, channel, body, method=None):
    """Send a body to the channel's webhook; one that is an iterator has no length."""
    usual, path, headers = _request(channel)
    return requests.request(method or usual, gateway.url + path, data=body, headers=headers, timeout=30)


def _request(channel, is_known=True):
    """Return method, path and headers of a delivery."""
    if channel == "telegram":
        return "POST", "/api/v1/channels/telegram/webhook", {"X-Telegram-Bot-Api-Secret-Token": SECRET if is_known else "falsch"}
    token = HS_TOKEN if is_known else "falsch"
    return "PUT", f"/_matrix/app/v1/transactions/{next(NUMBERS)}", {"Authorization": f"Bearer {token}"}


def waiting(gateway):
    return rows(gateway, INBOX, INBOX.c.waits)


@pytest.fixture
def kept(gateway):
    """Return how many posts were written down since the test began."""
    before = len(rows(gateway, INBOX))
    return lambda: len(rows(gateway, INBOX)) - before


# Bodies


@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
def test_what_is_no_json_is_refused_and_not_kept(gateway, channel, kept, body):
    assert send(gateway, channel, body).status_code == {"telegram": 422, "matrix": 400}[channel]
    assert kept() == 0


def test_a_body_without_a_length_is_refused_where_it_becomes_too_long(gateway, channel):
    pieces = {"telegram": 1, "matrix": 17}[channel]
    answer = send(gateway, channel, (b" " * MEGABYTE for _ in range(pieces)))
    assert answer.status_code == 413


def test_whoever_does_not_know_the_secret_is_refused_before_anything_is_read(gateway, channel):
    """Most of the body never comes."""
    method, path, headers = _request(channel, is_known=False)
    head = "".join(f"{name}: {value}\r\n" for name, value in ({"Host": "x", "Content-Length": MEGABYTE} | headers).items())
    with socket.create_connection(("127.0.0.1", gateway.settings.port), timeout=10) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + b" " * 1000)
        assert line.recv(1000).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_another_method_is_refused(gateway, channel, method):
    assert send(gateway, channel, b"{}", method=method).status_code == 405


@pytest.mark.parametrize("channel", ["telegram"])
def test_a_reply_with_all_its_formats_and_what_it_replies_to_is_taken(person):
    """As Telegram writes it: other than ASCII as \\u…, links with their address, and the message replied to."""
    entities = [{"type": "text_link", "offset": n, "length": 1, "url": "https://example.org/" + "x" * 400} for n in range(100)]
    repeated = {"message_id": 1, "chat": {"id": person.chat, "type": "private"}, "text": "ü" * 4096, "entities": entities}
    person.message(text="Frage", entities=entities, reply_to_message=repeated)
    assert len(json.dumps(repeated)) * 2 > 128 * 1024
    person.hears("Antwort 1")


# Types


JUNK = [None, True, 2**63, 1.5, "", "\0", "x" * 60_000, [7], {"id": {}}]


def updates():
    """Return good updates of every kind that is asked for."""
    chat = {"id": 4711, "type": "private"}
    message = {"message_id": 1, "chat": chat, "date": 1_800_000_000, "text": "Frage", "from": {"id": 4711, "is_bot": False}}
    yield {"message": message}
    yield {"edited_message": message}
    yield {"message": {**message, "text": None, "photo": [{"file_id": "x"}]}}
    yield {"callback_query": {"id": "1", "data": "x", "message": {"message_id": 1, "chat": chat}}}
    yield {"my_chat_member": {"chat": chat, "new_chat_member": {"status": "kicked"}}}


def events(room):
    """Return good events of every kind that means something."""
    relation = {"rel_type": "m.replace", "event_id": "$x"}
    yield room.text("Frage", origin_server_ts=1_800_000_000_000)
    yield room.event(
        content={"msgtype": "m.text", "body": "* x", "m.relates_to": relation, "m.new_content": {"msgtype": "m.text", "body": "x"}}
    )
    yield room.event(content={"msgtype": "m.text", "body": "> x\n\ny", "m.relates_to": {"m.in_reply_to": {"event_id": "$x"}}})
    yield room.event(content={"msgtype": "m.image", "body": "x"})
    yield room.event("m.reaction", content={"m.relates_to": {"rel_type": "m.annotation", "event_id": "$x", "key": "1"}})
    yield room.event("m.room.redaction", content={"redacts": "$x"}, redacts="$x")
    yield room.event("m.room.encrypted")
    membership = {"content": {"membership": "join"}, "unsigned": {"prev_content": {"membership": "invite"}}}
    yield room.event("m.room.member", state_key=BOT, **membership)
    yield room.event("m.room.member", state_key="@otto:matrix.test", **membership)


def spoiled(good):
    """Return copies of a document, each with junk in one place."""

    def places(value, path=()):
        if path:
            yield path
        for key in value if isinstance(value, dict) else ():
            yield from places(value[key], (*path, key))

    for path in places(good):
        for junk in JUNK:
            bad = copy.deepcopy(good)
            inner = bad
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = junk
            yield bad


DATABASES = [{}, pytest.param({"DATABASE_URL": URL}, marks=pytest.mark.skipif(not URL, reason="needs PostgreSQL: TEST_DATABASE_URL"))]


@pytest.fixture
def emptied(options):
    if options:
        clean()


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize("options", DATABASES, ids=["sqlite", "postgresql"])
def test_junk_in_any_place_breaks_nothing_and_stops_nobody(channel, options, gateway, person):
    bad = [one for good in (updates() if channel == "telegram" else events(person)) for one in spoiled(good)]
    with listening() as log:
        if channel == "telegram":
            with requests.Session() as session:
                session.headers["X-Telegram-Bot-Api-Secret-Token"] = SECRET
                url = f"{gateway.url}/api/v1/channels/telegram/webhook"
                told = {session.post(url, json={"update_id": next(NUMBERS)} | one, timeout=30).status_code for one in bad}
            assert told == {200, 422}
        else:
            assert {person.deliver(*bad[at : at + 100]).status_code for at in range(0, len(bad), 100)} == {200}
        until(lambda: not waiting(gateway), 30)
        other = type(person)(gateway, person.api)
        other.say("Frage")
        other.hears("Antwort 1")
    failed = {json.loads(line)["event"] for line in log.getvalue().splitlines() if '"ERROR"' in line}
    assert not failed & {"request_failed", "posts_not_taken", "messenger_failed", "delivery_failed", "look_failed", "loop_error"}


@pytest.mark.parametrize("channel", ["telegram"])
@pytest.mark.parametrize("number", ["1", 1.0, None, 2**64, [1], True])
def test_an_update_without_a_number_of_its_own_is_refused(gateway, channel, number):
    message = {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": "Frage"}
    assert send(gateway, channel, json.dumps({"update_id": number, "message": message})).status_code == 422


@pytest.mark.parametrize("channel", ["telegram"])
@pytest.mark.parametrize("kind", ["channel_post", "inline_query", "poll_answer", "chat_join_request", "etwas_neues"])
def test_updates_that_nobody_asked_for_are_acknowledged_and_not_kept(person, kept, kind):
    assert person.update(**{kind: {"id": "1", "chat": {"id": -1, "type": "channel"}, "text": "x"}}).status_code == 200
    assert kept() == 0


# Strangers


@pytest.mark.parametrize("channel", ["telegram"])
def test_a_button_pressed_in_an_unknown_chat_is_not_there_any_more(person):
    assert person.press("x" * 64).status_code == 200
    person.hears("Diese Auswahl gibt es nicht mehr")
    assert len(person.texts) == 2


@pytest.mark.parametrize("channel", ["telegram"])
def test_who_leaves_an_unknown_chat_leaves_nothing_behind(gateway, person, kept):
    change = {"chat": {"id": person.chat, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    assert person.update(my_chat_member=change).status_code == 200
    until(lambda: kept() and not waiting(gateway))
    assert person.chats() == [] and person.texts == []


@pytest.mark.parametrize("channel", ["matrix"])
@pytest.mark.parametrize("membership", ["leave", "ban"])
def test_being_put_out_of_an_unknown_room_leaves_nothing_behind(gateway, person, kept, membership):
    assert person.deliver(person.event("m.room.member", state_key=BOT, content={"membership": membership})).status_code == 200
    until(lambda: kept() and not waiting(gateway))
    assert person.chats() == [] and person.texts == []


@pytest.mark.parametrize("channel", ["matrix"])
def test_a_reaction_in_an_unknown_room_means_nothing(person, kept):
    assert person.reacts("$unknown", "1").status_code == 200
    assert kept() == 0


@pytest.mark.parametrize("channel", ["matrix"])
def test_a_room_that_we_are_not_in_is_not_talked_in(gateway, person, kept, api):
    """An event of a room that the homeserver knows nothing of, or in which we are not: nobody is answered."""
    api.always = {"/members": (403, {"errcode": "M_FORBIDDEN", "error": "no"})}
    person.say("Frage")
    until(lambda: kept() and not waiting(gateway))
    assert person.chats() == [] and person.texts == []


# Repetitions


def test_what_was_answered_before_a_restart_is_not_answered_again(start, channel, api, tmp_path):
    settings, who = OF_CHANNEL[channel](api), {"telegram": Phone, "matrix": Room}[channel]
    person = who(start(**settings, DATA_DIR=str(tmp_path)), api)
    again = _repeatable(person, "Frage")
    again()
    person.hears("Antwort 1")
    person.gateway.stop()
    person.gateway = start(**settings, DATA_DIR=str(tmp_path))
    again()
    assert not waiting(person.gateway)
    person.say("Noch eine")
    person.hears("Antwort 2")
    assert person.answers() == ["Antwort 1", "Antwort 2"]


def test_what_was_erased_does_not_come_back_when_it_is_delivered_again(gateway, person):
    again = _repeatable(person, "Mein Name ist Erna")
    again()
    person.hears("Antwort 1")
    person.say("/loeschen")
    person.hears("ist gelöscht")
    shown = len(person.texts)
    again()
    assert not waiting(gateway) and person.chats() == [] and len(person.texts) == shown


def _repeatable(person, text):
    """Return what delivers one and the same message."""
    if isinstance(person, Phone):
        number, id = next(NUMBERS), next(NUMBERS)
        return lambda: person.say(text, number=number, id=id)
    event = person.text(text)
    return lambda: person.deliver(event).raise_for_status()


# A database that is away


def test_what_cannot_be_written_down_is_not_acknowledged_and_answered_once_later(gateway, channel, person, monkeypatch):
    again, database = _deliver_of(person, "Frage"), gateway.services.database
    with monkeypatch.context() as patch:
        patch.setattr(database, "write_now", _away)
        for _ in range(3):
            answer = again()
            assert answer.status_code == 503 and answer.headers["Retry-After"]
    for _ in range(2):
        assert again().status_code == 200
    person.hears("Antwort 1")
    person.say("Noch eine")
    person.hears("Antwort 2")
    assert person.answers() == ["Antwort 1", "Antwort 2"]


def _away(work):
    raise OperationalError("", {}, Exception("away"))


def _deliver_of(person, text):
    if isinstance(person, Phone):
        message = {"message_id": 7, "chat": {"id": person.chat, "type": "private"}, "text": text}
        number = next(NUMBERS)
        return lambda: person.update(number, message=message)
    event = person.text(text)
    return lambda: person.deliver(event, txn="t")


# Too much


@pytest.mark.parametrize("options", [{"RATE_MESSAGES": "3"}])
def test_who_writes_too_much_takes_nothing_from_others_and_may_go_on_a_minute_later(gateway, come, options):
    loud, other = come(), come()
    for number in range(5):
        loud.say("/hilfe")
        until(lambda number=number: len(loud.texts) >= min(number, 3) + 1)
    loud.hears("sehr viele Anfragen")
    other.say("Frage")
    other.hears("Antwort 1")
    assert not any("sehr viele" in text for text in other.texts)
    senders = gateway.services.office._senders
    usual = senders._clock
    senders._clock = lambda: usual() + 61
    loud.say("Frage")
    loud.hears("Antwort 1")


@pytest.mark.parametrize("options", [{"RATE_MESSAGES": "3"}])
def test_repetitions_do_not_count(gateway, person, options):
    for _ in range(2):
        again = _repeatable(person, "/hilfe")
        for _ in range(5):
            again()
    until(lambda: not waiting(gateway))
    person.say("Frage")
    person.hears("Antwort 1")
    assert not any("sehr viele" in text for text in person.texts)


@pytest.mark.parametrize("options", [{"RATE_MESSAGES": "3"}])
def test_pressed_buttons_count_too(gateway, person, channel, api, options):
    person.say("Frage")
    person.hears("Antwort 1")
    if channel == "matrix":
        api.events["$ours"] = {"sender": BOT, "content": {matrix.BUTTONS: api.sent(person.id)[-1][matrix.BUTTONS]}}
    for _ in range(4):
        answer = person.press(person.buttons()["Bis wann?"]) if channel == "telegram" else person.reacts("$ours", "1")
        assert answer.status_code == 200
    person.hears("sehr viele Anfragen")
    assert len(person.answers()) <= 3
