"""The pages for leads: who may see them, what is saved and when it counts, what is refused, and that no text becomes markup."""

import csv
import doctest
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
import requests
import sqlalchemy as sa

from gateway.clockwork import now_ms
from gateway.desk import forms
from gateway.handoff import holiday_names, hours_form, modules, queue_edit, queues, visible
from gateway.handoff.hours import DEFAULT, Hours
from gateway.pages import desk_lead_numbers, moments
from gateway.store import advisors, callbacks, counts, desk_settings
from gateway.tables import AUDIT, CALLBACKS, COUNTS
from knowledge import clock
from tests.gateway.test_handoff import ALWAYS, NEVER, Advisor, bot, hours, nobody, queued, wish  # noqa: F401

PAGES = ["/desk/lead", *(f"/desk/lead/{name}" for name in ("hours", "queues", "modules", "callbacks", "numbers"))]
FORMS = [
    f"/desk/lead/{name}" for name in ("hours", "hours/days", "hours/days/remove", "queues", "queues/remove", "modules", "modules/remove")
]
SCRIPT = '"><script>alert(1)</script>'


class Lead(Advisor):
    """Somebody at the pages for leads, with a browser without JavaScript."""

    def __init__(self, gateway, role="lead", **options):
        super().__init__(gateway, role=role, state="away", **options)

    def get(self, path, **options):
        return requests.get(self.gateway.url + path, cookies=self.cookies, timeout=30, **options)

    def post(self, path, fields, csrf=None, **options):
        pairs = [("csrf", self.csrf if csrf is None else csrf), *(fields.items() if isinstance(fields, dict) else fields)]
        return requests.post(self.gateway.url + path, data=pairs, cookies=self.cookies, timeout=30, **options)

    def saves(self, path, fields):
        answer = self.post(path, fields)
        assert answer.status_code == 200 and answer.history[0].status_code == 303, answer.text
        assert "Gespeichert. Die Änderung gilt ab jetzt." in answer.text
        return answer


@pytest.fixture
def lead(gateway, hours, nobody):  # noqa: F811
    """A lead, and no queues or text modules from other tests."""
    database = gateway.services.database

    def forget(connection):
        desk_settings.write(connection, "queues", [], now_ms())
        desk_settings.write(connection, "text_modules", [], now_ms())

    database.write_now(forget)
    yield Lead(gateway)
    database.write_now(forget)


