"""The way to a human and back as the chat page shows it without JavaScript: lines, wait, callback, rating."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from gateway.clockwork import now_ms
from gateway.conversation import Button, Event
from gateway.pages import contact, view
from gateway.pages.standing import Standing
from gateway.store import desk_settings
from gateway.tables import ADVISORS, CALLBACKS, CONVERSATIONS, FEEDBACK
from tests.gateway.conftest import custom, items
from tests.gateway.test_handoff import ALWAYS, NEVER, Advisor, wish
from tests.gateway.test_pages import Browser

ERNA = {"name": "Erna Beispiel", "phone": "07071 123456", "email": "", "when": "Montag Vormittag"}


class Page(Browser):
    """A browser without JavaScript that also sends the forms beside the chat."""

    def send(self, form, **fields):
        self.answer = self.session.post(f"{self.url}/chat/{form}", data=self.fields() | fields, timeout=30)
        self.page = self.answer.text
        return self.text()

    def reload(self, query=""):
        self.page = self.session.get(f"{self.url}/{query}").text
        return self.text()

    def text(self):
        return unescape(self.page)

    def shows(self, part):
        """Whether a part beside the chat is there to be used."""
        return "hidden" not in re.search(rf"<[^>]*\bdata-{part}\b[^>]*>", self.page)[0]

    def is_open(self):
        return bool(re.search(r"<details[^>]* open>", self.page))

    def lines(self):
        return re.findall(r'class="state">([^<]*)<', self.text())


def newest(gateway, column):
    """Return the newest row of a column's table."""
    return gateway.services.database.read_now(lambda c: c.execute(sa.select(column.table).order_by(column.desc()).limit(1)).one())


@pytest.fixture
def hours(gateway):
    def set_to(document):
        gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", document, now_ms()))

    set_to(ALWAYS)
    yield set_to
    set_to(ALWAYS)


@pytest.fixture
def advisor(gateway, hours):
    gateway.services.database.write_now(lambda c: c.execute(sa.update(ADVISORS).values(presence="away")))
    return Advisor(gateway)


@pytest.fixture
def bot(rasa):
    def answers(reply):
        rasa.answer = lambda message: (200, items(reply), 0.0)

    return answers


@pytest.fixture
def page(gateway):
    return Page(gateway)


class Known:
    """The conversation of a page, as the advisor's side names it."""

    def __init__(self, gateway):
        newest = sa.select(CONVERSATIONS.c.id).order_by(CONVERSATIONS.c.created_at.desc()).limit(1)
        self.id = gateway.services.database.read_now(lambda c: c.execute(newest).scalar_one())


def queue(page, bot, gateway):
    bot(wish("wish", kind="request_human"))
    page.press(text="Kann ich mit einem Menschen sprechen?")
    bot(wish("accept", kind="request_human"))
    name, value = page.button("Ja, einverstanden")
    page.press(**{name: value})
    bot(custom())
    return Known(gateway)


def ask_for_callback(page, bot):
    bot(wish("callback"))
    page.press(text="Bitte rufen Sie mich an")


def test_a_page_without_hand_off_shows_nothing_of_it(page, bot):
    bot(custom())
    page.press(text="Wie viel Geld gibt es?")
    assert not any(page.shows(part) for part in ("waiting", "callback", "rating"))


def test_waiting_shows_the_place_and_the_ways_out(page, advisor, bot, gateway):
    queue(page, bot, gateway)
    assert page.lines() == ["Sie warten auf einen Menschen: Platz 1"]
    assert page.shows("waiting") and "data-place>Sie warten auf einen Menschen: Platz 1<" in page.page
    assert page.text().count("Warten abbrechen</button>") == 1
    assert "Seite neu laden" in page.page
    bot(wish("cancel"))
    name, value = page.button("Warten abbrechen")
    page.press(**{name: value})
    assert page.lines()[-1] == "Sie warten nicht mehr. Es antwortet weiter die Maschine"
    assert not page.shows("waiting") and not page.shows("rating")


