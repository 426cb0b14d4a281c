"""Matrix on PostgreSQL: what people do there, from the first question to /loeschen, with one gateway and with two."""

import copy
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.channels import intake, matrix
from gateway.clockwork import now_ms
from gateway.store import desk_settings
from gateway.tables import CONVERSATIONS, FORMER_CHATS, INBOX
from tests import client_api
from tests.client_api import BOT, ERNA
from tests.gateway.conftest import custom, items, until
from tests.gateway.messengers import Room, matrix_settings, rows, talk_to_a_human_and_come_back, wait_for_a_human
from tests.gateway.test_handoff import ALWAYS, Advisor
from tests.gateway.test_replicas import URL, clean

pytestmark = pytest.mark.skipif(not URL, reason="needs PostgreSQL: TEST_DATABASE_URL")
BUTTONS = [{"title": "Fristen", "intent": "ask_deadline", "entities": {"entry": "x"}}, {"title": "Beträge", "intent": "ask_amount"}]


@pytest.fixture
def api():
    with client_api.serving() as made:
        yield made


@pytest.fixture
def begin(start, api, monkeypatch):
    """Start gateways on an empty database."""
    monkeypatch.setattr(intake, "JOIN_MS", 100)
    clean()
    return lambda: start(**matrix_settings(api), DATABASE_URL=URL)


@pytest.fixture
def gateway(begin):
    return begin()


@pytest.fixture
def room(gateway, api):
    return Room(gateway, api)


def test_questions_are_answered_once_and_texts_that_belong_together_are_one_turn(room, rasa):
    room.invites()
    room.hears("Computerprogramm")
    together = [room.text(part) for part in ("Wir sind ein Verein", "in Herrenberg")]
    for txn in (1, 1, 2):
        assert room.deliver(*together, txn=txn).status_code == 200
    room.hears("Antwort 1")
    room.say("Und noch etwas")
    room.hears("Antwort 2")
    assert [message["message"] for message in rasa.received] == ["Wir sind ein Verein\nin Herrenberg", "Und noch etwas"]
    assert room.answers() == ["Antwort 1", "Antwort 2"] and len(room.texts) == 3


def test_a_button_is_chosen_by_its_number_and_by_a_reaction(room, api, rasa):
    rasa.always(items(custom("Wählen Sie", buttons=BUTTONS)))
    room.say("Quartiersimpulse")
    assert "1  Fristen\n2  Beträge\n" in room.hears("Wählen Sie")
    api.events["$ours"] = {"sender": BOT, "content": {matrix.BUTTONS: api.sent(room.id)[-1][matrix.BUTTONS]}}
    rasa.always(items(custom("Bis zu 85.000 Euro", buttons=[])))
    room.say("2")
    room.hears("85.000")
    rasa.always(items(custom("Die Frist ist morgen", buttons=[])))
    assert room.reacts("$ours", "1\ufe0f\u20e3").status_code == 200
    room.hears("Die Frist ist morgen")
    assert [message["message"] for message in rasa.received[-2:]] == ["/ask_amount", '/ask_deadline{"entry": "x"}']


def test_the_circle_from_the_bot_to_a_human_and_back(room, gateway, rasa):
    known = hand_over(room, gateway, rasa)
    talk_to_a_human_and_come_back(room, known, Advisor(gateway), rasa)


def hand_over(room, gateway, rasa):
    """Ask for a human, agree, and wait in the queue; somebody is there."""
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    Advisor(gateway)
    wait_for_a_human(room, rasa)
    return room.at_desk


def test_loeschen_leaves_nothing_also_of_earlier_conversations_and_one_may_begin_anew(room, gateway):
    held = []
    for _ in range(2):
        room.say("Mein Name ist Erna")
        until(lambda: room.conversation not in [None, *held] and len(room.answers()) == len(held) + 1)
        held.append(room.conversation)
        room.say("!neu")
        until(lambda: room.conversation not in held)
    room.say("!loeschen")
    room.hears("ist gelöscht")
    assert rows(gateway, CONVERSATIONS, CONVERSATIONS.c.id.in_(held)) == [] and room.chats() == []
    for table in (FORMER_CHATS, INBOX):
        assert rows(gateway, table, table.c.address == room.id) == []
    assert not any("Erna" in row.text for row in rows(gateway, INBOX))
    room.say("Wie viel Geld gibt es?")
    until(lambda: len(room.answers()) == 3)


def test_who_waits_for_a_human_and_erases_everything_waits_no_more(room, gateway, rasa):
    known = hand_over(room, gateway, rasa)
    room.say("/loeschen")
    room.hears("ist gelöscht")
    assert rows(gateway, CONVERSATIONS, CONVERSATIONS.c.id == known.id) == []
    assert Advisor(gateway).call("GET", "/queue").json() == []


def test_a_group_is_left_and_forgotten(room, api, gateway):
    room.say("Frage")
    room.hears("Antwort 1")
    api.others = [ERNA, "@otto:matrix.test"]
    assert room.deliver(room.event("m.room.member", state_key="@otto:matrix.test", content={"membership": "invite"})).ok
    room.hears("In Gruppen")
    until(lambda: room.chats() == [] and api.asked("/forget"))
    room.say("Kennt jemand den Zuschuss?")
    until(lambda: len(api.asked("/forget")) == 2)
    assert room.answers() == ["Antwort 1"]


def test_two_gateways_greet_answer_and_erase_once_what_is_delivered_to_both(begin, api, rasa):
    both = begin(), begin()
    people = [_at(both, Room(both[0], api)) for _ in range(4)]

    def talk(sides):
        _to_both(sides, sides[0].invitation())
        sides[0].hears("Computerprogramm")
        for number in range(1, 5):
            _to_both(sides[:: 1 if number % 2 else -1], sides[0].text(f"Frage {number}"))
            until(lambda number=number: len(sides[0].answers()) == number, 30)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(talk, people))
    for here, _ in people:
        assert [text.split("\n")[0] for text in here.texts][1:] == [f"Antwort {number}" for number in range(1, 5)]
    _to_both(people[0], people[0][0].text("/loeschen"))
    people[0][0].hears("ist gelöscht")
    assert people[0][1].chats() == [] and len(people[1][1].chats()) == 1
    assert sum("ist gelöscht" in text for text in people[0][0].texts) == 1
    assert len(api.asked("/join")) == len(people)


def _at(both, room):
    """A room as each of two gateways hears of it."""
    other = copy.copy(room)
    other.gateway = both[1]
    return room, other


def _to_both(sides, event):
    with ThreadPoolExecutor(2) as pool:
        assert [answer.status_code for answer in pool.map(lambda side: side.deliver(event), sides)] == [200, 200]


def test_an_advisor_at_one_gateway_writes_to_a_room_that_the_other_one_looks_after(begin, api, rasa):
    here, there = begin(), begin()
    room = Room(here, api)
    known = hand_over(room, here, rasa)
    advisor = Advisor(there)
    assert advisor.claim(known).status_code == 200
    for number in range(1, 6):
        assert advisor.write(known, f"Satz {number}").status_code == 202
    until(lambda: len(room.answers("Satz")) == 5)
    assert room.answers("Satz") == [f"Beratung (Mensch): Satz {number}" for number in range(1, 6)]
    room.gateway = there
    room.say("Danke, es geht um Herrenberg")
    until(lambda: "Herrenberg" in str(advisor.call("GET", f"/conversations/{known.id}/events").json()))