def words(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def setting(gateway, name):
    return gateway.services.database.read_now(lambda c: desk_settings.read(c, name))


def status(gateway):
    return gateway.get("/api/v1/status").json()["opening_hours"]


def audit(gateway, advisor):
    rows = gateway.services.database.read_now(
        lambda c: c.execute(sa.select(AUDIT.c.action).where(AUDIT.c.actor == advisor.id)).scalars().all()
    )
    return list(rows)


@pytest.mark.parametrize("path", [*PAGES, "/desk/lead/numbers.csv"])
def test_only_leads_and_administrators_see_the_pages(gateway, path):
    assert [Lead(gateway, role).get(path).status_code for role in ("lead", "admin")] == [200, 200]
    for role in ("advisor", "editor"):
        refused = Lead(gateway, role).get(path)
        assert refused.status_code == 403 and "Berechtigung" in refused.text and '<html lang="de">' in refused.text


@pytest.mark.parametrize("path", PAGES)
def test_without_a_log_in_the_way_leads_to_the_door(gateway, path):
    answer = requests.get(gateway.url + path, timeout=30, allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_the_sessions_secret_or_rights_changes_nothing(gateway, lead, path):
    before = [setting(gateway, name) for name in ("hours", "queues", "text_modules")]
    fields = {"mo": "9-12", "first": "2099-01-02", "name": "Fremd", "title": "Fremd", "text": "Fremd"}
    for secret in ("", "x", Lead(gateway).csrf):
        assert lead.post(path, fields, csrf=secret).status_code == 403
    assert Lead(gateway, "advisor").post(path, fields).status_code == 403
    assert requests.post(gateway.url + path, data=fields, timeout=30).status_code == 401
    no_cookie = requests.post(
        gateway.url + path, data=fields | {"csrf": lead.csrf}, cookies={"session": lead.cookies["session"]}, timeout=30
    )
    assert no_cookie.status_code == 403
    assert [setting(gateway, name) for name in ("hours", "queues", "text_modules")] == before


def test_a_form_that_is_none_is_refused_and_not_an_error_of_ours(gateway, lead):
    for body in (b"\xff\xfe=%ff", b"csrf=%ff", b"&".join(b"a=1" for _ in range(3000)), f"csrf={lead.csrf}&mo=%00".encode()):
        answer = requests.post(f"{gateway.url}/desk/lead/hours", data=body, cookies=lead.cookies, timeout=30)
        assert answer.status_code == 422, body[:20]
    assert requests.post(f"{gateway.url}/desk/lead/hours", data=b"a" * 70_000, cookies=lead.cookies, timeout=30).status_code == 413


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_and_nothing_inline(lead, path):
    page = lead.get(path)
    assert page.text.count("<h1>") == 1 and 'aria-current="page"' in page.text
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", page.text)


# Opening hours


def test_the_week_counts_at_once_for_status_and_offer(gateway, lead, citizen, bot):  # noqa: F811
    Advisor(gateway)
    assert status(gateway)["is_open"] and status(gateway)["available"]
    lead.saves("/desk/lead/hours", dict.fromkeys(("mo", "di", "mi", "do", "fr", "sa", "so"), ""))
    assert status(gateway) == {"text": "zurzeit keine Sprechzeiten", "is_open": False, "next": None, "available": False}
    bot(wish("wish"))
    assert citizen.say("Ist da jemand?")["answer"]["outcome"] == "callback"
    lead.saves("/desk/lead/hours", dict.fromkeys(("mo", "di", "mi", "do", "fr", "sa", "so"), "0 bis 23.59 Uhr"))
    lead.saves("/desk/lead/hours/days", {"first": clock.today().isoformat(), "last": "", "times": "00:00–23:59"})  # whatever day it is
    told = status(gateway)
    assert told["is_open"] and told["available"] and told["next"] is None
    assert told["text"] == "Montag bis Sonntag 0–23.59 Uhr; an Feiertagen geschlossen"
    assert citizen.say("Und jetzt?")["answer"]["outcome"] == "handoff"
    assert audit(gateway, lead).count("hours_changed") == 3


def test_the_page_shows_how_the_hours_read(gateway, lead, hours):  # noqa: F811
    hours(DEFAULT.as_dict())
    page = lead.get("/desk/lead/hours")
    assert "Montag bis Donnerstag 9–12 und 13–16 Uhr, Freitag 9–12 Uhr; an Feiertagen geschlossen" in words(page)
    assert 'value="09:00–12:00, 13:00–16:00"' in page.text and "Die nächste beginnt" in words(page)
    assert words(page).count("– geschlossen") == 5


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9-12, 11-13", "Dienstag: Die Zeiten 09:00–12:00 und 11:00–13:00 Uhr überschneiden sich."),
        ("12-9", "Dienstag: Das Ende (09:00 Uhr) muss nach dem Beginn (12:00 Uhr) liegen."),
        ("9-25", "Dienstag: „25:00“ ist keine Uhrzeit."),
        ("vormittags", "Dienstag: Eine Zeit besteht aus Beginn und Ende"),
        (SCRIPT, "Dienstag: "),
    ],
)
def test_a_wrong_day_is_named_and_what_was_typed_stays(gateway, lead, typed, said):
    before = setting(gateway, "hours")
    refused = lead.post("/desk/lead/hours", {"mo": "8-9", "di": typed, "mi": "zu"})
    assert refused.status_code == 422 and said in words(refused)
    assert 'href="#week-di"' in refused.text and 'aria-describedby="week-di-error" aria-invalid="true"' in refused.text
    assert 'name="mo" type="text" value="8-9"' in refused.text and "<script>alert" not in refused.text
    assert unescape(re.search(r'name="di" type="text" value="([^"]*)"', refused.text)[1]) == typed
    assert setting(gateway, "hours") == before


def test_days_that_differ_are_set_shown_and_removed(gateway, lead):
    first = clock.today() + timedelta(days=3)
    german = f"{first.day}.{first.month}.{first.year}"
    shown = lead.saves("/desk/lead/hours/days", {"first": german, "last": (first + timedelta(days=2)).isoformat(), "times": ""})
    assert words(shown).count(": geschlossen Entfernen") == 3
    lead.saves("/desk/lead/hours/days", {"first": first.isoformat(), "last": "", "times": "10-11"})
    days = setting(gateway, "hours")["exceptions"]
    assert [days[(first + timedelta(days=n)).isoformat()] for n in range(3)] == [[["10:00", "11:00"]], [], []]
    lead.saves("/desk/lead/hours/days/remove", {"day": first.isoformat()})
    lead.saves("/desk/lead/hours/days/remove", {"day": "kein Tag"})
    assert first.isoformat() not in setting(gateway, "hours")["exceptions"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"first": "", "last": "", "times": ""}, "first"),
        ({"first": "31.02.2099", "last": "", "times": ""}, "first"),
        ({"first": "2020-01-01", "last": "", "times": ""}, "first"),
        ({"first": "2099-01-05", "last": "2099-01-01", "times": ""}, "last"),
        ({"first": "2099-01-05", "last": "2099-12-01", "times": ""}, "last"),
        ({"first": "2099-01-05", "last": "bald", "times": ""}, "last"),
        ({"first": "2099-01-05", "last": "", "times": "9-9"}, "times"),
    ],
)
def test_a_wrong_day_names_its_field(gateway, lead, fields, field):
    before = setting(gateway, "hours")
    refused = lead.post("/desk/lead/hours/days", fields)
    assert refused.status_code == 422 and f'href="#days-{field}"' in refused.text and f'id="days-{field}-error"' in refused.text
    assert f'name="first" type="date" value="{fields["first"]}"' in refused.text and setting(gateway, "hours") == before


