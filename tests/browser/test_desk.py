"""The desk in a real browser: the whole circle bot, human, bot with two browsers, live parts, keyboard, small screens, no violation."""

import os
import re
import subprocess
import sys
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.store import desk_settings, handoffs
from gateway.tables import HANDOFFS

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python fehlt")
ALWAYS = {"week": {day: [["00:00", "23:59"]] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}, "exceptions": {}}
MODULE = {"id": "m1", "title": "Begrüßung", "text": "Guten Tag, ich lese mich kurz ein."}
PASSWORD = "ein langes Kennwort"
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
SMALL = {"width": 320, "height": 640}


@pytest.fixture
def database(service):
    """The service's own database; the desk is open all day, has a text module, and nobody waits."""
    opened = Database(f"sqlite:///{service.data_dir / 'conversations.db'}")

    def prepare(connection):
        desk_settings.write(connection, "hours", ALWAYS, now_ms())
        desk_settings.write(connection, "text_modules", [MODULE], now_ms())
        connection.execute(sa.update(HANDOFFS).where(HANDOFFS.c.ended_at.is_(None)).values(ended_at=now_ms(), end_reason="other"))

    opened.write_now(prepare)
    yield opened
    opened.close()


@pytest.fixture
def account(service, database):
    """Open an account with the command, as an operator does."""

    def create(name="Anna Berater", role="advisor"):
        name = f"{name} {uuid.uuid4().hex[:4]}"
        env = os.environ | {"DATA_DIR": str(service.data_dir)}
        command = [sys.executable, "-m", "gateway", "create-advisor", name, "--role", role]
        done = subprocess.run(command, input=f"{PASSWORD}\n", env=env, text=True, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return name

    return create


@pytest.fixture
def at_desk(visit, account):
    """Log in with the form, and be available."""

    def enter(role="advisor", available=True, name="Anna Berater", **options):
        page = visit("/desk", **options)
        page.get_by_label("Name").fill(account(name, role))
        page.get_by_label("Kennwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        expect(page.get_by_role("heading", name="Überblick")).to_be_visible()
        if available:
            page.get_by_role("button", name="Auf „verfügbar“ stellen").click()
            expect(page.locator(".presence")).to_have_text("verfügbar")
        return page

    return enter


@pytest.fixture
def waiting(service, database):
    """A citizen who has asked for a human, told something about a plan before, and now waits."""

    def queue(*said):
        citizen = service.citizen()
        for words in said:
            citizen.ask(words)
        citizen.call("PATCH", "", json={"profile": {"applicant": "verein", "place": "Herrenberg", "themes": ["begegnung"]}})
        citizen.ask("Ich möchte mit einem Menschen sprechen")
        state = citizen.ask("Ja, einverstanden")
        assert state.get("state") == "queued", state
        row = database.read_now(lambda c: handoffs.last(c, citizen.id))
        citizen.number = row.id[:8].upper()
        return citizen

    return queue


def write(citizen, text):
    citizen.call("POST", "/messages", json={"client_id": str(uuid.uuid4()), "text": text})


def said(citizen, speaker="advisor"):
    events = citizen.call("GET", "/events").json()["events"]
    return [event["text"] for event in events if event["from"] == speaker and event["type"] == "message"]


def claim(page, citizen):
    page.get_by_role("button", name=f"Gespräch {citizen.number} übernehmen").click()
    expect(page.get_by_role("log")).to_be_visible()


def box(page):
    return page.get_by_label("Nachricht an die Bürgerin oder den Bürger")


def violations(page):
    found = axe_playwright.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}" for one in found]


def until(holds, seconds=10):
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, f"did not happen within {seconds} s"
        time.sleep(0.05)
    return found


# The whole circle


def test_two_browsers_from_the_bot_to_a_human_and_back(visit, ask, at_desk, database):
    advisor, citizen = at_desk(), visit()
    ask(citizen, "Wie viel Geld gibt es bei Quartiersimpulse?")
    ask(citizen, "Ich möchte mit einem Menschen sprechen")
    citizen.get_by_role("button", name="Ja, einverstanden").click()
    take = advisor.get_by_role("button", name="übernehmen")
    expect(take).to_be_visible(timeout=5_000)  # without a reload
    take.click()
    expect(citizen.locator(".message").filter(has_text="Das ist ein Mensch")).to_be_visible()
    expect(advisor.get_by_role("log")).to_contain_text("Wie viel Geld gibt es bei Quartiersimpulse?")

    box(advisor).fill("Guten Tag, wie kann ich helfen?")
    advisor.keyboard.press("Control+Enter")
    expect(citizen.locator(".message--advisor").filter(has_text="wie kann ich helfen")).to_be_visible()
    citizen.get_by_label("Ihre Frage").fill("Zählt unsere Eigenleistung <b>mit</b>?")
    citizen.get_by_role("button", name="Senden").click()
    begun = time.monotonic()
    expect(advisor.locator(".entry--citizen").filter(has_text="<b>mit</b>")).to_be_visible()
    assert time.monotonic() - begun < 2  # a second from message to message, and the time to look
    assert advisor.locator(".entry b").count() == 0

    box(advisor).press_sequentially("Ja, sie zählt", delay=20)
    expect(citizen.get_by_text("schreibt", exact=False).first).to_be_visible()
    advisor.get_by_role("button", name="Zurück an den Bot").click()
    expect(advisor.get_by_role("status").filter(has_text="wieder beim Bot")).to_be_visible()
    expect(citizen.locator(".message--bot").last).to_contain_text("Maschine")
    citizen.get_by_label("Ihre Frage").fill("Was ist ein Quartier?")
    citizen.get_by_role("button", name="Senden", exact=True).click()
    expect(citizen.locator(".message--bot").last).to_contain_text("Quartier")
    assert "Ja, sie zählt" not in citizen.locator("main").inner_text()  # what was not sent was never shown


def test_a_new_message_appears_within_a_second(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    claim(advisor, citizen)
    advisor.wait_for_timeout(300)
    for number in range(5):
        write(citizen, f"Nachricht {number}")
        expect(advisor.locator(".entry--citizen").filter(has_text=f"Nachricht {number}")).to_be_visible(timeout=1_000)
    expect(advisor.locator(".entry--citizen").filter(has_text="Nachricht 0")).to_have_count(1)


def test_the_lists_follow_without_a_reload_and_keep_the_focus(at_desk, waiting):
    advisor = at_desk()
    expect(advisor.get_by_text("Zurzeit wartet niemand.")).to_be_visible()
    advisor.evaluate("window.kept = true")
    first = waiting()
    advisor.get_by_role("button", name=f"Gespräch {first.number} übernehmen").focus()
    second = waiting()
    expect(advisor.get_by_role("button", name=f"Gespräch {second.number} übernehmen")).to_be_visible(timeout=1_500)
    expect(advisor.get_by_role("button", name=f"Gespräch {first.number} übernehmen")).to_be_focused()
    first.ask("Ich möchte nicht mehr warten")
    expect(advisor.get_by_role("button", name=f"Gespräch {first.number} übernehmen")).to_have_count(0)
    assert advisor.evaluate("window.kept")


# The box


def test_a_message_waits_five_seconds_and_can_be_taken_back(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    claim(advisor, citizen)
    box(advisor).fill("Das war zu schnell")
    advisor.get_by_role("button", name="Senden", exact=True).click()
    expect(box(advisor)).to_have_value("")
    advisor.get_by_role("button", name="Rückgängig").click()
    expect(box(advisor)).to_have_value("Das war zu schnell")
    expect(box(advisor)).to_be_focused()
    advisor.wait_for_timeout(5_500)
    assert said(citizen) == []
    advisor.get_by_role("button", name="Senden", exact=True).click()
    advisor.wait_for_timeout(2_000)
    assert said(citizen) == []
    expect(advisor.locator(".entry--advisor").filter(has_text="zu schnell")).to_be_visible(timeout=5_000)
    assert said(citizen) == ["Das war zu schnell"]


def test_two_messages_in_a_row_go_out_in_order(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    claim(advisor, citizen)
    for words in ("Erstens", "Zweitens"):
        box(advisor).fill(words)
        advisor.get_by_role("button", name="Senden", exact=True).click()
    advisor.get_by_role("button", name="Sofort senden").click()
    until(lambda: said(citizen) == ["Erstens", "Zweitens"])


def test_a_message_that_waits_goes_out_when_the_page_is_left(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    claim(advisor, citizen)
    box(advisor).fill("Bis gleich")
    advisor.get_by_role("button", name="Senden", exact=True).click()
    advisor.get_by_role("link", name="Überblick").click()
    until(lambda: said(citizen) == ["Bis gleich"])


def test_a_message_that_cannot_be_sent_is_not_lost(at_desk, waiting, complaints):
    advisor, citizen = at_desk(), waiting()
    claim(advisor, citizen)
    advisor.route("**/messages", lambda route: route.abort())
    box(advisor).fill("Kommt an")
    advisor.keyboard.press("Control+Enter")
    expect(box(advisor)).to_have_value("Kommt an")
    expect(advisor.get_by_role("status").filter(has_text="konnte nicht gesendet werden")).to_be_visible()
    advisor.unroute("**/messages")
    advisor.keyboard.press("Control+Enter")
    until(lambda: said(citizen) == ["Kommt an"])
    complaints.clear()


def test_a_draft_is_kept_and_comes_back(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    claim(advisor, citizen)
    with advisor.expect_response("**/draft"):
        box(advisor).press_sequentially("Angefangener Satz")
    advisor.get_by_role("link", name="Überblick").click()
    advisor.get_by_role("link", name=f"Gespräch {citizen.number}").click()
    expect(box(advisor)).to_have_value("Angefangener Satz")
    assert said(citizen) == []


def test_module_entry_plan_and_suggestion_are_put_into_the_box(at_desk, waiting):
    advisor, citizen = at_desk(), waiting("Wie viel Geld gibt es bei Quartiersimpulse?")
    claim(advisor, citizen)
    write(citizen, "Welche Fristen gelten bei Quartiersimpulse?")
    expect(advisor.locator(".entry--citizen").filter(has_text="Welche Fristen")).to_be_visible()
    box(advisor).fill("Hallo,")
    advisor.get_by_text("Textbausteine", exact=True).click()
    advisor.get_by_role("button", name="„Begrüßung“ einfügen").click()
    expect(box(advisor)).to_have_value(f"Hallo,\n\n{MODULE['text']}")
    expect(box(advisor)).to_be_focused()
    advisor.get_by_label("Suchen", exact=True).fill("Quartiersimpulse")
    advisor.get_by_role("button", name="einfügen").filter(has_text="Einfügen").nth(1).click()
    expect(box(advisor)).to_have_value(re.compile(r"https://.*\nStand"))
    box(advisor).fill("")
    advisor.get_by_role("button", name="Link zum Förderplan").click()
    expect(box(advisor)).to_have_value(re.compile(r"/foerderbaukasten\?applicant=verein"))
    box(advisor).fill("")
    advisor.get_by_role("button", name="Bot-Antwort vorschlagen").click()
    expect(box(advisor)).to_have_value(re.compile("2026|Frist"))
    assert said(citizen) == []


def test_a_wrong_answer_of_the_bot_is_corrected(at_desk, waiting):
    advisor, citizen = at_desk(), waiting("Wie viel Geld gibt es bei Quartiersimpulse?")
    claim(advisor, citizen)
    answer = advisor.locator(".entry--bot").filter(has_text="85.000")
    answer.get_by_text("Bot-Antwort war falsch").click()
    answer.get_by_label("Richtig ist").fill("Es sind in diesem Fall 40.000 Euro.")
    answer.get_by_role("button", name="Korrektur senden").click()
    expect(advisor.get_by_role("status").filter(has_text="Korrektur ist gesendet")).to_be_visible()
    assert "40.000 Euro" in said(citizen)[-1]


def test_without_script_every_step_is_a_form(at_desk, waiting):
    advisor, citizen = at_desk(java_script_enabled=False), waiting()
    advisor.reload()
    claim(advisor, citizen)
    box(advisor).fill("Guten Tag")
    advisor.get_by_role("button", name="Entwurf speichern").click()
    expect(box(advisor)).to_have_value("Guten Tag")
    advisor.get_by_role("button", name="Senden", exact=True).click()
    expect(advisor.locator(".entry--advisor")).to_contain_text("Guten Tag")
    advisor.get_by_label("Neue Notiz").fill("Ruft wieder an")
    advisor.get_by_role("button", name="Notiz speichern").click()
    expect(advisor.locator(".notes")).to_contain_text("Ruft wieder an")
    advisor.get_by_label("Grund").select_option("answered")
    advisor.get_by_role("button", name="Gespräch beenden").click()
    expect(advisor.get_by_role("status").filter(has_text="beendet")).to_be_visible()
    advisor.get_by_role("link", name="Verlauf", exact=True).click()
    advisor.get_by_role("link", name=citizen.number).click()
    expect(advisor.locator(".entry--advisor")).to_contain_text("Guten Tag")


def test_what_a_colleague_takes_over_can_no_longer_be_written_to(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    colleague = at_desk(name="Bert Kollege")
    advisor.reload()
    claim(advisor, citizen)
    advisor.get_by_role("link", name="Überblick").click()
    advisor.get_by_role("link", name=f"Gespräch {citizen.number}").click()
    advisor.get_by_label("Weitergeben an").select_option(label=colleague.locator(".desk-me__name").inner_text())
    advisor.get_by_role("button", name="Weitergeben", exact=True).click()
    expect(colleague.get_by_role("link", name=f"Gespräch {citizen.number}")).to_be_visible(timeout=2_000)


def test_a_conversation_that_the_citizen_erases_says_so(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    claim(advisor, citizen)
    advisor.wait_for_timeout(300)
    citizen.call("DELETE", "")
    expect(advisor.get_by_text("wurde gelöscht", exact=False)).to_be_visible()


# Sound and notification


def test_sound_and_notification_are_off_until_they_are_switched_on(at_desk, waiting):
    advisor = at_desk()
    advisor.evaluate("""() => {
        window.rung = 0;
        AudioContext.prototype.createOscillator = new Proxy(AudioContext.prototype.createOscillator,
            { apply: (made, self, given) => { window.rung += 1; return Reflect.apply(made, self, given); } });
    }""")
    sound = advisor.get_by_role("button", name="Ton")
    expect(sound).to_have_attribute("aria-pressed", "false")
    waiting()
    expect(advisor.get_by_role("status").filter(has_text="Neue Anfrage")).to_be_visible()
    assert advisor.evaluate("window.rung") == 0
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    before = advisor.evaluate("window.rung")
    waiting()
    expect(advisor.locator("[data-waiting]")).to_have_count(2)
    until(lambda: advisor.evaluate("window.rung") > before)


# For everybody


def pages(advisor, citizen, looked, unfolded=True):
    """Walk through every page of the desk and look at each."""
    looked("overview")
    advisor.get_by_role("link", name=f"Ansehen {citizen.number}").click()
    looked("package")
    advisor.get_by_role("button", name="Übernehmen").click()
    expect(advisor.get_by_role("log")).to_be_visible()
    write(citizen, "Zählt unsere Eigenleistung mit?")
    expect(advisor.locator(".entry--citizen").last).to_contain_text("Eigenleistung")
    box(advisor).fill("Guten Tag, ja: Ihre Eigenleistung zählt mit.")
    advisor.keyboard.press("Control+Enter")
    expect(advisor.locator(".entry--advisor")).to_be_visible()
    for summary in advisor.locator("summary").all() if unfolded else []:
        summary.click()
    advisor.get_by_label("Suchen", exact=True).fill("Eigenleistung")
    expect(advisor.locator(".hits li").nth(2)).to_be_visible()
    advisor.get_by_label("Neue Notiz").fill("Nächste Woche nachfragen.")
    advisor.get_by_role("button", name="Notiz speichern").click()
    expect(advisor.locator(".notes")).to_contain_text("nachfragen")
    looked("conversation")
    newest = citizen.call("GET", "/events").json()["events"][-1]["at"]
    advisor.get_by_label("Antwort folgt bis").fill(f"{datetime.fromisoformat(newest) + timedelta(days=1):%Y-%m-%dT%H:%M}")
    advisor.get_by_role("button", name="Antwort zusagen").click()
    expect(advisor.get_by_text("Die Zusage ist notiert")).to_be_visible()
    expect(advisor.get_by_label("Eckdaten")).to_contain_text("Antwort zugesagt bis")
    looked("promised")
    advisor.get_by_label("Grund").select_option("answered")
    advisor.get_by_role("button", name="Gespräch beenden").click()
    looked("done")
    advisor.get_by_role("link", name="Verlauf", exact=True).click()
    looked("history")
    advisor.get_by_role("link", name=citizen.number).click()
    looked("past")


@pytest.mark.parametrize("width", [1100, 320])
def test_no_page_of_the_desk_has_a_violation(at_desk, visit, waiting, width, complaints):
    advisor = at_desk(viewport={"width": width, "height": 800})
    citizen = waiting("Wie viel Geld gibt es bei Quartiersimpulse?")
    callback = {"name": "Erna Beispiel", "phone": "07071 123456", "when": "Montag Vormittag"}
    assert waiting().call("POST", "/callback", json=callback).status_code == 204
    expect(advisor.get_by_text("Erna Beispiel").first).to_be_visible()
    found = {}

    def looked(name):
        found[name] = violations(advisor)
        assert advisor.evaluate("document.documentElement.scrollWidth") <= width, name

    pages(advisor, citizen, looked)
    door = visit("/desk", viewport={"width": width, "height": 800})
    found["door"] = violations(door)
    door.get_by_label("Name").fill("niemand")
    door.get_by_label("Kennwort").fill("falsches Kennwort")
    door.get_by_role("button", name="Anmelden").click()
    found["refused"] = violations(door)
    advisor.goto("/desk/conversations/gibt-es-nicht")
    found["not there"] = violations(advisor)
    assert {name: what for name, what in found.items() if what} == {}
    assert all("401" in one or "404" in one for one in complaints), complaints
    complaints.clear()


def test_the_desk_works_at_200_percent(at_desk, waiting):
    """A window of 1280 pixels at 200 % shows as many CSS pixels as one of 640."""
    advisor, citizen = at_desk(viewport={"width": 640, "height": 400}, device_scale_factor=2), waiting()
    claim(advisor, citizen)
    assert advisor.evaluate("document.documentElement.scrollWidth") <= 640
    box(advisor).fill("Guten Tag")
    advisor.get_by_role("button", name="Senden", exact=True).click()
    expect(advisor.get_by_role("button", name="Rückgängig")).to_be_visible()


def test_the_way_from_the_log_in_to_an_answer_needs_no_mouse(visit, account, waiting, database):
    page, name = visit("/desk"), account()
    press = page.keyboard.press
    press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    press("Enter")
    press("Tab")
    page.keyboard.type(name)
    press("Tab")
    page.keyboard.type(PASSWORD)
    press("Enter")
    expect(page.get_by_role("heading", name="Überblick")).to_be_visible()
    reach(page, "Auf „verfügbar“ stellen")
    press("Enter")
    expect(page.locator(".presence")).to_have_text("verfügbar")
    citizen = waiting()
    expect(page.get_by_role("button", name=f"Gespräch {citizen.number} übernehmen")).to_be_visible()
    reach(page, "Übernehmen")
    press("Enter")
    expect(page.get_by_role("log")).to_be_visible()
    reach(page, "text")
    page.keyboard.type("Guten Tag")
    press("Control+Enter")
    until(lambda: said(citizen) == ["Guten Tag"])
    expect(box(page)).to_be_focused()
    reach(page, "Zurück an den Bot")
    press("Enter")
    expect(page.get_by_role("heading", name="Überblick")).to_be_visible()


def reach(page, wanted):
    """Press Tab until something has the focus; everything on the way must show where it is."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("[document.activeElement.innerText?.trim(), document.activeElement.id]").count(wanted):
            return
    raise AssertionError(f"{wanted} is not reached")


def test_keys_lead_to_the_queue_the_box_and_the_search(at_desk, waiting):
    advisor, citizen = at_desk(), waiting()
    expect(advisor.get_by_role("button", name=f"Gespräch {citizen.number} übernehmen")).to_be_visible()
    assert advisor.locator("[accesskey=n]").count() == 1
    claim(advisor, citizen)
    assert [advisor.locator(f"[accesskey={key}]").count() for key in "utk"] == [1, 1, 1]
    alt(advisor, "k")
    expect(advisor.get_by_label("Suchen", exact=True)).to_be_focused()
    alt(advisor, "t")
    expect(box(advisor)).to_be_focused()


def alt(page, key):
    """Press Alt and a key as a keyboard does; Playwright's own `press` leaves the letter out, which access keys go by."""
    pressed = {"key": key, "code": f"Key{key.upper()}", "unmodifiedText": key, "windowsVirtualKeyCode": ord(key.upper()), "modifiers": 1}
    keyboard = page.context.new_cdp_session(page)
    for kind in ("rawKeyDown", "char", "keyUp"):
        keyboard.send("Input.dispatchKeyEvent", {"type": kind} | pressed | ({"text": key} if kind == "char" else {}))


def test_pictures_for_the_handbook(at_desk, waiting, tmp_path):
    """With PICTURES=1 they go to docs/images; run this test alone then, so that nothing of others is on them."""
    folder = IMAGES if os.environ.get("PICTURES") else tmp_path
    advisor = at_desk(viewport={"width": 1440, "height": 1300})
    citizen = waiting("Wie viel Geld gibt es bei Quartiersimpulse?", "Meine Nummer ist 0711 1234567")
    callback = {"name": "Erna Beispiel", "phone": "07071 123456", "when": "Montag Vormittag"}
    assert waiting().call("POST", "/callback", json=callback).status_code == 204
    expect(advisor.get_by_text("Erna Beispiel").first).to_be_visible()

    def looked(name):
        advisor.wait_for_timeout(200)
        if name != "done":
            advisor.evaluate("scrollTo(0, 0)")
            advisor.screenshot(path=folder / f"desk-{name}.png")

    pages(advisor, citizen, looked, unfolded=False)
    small = at_desk(viewport=SMALL)
    claim(small, waiting())
    small.screenshot(path=folder / "desk-small.png", full_page=True)
