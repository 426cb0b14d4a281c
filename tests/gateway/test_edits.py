"""Messages that are edited after they were taken: corrections of the last one, over Telegram and Matrix. Within the window: test_intake."""

import doctest
import json

import pytest
import sqlalchemy as sa

from gateway.channels import intake, recent
from gateway.clockwork import now_ms
from gateway.contract import TEXT_LIMIT
from gateway.store import desk_settings, undo
from gateway.tables import CONVERSATIONS, COUNTS, EVENTS
from tests import bot_api, client_api
from tests.gateway.conftest import FakeRasa, custom, items, until
from tests.gateway.messengers import Phone, Room, matrix_settings, rows, telegram_settings, wait_for_a_human
from tests.gateway.test_desk_pages import Browser
from tests.gateway.test_handoff import ALWAYS, NEVER, Advisor, wish

LABEL, OLD = "Zu Ihrer geänderten Nachricht:", "ältere Nachricht"


@pytest.fixture
def gateway(start, monkeypatch):
    """One gateway with both messengers, in which advisors write themselves."""
    monkeypatch.setattr(intake, "JOIN_MS", 150)
    with bot_api.serving() as telegram, client_api.serving() as matrix:
        made = start(**telegram_settings(telegram), **matrix_settings(matrix), TELEGRAM_LIVE="on")
        made.people = {"telegram": lambda: Phone(made, telegram), "matrix": lambda: Room(made, matrix)}
        yield made


@pytest.fixture(params=["telegram", "matrix"])
def channel(request):
    return request.param


@pytest.fixture
def person(gateway, channel):
    return gateway.people[channel]()


@pytest.fixture
def hours(gateway):
    def set_to(document):
        gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", document, now_ms()))

    return set_to


def asks(person, text, number):
    """Write something and wait for its answer; returns the message's id."""
    message = person.say(text)
    until(lambda: len(person.answers()) == number)
    return message


def corrected(person, text):
    """Wait until the bot was asked something, and its answer was shown as one to an edited message."""
    shown = until(lambda: next((shown for shown in person.texts if shown.startswith(LABEL)), None))
    assert asked(person)[-1] == text
    return shown


def asked(person):
    """What the bot was asked in this chat, oldest first."""
    return [message["message"] for message in person.gateway.rasa.received if person.conversation in message["sender"]]


@pytest.fixture(autouse=True)
def bot(gateway, rasa):
    gateway.rasa = rasa
    return rasa


# With the bot


def test_a_correction_is_answered_with_what_was_known_before_the_message(person, bot):
    asks(person, "Wie hoch ist die Förderung?", 1)
    last = asks(person, "Wir sind in Horb", 2)
    person.edit(last, "Wir sind in Herrenberg")
    assert corrected(person, "Wir sind in Herrenberg").startswith(f"{LABEL}\nAntwort 2")
    assert bot.received[-1]["metadata"]["state"]["count"] == 1  # of two turns before it, one was taken back
    assert len(person.texts) == 4
    log = rows(person.gateway, EVENTS, EVENTS.c.conversation == person.conversation, EVENTS.c.type == "message")
    said = [row for row in log if row.speaker == "citizen"]
    assert [(row.text, row.turn) for row in said[1:]] == [("Wir sind in Horb", None), ("Wir sind in Herrenberg", said[1].seq)]
    assert log[-1].text.startswith("Antwort 2") and json.loads(log[-1].answer)["data"]["corrects"] == said[1].seq


def test_what_comes_after_a_correction_goes_on_from_it(person):
    last = asks(person, "Wir sind in Horb", 1)
    person.edit(last, "Wir sind in Herrenberg")
    until(lambda: len(person.answers()) == 2)
    person.say("Und bis wann?")
    person.hears("Antwort 2")
    assert person.answers("Antwort 2") == ["Antwort 2"] and asked(person)[-1] == "Und bis wann?"


