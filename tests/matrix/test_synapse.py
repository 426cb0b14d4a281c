"""Matrix with a real homeserver and a real client: invitation, buttons, funding, a human and back, edits, erasure, and what goes wrong."""

import signal

import aiohttp
import pytest
import sqlalchemy as sa

from gateway.channels import intake, matrix
from gateway.clockwork import now_ms
from gateway.store import desk_settings
from gateway.tables import CHATS, CONVERSATIONS, INBOX
from ops.ports import free_ports
from tests import homeserver
from tests.gateway.conftest import FakeRasa, Gateway, custom, environment, fake_knowledge, items, rasa, rasa_server, until  # noqa: F401
from tests.gateway.messengers import talk_to_a_human_and_come_back
from tests.gateway.test_handoff import ALWAYS, Advisor, wish
from tests.homeserver import BOT, Person

LATEST = [{"title": "Fristen", "intent": "ask_deadline", "entities": {"entry": "x"}}, {"title": "Beträge", "intent": "ask_amount"}]


class World:
    """A gateway and a homeserver that know each other; the gateway can be stopped and started again."""

    def __init__(self, env):
        self.env = env
        self.gateway = Gateway(env)

    def rows(self, table, *where):
        return self.gateway.services.database.read_now(lambda c: c.execute(sa.select(table).where(*where)).all())

    def conversation(self, person):
        found = self.rows(CHATS, CHATS.c.address == person.room)
        return found[0].conversation if found else None


@pytest.fixture(scope="module")
def world(tmp_path_factory, rasa_server):  # noqa: F811
    [port] = free_ports(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "JOIN_MS", 300)  # the window's own length is tested without a clock in test_intake
        patch.setattr(matrix, "TIMEOUT", aiohttp.ClientTimeout(total=2))
        patch.setattr(matrix, "INTRODUCE_AGAIN_S", 0.2)
        patch.setattr(matrix, "INTRODUCE_LONGEST_S", 0.2)
        world = World(environment(tmp_path_factory.mktemp("data"), rasa_server, **homeserver.settings(port)))
        with homeserver.serving(tmp_path_factory.mktemp("synapse"), world.gateway.url, port) as world.homeserver:
            yield world
        world.gateway.stop()


@pytest.fixture
def people(world):
    made = []

    def come():
        made.append(Person(world.homeserver))
        return made[-1]

    yield come
    for person in made:
        person.close()


@pytest.fixture
def erna(people, rasa):  # noqa: F811
    """Somebody who has invited the bot into a room for the two of them, and was greeted."""
    person = people()
    person.invites()
    person.hears("Computerprogramm")
    return person


def answers(person, words="Antwort"):
    return [text.split("\n")[0] for text in person.texts if words in text]


# How people write there


def test_an_invitation_is_accepted_and_a_question_answered_with_its_source(erna):
    erna.say("Wie viel Geld gibt es?")
    answer = erna.hears("Antwort 1")
    assert "Quelle: Quartiersimpulse (Stand: Januar 2026)\nhttps://example.org/q" in answer.body
    assert "1  Bis wann?" in answer.body and answer.source["content"]["msgtype"] == "m.text"
    assert len(erna.texts) == 2 and erna.members() == {BOT, erna.id}


def test_our_user_has_a_name_that_people_find(world, erna):
    shown = world.gateway.session.get(f"{erna.url}/_matrix/client/v3/profile/{BOT}/displayname", timeout=10)
    assert shown.json() == {"displayname": "Quartierslotse"}


def test_what_comes_close_together_is_one_turn(erna, rasa):  # noqa: F811
    for part in ("Wir sind ein Verein", "in Herrenberg", "und brauchen Geld"):
        erna.say(part)
    erna.hears("Antwort 1")
    assert rasa.received[-1]["message"] == "Wir sind ein Verein\nin Herrenberg\nund brauchen Geld"


@pytest.mark.parametrize("said", ["2", "2.", " 2 "])
def test_a_number_presses_the_button_with_that_number(erna, rasa, said):  # noqa: F811
    rasa.always(items(custom("Wählen Sie", buttons=LATEST)))
    erna.say("Quartiersimpulse")
    assert "1  Fristen\n2  Beträge\n" in erna.hears("Wählen Sie").body
    rasa.always(items(custom("Bis zu 85.000 Euro", buttons=[])))
    erna.say(said)
    erna.hears("85.000")
    assert rasa.received[-1]["message"] == "/ask_amount"


@pytest.mark.parametrize("key", ["1\ufe0f\u20e3", "1\u20e3", "1"])
def test_a_reaction_presses_the_button_of_the_message_that_it_is_at(erna, rasa, key):  # noqa: F811
    rasa.always(items(custom("Wählen Sie", buttons=LATEST)))
    erna.say("Quartiersimpulse")
    first = erna.hears("Wählen Sie")
    rasa.always(items(custom("Etwas anderes", buttons=LATEST[1:])))
    erna.say("Und sonst?")
    erna.hears("Etwas anderes")
    rasa.always(items(custom("Die Frist ist morgen", buttons=[])))
    erna.react(first.event_id, "\U0001f44d")
    erna.react(first.event_id, "7\ufe0f\u20e3")
    erna.react(first.event_id, key)
    erna.hears("Die Frist ist morgen")
    assert rasa.received[-1]["message"] == '/ask_deadline{"entry": "x"}' and len(answers(erna, "Frist ist")) == 1


