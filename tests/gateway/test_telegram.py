"""Telegram over its webhook and a Bot API of our own: joining, order, buttons, commands, media, groups, failures, bad input."""

import time

import pytest
import requests
import sqlalchemy as sa

from gateway.channels import intake
from gateway.clockwork import now_ms
from gateway.store import desk_settings
from gateway.tables import CHATS, CONVERSATIONS, FORMER_CHATS, INBOX
from tests import bot_api
from tests.gateway.conftest import custom, items, until
from tests.gateway.messengers import NUMBERS, SECRET, Phone, rows, wait_for_a_human
from tests.gateway.messengers import telegram_settings as settings_of
from tests.gateway.test_desk_login import listening
from tests.gateway.test_handoff import ALWAYS, Advisor, wish


@pytest.fixture
def api():
    with bot_api.serving() as made:
        yield made


@pytest.fixture
def options():
    return {}


@pytest.fixture
def gateway(start, api, options, monkeypatch):
    monkeypatch.setattr(intake, "JOIN_MS", 150)  # the window's own length is tested without a clock in test_intake
    return start(**settings_of(api), **options)


@pytest.fixture
def phone(gateway, api):
    return Phone(gateway, api)


def test_a_first_message_is_greeted_and_answered(phone):
    phone.say("Wie hoch ist der Zuschuss?")
    phone.hears("Antwort 1")
    assert "Computerprogramm" in phone.texts[0] and phone.texts[-1].startswith("Antwort 1")
    assert "Förderung für mein Vorhaben" in {*phone.buttons()} | {*_first_buttons(phone)}


def _first_buttons(phone):
    return {row[0]["text"] for row in phone.api.sent(phone.chat)[0]["reply_markup"]["inline_keyboard"]}


def test_what_comes_close_together_is_one_turn(phone, rasa):
    for part in ("Wir sind ein Verein", "in Herrenberg", "und brauchen Geld"):
        phone.say(part)
    phone.hears("Antwort 1")
    phone.say("Und noch etwas")
    phone.hears("Antwort 2")
    said = [message["message"] for message in rasa.received if "message" in message]
    assert said[-2:] == ["Wir sind ein Verein\nin Herrenberg\nund brauchen Geld", "Und noch etwas"]


def test_the_same_update_is_answered_once(phone):
    number = next(NUMBERS)
    for _ in range(3):
        phone.say("Frage", number=number)
    phone.hears("Antwort 1")
    phone.say("Frage zwei", number=number)
    time.sleep(0.5)
    assert sum("Antwort" in text for text in phone.texts) == 1


def test_a_pressed_button_is_answered_and_the_waiting_sign_ends(phone, rasa):
    rasa.always(items(custom("Wählen Sie", buttons=[{"title": "Fristen", "intent": "ask_deadline", "entities": {"entry": "x"}}])))
    phone.say("Quartiersimpulse")
    phone.hears("Wählen Sie")
    rasa.always(items(custom("Die Frist ist morgen")))
    assert phone.press(phone.buttons()["Fristen"]).status_code == 200
    phone.hears("Die Frist ist morgen")
    assert "answerCallbackQuery" in [method for method, _ in phone.api.calls]
    assert phone.press("unbekannt").status_code == 200
    phone.hears("Diese Auswahl gibt es nicht mehr")


def test_after_a_day_of_silence_it_begins_anew_and_old_buttons_still_answer(phone, rasa, gateway):
    rasa.always(items(custom("Wählen Sie", buttons=[{"title": "Fristen", "intent": "ask_deadline", "entities": {"entry": "x"}}])))
    phone.say("Wir sind ein Verein in Herrenberg")
    phone.hears("Wählen Sie")
    first, button = phone.conversation, phone.buttons()["Fristen"]
    _age(gateway, first)
    rasa.always(items(custom("Die Frist ist morgen")))
    phone.press(button)
    phone.hears("Die Frist ist morgen")
    assert phone.conversation != first
    assert "Letztes Mal ging es um" in phone.texts[-2] and "Herrenberg" in phone.texts[-2]


def test_without_a_plan_the_last_entry_says_what_it_was_about(phone, gateway):
    phone.say("Frage")
    phone.hears("Antwort 1")
    _age(gateway, phone.conversation, '{"topic": "quartiersimpulse"}')
    phone.say("Noch eine")
    assert "Letztes Mal ging es um „" in phone.hears("Letztes Mal")


