"""The citizen's way to a human and back in a real browser; the advisor is played over the contract, the bot is the real one."""

import json
import os
import re
import subprocess
import uuid

import pytest
import requests
from playwright.sync_api import expect

from gateway import services
from gateway.clockwork import now_ms
from gateway.settings import from_env
from gateway.store import desk_settings
from ops.settings import GATEWAY_PYTHON, ROOT
from tests.browser.test_accessibility import violations

ALWAYS = {"week": {day: [["00:00", "23:59"]] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}, "exceptions": {}}
NEVER = {"week": {}, "exceptions": {}}
HUMAN = "Kann ich mit einem Menschen sprechen?"
PASSWORD = "Ein-langes-Kennwort-4711"
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
NARROW = {"width": 360, "height": 740}


class Advisor:
    """One advisor at the desk, as its pages use the contract."""

    def __init__(self, url, name):
        self.url, self.http = f"{url}/api/v1/desk", requests.Session()
        assert self.call("POST", "/login", json={"name": name, "password": PASSWORD}).status_code == 204
        self.be("available")

    def call(self, method, path, **options):
        headers = {"X-CSRF-Token": self.http.cookies.get("csrf", "")}
        return self.http.request(method, self.url + path, headers=headers, timeout=30, **options)

    def be(self, state):
        assert self.call("PUT", "/presence", json={"state": state}).status_code == 204

    def claim(self):
        """Take the conversation that began to wait last; other tests may have left some in the queue."""
        *_, waiting = self.call("GET", "/queue").json()
        self.claimed = f"/conversations/{waiting['conversation']}"
        assert self.call("POST", f"{self.claimed}/claim").status_code == 200

    def write(self, text):
        body = {"client_id": str(uuid.uuid4()), "text": text}
        assert self.call("POST", f"{self.claimed}/messages", json=body).status_code == 202

    def act(self, what, **body):
        assert self.call("POST", f"{self.claimed}/{what}", json=body).status_code == 204


@pytest.fixture(scope="module")
def hours(running_service):
    """Set the opening hours; afterwards they are the usual ones again."""
    database = services.open_database(from_env({"DATA_DIR": str(running_service.data_dir)}))

    def set_to(document):
        database.write_now(lambda c: desk_settings.write(c, "hours", document, now_ms()))

    usual = database.read_now(lambda c: desk_settings.read(c, "hours"))
    yield set_to
    set_to(usual)
    database.close()