def test_a_number_where_nothing_was_offered_is_an_answer(erna, rasa):  # noqa: F811
    rasa.always(items(custom("Wie viele Personen sind Sie?", buttons=[])))
    erna.say("Wir wollen etwas gründen")
    erna.hears("Wie viele Personen")
    erna.say("7")
    until(lambda: rasa.received[-1]["message"] == "7")


def test_the_funding_finder_asks_and_takes_a_number_and_a_text(erna, rasa):  # noqa: F811
    form = {"outcome": "form", "entries": [], "sources": []}
    who = [
        {"title": title, "intent": "inform", "entities": {"applicant": kind}}
        for title, kind in (("Gemeinde", "gemeinde"), ("Verein", "verein"))
    ]
    rasa.always(items(custom("Wer stellt den Antrag?", buttons=who, answer=form | {"data": {"profile": {"themes": ["begegnung"]}}})))
    erna.say("1")  # the greeting's first button: funding for my plan
    asked = erna.hears("Wer stellt den Antrag?")
    assert "1  Gemeinde\n2  Verein\n" in asked.body and rasa.received[-1]["message"].startswith("/")
    profile = {"themes": ["begegnung"], "applicant": "verein"}
    rasa.always(items(custom("Was wird es kosten?", buttons=[], answer=form | {"data": {"profile": profile}})))
    erna.say("2")
    erna.hears("Was wird es kosten?")
    assert rasa.received[-1]["message"] == '/inform{"applicant": "verein"}'
    rasa.always(items(custom("Das passt zu Ihnen", buttons=[])))
    erna.say("2.000 Euro Sachkosten")
    erna.hears("Das passt zu Ihnen")
    assert rasa.received[-1]["message"] == "2.000 Euro Sachkosten"


def test_an_edit_of_the_last_message_is_answered_in_its_place_an_older_one_is_not(erna, rasa):  # noqa: F811
    first = erna.say("Wie hoch ist die Förderung für Vereine?")
    erna.hears("Antwort 1")
    newest = erna.say("Gilt das für Dörfer?")
    erna.hears("Antwort 2")
    erna.edit(newest, "Gilt das für kleine Dörfer?")
    assert erna.hears("Zu Ihrer geänderten Nachricht").body.split("\n")[1] == "Antwort 2"  # from what was known before it
    assert rasa.received[-1]["message"] == "Gilt das für kleine Dörfer?"
    erna.edit(first, "Etwas anderes")
    erna.hears("ältere Nachricht")


def test_a_message_that_is_taken_back_at_once_is_never_answered(erna, rasa, monkeypatch):  # noqa: F811
    monkeypatch.setattr(intake, "JOIN_MS", 3_000)
    erna.redact(erna.say("Meine Telefonnummer ist 0711 1234"))
    erna.say("Wie hoch ist der Zuschuss?")
    erna.hears("Antwort 1")
    assert [message["message"] for message in rasa.received] == ["Wie hoch ist der Zuschuss?"]


def test_what_cannot_be_read_is_declined_and_what_machines_say_is_not_heard(erna, rasa):  # noqa: F811
    erna.send("m.room.message", {"msgtype": "m.notice", "body": "Ich bin auch eine Maschine"})
    erna.send("m.room.message", {"msgtype": "m.image", "body": "bild.png", "url": "mxc://matrix.test/abc"})
    assert "115" in erna.hears("kann ich leider nicht lesen").body
    assert rasa.received == [] and len(erna.texts) == 2


@pytest.mark.parametrize("sign", ["/", "!"])
def test_loeschen_leaves_nothing_of_the_chat_and_one_may_begin_anew(world, erna, sign):
    assert "!loeschen – alles löschen" in (erna.say(f"{sign}hilfe") and erna.hears("– alles löschen").body)
    erna.say("Mein Name ist Erna")
    erna.hears("Antwort 1")
    gone = world.conversation(erna)
    erna.say(f"{sign}loeschen")
    erna.hears("ist gelöscht")
    assert world.conversation(erna) is None and world.rows(CONVERSATIONS, CONVERSATIONS.c.id == gone) == []
    assert world.rows(INBOX, INBOX.c.address == erna.room) == []
    erna.say("Wie viel Geld gibt es?")
    until(lambda: len(answers(erna, "Antwort 1")) == 2)


# A human