PLAN = '{"profile": {"themes": ["begegnung"], "place": "Herrenberg"}}'


def _age(gateway, conversation, state=PLAN):
    """Let a day and a bit pass, with something known from before."""
    old = {"last_message_at": now_ms() - 24 * 3_600_000 - 1, "bot_state": state}
    gateway.services.database.write_now(lambda c: c.execute(sa.update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation).values(old)))


@pytest.mark.parametrize(
    ("command", "words"),
    [("/start", "Computerprogramm"), ("/hilfe", "/loeschen"), ("/datenschutz", "/datenschutz"), ("/Hilfe@lotse_bot x", "/loeschen")],
)
def test_commands_are_answered_without_the_bot(phone, rasa, command, words):
    before = len(rasa.received)
    phone.say(command)
    phone.hears(words)
    assert len(rasa.received) == before


def test_neu_begins_a_new_conversation(phone):
    phone.say("Frage")
    phone.hears("Antwort 1")
    first = phone.conversation
    phone.say("/neu")
    until(lambda: phone.conversation != first)
    until(lambda: sum("Computerprogramm" in text for text in phone.texts) == 2)


def test_einfach_switches_there_and_back(phone, gateway):
    phone.say("/einfach")
    phone.hears("Einfacher Sprache")
    assert rows(gateway, CONVERSATIONS, CONVERSATIONS.c.id == phone.conversation)[0].language == "de-simple"
    phone.say("/einfach")
    phone.hears("normalen Sprache")


def test_loeschen_leaves_nothing_of_the_chat(phone, gateway):
    phone.say("Mein Name ist Erna")
    phone.hears("Antwort 1")
    gone = phone.conversation
    phone.say("/loeschen")
    phone.hears("ist gelöscht")
    assert phone.conversation is None and rows(gateway, CONVERSATIONS, CONVERSATIONS.c.id == gone) == []
    assert rows(gateway, INBOX, INBOX.c.address == str(phone.chat)) == []
    assert [row for row in rows(gateway, INBOX) if "Erna" in row.text] == []


def test_loeschen_also_erases_earlier_conversations(phone, gateway):
    held = []
    for _ in range(2):
        phone.say("Mein Name ist Erna")
        until(lambda: phone.conversation not in [None, *held])
        held.append(phone.conversation)
        phone.say("/neu")
        until(lambda: phone.conversation not in held)
    phone.say("/loeschen")
    phone.hears("ist gelöscht")
    assert rows(gateway, CONVERSATIONS, CONVERSATIONS.c.id.in_(held)) == []
    assert rows(gateway, FORMER_CHATS, FORMER_CHATS.c.address == str(phone.chat)) == []


def test_what_comes_in_after_loeschen_is_not_lost(phone):
    phone.say("Frage")
    phone.hears("Antwort 1")
    phone.say("/loeschen")
    phone.say("Hallo, ich bin wieder da")
    until(lambda: sum("Computerprogramm" in text for text in phone.texts) == 2)
    until(lambda: sum(text.startswith("Antwort 1") for text in phone.texts) == 2)


def test_an_album_is_declined_once(phone):
    for _ in range(5):
        phone.message(photo={})
    phone.hears("kann ich leider nicht lesen")
    time.sleep(0.5)
    assert sum("kann ich leider nicht lesen" in text for text in phone.texts) == 1


def test_any_other_slash_is_text(phone, rasa):
    phone.say("/intent{x}")
    phone.hears("Antwort 1")
    assert rasa.received[-1]["message"].endswith("/intent{x}") or "intent" in rasa.received[-1]["message"]


def test_an_edit_within_the_window_takes_the_place_of_the_text(phone, rasa):
    id = phone.say("Wie hoch ist der Zuschus")
    phone.edit(id, "Wie hoch ist der Zuschuss?")
    phone.hears("Antwort 1")
    time.sleep(0.4)
    assert rasa.received[-1]["message"].endswith("Wie hoch ist der Zuschuss?") and not any("Antwort 2" in text for text in phone.texts)


@pytest.mark.parametrize("kind", ["voice", "photo", "document"])
def test_what_cannot_be_read_is_declined_with_what_to_do(phone, kind):
    phone.message(**{kind: {}})
    assert "115" in phone.hears("kann ich leider nicht lesen")


