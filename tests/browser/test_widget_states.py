"""The window from the queue to a human and back, and while something fails: no violation in any scheme and size, nothing out of reach."""

import uuid

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.test_handoff import HUMAN, NEVER, account, advisor, hours  # noqa: F401
from tests.browser.test_widget import DESKTOP, GUEST, PHONE, QUESTION, WORDS, kept, opened, press, write
from tests.browser.test_widget_keyboard import DEFAULTS, SCHEMES

CALLBACK, RATING = WORDS["callback"], WORDS["rating"]
NARROW = {"width": 360, "height": 740}
LOOKS = list(zip((DESKTOP, NARROW, NARROW, DESKTOP, DESKTOP), SCHEMES, strict=False))  # colours do not depend on the size
# What can be used and yet not be reached: out of the window, under something else, or shut away.
UNREACHED = """(inside) => {
    const root = document.querySelector("quartierslotse-chat").shadowRoot;
    const all = [...root.querySelectorAll(`${inside} :is(button, a, input, textarea, summary)`)].filter((one) => one.checkVisibility());
    return all.filter((one) => {
        one.scrollIntoView({ block: "nearest" });
        const box = one.getBoundingClientRect();
        const there = root.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 10));
        return !one.contains(there) && there?.closest("label") !== one.closest("label");
    }).map((one) => one.innerText || one.id);
}"""


def judge(page):
    """Look at the same state in every scheme and size."""
    for viewport, scheme in LOOKS:
        page.set_viewport_size(viewport)
        page.emulate_media(**DEFAULTS | scheme)
        found = violations(page)
        assert found == [], (viewport, scheme)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size(DESKTOP)


def everything_is_reached(page, inside="dialog"):
    assert page.evaluate(UNREACHED, inside) == []


def asked_for_a_human(page):
    write(page, HUMAN)
    press(page, "Ja, einverstanden")
    expect(page.get_by_role("button", name=WORDS["waiting"]["cancel"])).to_be_visible()


def opened_callback(page):
    press(page, WORDS["waiting"]["callback"])
    expect(page.get_by_label(CALLBACK["name"])).to_be_focused()


def refused_callback(page):
    press(page, CALLBACK["send"])
    expect(page.get_by_text(CALLBACK["no_name"])).to_be_visible()


def test_no_state_of_the_way_to_a_human_has_a_violation_in_the_window(visit, advisor):  # noqa: F811
    page = visit(GUEST)
    opened(page)
    asked_for_a_human(page)
    opened_callback(page)
    refused_callback(page)
    expect(page.get_by_role("button", name=WORDS["waiting"]["cancel"])).to_be_visible()
    judge(page)
    page.get_by_label(WORDS["label"]).focus()
    advisor.claim()
    advisor.write("Guten Tag, hier ist die Beratung.")
    expect(page.locator(".message--advisor")).to_be_visible()
    expect(page.get_by_label(CALLBACK["name"])).to_be_hidden()
    judge(page)
    advisor.act("close", reason="answered")
    press(page, RATING["send"])
    expect(page.get_by_text(RATING["none"])).to_be_visible()
    judge(page)


def test_a_service_that_fails_and_a_question_before_erasing_have_no_violation(visit, complaints):
    page = visit(GUEST)
    opened(page)
    write(page, QUESTION)
    expect(page.locator(".message--bot")).to_have_count(2)
    page.route("**/feedback", lambda route: route.fulfill(status=500, json={"error": "internal", "message": "Das ging nicht."}))
    press(page, WORDS["feedback"]["down"])
    expect(page.get_by_role("alert").first).to_have_text("Das ging nicht.")
    press(page, WORDS["erase"])
    page.context.set_offline(True)
    page.evaluate("() => document.querySelector('quartierslotse-chat').shadowRoot.querySelector('#chat-text').focus()")
    write(page, "Danke")
    expect(page.locator(".message__waits")).to_be_visible()
    judge(page)
    page.context.set_offline(False)
    expect(page.locator(".message__waits")).to_have_count(0)
    complaints.clear()


SMALL = [(PHONE, 4), ({"width": 320, "height": 256}, 0), (NARROW, 0)]


@pytest.mark.parametrize(("viewport", "larger"), SMALL, ids=["320 pixels, large text", "400 percent", "360 pixels"])
def test_on_a_small_screen_everything_can_be_reached(visit, advisor, complaints, viewport, larger):  # noqa: F811
    page = visit(GUEST, viewport=viewport)
    opened(page)
    press(page, WORDS["menu"]["title"])
    for _ in range(larger):
        press(page, f"A+, {WORDS['menu']['larger']}")
    everything_is_reached(page, ".menu")
    page.keyboard.press("Escape")
    everything_is_reached(page)
    asked_for_a_human(page)
    everything_is_reached(page)
    opened_callback(page)
    everything_is_reached(page)
    page.context.set_offline(True)
    write(page, "Danke")
    expect(page.locator(".message__waits")).to_be_visible()
    everything_is_reached(page)
    complaints.clear()


@pytest.mark.parametrize("path", [GUEST, "/"], ids=["window", "page"])
def test_at_400_percent_an_answer_comes_into_view_from_its_beginning(visit, path):
    page = visit(path, viewport={"width": 320, "height": 256})
    if path == GUEST:
        opened(page)
    for number, question in enumerate((QUESTION, "Was ist ein Quartier?"), 1):
        write(page, question)
        answer = page.locator(".message--bot").nth(number)
        expect(answer.locator(".message__who")).to_be_in_viewport(ratio=1)
        expect(page.get_by_label(WORDS["label"])).to_be_focused()


def test_a_window_that_opens_shows_what_is_new_or_else_the_newest_message(visit, service):
    page = visit(GUEST)
    opened(page)
    for number, question in enumerate((QUESTION, "Was ist ein Quartier?", QUESTION), 1):
        write(page, question)
        expect(page.locator(".message--bot")).to_have_count(number + 1)
    page.reload()
    expect(page.locator(".message--bot")).to_have_count(4)
    opened(page)
    expect(page.locator(".message--bot").last.locator(".message__who")).to_be_in_viewport()
    page.keyboard.press("Escape")
    conversation = kept(page)["conversation"]
    for text in ("Was ist ein Quartier?", QUESTION):
        place = f"{service.url}/api/v1/conversations/{conversation['id']}/messages?wait=20"
        head, body = {"Authorization": f"Bearer {conversation['token']}"}, {"client_id": str(uuid.uuid4()), "text": text}
        assert requests.post(place, json=body, headers=head, timeout=30).status_code == 200
    expect(page.locator(".message--bot")).to_have_count(6)
    opened(page)
    expect(page.locator(".message--citizen").nth(3)).to_be_in_viewport(ratio=1)
    expect(page.locator(".message--bot").last).not_to_be_in_viewport()