def test_days_that_are_over_fall_away():
    known = Hours.from_dict({"week": {}, "exceptions": {"2020-12-24": []}})
    changed, wrong = hours_form.with_days(known, date(2026, 11, 27), "24.12.2026", "", "9-12")
    assert not wrong and list(changed.as_dict()["exceptions"]) == ["2026-12-24"]


# Queues


def test_a_queue_is_made_served_and_routes_at_once(gateway, lead, citizen, bot):  # noqa: F811
    one, other = Advisor(gateway), Advisor(gateway)
    fields = [("queue", ""), ("name", "Pflege & Wohnen"), ("topics", "Pflege, Wohngemeinschaft"), ("places", "Herrenberg")]
    lead.saves("/desk/lead/queues", [*fields, ("shown", one.id), ("shown", other.id), ("member", one.id)])
    [made] = setting(gateway, "queues")
    assert made == {"id": "pflege-wohnen", "name": "Pflege & Wohnen", "topics": ["Pflege", "Wohngemeinschaft"], "places": ["Herrenberg"]}
    served = {a.id: a.queues for a in gateway.services.database.read_now(advisors.all)}
    assert (served[one.id], served[other.id]) == (("allgemein", "pflege-wohnen"), ("allgemein",))
    queued(citizen, bot, topic="Pflege im Quartier")
    assert [q["queue"] for q in one.call("GET", "/queue").json() if q["conversation"] == citizen.id] == ["pflege-wohnen"]
    lead.saves("/desk/lead/queues/remove", {"queue": "pflege-wohnen"})
    assert [q["queue"] for q in other.call("GET", "/queue").json() if q["conversation"] == citizen.id] == ["allgemein"]
    assert setting(gateway, "queues") == [] and {"queue_changed", "queue_removed"} <= set(audit(gateway, lead))
    citizen.call("DELETE")


def test_members_change_and_who_was_not_shown_stays(gateway, lead):
    one, late = Advisor(gateway), Advisor(gateway)
    lead.saves("/desk/lead/queues", [("queue", "allgemein"), ("shown", one.id), ("name", "Anders")])
    served = {a.id: a.queues for a in gateway.services.database.read_now(advisors.all)}
    assert (served[one.id], served[late.id]) == ((), ("allgemein",)) and setting(gateway, "queues") == []


def test_an_advisor_whose_only_queue_goes_serves_the_general_one(gateway, lead):
    lead.saves("/desk/lead/queues", {"queue": "", "name": "Nur kurz"})
    one = Advisor(gateway, queues=["nur-kurz"])
    lead.saves("/desk/lead/queues/remove", {"queue": "nur-kurz"})
    lead.saves("/desk/lead/queues/remove", {"queue": "nur-kurz"})
    lead.saves("/desk/lead/queues/remove", {"queue": "allgemein"})
    served = {a.id: a.queues for a in gateway.services.database.read_now(advisors.all)}
    assert served[one.id] == ("allgemein",)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200b"}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "Allgemein"}, "name"),
        ({"name": "Gut", "topics": "x" * 101}, "topics"),
        ({"name": "Gut", "places": ",".join(f"Ort {n}" for n in range(201))}, "places"),
    ],
)
def test_a_wrong_queue_names_its_field_and_keeps_what_was_typed(gateway, lead, fields, field):
    one = Advisor(gateway)
    pairs = [("queue", ""), *({"topics": "Bleibt"} | fields).items(), ("shown", one.id), ("member", one.id)]
    refused = lead.post("/desk/lead/queues", pairs)
    assert refused.status_code == 422 and f'href="#q-new-{field}"' in refused.text and setting(gateway, "queues") == []
    form = refused.text[refused.text.index('id="q-new-title"') :]
    assert f'value="{one.id}" checked' in form and fields.get("topics", "Bleibt") in form