def test_groups_are_left_with_a_sentence(gateway, api):
    group = Phone(gateway, api, chat=-77)
    group.message(text="Hallo", chat_type="group")
    until(lambda: "leaveChat" in [method for method, _ in api.calls])
    assert "In Gruppen" in group.texts[0] and rows(gateway, CHATS, CHATS.c.address == "-77") == []


def test_a_long_answer_comes_in_parts_and_whole(phone, rasa):
    sentence = "Das ist ein Satz mit einem Ende. "
    rasa.always(items(custom((sentence * 300).strip(), answer={"outcome": "smalltalk", "entries": [], "sources": [], "data": {}})))
    phone.say("Alles bitte")
    until(lambda: len(phone.texts) >= 4)
    assert " ".join(phone.texts[1:]) == (sentence * 300).strip()


def test_sources_are_named_with_their_date(phone, rasa):
    answer = {"outcome": "answer", "entries": ["x"], "data": {}}
    answer["sources"] = [{"title": "Sozialministerium", "url": "https://example.org/a", "as_of": "2026-01"}]
    rasa.always(items(custom("Bis zu 85.000 Euro.", answer=answer)))
    phone.say("Wie viel?")
    assert "Quelle: Sozialministerium (Stand: Januar 2026)\nhttps://example.org/a" in phone.hears("85.000")


# When something is away


def test_what_cannot_be_delivered_now_is_delivered_later_once_and_in_order(phone, api):
    api.is_down = True
    for number in range(3):
        phone.say(f"Frage {number}")
        until(lambda number=number: any(event.text.startswith(f"Antwort {number + 1}") for event in phone.log()))
    until(lambda: rows(phone.gateway, CHATS, CHATS.c.tries > 0))
    api.is_down = False
    phone.hears("Antwort 3")
    assert [text.split("\n")[0] for text in phone.texts if "Antwort" in text] == ["Antwort 1", "Antwort 2", "Antwort 3"]


def test_a_wait_that_telegram_asks_for_is_kept(phone, api):
    api.failures = [bot_api.too_many(1)]
    phone.say("Frage")
    until(lambda: rows(phone.gateway, CHATS, CHATS.c.tries > 0))
    assert phone.texts == []
    phone.hears("Antwort 1")
    assert sum("Antwort 1" in text for text in phone.texts) == 1


def test_who_blocks_the_bot_is_forgotten_and_may_come_back(phone, api):
    phone.say("Frage")
    phone.hears("Antwort 1")
    api.blocked.add(str(phone.chat))
    phone.say("Noch eine")
    until(lambda: phone.conversation is None)
    api.blocked.clear()
    phone.say("Wieder da")
    until(lambda: sum("Computerprogramm" in text for text in phone.texts) == 2)


def test_a_member_who_leaves_is_forgotten(phone):
    phone.say("Frage")
    phone.hears("Antwort 1")
    change = {"chat": {"id": phone.chat, "type": "private"}, "new_chat_member": {"status": "kicked"}}
    assert phone.update(my_chat_member=change).status_code == 200
    until(lambda: phone.conversation is None)


def test_a_killed_gateway_goes_on_with_what_it_had_acknowledged(start, api, tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "JOIN_MS", 60_000)
    first = start(**settings_of(api), DATA_DIR=str(tmp_path))
    phone = Phone(first, api)
    phone.say("Frage vor dem Neustart")
    first.stop()
    monkeypatch.setattr(intake, "JOIN_MS", 0)
    phone.gateway = start(**settings_of(api), DATA_DIR=str(tmp_path))
    phone.hears("Antwort")
    assert phone.texts and sum("Antwort" in text for text in phone.texts) == 1


# A human


def test_by_default_a_human_is_reached_on_the_web_by_a_link_that_holds_once(phone, rasa, gateway):
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    rasa.always(items(wish("wish", kind="request_human")))
    phone.say("/mensch")
    link = phone.hears("/weiter/").split()[-1]
    path = link[link.index("/weiter/") :]
    for _ in range(2):  # previews look, too
        assert "Gespräch hier fortsetzen" in requests.get(gateway.url + path, timeout=30).text
    browser = requests.Session()
    page = browser.post(gateway.url + path, timeout=30)
    assert page.status_code == 200 and "nicht im Messenger" not in page.text and "Hier im Messenger" in page.text
    assert requests.post(gateway.url + path, timeout=30).status_code == 404
    assert phone.conversation is None