def test_the_whole_circle_from_the_bot_to_a_human_and_back(world, erna, rasa):  # noqa: F811
    world.gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    advisor = Advisor(world.gateway)
    rasa.always(items(wish("wish", kind="request_human")))
    erna.say("!mensch")
    assert "1  Ja, einverstanden" in erna.hears("Sind Sie einverstanden?").body
    rasa.always(items(wish("accept", kind="request_human")))
    erna.say("1")
    erna.hears("Warteschlange")

    class Known:
        id = world.conversation(erna)

    talk_to_a_human_and_come_back(erna, Known, advisor, rasa)


# Rooms to stay out of


def test_an_encrypted_room_is_left_with_a_sentence(world, people, rasa):  # noqa: F811
    person = people()
    person.invites(is_encrypted=True)
    person.hears("Ende-zu-Ende verschlüsselt")
    until(lambda: person.members() == {person.id})
    assert world.conversation(person) is None and len(person.texts) == 1


def test_a_group_is_left_with_a_sentence_and_hears_nothing_more(world, people, rasa):  # noqa: F811
    person, other = people(), people()
    person.invites(others=(other.id,))
    person.say("Kennt jemand den Zuschuss?")
    person.hears("In Gruppen")
    until(lambda: BOT not in person.members())
    person.say("Schade")
    assert world.conversation(person) is None and rasa.received == [] and len(person.texts) == 1


def test_a_room_is_left_when_a_third_person_comes(world, erna, people):
    erna.invite(people().id)
    erna.hears("In Gruppen")
    until(lambda: erna.members() == {erna.id} and world.conversation(erna) is None)


def test_a_room_is_left_when_it_becomes_encrypted(world, erna):
    erna.encrypts()
    erna.hears("Ende-zu-Ende verschlüsselt")
    until(lambda: erna.members() == {erna.id} and world.conversation(erna) is None)


def test_who_leaves_is_forgotten_and_may_invite_again(world, erna):
    erna.say("Wie viel Geld gibt es?")
    erna.hears("Antwort 1")
    room = erna.room
    erna.leaves()
    until(lambda: world.rows(CHATS, CHATS.c.address == room) == [])
    erna.invites()
    erna.hears("Computerprogramm")


def test_who_puts_us_out_is_forgotten(world, erna):
    erna.kicks()
    until(lambda: world.conversation(erna) is None)


# When something is away


def test_while_the_homeserver_stands_still_nothing_is_lost_and_nothing_comes_twice(world, erna, rasa):  # noqa: F811
    erna.say("Frage eins")
    erna.hears("Antwort 1")
    rasa.answer = _halting(world.homeserver)
    erna.say("Frage zwei")
    until(lambda: world.rows(CHATS, CHATS.c.address == erna.room, CHATS.c.tries > 1), 20)
    world.homeserver.signal(signal.SIGCONT)
    rasa.answer = rasa.well
    erna.hears("Antwort 2")
    erna.say("Frage drei")
    erna.hears("Antwort 3")
    assert answers(erna) == ["Antwort 1", "Antwort 2", "Antwort 3"]


def _halting(server):
    """Let the homeserver stand still just before the bot answers."""

    def answer(message):
        server.signal(signal.SIGSTOP)
        return FakeRasa.well(message)

    return answer


def test_a_homeserver_that_was_killed_gets_the_answer_once_when_it_is_back(world, erna, rasa):  # noqa: F811
    rasa.always(items(custom("Spät, aber doch", buttons=[])), delay=1.0)
    erna.say("Frage")
    until(lambda: rasa.received)
    world.homeserver.end()
    until(lambda: world.rows(CHATS, CHATS.c.address == erna.room, CHATS.c.tries > 0), 20)
    world.homeserver.start()
    erna.hears("Spät, aber doch", 60)
    assert len(answers(erna, "Spät")) == 1


def test_a_gateway_that_was_away_takes_what_was_said_meanwhile_however_much(world, erna, rasa):  # noqa: F811
    world.gateway.stop()
    for _ in range(25):
        erna.send("m.room.message", {"msgtype": "m.notice", "body": "x" * 60_000})
    erna.say("Wie viel Geld gibt es?")
    world.gateway = Gateway(world.env)
    erna.hears("Antwort 1", 60)
    erna.say("Und noch etwas")
    erna.hears("Antwort 2")
    assert answers(erna) == ["Antwort 1", "Antwort 2"]


def test_an_event_that_makes_no_sense_stops_nothing(erna):
    """What the homeserver itself refuses comes no further; all else must not hold up what follows."""
    said, nested = {"msgtype": "m.text", "body": "\0"}, []
    for _ in range(100):
        nested = [nested]
    strange = [7, "x", {"rel_type": "m.replace"}, {"rel_type": "m.replace", "event_id": "\0"}, {"m.in_reply_to": 7}]
    for content in (*({"m.relates_to": one} for one in strange), {"m.new_content": 7}, {"nested": nested}):
        erna.tries("m.room.message", said | content)
        erna.tries("m.reaction", content)
    erna.tries("m.room.encrypted", {})
    erna.say("Wie viel Geld gibt es?")
    erna.hears("Antwort 1")