def test_a_correction_that_is_corrected_again_is_answered_from_the_same_memory(person, bot):
    asks(person, "Wie hoch ist die Förderung?", 1)
    last = asks(person, "Horb", 2)
    for number, place in enumerate(("Herenberg", "Herrenberg"), 3):
        person.edit(last, place)
        until(lambda number=number: len(person.answers()) == number)
        assert (bot.received[-1]["message"], bot.received[-1]["metadata"]["state"]["count"]) == (place, 1)


def test_the_same_words_again_are_no_correction_however_often_they_come(person):
    last = asks(person, "Gilt das für Dörfer?", 1)
    for text in ("Gilt das für Dörfer?", "gilt  das für  Dörfer? ", "Gilt das für do\u0308rfer?"):
        person.edit(last, text)
    person.edit(last, "Gilt das für kleine Dörfer?")
    person.edit(last, "Gilt das für kleine Dörfer?")
    corrected(person, "Gilt das für kleine Dörfer?")
    person.edit(last, "Gilt das für kleine Dörfer?")
    asks(person, "Danke", 3)
    assert asked(person) == ["Gilt das für Dörfer?", "Gilt das für kleine Dörfer?", "Danke"]


def test_an_edit_of_an_older_message_asks_nothing_and_says_so(person):
    first = asks(person, "Wie hoch ist die Förderung für Vereine?", 1)
    asks(person, "Gilt das für Dörfer?", 2)
    person.edit(first, "Wie hoch ist die Förderung für Vereine? ")
    person.edit(first, "Und für Städte?")
    person.hears(OLD)
    asks(person, "Danke", 3)
    assert len(asked(person)) == 3 and len([text for text in person.texts if OLD in text]) == 1


def test_after_a_pressed_button_the_text_before_it_is_an_older_message(person, bot):
    bot.always(items(custom("Wählen Sie", buttons=[{"title": "Fristen", "intent": "ask_deadline"}])))
    first = person.say("Quartiersimpulse")
    person.hears("Wählen Sie")
    bot.always(items(custom("Die Frist ist morgen", buttons=[])))
    person.choose("Fristen")
    person.hears("Die Frist ist morgen")
    person.edit(first, "Beteiligungstaler")
    person.hears(OLD)
    assert asked(person)[-1] == "/ask_deadline"


def test_one_of_some_messages_that_were_one_turn_is_corrected_in_its_place(person):
    ids = [person.say(text) for text in ("Wir sind ein Verein", "in Horb", "und brauchen Geld")]
    person.hears("Antwort 1")
    person.edit(ids[1], "in Herrenberg am Neckar")
    corrected(person, "Wir sind ein Verein\nin Herrenberg am Neckar\nund brauchen Geld")
    person.edit(ids[2], "und suchen Geld")
    person.edit(ids[0], "Wir sind eine Gemeinde")
    until(lambda: asked(person)[-1] == "Wir sind eine Gemeinde\nin Herrenberg am Neckar\nund suchen Geld")


def test_what_is_corrected_before_it_was_answered_is_answered_once(person, bot):
    def slowly_at_first(message):
        status, body, _ = FakeRasa.well(message)
        return status, body, 1.0 if message["message"] == "Horb" else 0.0

    asks(person, "Wie hoch ist die Förderung?", 1)
    bot.answer = slowly_at_first
    last = person.say("Horb")
    until(lambda: asked(person)[-1] == "Horb")
    person.edit(last, "Herrenberg")
    assert corrected(person, "Herrenberg").startswith(f"{LABEL}\nAntwort 2")
    asks(person, "Danke", 3)
    assert person.answers("Antwort 3") == ["Antwort 3"]


def test_what_was_too_long_may_be_shortened(person):
    asks(person, "Frage", 1)
    long = person.say("x" * (TEXT_LIMIT + 1))
    person.hears("2.000 Zeichen")
    person.edit(long, "Bis wann?")
    person.hears("Antwort 2")
    assert asked(person)[-1] == "Bis wann?" and not any(LABEL in text for text in person.texts)


def test_a_word_that_an_edit_makes_a_command_is_obeyed(person):
    last = asks(person, "/hlife", 1)
    person.edit(last, "/hilfe")
    person.hears("alles löschen")
    assert len(asked(person)) == 1


