"""Plans to take along: a tagged page for the council, a table for German spreadsheets, a calendar with alarms."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from gateway.funding import pdf, table_file
from gateway.funding.paper import decision, paper
from gateway.funding.question import Question
from gateway.funding.service import Catalogue
from knowledge.funding.profile import Profile
from tests.gateway.conftest import CLUB

ASKED = Question(Profile.read(CLUB), date(2026, 11, 22), (), ("beispiel-sachkosten",))


@pytest.fixture
def plan_id(funding):
    body = {"profile": CLUB, "as_of": "2026-11-22", "assume_open": ["beispiel-sachkosten"]}
    return funding.session.post(f"{funding.url}/api/v1/funding/plan", json=body).json()["plans"][0]["id"]


@pytest.fixture
def take(funding, plan_id):
    return lambda ending: funding.get(f"/api/v1/funding/plan/{plan_id}.{ending}")


@pytest.fixture
def written(served_programmes):
    """The plan of CLUB written out, without a gateway."""
    catalogue = Catalogue(served_programmes, {one.id: one for one in served_programmes.programmes})
    return paper(catalogue, ASKED, catalogue.addressed(ASKED)[0])


def read(made):
    return PdfReader(io.BytesIO(made))


def said(made):
    return " ".join(read(made).pages[0].extract_text().split())


def test_the_pdf_is_one_tagged_german_page(take):
    answer = take("pdf")
    assert answer.headers["content-type"] == "application/pdf" and 'filename="foerderplan.pdf"' in answer.headers["content-disposition"]
    document = read(answer.content)
    root = document.trailer["/Root"]
    assert len(document.pages) == 1 and bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root
    assert root["/Lang"] == "de-DE" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Förderplan" in document.metadata.title and b"pdfuaid" in root["/Metadata"].get_data()
    assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]


def test_the_pdf_is_built_of_headings_tables_and_lists(take):
    kinds, waiting = set(), [read(take("pdf").content).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif hasattr(node, "get"):
            kinds.add(node.get("/S"))
            waiting += [node["/K"]] if "/K" in node else []
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/P"} <= kinds


def test_the_pdf_says_everything_the_council_needs(take):
    text = said(take("pdf").content)
    needed = (
        *("auch ohne offene Runde", "Gesamtkosten", "9.700 €", "bis zu 6.000 €", "Eigenanteil", "noch zu sichern"),
        *(
            "Beschlussvorschlag",
            "unterstützt das Vorhaben",
            "31. März 2099",
            "nächste Runde offen",
            "Behördennummer 115: Telefon 115",
        ),
        *("Stand: 22. November 2026", "nicht verbindlich", "kein Rechtsanspruch", "nichts beginnen, bestellen oder unterschreiben"),
    )
    for part in needed:
        assert part in text, part


def test_the_pdf_is_the_same_every_time_and_embeds_its_fonts(written):
    first = pdf.page(written)
    assert first == pdf.page(written)
    fonts = read(first).pages[0]["/Resources"]["/Font"]
    assert all("/FontFile" in str(font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]) for font in fonts.values())


def test_words_cannot_become_markup(written):
    bad = '#panic("x") *fett* $x$ @ref <a> \\ // kommentar [ ] #read("/etc/passwd")'
    assert bad in said(pdf.page(replace(written, title="#eval(1)", notes=(bad,))))


def test_a_long_plan_still_fits_on_one_page_and_says_what_is_left_out(written):
    notes, decided = ("Ein langer Hinweis. " * 40,) * 10, "Der Gemeinderat beschließt. " * 30
    large = replace(written, items=written.items * 40, notes=notes, contacts=written.contacts * 9, decision=decided)
    made = pdf.page(large)
    assert len(read(made).pages) == 1 and f"Weitere {len(large.items) - pdf.MOST_ITEMS} Posten" in said(made)
    assert "Weitere 2 Hinweise" in said(made)


def test_the_pdf_asks_no_network(written):
    code = (
        "import socket, sys, typst; socket.socket = None; inputs = {'data': sys.stdin.read()}; "
        "print(len(typst.compile(open(sys.argv[1], 'rb').read(), sys_inputs=inputs, ignore_system_fonts=True)))"
    )
    data = json.dumps(pdf._data(written))
    made = subprocess.run(
        [sys.executable, "-c", code, str(pdf.LAYOUT)],
        input=data,
        capture_output=True,
        text=True,
        env={"http_proxy": "http://127.0.0.1:9"},
        timeout=60,
    )
    assert made.returncode == 0 and int(made.stdout) > 1000, made.stderr


def test_the_table_opens_right_in_a_german_spreadsheet(take):
    answer = take("csv")
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert ["Gesamtkosten", "", "", "", "9700", ""] in rows and ["Förderung", "", "", "", "6000", ""] in rows
    assert ["Beispiel Beratung", "Verein", "Beratung", "Konzept", "4000", "2099-03-31"] in rows
    assert "'=Beispiel Sachkosten" in [row[0] for row in rows if row]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_table_is_a_formula(begins):
    assert table_file.cell(f"{begins}1+1") == f"'{begins}1+1"


def test_the_calendar_holds_whole_days_with_an_alarm_two_weeks_before(take):
    answer = take("ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    event = events["Antragsfrist: Beispiel Beratung"]
    assert event["dtstart"].dt == date(2099, 3, 31) and event["dtend"].dt == date(2099, 4, 1)
    [alarm] = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(days=-14) and alarm["action"] == "DISPLAY"
    assert calendar["version"] == "2.0" and calendar["prodid"] and all(e["uid"] and e["dtstamp"] for e in events.values())
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_the_calendar_says_when_a_closed_programme_comes_back(funding):
    profile = {
        "applicant": "gemeinde",
        "place": "Herrenberg",
        "themes": ["begegnung"],
        "phase": "umsetzung",
        "costs": {"personal": 30000},
        "council_decision": True,
    }
    plans = funding.session.post(f"{funding.url}/api/v1/funding/plan", json={"profile": profile, "as_of": "2026-11-22"}).json()["plans"]
    calendar = Calendar.from_ical(funding.get(f"/api/v1/funding/plan/{plans[0]['id']}.ics").content)
    again = {str(e["summary"]): e["dtstart"].dt for e in calendar.walk("VEVENT")}
    assert again == {"Voraussichtlich wieder ab jetzt: Beispiel Gemeinde": date(2027, 2, 1)}


def test_the_same_date_has_the_same_uid_in_every_calendar(take):
    uids = [[str(e["uid"]) for e in Calendar.from_ical(take("ics").content).walk("VEVENT")] for _ in range(2)]
    assert uids[0] == uids[1] and len(set(uids[0])) == len(uids[0])


@pytest.mark.parametrize(
    ("applicant", "begins"),
    [
        ("gemeinde", "Der Gemeinderat stimmt"),
        ("landkreis", "Der Kreistag"),
        ("kommunaler_verbund", "Das zuständige Gremium"),
        ("verein", "Der Gemeinderat unterstützt"),
    ],
)
def test_the_decision_fits_who_applies(written, applicant, begins):
    assert decision(Profile(applicant=applicant), written.plan, written.items).startswith(begins)
    assert decision(Profile(), written.plan, ()).startswith("Zurzeit ist kein Beschluss nötig")


def test_the_files_in_einfache_sprache_say_so_and_tell_the_same_sums_and_days(funding, plan_id, take):
    mark = "Dieser Text ist in Einfacher Sprache. Eine Prüfgruppe hat ihn noch nicht geprüft."
    page, table, calendar = (
        funding.get(f"/api/v1/funding/plan/{plan_id}.{ending}?sprache=einfach").content for ending in ("pdf", "csv", "ics")
    )
    assert mark in said(page) and mark in table.decode("utf-8-sig") and mark in str(Calendar.from_ical(calendar)["x-wr-caldesc"])
    assert not any(mark.encode() in take(ending).content for ending in ("csv", "ics")) and mark not in said(take("pdf").content)
    amounts = re.compile(r"\d[\d.]* €|\d+\. \w+ \d{4}")
    assert sorted(set(amounts.findall(said(page)))) == sorted(set(amounts.findall(said(take("pdf").content))))
    cells = [
        [cell for row in csv.reader(io.StringIO(one.decode("utf-8-sig")), delimiter=";") for cell in row[4:6]]
        for one in (table, take("csv").content)
    ]
    assert cells[0][2:] == cells[1][2:]
    days = [[(e["uid"], e["dtstart"].dt) for e in Calendar.from_ical(one).walk("VEVENT")] for one in (calendar, take("ics").content)]
    assert days[0] == days[1] and days[0]
    for part in ("nicht verbindlich", "kein Recht auf das Geld", "Beginnen Sie vorher nichts", "Den Antrag stellt: Verein"):
        assert part in said(page), part