@pytest.fixture(scope="module")
def account(running_service):
    """An account, made as an administrator makes it."""
    name, env = f"Beraterin {uuid.uuid4().hex[:8]}", os.environ | {"DATA_DIR": str(running_service.data_dir)}
    command = [GATEWAY_PYTHON, "-m", "gateway", "create-advisor", name]
    made = subprocess.run(command, input=f"{PASSWORD}\n", text=True, env=env, cwd=ROOT, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr
    return name


@pytest.fixture
def advisor(running_service, account, hours):
    """Somebody is there and the desk is open; nobody waits from another test."""
    hours(ALWAYS)
    advisor = Advisor(running_service.url, account)
    yield advisor
    for waiting in advisor.call("GET", "/queue").json():
        place = f"/conversations/{waiting['conversation']}"
        advisor.call("POST", f"{place}/claim")
        advisor.call("POST", f"{place}/close", json={"reason": "other"})
    advisor.be("away")


def lines(page):
    return page.locator("#chat .state")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def reload_without_script(page, script):
    """Without the script, what is new is seen by loading the page again."""
    if not script:
        page.get_by_role("link", name="Seite neu laden").click()


def queue(page, ask):
    expect(ask(page, HUMAN)).to_contain_text("Sind Sie einverstanden?")
    press(page, "Ja, einverstanden")
    expect(lines(page)).to_contain_text([re.compile(r"Sie warten auf einen Menschen: Platz \d")])


def talk(page, ask, advisor):
    queue(page, ask)
    advisor.claim()
    expect(lines(page).last).to_have_text("Sie sprechen jetzt mit einem Menschen")


def open_callback(page, ask, hours):
    hours(NEVER)
    expect(ask(page, HUMAN)).to_contain_text("niemand zu sprechen")
    press(page, "Rückruf vereinbaren")
    form = page.get_by_role("form", name="Rückruf")
    expect(form).to_be_visible()
    return form


@SCRIPTS
def test_from_consent_over_the_queue_to_a_human_and_back(visit, ask, advisor, script):
    page = visit(java_script_enabled=script)
    queue(page, ask)
    expect(page.get_by_role("group", name="Warten auf einen Menschen")).to_contain_text(re.compile(r"Platz \d"))
    expect(page.get_by_role("button", name="Warten abbrechen")).to_have_count(1)
    expect(ask(page, "Was ist ein Quartier?")).to_contain_text("Quartier")
    advisor.claim()
    advisor.write("Guten Tag, hier ist die Beratung.")
    reload_without_script(page, script)
    said = page.locator(".message--advisor")
    expect(said).to_contain_text("Beratung (Mensch)")
    expect(said).to_contain_text("Guten Tag")
    expect(page.get_by_role("group", name="Warten auf einen Menschen")).to_have_count(0)
    page.get_by_label("Ihre Frage").fill("Danke, das hilft mir.")
    press(page, "Senden")
    expect(page.locator(".message--citizen").last).to_contain_text("das hilft")
    advisor.act("return")
    reload_without_script(page, script)
    told = [
        re.compile(r"^Sie warten auf einen Menschen: Platz \d"),
        "Sie sprechen jetzt mit einem Menschen",
        "Jetzt antwortet wieder die Maschine",
    ]
    expect(lines(page)).to_have_text(told)
    expect(page.get_by_role("group", name="Wie gut hat Ihnen")).to_be_visible()


@SCRIPTS
def test_a_closed_talk_says_so_and_is_rated_once(visit, ask, advisor, complaints, script):
    page = visit(java_script_enabled=script)
    queue(page, ask)
    advisor.claim()
    advisor.act("close", reason="answered")
    reload_without_script(page, script)
    expect(lines(page).last).to_have_text("Das Gespräch mit der Beratungsstelle ist beendet")
    press(page, "Bewertung senden")
    expect(page.locator("#rating-error")).to_have_text("Bitte wählen Sie eine Zahl von 1 bis 5.")
    expect(page.get_by_label("1: gar nicht")).to_be_focused()
    page.get_by_label("5: sehr gut").check()
    page.get_by_label("Anmerkung (freiwillig)").fill("Sehr freundlich")
    press(page, "Bewertung senden")
    expect(page.get_by_role("status")).to_contain_text("Danke für Ihre Bewertung.")
    page.reload()
    expect(lines(page).last).to_be_visible()
    expect(page.get_by_role("button", name="Bewertung senden")).to_have_count(0)
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_the_talk_can_be_taken_home_beside_the_rating_and_the_rating_can_be_left_out(visit, ask, advisor):
    page = visit()
    talk(page, ask, advisor)
    advisor.write("Bitte rufen Sie Frau Muster an.")
    advisor.act("return")
    with page.expect_download() as download:
        page.get_by_role("button", name="Gespräch herunterladen").click()
    assert "Beratung (Mensch)" in download.value.path().read_text(encoding="utf-8")
    press(page, "Nicht bewerten")
    expect(page.get_by_role("button", name="Bewertung senden")).to_have_count(0)
    expect(page.get_by_role("log")).to_be_focused()


@SCRIPTS
def test_waiting_can_be_given_up(visit, ask, advisor, script):
    page = visit(java_script_enabled=script)
    queue(page, ask)
    ask(page, "Was ist ein Quartier?")
    press(page, "Warten abbrechen")
    expect(lines(page).last).to_have_text("Sie warten nicht mehr. Es antwortet weiter die Maschine")
    expect(page.get_by_role("group", name="Warten auf einen Menschen")).to_have_count(0)
    assert advisor.call("GET", "/queue").json() == []


@SCRIPTS
def test_waiting_can_be_changed_for_a_callback(visit, ask, advisor, script):
    page = visit(java_script_enabled=script)
    queue(page, ask)
    press(page, "Rückruf vereinbaren")
    page.get_by_label("Ihr Name").fill("Erna Beispiel")
    page.get_by_label("E-Mail-Adresse", exact=True).fill("erna@example.org")
    press(page, "Rückruf anfordern")
    expect(page.get_by_role("status")).to_contain_text("Danke.")
    expect(lines(page).last).to_contain_text("Sie warten nicht mehr")


@SCRIPTS
def test_outside_the_opening_hours_a_callback_is_agreed(visit, ask, advisor, hours, complaints, script):
    page = visit(java_script_enabled=script)
    open_callback(page, ask, hours)
    page.get_by_label("Telefonnummer", exact=True).fill("morgen früh")
    press(page, "Rückruf anfordern")
    name = page.get_by_label("Ihr Name")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("Bitte geben Sie Ihren Namen an.")
    name.fill("Erna Beispiel")
    press(page, "Rückruf anfordern")
    phone = page.get_by_label("Telefonnummer", exact=True)
    expect(phone).to_be_focused()
    expect(phone).to_have_accessible_description(re.compile("sieht nicht wie eine Telefonnummer aus"))
    expect(name).to_have_value("Erna Beispiel")
    phone.fill("07071 123456")
    page.get_by_label("Wann passt es Ihnen?").fill("Dienstag vormittags")
    press(page, "Rückruf anfordern")
    expect(page.get_by_role("status")).to_contain_text("Danke. Ihr Wunsch nach einem Rückruf ist notiert.")
    expect(page.get_by_role("log")).to_contain_text("meldet sich bei Ihnen")
    expect(page.get_by_role("form", name="Rückruf")).to_have_count(0)
    assert "Erna" not in page.content() and "123456" not in page.content()
    expect(page.get_by_role("log")).not_to_contain_text(re.compile("Erna|123456"))
    expect(page.locator("#callback-name")).to_have_value("")
    expect(page.get_by_label("Ihre Frage")).to_have_value("")
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_pressing_the_callback_takes_the_focus_to_its_form_and_typing_does_not(visit, ask, advisor, hours):
    page = visit()
    open_callback(page, ask, hours)
    expect(page.get_by_label("Ihr Name")).to_be_focused()
    page = visit()
    ask(page, HUMAN)
    field = page.get_by_label("Ihre Frage")
    field.fill("Ja, bitte rufen Sie mich an")
    page.keyboard.press("Enter")
    expect(page.get_by_role("form", name="Rückruf")).to_be_visible()
    expect(field).to_be_focused()


def test_the_state_is_still_right_after_a_reload(visit, ask, advisor):
    page = visit()
    talk(page, ask, advisor)
    page.reload()
    expect(lines(page)).to_have_count(2)
    advisor.write("Sind Sie noch da?")
    expect(page.locator(".message--advisor")).to_be_visible()
    page.get_by_role("button", name="Beenden und löschen").click()
    press(page, "Ja, löschen")
    expect(lines(page)).to_have_count(0)


@pytest.mark.parametrize(("state", "sign"), [("advisor", "Beratung schreibt …"), ("queued", "Der Quartierslotse schreibt …")])
def test_the_typing_sign_says_who_is_typing(visit, state, sign):
    page = visit()
    event = {"seq": 2, "at": "2026-11-22T10:15:00+01:00", "from": "system", "type": "state", "text": "", "state": state, "position": 1}
    parts = f'id: 2\ndata: {json.dumps(event)}\n\nevent: typing\ndata: {{"typing": true}}\n\n'
    page.route("**/stream?*", lambda route: route.fulfill(content_type="text/event-stream", body=parts))
    page.get_by_role("button", name="Beratung finden").click()
    expect(page.get_by_role("status")).to_have_text(sign)


def test_the_hand_off_is_reached_with_the_keyboard(visit, ask, advisor):
    page = visit()
    queue(page, ask)
    button = page.get_by_role("button", name="Rückruf vereinbaren")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ihr Name")).to_be_focused()
    page.keyboard.type("Erna")
    page.keyboard.press("Tab")
    page.keyboard.type("07071 123456")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_focused()


WIDTHS = pytest.mark.parametrize(
    "options",
    [{}, {"viewport": NARROW}, {"forced_colors": "active"}, {"color_scheme": "dark"}, {"contrast": "more"}],
    ids=["wide", "narrow", "forced colours", "dark", "high contrast"],
)


def judge(page):
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@WIDTHS
def test_no_state_of_the_hand_off_has_a_violation(visit, ask, advisor, options):
    page = visit(**options)
    ask(page, HUMAN)
    judge(page)
    press(page, "Ja, einverstanden")
    expect(page.get_by_role("button", name="Warten abbrechen")).to_be_visible()
    judge(page)
    advisor.claim()
    advisor.write("Guten Tag, hier ist die Beratung.")
    expect(page.locator(".message--advisor")).to_be_visible()
    judge(page)
    advisor.act("close", reason="answered")
    expect(page.get_by_role("button", name="Bewertung senden")).to_be_visible()
    judge(page)
    press(page, "Bewertung senden")
    judge(page)


@WIDTHS
def test_the_callback_has_no_violation(visit, ask, advisor, hours, options):
    page = visit(**options)
    open_callback(page, ask, hours)
    judge(page)
    press(page, "Rückruf anfordern")
    expect(page.get_by_text("Bitte geben Sie Ihren Namen an.")).to_be_visible()
    judge(page)


@WIDTHS
def test_the_forms_of_the_page_have_no_violation(visit, ask, advisor, complaints, options):
    """The page of a conversation begun without JavaScript, seen by a browser that can run axe."""
    begun = visit(java_script_enabled=False)
    queue(begun, ask)
    page = visit(storage_state=begun.context.storage_state(), **options)
    expect(page.get_by_role("button", name="Warten abbrechen")).to_be_visible()
    judge(page)
    press(page, "Rückruf vereinbaren")
    press(page, "Rückruf anfordern")
    expect(page.get_by_text("Bitte geben Sie Ihren Namen an.")).to_be_visible()
    judge(page)
    advisor.claim()
    advisor.act("return")
    page.goto("/")
    press(page, "Bewertung senden")
    expect(page.get_by_text("Bitte wählen Sie eine Zahl")).to_be_visible()
    judge(page)
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_the_hand_off_fits_a_screen_at_400_percent(visit, ask, advisor):
    page = visit(viewport={"width": 320, "height": 256})
    queue(page, ask)
    judge(page)
    press(page, "Rückruf vereinbaren")
    judge(page)
    for target in page.locator("#rueckruf input:visible, #rueckruf button, [data-waiting] button").all():
        box = target.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320 and box["height"] >= 44