def test_the_widget_gets_the_conversation_as_json_and_no_cookie(phone, rasa, gateway):
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    rasa.always(items(wish("wish", kind="request_human")))
    phone.say("/mensch")
    link = phone.hears("/weiter/").split()[-1]
    path, held = link[link.index("/weiter/") :], phone.conversation
    given = requests.post(gateway.url + path, headers={"Accept": "application/json"}, timeout=30)
    assert given.status_code == 200 and not given.cookies and given.headers["Cache-Control"] == "no-store"
    body = given.json()
    assert (body["conversation"], body["language"]) == (held, "de")
    log = gateway.call("GET", f"/{held}/events", body["token"]).json()["events"]
    assert "Hier im Messenger" in log[-1]["text"]


@pytest.mark.parametrize("options", [{"TELEGRAM_LIVE": "on"}])
def test_switched_on_advisors_write_in_telegram_itself(phone, rasa, gateway, options):
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", ALWAYS, now_ms()))
    advisor = Advisor(gateway)
    wait_for_a_human(phone, rasa)
    held = phone.at_desk
    assert advisor.claim(held).status_code == 200
    phone.hears("Das ist ein Mensch")
    assert advisor.write(held, "Guten Tag, wie kann ich helfen?").status_code == 202
    assert phone.hears("wie kann ich helfen").startswith("Beratung (Mensch): ")
    phone.say("/neu")
    phone.hears("Neu anfangen geht danach")
    assert phone.conversation == held.id
    phone.say("Danke, es geht um Herrenberg")
    until(lambda: "Herrenberg" in str(advisor.call("GET", f"/conversations/{held.id}/events").json()))
    rasa.always(items(custom("Ich bin wieder da")))
    assert advisor.act(held, "return").status_code == 204
    phone.hears("eine Maschine")
    phone.say("Und jetzt?")
    phone.hears("Ich bin wieder da")


# Bad input


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {}, 403),
        (b"{}", {"X-Telegram-Bot-Api-Secret-Token": "falsch"}, 403),
        (b"kein json", {"X-Telegram-Bot-Api-Secret-Token": SECRET}, 422),
        (b"[]", {"X-Telegram-Bot-Api-Secret-Token": SECRET}, 422),
        (b'{"update_id": "1"}', {"X-Telegram-Bot-Api-Secret-Token": SECRET}, 422),
        (b'{"update_id": 1, "message": {}}', {"X-Telegram-Bot-Api-Secret-Token": SECRET}, 422),
        (b'{"update_id": 1, "message": 7}', {"X-Telegram-Bot-Api-Secret-Token": SECRET}, 422),
        (b" " * 1_000_000, {"X-Telegram-Bot-Api-Secret-Token": SECRET}, 413),
    ],
)
def test_bad_input_gets_the_right_status(gateway, body, headers, status):
    answer = requests.post(f"{gateway.url}/api/v1/channels/telegram/webhook", data=body, headers=headers, timeout=30)
    assert answer.status_code == status, answer.text


def test_switched_off_there_is_no_webhook(start):
    answer = requests.post(f"{start().url}/api/v1/channels/telegram/webhook", json={"update_id": 1}, timeout=30)
    assert answer.status_code == 404


@pytest.mark.parametrize("options", [{"RATE_MESSAGES": "3"}])
def test_commands_and_media_count_towards_the_rate_too(phone, gateway, options):
    for _ in range(8):
        phone.say("/neu")
        time.sleep(0.05)
    phone.hears("sehr viele Anfragen")
    assert sum("Computerprogramm" in text for text in phone.texts) <= 3


@pytest.mark.parametrize("options", [{"RATE_MESSAGES": "2"}])
def test_who_writes_too_much_is_told_so(phone, options):
    for number in range(4):
        phone.say(f"Frage {number}")
        time.sleep(0.3)
    phone.hears("sehr viele Anfragen")


def test_no_address_of_a_chat_is_logged(gateway, api):
    phone = Phone(gateway, api, chat=8_800_112_233_445)
    api.failures = [bot_api.too_many(0)]
    with listening() as log:
        phone.say("Frage")
        phone.hears("Antwort 1")
    assert '"event": "delivery_later"' in log.getvalue() and str(phone.chat) not in log.getvalue()