def test_an_unknown_queue_is_not_found(lead):
    assert lead.post("/desk/lead/queues", {"queue": "gibtesnicht", "name": "X"}).status_code == 404


def test_a_queue_never_has_the_name_of_an_advisor(gateway, lead):
    Advisor(gateway, name="wohnen")
    lead.saves("/desk/lead/queues", {"queue": "", "name": "Wohnen"})
    assert setting(gateway, "queues")[0]["id"] == "wohnen-2"


def test_a_queues_document_is_read_back_as_it_was():
    made, wrong = queue_edit.with_queue(queues.read(None), "", {"name": "Pflege", "topics": "Pflege", "places": ""})
    assert not wrong and queues.read(queue_edit.as_document(made)) == sorted(made, key=lambda queue: queue.id == "allgemein")


# Text modules


def test_a_text_module_is_made_changed_and_removed(gateway, lead):
    lead.saves("/desk/lead/modules", {"module": "", "title": "Begrüßung", "text": "Guten Tag,\r\nwie kann ich helfen?"})
    [made] = setting(gateway, "text_modules")
    assert (made["title"], made["text"]) == ("Begrüßung", "Guten Tag,\nwie kann ich helfen?")
    lead.saves("/desk/lead/modules", {"module": made["id"], "title": "Gruß", "text": "Hallo"})
    assert setting(gateway, "text_modules") == [{"id": made["id"], "title": "Gruß", "text": "Hallo"}]
    lead.saves("/desk/lead/modules/remove", {"module": made["id"]})
    assert setting(gateway, "text_modules") == [] and {"module_changed", "module_removed"} <= set(audit(gateway, lead))
    assert lead.post("/desk/lead/modules", {"module": made["id"], "title": "X", "text": "X"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "", "text": "Text"}, "title"),
        ({"title": "x" * 81, "text": "Text"}, "title"),
        ({"title": "Schon da", "text": "Text"}, "title"),
        ({"title": "Titel", "text": "  "}, "text"),
        ({"title": "Titel", "text": "x" * 2001}, "text"),
    ],
)
def test_a_wrong_text_module_names_its_field_and_keeps_what_was_typed(gateway, lead, fields, field):
    lead.saves("/desk/lead/modules", {"module": "", "title": "schon DA", "text": "Text"})
    refused = lead.post("/desk/lead/modules", {"module": ""} | fields)
    assert refused.status_code == 422 and f'href="#m-new-{field}"' in refused.text and len(setting(gateway, "text_modules")) == 1
    assert f'value="{fields["title"]}"' in refused.text and fields["text"] in refused.text


def test_no_text_becomes_markup(gateway, lead):
    lead.saves("/desk/lead/modules", {"module": "", "title": SCRIPT, "text": f"</textarea>{SCRIPT}"})
    lead.saves("/desk/lead/queues", {"queue": "", "name": SCRIPT, "topics": SCRIPT, "places": SCRIPT})
    made = setting(gateway, "queues")[0]["id"]
    gateway.services.database.write_now(lambda c: counts.add(c, now_ms(), made, "requests"))
    for path in (*PAGES, f"/desk/lead/numbers?queue={made}", f"/desk/lead/numbers?queue={SCRIPT}&days={SCRIPT}"):
        assert "<script>alert" not in lead.get(path).text and "</textarea>&#34;" not in lead.get(path).text


# Callbacks


def test_open_callbacks_stand_there_the_overdue_ones_first(gateway, lead, citizen):
    late, at = gateway.citizen(), now_ms()
    database, contact = gateway.services.database, {"phone": "0711 1234", "email": None, "when": "vormittags"}
    database.write_now(lambda c: c.execute(sa.delete(CALLBACKS)))
    database.write_now(lambda c: callbacks.take(c, citizen.id, "allgemein", contact | {"name": f"Erna {SCRIPT}"}, at, at + 60_000_000))
    database.write_now(lambda c: callbacks.take(c, late.id, "allgemein", contact | {"name": "Ludwig"}, at - 9_000_000, at - 1_000))
    page = lead.get("/desk/lead/callbacks")
    assert page.text.index("Ludwig") < page.text.index("Erna") and words(page).count("Überfällig:") == 1
    assert 'href="tel:07111234"' in page.text and "<script>alert" not in page.text
    assert "Überfällig: 1" in words(lead.get("/desk/lead"))
    database.write_now(lambda c: callbacks.done(c, late.id, lead.id, at))
    assert "Ludwig" not in lead.get("/desk/lead/callbacks").text
    assert [one.call("DELETE").status_code for one in (citizen, late)] == [204, 204]