def test_the_ways_out_stay_while_the_bot_goes_on_answering(page, advisor, bot, gateway):
    queue(page, bot, gateway)
    page.press(text="Und was sind Quartiersimpulse?")
    assert page.shows("waiting") and page.button("Warten abbrechen")[1]


def test_a_human_is_a_human_and_a_machine_a_machine(page, advisor, bot, gateway):
    advisor.claim(known := queue(page, bot, gateway))
    advisor.write(known, "Guten Tag, hier ist die Beratung.")
    text = page.reload()
    assert page.lines()[-1] == "Sie sprechen jetzt mit einem Menschen"
    assert "Beratung (Mensch)" in text and "message--advisor" in text and not page.shows("waiting")
    page.press(text="Danke!")
    assert "Die Antwort dauert noch" not in page.page and "Neue Nachrichten sehen Sie" in page.page
    advisor.act(known, "return")
    page.reload()
    assert page.lines()[-1] == "Jetzt antwortet wieder die Maschine"


def test_a_wish_for_a_callback_opens_the_form_and_is_kept_out_of_the_log(page, bot, gateway):
    ask_for_callback(page, bot)
    assert page.shows("callback") and page.is_open()
    text = page.send("rueckruf", **ERNA)
    assert "Danke. Ihr Wunsch nach einem Rückruf ist notiert." in text and not page.shows("callback")
    assert page.answer.history[0].status_code == 303
    assert "Erna" not in page.reload() and "123456" not in page.text()
    assert "Erna" not in page.session.get(f"{gateway.url}/chat/verlauf").text
    assert "Erna Beispiel" in str(newest(gateway, CALLBACKS.c.due_at))


def test_a_callback_is_only_offered_outside_opening_hours(page, bot, hours):
    hours(NEVER)
    bot(wish("wish"))
    page.press(text="Ist da jemand?")
    assert page.shows("callback") and not page.is_open()


def test_waiting_one_may_ask_for_a_callback_without_the_bot(page, advisor, bot, gateway):
    queue(page, bot, gateway)
    assert not page.shows("callback")
    page.reload("?rueckruf=1")
    assert page.shows("callback") and page.is_open()
    page.send("rueckruf", **ERNA)
    assert page.lines()[-1].startswith("Sie warten nicht mehr") and not page.shows("waiting")


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": " "}, "name", "Bitte geben Sie Ihren Namen an."),
        ({"name": "\u200b"}, "name", "Bitte geben Sie Ihren Namen an."),
        ({"phone": ""}, "phone", "Bitte geben Sie eine Telefonnummer oder eine E-Mail-Adresse an."),
        ({"phone": "morgen"}, "phone", "Das sieht nicht wie eine Telefonnummer aus."),
        ({"email": "erna.example"}, "email", "Das sieht nicht wie eine E-Mail-Adresse aus."),
        ({"when": "x" * 501}, "when", "Das ist zu lang."),
    ],
)
def test_a_wrong_field_is_named_and_takes_the_focus_and_nothing_typed_is_lost(page, bot, wrong, field, said):
    ask_for_callback(page, bot)
    text = page.send("rueckruf", **ERNA | wrong)
    assert page.answer.status_code == 422 and page.is_open()
    assert re.search(rf'id="callback-{field}-error" class="chat__error">{re.escape(said)}', text)
    assert re.search(rf'id="callback-{field}"[^>]*aria-invalid="true" autofocus', page.page)
    assert text.count("autofocus") == 1
    assert ERNA["when"] in text if field != "when" else ERNA["name"] in text


def test_all_wrong_fields_are_named_at_once():
    wrong = contact.read({"email": "x"})
    assert isinstance(wrong, contact.Sent) and list(wrong.errors) == ["name", "email"] and wrong.first == "name"