def test_a_command_is_not_carried_out_again_because_its_message_was_touched(person):
    asks(person, "Frage", 1)
    command = person.say("/einfach")
    person.hears("Einfacher Sprache")
    person.edit(command, "/einfach")
    person.say("Noch eine")
    until(lambda: len(asked(person)) == 2)
    assert rows(person.gateway, CONVERSATIONS, CONVERSATIONS.c.id == person.conversation)[0].language == "de-simple"


def test_a_wish_for_a_human_is_not_made_again_because_its_message_was_touched(person, bot):
    wished = person.say("/mensch")
    person.hears("Antwort 1")
    person.edit(wished, "/mensch")
    person.say("Bis wann?")
    person.hears("Antwort 2")
    assert len(asked(person)) == 2


def test_nobody_begins_a_conversation_by_an_edit(person):
    last = asks(person, "Mein Name ist Erna", 1)
    person.say("/loeschen")
    person.hears("ist gelöscht")
    shown = len(person.texts)
    person.edit(last, "Mein Name ist Berta")
    other = person.gateway.people["telegram"]()
    other.say("Frage")
    other.hears("Antwort 1")
    assert person.conversation is None and len(person.texts) == shown


def test_after_a_day_of_silence_a_corrected_message_begins_anew(person):
    last = asks(person, "Gilt das für Dörfer?", 1)
    first, old = person.conversation, {"last_message_at": now_ms() - 24 * 3_600_000 - 1}
    database = person.gateway.services.database
    database.write_now(lambda c: c.execute(sa.update(CONVERSATIONS).where(CONVERSATIONS.c.id == first).values(old)))
    person.edit(last, "Gilt das für kleine Dörfer?")
    until(lambda: len(person.answers("Antwort 1")) == 2)
    assert person.conversation != first and asked(person) == ["Gilt das für kleine Dörfer?"]
    assert [event.turn for event in person.log() if event.speaker == "citizen"] == [None]  # nothing to correct there


# With a human


def test_an_advisor_sees_every_correction_as_one_and_the_bot_keeps_silent(person, bot, hours):
    hours(ALWAYS)
    advisor = _with_advisor(person, bot)
    first = person.say("Wir sind zwölf Leute")
    _advisor_reads(advisor, person, "Wir sind zwölf Leute")
    second = person.say("aus Horb")
    _advisor_reads(advisor, person, "aus Horb")
    turns = len(bot.received)
    person.edit(second, "aus Herrenberg")
    person.edit(first, "Wir sind dreizehn Leute")
    person.edit(first, "Wir sind dreizehn Leute")
    log = _advisor_reads(advisor, person, "dreizehn")
    said = {event["text"]: event for event in log}
    assert said["aus Herrenberg"]["corrects"] == said["aus Horb"]["seq"]
    assert said["Wir sind dreizehn Leute"]["corrects"] == said["Wir sind zwölf Leute"]["seq"]
    assert "corrects" not in said["aus Horb"] and len(bot.received) == turns and not any(OLD in text for text in person.texts)
    page = advisor.page(person.at_desk).text
    assert page.count("geänderte Nachricht") == 2


def test_what_was_said_to_an_advisor_is_no_question_to_the_bot_afterwards(person, bot, hours):
    hours(ALWAYS)
    advisor = _with_advisor(person, bot)
    last = person.say("Danke, das hilft mir")
    _advisor_reads(advisor, person, "das hilft mir")
    assert advisor.act(person.at_desk, "return").status_code == 204
    person.hears("eine Maschine")
    turns = len(bot.received)
    person.edit(last, "Danke, das hilft uns")
    person.hears(OLD)
    assert len(bot.received) == turns


