"""The desk's pages over HTTP, as a browser without JavaScript uses them: every page and form, rights, CSRF, and texts that stay texts."""

import hashlib
import html
import re
import uuid
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from gateway.clockwork import now_ms
from gateway.desk import passwords
from gateway.store import advisors, callbacks, desk_settings, drafts, handoffs
from gateway.tables import ADVISORS, AUDIT, CONVERSATIONS, EVENTS, FEEDBACK, HANDOFFS
from knowledge import clock
from tests.gateway.conftest import custom, items, until
from tests.gateway.test_handoff import ALWAYS, Advisor, queued

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
PASSWORD = "ein langes Kennwort"


@pytest.fixture(autouse=True)
def calm(gateway):
    """The desk is open, and nobody of other tests is there or waits: before and after."""

    def clear(connection):
        desk_settings.write(connection, "hours", ALWAYS, now_ms())
        connection.execute(sa.update(ADVISORS).values(presence="away"))
        connection.execute(sa.update(HANDOFFS).where(HANDOFFS.c.ended_at.is_(None)).values(ended_at=now_ms(), end_reason="other"))

    gateway.services.database.write_now(clear)
    yield
    gateway.services.database.write_now(clear)


class Browser(Advisor):
    """An advisor who uses the pages."""

    def get(self, path, **options):
        return requests.get(self.gateway.url + path, cookies=self.cookies, timeout=30, **options)

    def post(self, path, csrf=None, live=False, **fields):
        body = {"csrf": self.csrf if csrf is None else csrf} | fields
        headers = {"HX-Request": "true"} if live else {}
        return requests.post(self.gateway.url + path, data=body, cookies=self.cookies, headers=headers, timeout=30, allow_redirects=False)

    def on(self, citizen, what, **fields):
        return self.post(f"/desk/conversations/{citizen.id}/{what}", **fields)

    def page(self, citizen):
        return self.get(f"/desk/conversations/{citizen.id}")

    def stream(self, path="/desk/stream"):
        return Stream(requests.get(self.gateway.url + path, cookies=self.cookies, timeout=30, stream=True))


class Stream:
    """The events of a stream, one by one."""

    def __init__(self, response):
        self.response, self.lines = response, response.iter_lines(chunk_size=1, decode_unicode=True)

    def next(self, name):
        """Return the data of the next event of this name."""
        kind, data = None, []
        for line in self.lines:
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                data.append(line[6:])
            elif not line:
                if kind == name:
                    return "\n".join(data)
                kind, data = None, []
        raise AssertionError(f"{name} did not come")


@pytest.fixture
def bot(rasa):
    def answers(*customs):
        replies = list(customs)
        rasa.answer = lambda message: (200, items(replies.pop(0) if len(replies) > 1 else replies[0]), 0.0)

    return answers


@pytest.fixture
def advisor(gateway, calm):
    return Browser(gateway)


@pytest.fixture
def talk(advisor, citizen, bot):
    """A conversation that the advisor has claimed."""
    queued(citizen, bot)
    assert advisor.on(citizen, "claim").status_code == 303
    return citizen


def read(gateway, query):
    return gateway.services.database.read_now(query)


def audit(gateway, action, subject):
    found = sa.select(AUDIT.c.actor).where(AUDIT.c.action == action, AUDIT.c.subject == subject)
    return list(read(gateway, lambda c: c.execute(found).scalars()))


def number(gateway, citizen):
    return read(gateway, lambda c: handoffs.last(c, citizen.id)).id[:8].upper()


def text_of(response):
    return html.unescape(response.text)


def new_id():
    return str(uuid.uuid4())


# The door


def door(gateway, name, password, **changed):
    browser = requests.Session()
    page = browser.get(f"{gateway.url}/desk", timeout=30)
    fields = {"mark": re.search(r'name="mark" value="([^"]+)"', page.text)[1], "name": name, "password": password}
    return browser, browser.post(f"{gateway.url}/desk/login", data=fields | changed, timeout=30, allow_redirects=False)


