"""Einfache Sprache in what the gateway itself says: the same content, easy to read, and nowhere German where there is a simple form."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
import textstat

import gateway as package
from gateway.handoff import conduct, desk, promise
from gateway.store import advisors, conversations
from gateway.texts import all_texts, read, text
from knowledge import plain
from tests.gateway.conftest import custom
from tests.gateway.test_chat_handoff import ERNA, Page
from tests.gateway.test_handoff import NEVER, advisor, bot, hours, nobody, queued, wish  # noqa: F401
from tests.gateway.test_sweep import LIMITS, T0, World, database  # noqa: F401

# Whoever adds a German text to these parts adds a simple one, but for what the desk and developers read.
COMPLETE = ("service", "speakers", "bot", "chat", "contacts", "transcript", "handoff", "messenger", "funding", "pages", "handover")
NOT_FOR_CITIZENS = ("handoff.kinds.", "pages.docs.")
ERRORS = (
    "unauthorized", "not_found", "body_too_large", "text_too_long", "invalid", "wrong_type", "wrong_value", "nul", "empty",
    "unknown_payload", "no_such_message", "too_many", "unavailable", "internal", "stale_form", "phone_or_email", "no_phone", "no_email",
    "no_such_case", "blocked", "no_such_plan", "no_such_programme", "no_such_entry", "no_such_link", "method_not_allowed",
)  # fmt: skip
NAMES = re.compile(r"Quartierslots\w+|Landesstrategie „Quartier 2030“|Baden-Württemberg|Förderbaukasten|\{\w+\}")
READABLE = 8.0
# The whole, and each part that has sentences of its own: a hard page must not hide behind the easy rest.
MEASURED = (
    "", "bot", "errors", "chat", "handoff", "messenger", "handover", "funding", "funding.decision", "funding.duties", "funding.plan",
    "funding.result", "pages.datenschutz", "pages.barrierefreiheit", "pages.leichte-sprache", "pages.gebaerdensprache",
)  # fmt: skip
# Calls without a language: what advisors read, and what is said where there is no conversation (any more).
IN_GERMAN = "desk_"
TO_NOBODY = ("messenger.erased", "messenger.group", "messenger.encrypted", "service.name")


@pytest.fixture
def gateway(start):
    """A gateway of their own: nobody else waits, and nothing of theirs is left for other tests."""
    return start()


def leaves(value, path=""):
    """Return the texts of a file by their keys; an intent, an entity, or the id of a contact is no text."""
    if isinstance(value, str):
        return {path[1:]: value}
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    named = [leaves(inner, f"{path}.{key}") for key, inner in pairs if key not in ("intent", "entities") and not _ids(key, inner)]
    return {key: said for part in named for key, said in part.items()}


def _ids(key, inner):
    return key == "contacts" and isinstance(inner, list)


GERMAN, SIMPLE = leaves(read("de")), leaves(read("de-simple"))
TELLTALE = {key: said for key, said in GERMAN.items() if key in SIMPLE and said not in SIMPLE.values()}


def german_in(told):
    """Return the keys whose German text stands in what was told, as lines of their own, though there is a simple one."""
    shown = "\n".join(told)
    filled = {key: re.sub(r"\\{\w+\\}", ".+?", r"\s+".join(map(re.escape, said.split()))) for key, said in TELLTALE.items()}
    return {key for key, pattern in filled.items() if re.search(f"^{pattern}$", shown, re.MULTILINE)}


def told_to(events):
    """Return what events tell a citizen: their texts, and the titles of their buttons."""
    theirs = [event for event in events if event["from"] != "citizen"]
    return [event["text"] for event in theirs] + [button["title"] for event in theirs for button in event.get("buttons", ())]


@pytest.mark.parametrize("key", [key for key in GERMAN if key.startswith(tuple(f"{part}." for part in COMPLETE))])
def test_what_citizens_read_has_a_simple_form(key):
    assert key in SIMPLE or key.startswith(NOT_FOR_CITIZENS)


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_that_citizens_can_meet_has_a_simple_form(kind):
    assert f"errors.{kind}" in SIMPLE


@pytest.mark.parametrize("key", SIMPLE)
def test_a_simple_form_says_the_same(key):
    german, simple = GERMAN[key], SIMPLE[key]
    assert sorted(re.findall(r"\{\w*\}", german)) == sorted(re.findall(r"\{\w*\}", simple))
    assert list(plain.differences(german, simple)) == []


@pytest.mark.parametrize("part", MEASURED)
def test_the_simple_texts_are_easy_to_read(part):
    textstat.set_lang("de")
    texts = [said for key, said in SIMPLE.items() if key == part or key.startswith(f"{part}." if part else "")]
    sentences = [said if said.rstrip().endswith((".", "!", "?", ":")) else f"{said}." for said in texts]
    assert textstat.wiener_sachtextformel(NAMES.sub("Name", " ".join(sentences)), 1) <= READABLE


def test_no_simple_sentence_has_more_than_fifteen_words():
    sentences = [one for said in SIMPLE.values() for one in re.split(r"[.!?:](?:\s|$)|\n", said)]
    assert [one for one in sentences if len(one.split()) > 15] == []


def test_what_has_no_simple_form_is_said_in_german():
    assert text("pages.docs.title", "de-simple") == text("pages.docs.title") == "Schnittstelle"
    topics = all_texts("de-simple")["bot"]["topics"]
    assert [one["intent"] for one in topics] == [one["intent"] for one in all_texts()["bot"]["topics"]]
    assert topics[0]["title"] == SIMPLE["bot.topics.0.title"] != GERMAN["bot.topics.0.title"]


def test_every_call_that_words_something_for_citizens_names_the_language():
    forgotten = []
    for file in sorted(Path(package.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text" and len(node.args) == 1:
                key = ast.unparse(node.args[0]).lstrip("f").strip("'\"")
                if key.startswith(tuple(f"{part}." for part in COMPLETE)) and not key.startswith(NOT_FOR_CITIZENS):
                    forgotten.append((file.name, key))
    assert [(file, key) for file, key in forgotten if not file.startswith(IN_GERMAN) and key not in TO_NOBODY] == []


def through_consent_queue_advisor_end_and_callback(gateway, language, advisor, bot, rasa, hours):  # noqa: F811
    """Lead a conversation through all that the gateway words over the contract, and return what the citizen was told."""
    citizen = gateway.citizen(language)
    queued(citizen, bot)
    bot(wish("wish"))
    citizen.say("Dauert es noch?")
    assert advisor.claim(citizen).status_code == 200
    advisor.write(citizen, "Guten Tag")
    citizen.send(text="Ich will nicht mehr leben")
    assert advisor.act(citizen, "close", reason="answered").status_code == 204
    rasa.always(b"", 500)
    citizen.say("Und noch etwas")
    hours(NEVER)
    bot(wish("wish"))
    citizen.say("Noch einmal einen Menschen, bitte")
    bot(wish("callback"))
    citizen.say("Dann rufen Sie an")
    wrong = citizen.call("POST", "/callback", json={"name": "Erna"})
    assert citizen.call("POST", "/callback", json={"name": "Erna", "phone": "0711 1234"}).status_code == 204
    taken_home = citizen.call("GET", "/transcript").text.split("\n\n")[0]
    return [*told_to(citizen.events()), wrong.json()["message"], taken_home]


WORDED = {
    "bot.greeting", "bot.topics.0.title", "bot.failed.text", "handoff.consent", "handoff.queued", "handoff.already_queued",
    "handoff.closed_by", "handoff.closed", "handoff.callback_offer", "handoff.contact", "handoff.callback_taken",
    "handoff.buttons.accept_handoff", "handoff.buttons.cancel_handoff", "handoff.buttons.want_callback",
    "errors.phone_or_email", "transcript.head",
}  # fmt: skip


@pytest.mark.parametrize(("language", "found"), [("de", WORDED), ("de-simple", set())])
def test_a_conversation_is_worded_in_its_language(gateway, advisor, bot, rasa, hours, language, found):  # noqa: F811
    told = through_consent_queue_advisor_end_and_callback(gateway, language, advisor, bot, rasa, hours)
    assert found <= german_in(told) and bool(found) == bool(german_in(told))
    assert any("kostet nichts" in said for said in told) == (language == "de-simple")  # the emergency text


def through_all_that_time_and_advisors_do(world, language):
    """Lead a conversation through the steps of the clock and of the desk, and return what the citizen was told."""
    world.do(lambda c: conversations.set_language(c, world.id, language))
    anna, other = world.advisor, world.do(lambda c: advisors.create(c, "berta", None, T0, shown_name="Berta"))
    world.take("queued", T0)
    at = T0 + LIMITS.queue_ms + 1
    for moment in (T0 + 1, at):  # a longer wait than the clock has passed
        world.be_there(moment)
        world.sweep(moment)
    world.claim(at)
    at += LIMITS.first_answer_ms + 1
    world.be_there(at)
    world.sweep(at)
    world.claim(at)
    world.do(lambda c: advisors.set_presence(c, other.id, "available", at))
    world.do(lambda c: desk.write(c, anna, world.id, "a", "Guten Tag", at))
    world.do(lambda c: desk.forward(c, anna, world.id, "berta", at, LIMITS))
    world.do(lambda c: desk.forward(c, other, world.id, "allgemein", at, LIMITS))
    world.claim(at)
    world.do(lambda c: promise.make(c, anna, world.id, at + 1000, at))
    world.do(lambda c: conduct.warn(c, anna, world.id, at))
    world.do(lambda c: desk.write(c, anna, world.id, "b", "Hier bin ich", at))
    for later in (LIMITS.idle_ms + 1, LIMITS.idle_answer_ms + 1):
        at += later
        world.be_there(at)
        world.sweep(at)
    world.take("queued", at)
    world.claim(at)
    world.do(lambda c: desk.give_back(c, anna, world.id, at))
    world.take("queued", at)
    world.claim(at)
    world.do(lambda c: conduct.warn(c, anna, world.id, at))
    world.do(lambda c: conduct.block(c, anna, world.id, at, LIMITS))
    return world.said


STEPS = ("long_wait", "requeued", "forwarded", "forwarded_queue", "promised", "warned", "idle", "idle_returned", "returned", "blocked_by")


@pytest.mark.parametrize(("language", "found"), [("de", {f"handoff.{step}" for step in STEPS}), ("de-simple", set())])
def test_what_time_and_advisors_do_is_worded_in_the_language_of_the_conversation(database, language, found):  # noqa: F811
    assert german_in(through_all_that_time_and_advisors_do(World(database), language)) == found


def seen(page):
    """Return what a page shows and what it says to a screen reader, piece by piece, without what the citizen wrote."""
    body = page.page.split("<main", 1)[1].split("</main>")[0]
    body = re.sub(r"<li[^>]*message--citizen.*?</li>", "", body, flags=re.DOTALL)
    named = re.findall(r'aria-label="([^"]*)"', body)
    return [" ".join(unescape(piece).split()) for piece in [*re.sub(r"<[^>]*>", "\n\n", body).split("\n\n"), *named]]


def on_the_page(page, citizen, advisor, bot):  # noqa: F811
    """Look at the page without JavaScript in every state; returns all that it showed."""
    page.session.cookies.set("gespraech", citizen.token)
    page.reload()
    shown = seen(page)
    queued(citizen, bot)
    page.reload("?rueckruf=1")
    shown += seen(page)
    advisor.claim(citizen)
    page.reload()
    shown += seen(page)
    advisor.act(citizen, "return")
    page.reload()
    shown += seen(page)
    for send in (("bewertung", {}), ("bewertung", {"rating": "4"}), ("rueckruf", ERNA | {"name": "", "phone": "x"}), ("rueckruf", ERNA)):
        page.send(send[0], **send[1])
        shown += seen(page)
    page.press(text="")
    return shown + seen(page)


SHOWN = {
    "chat.intro", "chat.hint", "chat.log", "chat.hours", "chat.news", "chat.save", "chat.waiting.cancel",
    "chat.callback.no_name", "chat.callback.send", "chat.callback.thanks", "chat.rating.comment", "contacts.title", "errors.no_phone",
    "errors.empty",
}  # fmt: skip


@pytest.mark.parametrize(("language", "found"), [("de", SHOWN), ("de-simple", set())])
def test_the_page_without_javascript_speaks_the_language_of_the_conversation(gateway, advisor, bot, language, found):  # noqa: F811
    bot(custom())
    shown = on_the_page(Page(gateway), gateway.citizen(language), advisor, bot)
    told = german_in(shown)
    assert found - told == set() and bool(told) == bool(found), told
    assert (SIMPLE["chat.simple_on"] in shown) == (language == "de-simple")