# Numbers


@pytest.fixture
def counted(gateway):
    """Nothing is counted but what a test counts."""
    database = gateway.services.database
    database.write_now(lambda c: c.execute(sa.delete(COUNTS)))

    def add(measure, number=1, queue="allgemein", days_ago=0):
        database.write_now(lambda c: counts.add(c, now_ms() - days_ago * 86_400_000, queue, measure, number))

    return add


def found(gateway):
    rows = gateway.services.database.read_now(lambda c: c.execute(sa.select(COUNTS.c.queue, COUNTS.c.measure, COUNTS.c.number)).all())
    return {(row.queue, row.measure): row.number for row in rows}


def test_without_counts_the_page_says_so(lead, counted):
    assert "wurde nichts gezählt" in words(lead.get("/desk/lead/numbers"))


def test_the_figures_of_a_period_are_shown_with_plots_and_the_same_as_tables(lead, counted):
    counted("requests", 4)
    counted("claimed", 3)
    counted("wait:60", 3)
    counted("end:answered", 3)
    counted("requests", 20, days_ago=20)
    counted("requests", 300, days_ago=80)
    page = lead.get("/desk/lead/numbers")
    assert "Anfragen 4 4 " in words(page) and "Wartezeit, 90 % höchstens 60 s" in words(page) and "beantwortet 3" in words(page)
    assert page.text.count('<svg class="plot"') == 3 and page.text.count("<caption>") == 3
    assert "Anfragen 24 24 " in words(lead.get("/desk/lead/numbers?days=30"))
    assert "Anfragen 324 324 " in words(lead.get("/desk/lead/numbers?days=90"))
    assert "Anfragen 4 4 " in words(lead.get("/desk/lead/numbers?days=12345"))


def test_the_table_file_holds_no_formula(gateway, lead, counted):
    lead.saves("/desk/lead/queues", {"queue": "", "name": "=HYPERLINK(1)"})
    made = setting(gateway, "queues")[0]["id"]
    counted("requests", 2, queue=made)
    counted("end:+1", 1, queue="@weg")
    answer = lead.get("/desk/lead/numbers.csv?days=30")
    assert answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {row[0] for row in rows[2:]} == {"Alle", "'=HYPERLINK(1)", "'@weg"}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert rows[1][:3] == ["Warteschlange", "Tagesstunde", "Anfragen"] and rows[2][:3] == ["Alle", "alle", "2"]


def test_a_wish_that_nobody_can_take_is_counted_with_its_reason(gateway, citizen, bot, hours, nobody, counted):  # noqa: F811
    bot(wish("wish"))
    hours(NEVER)
    citizen.say("Ist da jemand?")
    assert found(gateway) == {("allgemein", "out_of_hours"): 1}
    hours(ALWAYS)
    citizen.say("Und jetzt?")
    assert found(gateway)[("allgemein", "nobody")] == 1
    Advisor(gateway)
    citizen.say("Und jetzt?")
    hours(NEVER)
    bot(wish("accept"))
    citizen.say("Ja")
    citizen.say("Ja, morgen früh")
    assert found(gateway) == {("allgemein", "out_of_hours"): 2, ("allgemein", "nobody"): 1}


def test_a_wish_is_counted_once_however_often_it_is_sent(gateway, citizen, bot, hours, nobody, counted):  # noqa: F811
    bot(wish("wish"))
    hours(NEVER)
    once = "11111111-2222-4333-8444-555555555555"
    for _ in range(2):
        citizen.send(text="Ist da jemand?", client_id=once)
    assert found(gateway) == {("allgemein", "out_of_hours"): 1}


# The public status


def test_the_status_tells_the_hours_and_who_is_there(gateway, hours, nobody):  # noqa: F811
    hours(DEFAULT.as_dict())
    told = status(gateway)
    assert told["text"].startswith("Montag bis Donnerstag 9–12") and not told["available"]
    assert told["is_open"] is (told["next"] is None)
    hours(ALWAYS | {"exceptions": {clock.today().isoformat(): [["00:00", "23:59"]]}})
    assert status(gateway) | {"text": ""} == {"text": "", "is_open": True, "next": None, "available": False}
    Advisor(gateway, queues=["pflege"])
    assert not status(gateway)["available"]
    Advisor(gateway)
    assert status(gateway)["available"]


@pytest.mark.parametrize("module", [forms, hours_form, holiday_names, modules, queue_edit, visible, desk_lead_numbers, moments])
def test_the_examples_in_the_docs_are_true(module):
    assert doctest.testmod(module).failed == 0