@pytest.fixture
async def account(gateway):
    stored, name = passwords.hashed(PASSWORD), f"Konto {uuid.uuid4().hex[:6]}"
    gateway.services.database.write_now(lambda c: advisors.create(c, name, stored, now_ms()))
    return name


def test_without_a_session_the_desk_is_a_log_in_form(gateway):
    page = gateway.get("/desk")
    assert page.status_code == 200 and 'action="/desk/login"' in page.text and "Warteschlange" not in page.text


def test_logging_in_with_the_form_opens_the_overview(gateway, account):
    browser, answer = door(gateway, account, PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    assert {"session", "csrf"} <= set(browser.cookies.keys())
    assert "Warteschlange" in browser.get(f"{gateway.url}/desk", timeout=30).text


def test_a_wrong_password_is_said_on_the_form_and_the_name_stays(gateway, account):
    _, answer = door(gateway, account, "falsch")
    assert answer.status_code == 401
    assert "Name oder Kennwort ist falsch." in answer.text and f'value="{account}"' in answer.text and "falsch<" not in answer.text


def test_after_many_failures_the_form_says_when_to_come_back(gateway, account):
    for _ in range(5):
        door(gateway, account, "falsch")
    _, answer = door(gateway, account, PASSWORD)
    assert answer.status_code == 429 and answer.headers["Retry-After"]
    assert "gesperrt" in answer.text


@pytest.mark.parametrize("mark", ["", "1.abc", "x"])
def test_a_log_in_that_another_site_sends_is_refused(gateway, account, mark):
    browser, answer = door(gateway, account, PASSWORD, mark=mark)
    assert answer.status_code == 403 and "session" not in browser.cookies


def test_the_mark_of_another_browser_is_refused(gateway, account):
    mark = re.search(r'name="mark" value="([^"]+)"', gateway.get("/desk").text)[1]
    assert door(gateway, account, PASSWORD, mark=mark)[1].status_code == 403


def test_markup_in_the_name_stays_text(gateway):
    _, answer = door(gateway, EVIL, "falsch")
    assert "<script>alert" not in answer.text and html.escape("<script>") in answer.text


def test_logging_out_ends_the_session(advisor):
    assert advisor.post("/desk/logout").status_code == 303
    assert 'action="/desk/login"' in advisor.get("/desk").text


def test_presence_is_changed_with_a_button(gateway, advisor):
    assert advisor.post("/desk/presence", state="away").status_code == 303
    assert "abwesend" in advisor.get("/desk").text
    advisor.post("/desk/presence", state="available")
    assert read(gateway, lambda c: advisors.by_id(c, advisor.id)).presence == "available"


# Rights


def pages_of(citizen):
    return [f"/desk/conversations/{citizen.id}", f"/desk/conversations/{citizen.id}/stream", f"/desk/conversations/{citizen.id}/controls"]


POSTS = ("claim", "messages", "note", "forward", "return", "close", "correction", "draft", "insert", "typing")


@pytest.mark.parametrize("path", ["/desk/lists", "/desk/history", "/desk/conversations/x", "/desk/stream", "/desk/history/x"])
def test_without_a_session_every_page_leads_to_the_door(gateway, path):
    answer = gateway.get(path, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")


def test_a_live_part_without_a_session_loads_the_door(gateway):
    answer = gateway.get("/desk/lists", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/desk")


@pytest.mark.parametrize("what", POSTS)
def test_no_form_is_taken_without_the_secret(advisor, talk, what):
    for wrong in ("", "falsch"):
        assert advisor.on(talk, what, csrf=wrong, text="Halt", client_id=new_id(), reason="other", to="allgemein").status_code == 403
    assert "Halt" not in str(talk.events()) and talk.call("GET", "/events").json()["state"] == "advisor"


@pytest.mark.parametrize("path", ["/desk/presence", "/desk/logout", "/desk/callbacks/x/done"])
def test_nor_a_form_of_the_overview(advisor, path):
    assert advisor.post(path, csrf="falsch", state="away").status_code == 403


def test_another_queues_conversation_is_a_page_that_says_no(gateway, advisor, talk):
    stranger = Browser(gateway, queues=("pflege",))
    for path in pages_of(talk):
        refused = stranger.get(path)
        assert refused.status_code == 403 and "Berechtigung" in refused.text, path
    for what in POSTS:
        sent = stranger.on(talk, what, text="Halt", client_id=new_id(), reason="other", to="allgemein", seq=1)
        assert sent.status_code == 403, what
    assert talk.id not in stranger.get("/desk").text


def test_a_lead_reads_along_but_does_not_write(gateway, advisor, talk):
    lead = Browser(gateway, role="lead", queues=("pflege",))
    page = lead.page(talk)
    assert page.status_code == 200 and 'role="log"' in page.text and "data-compose" not in page.text
    assert lead.on(talk, "messages", text="Halt", client_id=new_id()).status_code == 409
    assert lead.on(talk, "draft", text="Halt").status_code == 409


def test_a_conversation_that_was_never_handed_over_is_not_there(advisor, citizen):
    assert advisor.page(citizen).status_code == 404
    assert advisor.page(type("Nobody", (), {"id": "gibt-es-nicht"})).status_code == 404


# Queue and claim


def test_the_overview_shows_who_waits_with_masked_contacts(gateway, advisor, citizen, bot):
    bot(custom())
    citizen.say("Bitte rufen Sie an: 0711 1234567")
    queued(citizen, bot, topic="Quartiersimpulse")
    page = advisor.get("/desk")
    assert number(gateway, citizen) in page.text and "Quartiersimpulse" in page.text and "1234567" not in page.text


def test_before_the_claim_only_the_masked_package_is_shown(advisor, citizen, bot):
    bot(custom())
    citizen.say("Meine Nummer ist 0711 1234567")
    queued(citizen, bot)
    page = advisor.page(citizen)
    assert page.status_code == 200 and "Übernehmen" in page.text and "Telefonnummer" in page.text
    assert "1234567" not in page.text and 'role="log"' not in page.text and "data-compose" not in page.text


def test_a_claim_opens_the_conversation(gateway, advisor, talk):
    page = advisor.page(talk)
    assert 'role="log"' in page.text and "data-compose" in page.text and "Ich möchte mit einem Menschen sprechen" in page.text
    assert audit(gateway, "package", talk.id) == [advisor.id] and audit(gateway, "claimed", talk.id) == [advisor.id]


def test_a_colleague_was_faster(gateway, advisor, talk):
    late = Browser(gateway).on(talk, "claim")
    assert (late.status_code, late.headers["Location"]) == (303, "/desk?erledigt=claimed_by_other")
    assert "schon jemand anderes" in advisor.get("/desk?erledigt=claimed_by_other").text


def test_what_came_back_to_the_queue_is_marked(gateway, advisor, citizen, bot):
    queued(citizen, bot)
    row = read(gateway, lambda c: handoffs.last(c, citizen.id))
    gateway.services.database.write_now(lambda c: handoffs.change(c, row.id, alerted_at=now_ms()))
    assert "Zurück in der Warteschlange" in advisor.get("/desk").text


def test_my_conversations_show_whether_an_answer_is_due(advisor, talk):
    assert "Neue Nachricht" in advisor.get("/desk").text
    advisor.on(talk, "messages", text="Guten Tag", client_id=new_id())
    assert "Neue Nachricht" not in advisor.get("/desk").text
    talk.send(wait=None, text="Sind Sie noch da?")
    assert "Neue Nachricht" in advisor.get("/desk").text


def test_the_header_names_number_place_applicant_and_topic(gateway, advisor, citizen, bot):
    queued(citizen, bot, topic="Quartiersimpulse")
    citizen.call("PATCH", json={"profile": {"applicant": "verein", "place": "Herrenberg"}})
    advisor.on(citizen, "claim")
    head = advisor.page(citizen).text.split("case-head")[1].split("</dl>")[0]
    for shown in (number(gateway, citizen), "Herrenberg", "Verein", "Quartiersimpulse", "Webseite", "Deutsch"):
        assert shown in head


# Writing


def test_a_message_of_the_plain_form_reaches_the_citizen(advisor, talk):
    key = new_id()
    for _ in range(2):
        sent = advisor.on(talk, "messages", text="Guten Tag!\r\nWie kann ich helfen?", client_id=key)
        assert sent.status_code == 303 and "#n" in sent.headers["Location"]
    assert [e["text"] for e in talk.events() if e["from"] == "advisor"] == ["Guten Tag!\nWie kann ich helfen?"]


def test_the_script_gets_a_short_answer(advisor, talk):
    assert advisor.on(talk, "messages", live=True, text="Guten Tag", client_id=new_id()).status_code == 204
    refused = advisor.on(talk, "messages", live=True, text=" ", client_id=new_id())
    assert refused.status_code == 422 and refused.text.startswith("Der Text ist leer") and "<" not in refused.text


def test_a_text_that_cannot_be_sent_stays_in_the_box(advisor, talk):
    refused = advisor.on(talk, "messages", text="x" * 2001, client_id=new_id())
    assert refused.status_code == 413 and "x" * 2001 in refused.text and "zu lang" in refused.text


def test_markup_in_messages_notes_and_names_stays_text(gateway, citizen, bot):
    advisor = Browser(gateway, name=f"{EVIL[:30]} {uuid.uuid4().hex[:6]}")
    queued(citizen, bot, topic=EVIL[:60])
    advisor.on(citizen, "claim")
    citizen.send(wait=None, text=EVIL)
    advisor.on(citizen, "note", text=EVIL)
    advisor.on(citizen, "messages", text=EVIL, client_id=new_id())
    advisor.on(citizen, "draft", text="</textarea>" + EVIL)
    for page in (advisor.get("/desk"), advisor.page(citizen), advisor.get("/desk/lists")):
        assert "<script>alert" not in page.text and "<img src=x" not in page.text and "</textarea><" not in page.text
        assert html.escape(EVIL[:10]) in page.text


def test_markup_in_the_stream_stays_text(advisor, talk):
    stream = advisor.stream(f"/desk/conversations/{talk.id}/stream?after={talk.events()[-1]['seq']}&stand=mine")
    talk.send(wait=None, text=f"{EVIL}\nevent: state")
    line = stream.next("message")
    assert "<script>" not in line and html.escape(EVIL) in line and "entry--citizen" in line


def test_a_note_is_kept_and_never_shown_to_the_citizen(advisor, talk):
    assert advisor.on(talk, "note", text="Ruft morgen an").status_code == 303
    assert "Ruft morgen an" in advisor.page(talk).text and "Ruft morgen an" not in str(talk.events())
    again = advisor.on(talk, "note", live=True, text="Noch eine")
    assert again.status_code == 200 and again.text.lstrip().startswith("<section") and "Noch eine" in again.text


# Drafts


def test_a_draft_comes_back_and_goes_with_the_message(gateway, advisor, talk):
    assert advisor.on(talk, "draft", live=True, text="Angefangener Satz").status_code == 204
    assert "Angefangener Satz" in advisor.page(talk).text
    assert "Angefangener" not in str(talk.events())
    advisor.on(talk, "messages", text="Angefangener Satz", client_id=new_id())
    assert read(gateway, lambda c: drafts.read(c, talk.id, advisor.id)) == ""


def test_a_draft_begun_while_the_last_message_waits_stays(gateway, advisor, talk):
    advisor.on(talk, "draft", text="Der nächste Satz")
    advisor.on(talk, "messages", text="Der vorige Satz", client_id=new_id())
    assert read(gateway, lambda c: drafts.read(c, talk.id, advisor.id)) == "Der nächste Satz"


def test_a_draft_is_erased_with_the_conversation(gateway, advisor, talk):
    advisor.on(talk, "draft", text="Angefangener Satz")
    assert talk.call("DELETE").status_code == 204
    assert advisor.on(talk, "draft", text="Noch ein Satz").status_code == 404
    assert read(gateway, lambda c: drafts.read(c, talk.id, advisor.id)) == ""


def test_typing_shows_a_sign_and_no_text(advisor, talk):
    stream = Stream(talk.call("GET", "/stream", params={"after": talk.events()[-1]["seq"]}, stream=True))
    assert advisor.on(talk, "typing", text="geheim").status_code == 204
    assert stream.next("typing") == '{"typing":true}'
    assert "geheim" not in str(talk.events())


# Insertions


def test_a_text_module_is_put_below_what_is_written(gateway, advisor, talk):
    module = {"id": "m1", "title": "Gruß", "text": "Guten Tag und willkommen."}
    gateway.services.database.write_now(lambda c: desk_settings.write(c, "text_modules", [module], now_ms()))
    assert "Gruß" in advisor.page(talk).text
    part = advisor.on(talk, "insert", live=True, text="Hallo", insert="module:m1")
    assert part.text.lstrip().startswith("<textarea") and "Hallo\n\nGuten Tag und willkommen." in part.text
    assert advisor.on(talk, "insert", text="Hallo", insert="module:m1").status_code == 303
    assert "Guten Tag und willkommen." in advisor.page(talk).text.split('<textarea id="text"')[1]


@pytest.mark.parametrize("what", ["", "module:gibt-es-nicht", "entry:gibt-es-nicht", "x:y", "plan"])
def test_what_is_not_there_cannot_be_inserted(advisor, talk, what):
    refused = advisor.on(talk, "insert", text="Mein Text", insert=what)
    assert refused.status_code == 404 and "Mein Text" in refused.text


def test_an_entry_is_found_and_inserted_with_link_and_stand(advisor, talk):
    found = advisor.get(f"/desk/conversations/{talk.id}/search?q=Zuschuss")
    assert "Quartiersimpulse" in found.text and 'value="entry:quartiersimpulse"' in found.text
    assert "Quartiersimpulse" in advisor.get(f"/desk/conversations/{talk.id}?q=Zuschuss").text
    part = advisor.on(talk, "insert", live=True, text="", insert="entry:quartiersimpulse")
    assert "Quartiersimpulse\nZuschuss\nhttps://example.org/q\nStand: Januar 2026" in text_of(part)


def test_the_funding_plan_is_inserted_as_a_link(gateway, advisor, talk):
    talk.call("PATCH", json={"profile": {"applicant": "verein", "place": "Herrenberg"}})
    assert "Link zum Förderplan" in advisor.page(talk).text
    part = text_of(advisor.on(talk, "insert", live=True, text="", insert="plan"))
    assert f"{gateway.settings.public_url}/foerderbaukasten?applicant=verein&place=Herrenberg" in part and "Stand: " in part


def test_the_suggestion_touches_neither_log_nor_memory(gateway, advisor, talk, bot, rasa):
    talk.send(wait=None, text="Wie hoch ist der Zuschuss?")
    rows = sa.select(CONVERSATIONS.c.bot_state, CONVERSATIONS.c.last_seq, CONVERSATIONS.c.turns, CONVERSATIONS.c.version)
    before = read(gateway, lambda c: (c.execute(rows.where(CONVERSATIONS.c.id == talk.id)).one(), c.execute(sa.select(EVENTS)).all()))
    bot(custom("Bis zu 85.000 Euro.", state={"v": 1, "knowledge": 12, "spoiled": True}))
    rasa.received.clear()
    part = advisor.on(talk, "insert", live=True, text="Guten Tag,", insert="suggestion")
    assert "Guten Tag,\n\nBis zu 85.000 Euro." in part.text
    after = read(gateway, lambda c: (c.execute(rows.where(CONVERSATIONS.c.id == talk.id)).one(), c.execute(sa.select(EVENTS)).all()))
    assert before == after
    [asked] = rasa.received
    assert asked["message"] == "Wie hoch ist der Zuschuss?" and talk.id not in asked["sender"] + asked["metadata"]["turn"]


def test_a_bot_that_is_away_makes_no_suggestion(advisor, talk, rasa):
    rasa.always(b"", 500)
    refused = advisor.on(talk, "insert", text="Mein Text", insert="suggestion")
    assert refused.status_code == 503 and "keinen Vorschlag" in refused.text and "Mein Text" in refused.text


# Correction


def test_a_wrong_answer_is_corrected_for_the_citizen_and_filed_for_the_editors(gateway, advisor, citizen, bot):
    bot(custom("Der Zuschuss beträgt 1 Euro."))
    wrong = citizen.say("Wie hoch ist der Zuschuss?")
    queued(citizen, bot)
    advisor.on(citizen, "claim")
    sent = advisor.on(citizen, "correction", seq=wrong["seq"], client_id=new_id(), text="Es sind bis zu 85.000 Euro.")
    assert sent.status_code == 303
    said = citizen.events()[-1]
    assert said["from"] == "advisor" and "„Der Zuschuss beträgt 1 Euro.“" in said["text"] and "85.000" in said["text"]
    rows = sa.select(FEEDBACK.c.rating, FEEDBACK.c.comment).where(FEEDBACK.c.conversation == citizen.id, FEEDBACK.c.seq == wrong["seq"])
    assert read(gateway, lambda c: c.execute(rows).one()) == ("wrong", "Es sind bis zu 85.000 Euro.")
    assert audit(gateway, "bot_wrong", citizen.id) == [advisor.id]


def test_only_an_answer_of_the_bot_can_be_corrected(advisor, talk):
    theirs = next(e["seq"] for e in talk.events() if e["from"] == "citizen")
    for seq in (theirs, 0, 999, "x", ""):
        assert advisor.on(talk, "correction", seq=seq, client_id=new_id(), text="Das stimmt nicht").status_code == 422
    assert "Das stimmt nicht" not in str(talk.events())


# Leaving


def test_forwarding_to_a_colleague(gateway, advisor, talk):
    colleague = Browser(gateway)
    assert colleague.name in text_of(advisor.page(talk))
    sent = advisor.on(talk, "forward", to=colleague.name.lower())
    assert sent.headers["Location"] == "/desk?erledigt=forwarded"
    assert "data-compose" in colleague.page(talk).text and "data-compose" not in advisor.page(talk).text


def test_forwarding_where_nobody_is_keeps_the_conversation(advisor, talk):
    refused = advisor.on(talk, "forward", to="pflege")
    assert refused.status_code == 409 and "niemand erreichbar" in refused.text and "data-compose" in refused.text


def test_returning_to_the_bot(advisor, talk, bot):
    assert advisor.on(talk, "return").headers["Location"] == "/desk?erledigt=returned"
    assert talk.call("GET", "/events").json()["state"] == "bot"
    bot(custom())
    assert talk.say("Danke")["from"] == "bot"


def test_ending_needs_a_reason(advisor, talk):
    assert advisor.on(talk, "close", reason="").status_code == 422
    assert advisor.on(talk, "close", reason="answered").headers["Location"] == "/desk?erledigt=closed"
    assert talk.call("GET", "/events").json()["state"] == "closed"


# Callbacks


def wanted_back(gateway, citizen, queue="allgemein", due_ms=3_600_000, name="Erna Beispiel"):
    contact = {"name": name, "phone": "07071 123456", "email": None, "when": "Montag"}
    gateway.services.database.write_now(lambda c: callbacks.take(c, citizen.id, queue, contact, now_ms(), now_ms() + due_ms))


def test_open_callbacks_are_listed_until_they_are_done(gateway, advisor, citizen):
    wanted_back(gateway, citizen, due_ms=-1)
    page = advisor.get("/desk")
    assert "Erna Beispiel" in page.text and "Überfällig" in page.text and "tel:07071123456" in page.text
    assert advisor.post(f"/desk/callbacks/{citizen.id}/done").status_code == 303
    assert "Erna Beispiel" not in advisor.get("/desk").text
    assert audit(gateway, "callback_done", citizen.id) == [advisor.id]


def test_callbacks_of_another_queue_are_neither_shown_nor_done(gateway, advisor, citizen):
    wanted_back(gateway, citizen, queue="pflege", name=f"Erna {EVIL}")
    assert "Erna" not in advisor.get("/desk").text
    assert advisor.post(f"/desk/callbacks/{citizen.id}/done").status_code == 403
    lead = Browser(gateway, role="lead")
    assert html.escape(EVIL[:8]) in lead.get("/desk").text and "<script>alert" not in lead.get("/desk").text
    assert advisor.post("/desk/callbacks/gibt-es-nicht/done").status_code == 404
    lead.post(f"/desk/callbacks/{citizen.id}/done")


# History


@pytest.fixture
def past(gateway, advisor, citizen, bot):
    """A conversation that has ended, with a topic and place of its own."""
    bot(custom())
    topic, place = f"Thema {uuid.uuid4().hex[:6]}", "Überlingen"
    queued(citizen, bot, topic=topic)
    advisor.on(citizen, "claim")
    advisor.on(citizen, "messages", text="Das steht im Verlauf", client_id=new_id())
    advisor.on(citizen, "close", reason="passed_on")
    row = read(gateway, lambda c: handoffs.last(c, citizen.id))
    gateway.services.database.write_now(lambda c: handoffs.change(c, row.id, place=place))
    citizen.handoff, citizen.topic = row.id, topic
    return citizen


def test_ended_hand_offs_are_found_by_what_stands_beside_them(advisor, past):
    mark = past.handoff[:8].upper()
    for query in (f"q={mark}", f"q={past.topic}", f"q={past.topic}&reason=passed_on", f"q={mark}&reason=answered"):
        assert (f">{mark}</a>" in advisor.get(f"/desk/history?{query}").text) == ("answered" not in query), query
    assert mark in advisor.get("/desk/history?q=überl&reason=passed_on").text
    assert mark not in advisor.get("/desk/history?q=steht im Verlauf").text


def test_a_day_limits_the_search(advisor, past):
    mark = past.handoff[:8].upper()
    assert f">{mark}</a>" not in advisor.get(f"/desk/history?q={past.topic}&day=2001-01-01").text
    assert f">{mark}</a>" in advisor.get(f"/desk/history?q={past.topic}&day={clock.today()}").text
    for nonsense in ("day=gestern", "page=x", "page=99999999999999999999", "page=0", "reason=x", "day=9999-12-31", "day=0001-01-01"):
        assert advisor.get(f"/desk/history?{nonsense}").status_code == 200


def test_opening_the_past_shows_the_log_and_is_noted(gateway, advisor, past):
    page = advisor.get(f"/desk/history/{past.handoff}")
    assert page.status_code == 200 and "Das steht im Verlauf" in page.text and "An andere Stelle verwiesen" in page.text
    assert "data-compose" not in page.text and "/correction" not in page.text
    assert audit(gateway, "history", past.id) == [advisor.id]


def test_what_the_citizen_says_to_the_bot_afterwards_is_not_shown(advisor, past, bot):
    bot(custom())
    past.say("Das geht nur den Bot etwas an")
    opened = advisor.page(past)
    assert opened.url.endswith(f"/desk/history/{past.handoff}")
    assert "nur den Bot" not in opened.text


def test_another_queues_past_is_not_shown(gateway, past):
    stranger = Browser(gateway, queues=("pflege",))
    assert past.handoff[:8].upper() not in stranger.get(f"/desk/history?q={past.topic}").text.split("<tbody")[-1]
    assert stranger.get(f"/desk/history/{past.handoff}").status_code == 403
    assert audit(gateway, "history", past.id) == []
    assert Browser(gateway, role="lead", queues=()).get(f"/desk/history/{past.handoff}").status_code == 200


def test_an_erased_conversation_has_no_past(advisor, past):
    past.call("DELETE")
    assert advisor.get(f"/desk/history/{past.handoff}").status_code == 404
    assert past.handoff[:8].upper() not in advisor.get("/desk/history").text


def test_there_are_fifty_on_a_page(gateway, advisor, past):
    row = read(gateway, lambda c: c.execute(sa.select(HANDOFFS).where(HANDOFFS.c.id == past.handoff)).one())._mapping

    def many(connection):
        copies = [dict(row) | {"id": uuid.uuid4().hex, "ended_at": row["ended_at"] - n} for n in range(1, 52)]
        connection.execute(sa.insert(HANDOFFS), copies)
        return [one["id"] for one in copies]

    made = gateway.services.database.write_now(many)
    first, second = (advisor.get(f"/desk/history?q={past.topic}&page={n}").text for n in (1, 2))
    assert (first.count("<tr>") - 1, second.count("<tr>") - 1) == (50, 2)
    assert "Ältere" in first and "Neuere" in second and "Ältere" not in second and "52 gefunden" in first
    gateway.services.database.write_now(lambda c: c.execute(sa.delete(HANDOFFS).where(HANDOFFS.c.id.in_(made))))


# Live


def test_the_stream_tells_of_a_new_entry_in_the_queue(advisor, citizen, bot):
    stream = advisor.stream()
    assert stream.response.headers["Content-Type"].startswith("text/event-stream")
    queued(citizen, bot)
    stream.next("changed")
    stream.next("queued")
    assert citizen.id in advisor.get("/desk/lists").text


def test_the_stream_says_nothing_of_another_queue(gateway, citizen, bot, advisor):
    stranger = Browser(gateway, queues=("pflege",))
    stream = stranger.stream()
    queued(citizen, bot)
    stranger.on(citizen, "claim")
    wanted_back(gateway, citizen, queue="pflege")
    gateway.services.signals.wake("desk")
    stream.next("changed")
    assert citizen.id in stranger.get("/desk/lists").text and "data-waiting" not in stranger.get("/desk/lists").text
    stranger.post(f"/desk/callbacks/{citizen.id}/done")


def test_the_stream_of_a_conversation_says_when_it_is_no_longer_mine(advisor, talk):
    last = talk.events()[-1]["seq"]
    stream = advisor.stream(f"/desk/conversations/{talk.id}/stream?after={last}&stand=mine")
    talk.send(wait=None, text="Hallo?")
    assert "Hallo?" in stream.next("message")
    advisor.on(talk, "return")
    assert stream.next("state") == "ended"
    ended = advisor.get(f"/desk/conversations/{talk.id}/controls?stand=mine")
    assert ended.status_code == 200 and "beendet" in ended.text and "/desk/history/" in ended.text
    talk.say("Das geht nur den Bot etwas an")
    late = advisor.stream(f"/desk/conversations/{talk.id}/stream?after={last}&stand=mine")
    assert late.next("state") == "ended"


def test_whoever_has_the_stream_open_is_there(gateway, advisor, monkeypatch):
    monkeypatch.setattr("gateway.pages.desk_stream.HEARTBEAT_S", 0.05)
    stream = advisor.stream()
    gateway.services.database.write_now(lambda c: c.execute(sa.update(ADVISORS).where(ADVISORS.c.id == advisor.id).values(seen_at=1)))
    until(lambda: read(gateway, lambda c: advisors.by_id(c, advisor.id)).seen_at > 1)
    stream.response.close()


def test_the_stream_ends_with_the_session(advisor, monkeypatch):
    monkeypatch.setattr("gateway.pages.desk_stream.HEARTBEAT_S", 0.05)
    stream = advisor.stream()
    advisor.post("/desk/logout")
    stream.next("over")


# What is served


def test_the_pages_keep_the_content_policy(advisor, talk):
    for page in (advisor.get("/desk"), advisor.page(talk), advisor.get("/desk/history")):
        assert "script-src 'self'" in page.headers["Content-Security-Policy"] and "unsafe" not in page.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*src=)|<style|<[a-z][^>]* (style|on[a-z]+|hx-on[^=]*|hx-vars)=", page.text)


def test_the_code_of_others_is_what_the_readme_says(gateway):
    vendor = Path("web/vendor")
    readme = (vendor / "README.md").read_text(encoding="utf-8")
    for name in ("htmx.js", "htmx-sse.js"):
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() in readme
        assert gateway.get(f"/web/vendor/{name}").status_code == 200


def test_undo_belongs_to_the_script_alone(advisor, talk):
    """A message that reaches the server is sent at once: nothing waits there that a crash could lose."""
    advisor.on(talk, "messages", live=True, text="Sofort", client_id=new_id())
    assert talk.events()[-1]["text"] == "Sofort"