@pytest.mark.parametrize("form", ["rueckruf", "bewertung"])
def test_a_form_of_another_site_changes_nothing(page, bot, gateway, form):
    ask_for_callback(page, bot)
    page.send(form, **ERNA, rating="5", csrf="1.x")
    assert page.answer.status_code == 403 and "Erna" not in page.page


@pytest.mark.parametrize("form", ["rueckruf", "bewertung"])
def test_without_a_conversation_there_is_nothing_to_send(page, form):
    page.send(form, **ERNA, rating="5")
    assert page.answer.status_code == 404 and not page.shows("callback")


@pytest.mark.parametrize(("how", "body", "line"), [("return", {}, "Jetzt antwortet wieder"), ("close", {"reason": "answered"}, "beendet")])
def test_after_a_talk_with_a_human_it_may_be_rated_once(page, advisor, bot, gateway, how, body, line):
    advisor.claim(known := queue(page, bot, gateway))
    assert not page.shows("rating")
    advisor.act(known, how, **body)
    page.reload()
    assert line in page.lines()[-1] and page.shows("rating") and 'href="/chat/verlauf"' in page.page
    assert "Bitte wählen Sie eine Zahl von 1 bis 5." in page.send("bewertung", comment="Schön")
    assert "Schön" in page.page and page.answer.status_code == 422
    assert "Danke für Ihre Bewertung." in page.send("bewertung", rating="4", comment="Schön")
    assert not page.shows("rating")
    kept = newest(gateway, FEEDBACK.c.at)
    assert (kept.conversation, kept.seq, kept.rating, kept.comment) == (known.id, 0, "4", "Schön")
    page.press(text="Und noch etwas")
    assert not page.shows("rating")


@pytest.mark.parametrize("rating", ["0", "6", "12", "up", "", "³"])
def test_a_rating_is_a_number_from_one_to_five(rating):
    assert isinstance(contact.read_rating({"rating": rating}), contact.Sent)


def told(state, **facts):
    return Event("c", 1, 0, "system", type="state", state={"state": state} | facts)


def test_a_new_place_changes_the_status_and_not_the_log():
    standing = Standing()
    assert standing.take(told("queued", position=2, wait_s=170)) == "Sie warten auf einen Menschen: Platz 2, ungefähr 3 Minuten"
    assert standing.take(told("queued", position=1, wait_s=50)) == ""
    assert standing.waiting == "Sie warten auf einen Menschen: Platz 1, ungefähr 1 Minute"


def test_giving_up_the_wait_is_no_talk_that_ended():
    standing = Standing()
    standing.take(told("queued", position=1))
    assert standing.take(told("closed")) == "Sie warten nicht mehr. Es antwortet weiter die Maschine" and not standing.over


def test_back_in_the_queue_there_is_nothing_to_rate_yet():
    standing = Standing()
    for state in ("queued", "advisor"):
        standing.take(told(state, position=1))
    assert standing.take(told("queued", position=1)) == "Sie warten auf einen Menschen: Platz 1" and not standing.over


def test_the_number_of_the_matter_is_shown_where_it_is_known(page, bot, gateway):
    data = {"step": "queued", "case": "a1b2c3d4e5f6"}
    event = Event("c", 2, 0, "bot", "Angemeldet", buttons=(Button("Warten abbrechen", "cancel_handoff"),), answer={"data": data})
    [line], standing = view.lines([event])
    assert line["case"] == "a1b2c3d4" and line["buttons"] == [] and standing.cancel
    bot(custom(answer={"outcome": "handoff", "entries": [], "sources": [], "data": {"case": "a1b2c3d4e5f6"}}))
    assert "Vorgangsnummer: <strong>a1b2c3d4</strong>" in page.press(text="Hallo")


def test_the_page_tells_the_opening_hours_where_the_status_does(page, gateway):
    hours = gateway.get("/api/v1/status").json()["opening_hours"]
    told_hours = f"erreichen Sie hier im Chat: {hours['text']}" if hours else "erreichen Sie hier im Chat"
    assert (told_hours in page.text()) == bool(hours)