def test_who_waits_keeps_the_place_when_the_message_before_is_corrected(person, bot, hours):
    hours(ALWAYS)
    Advisor(person.gateway)
    bot.always(items(wish("wish", kind="request_human")))
    person.say("/mensch")
    person.hears("Sind Sie einverstanden?")
    bot.always(items(wish("accept", kind="request_human") | {"state": {"human": "queued", "wish": "request_human", "asked": None}}))
    last = person.say("ja")
    person.hears("Warteschlange")
    bot.always(items(custom("Antwort auf beides", buttons=[])))
    person.edit(last, "ja, und bis wann kann man sich bewerben?")
    corrected(person, "ja, und bis wann kann man sich bewerben?")
    known = bot.received[-1]["metadata"]["state"]
    assert (known["human"], known["wish"]) == ("queued", "request_human")
    assert rows(person.gateway, CONVERSATIONS, CONVERSATIONS.c.id == person.conversation)[0].state == "queued"


def test_the_desk_reads_what_was_asked_before_and_not_an_earlier_wording_of_the_wish(person, bot, hours):
    hours(ALWAYS)
    advisor = Advisor(person.gateway)
    asks(person, "Wer hilft beim Antrag?", 1)
    bot.always(items(wish("wish", kind="request_human")))
    last = person.say("bitte ein mensh")
    person.hears("Sind Sie einverstanden?")
    person.edit(last, "bitte ein Mensch")
    corrected(person, "bitte ein Mensch")
    bot.always(items(wish("accept", kind="request_human")))
    person.choose("Ja, einverstanden")
    person.hears("Warteschlange")
    [waiting] = advisor.call("GET", "/queue").json()
    assert waiting["summary"].endswith("Wer hilft beim Antrag?")


def test_a_wish_that_nobody_can_take_over_is_counted_once_however_it_is_worded(person, bot, hours):
    hours(NEVER)
    bot.always(items(wish("wish", kind="request_human")))
    last = person.say("kann ich mit jmd reden")
    until(lambda: asked(person) and len(person.texts) == 2)
    person.edit(last, "kann ich mit jemandem reden")
    corrected(person, "kann ich mit jemandem reden")
    assert [row.number for row in rows(person.gateway, COUNTS, COUNTS.c.measure == "out_of_hours")] == [1]


def _with_advisor(person, bot):
    advisor = Browser(person.gateway)
    wait_for_a_human(person, bot)
    assert advisor.claim(person.at_desk).status_code == 200
    person.hears("Das ist ein Mensch")
    return advisor


def _advisor_reads(advisor, person, words):
    def log():
        events = advisor.call("GET", f"/conversations/{person.conversation}/events").json()["events"]
        return events if any(words in event["text"] for event in events) else None

    return until(log)


# What is kept


def test_on_the_web_nothing_is_kept_to_take_back(gateway):
    citizen = gateway.citizen()
    citizen.say()
    assert rows(gateway, CONVERSATIONS, CONVERSATIONS.c.id == citizen.id)[0].undo is None


def test_of_many_messages_the_newest_ids_are_kept_and_no_words(person, monkeypatch):
    monkeypatch.setattr(intake, "JOIN_MS", 2_000)
    message = None
    for number in range(recent.PARTS + 5):
        message = person.say(f"Wort{number}")
    person.hears("Antwort 1")
    [chat] = person.chats()
    [said] = recent.read(chat.recent)
    assert len(said.parts) == recent.PARTS and "Wort" not in chat.recent
    person.edit(message, "Ende")
    until(lambda: asked(person)[-1].endswith(f"Wort{recent.PARTS + 3}\nEnde") and asked(person)[-1].startswith("Wort0\nWort1\n"))


def test_only_so_many_turns_are_kept():
    packed = "[]"
    for seq in range(recent.KEPT + 3):
        packed = recent.noted(recent.read(packed), recent.Said(seq, True, ((f"m{seq}", 0, 1),)), None)
    assert [said.seq for said in recent.read(packed)] == list(range(3, recent.KEPT + 3))


def test_a_memory_of_another_turn_is_not_brought_back():
    kept = undo.pack("telegram", undo.Undo(5, {"count": 1}))
    assert undo.memory(kept, '{"count": 3}', 7, "bot") == '{"count": 3}'
    assert json.loads(undo.memory(kept, '{"count": 3}', 5, "bot")) == {"count": 1}


def test_the_examples_in_the_docs_hold():
    assert doctest.testmod(recent).failed == 0
