"""One person with several tabs: a conversation each, or the one that the device remembers in all of them; nothing lost, nothing twice."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_widget import GUEST, QUESTION, STORED, WORDS, citizens, door, kept, log_of, opened, press, shown, status, write

FIRST = "Was ist ein Quartier?"
MESSAGES = re.compile(r"/messages$")


@pytest.fixture
def tabs(visit, service):
    """Two tabs of one browser with the window open; what is asked in the first is answered."""
    page = visit(GUEST)
    opened(page)
    said(page, FIRST)

    def tab():
        other = page.context.new_page()
        other.set_default_timeout(15_000)
        other.goto(GUEST)
        opened(other)
        return other

    return page, tab


def said(page, text):
    """Write, and wait for the answer."""
    answers = page.locator(".message--bot").count()
    write(page, text)
    expect(page.locator(".message--bot")).to_have_count(answers + 1)


def remember(page):
    press(page, WORDS["menu"]["title"])
    press(page, WORDS["menu"]["remember"])
    page.keyboard.press("Escape")


def reloaded(page):
    page.reload()
    opened(page)


def test_each_tab_has_a_conversation_of_its_own(tabs, service):
    one, tab = tabs
    other = tab()
    expect(other.locator(".message--citizen")).to_have_count(0)
    said(other, QUESTION)
    for page, text in ((one, FIRST), (other, QUESTION)):
        reloaded(page)
        expect(page.locator(".message--citizen .message__text")).to_have_text([text])
        assert citizens(service.url, kept(page)) == [text]


def test_a_conversation_that_the_device_remembers_goes_on_in_two_tabs_at_once(tabs, service):
    one, tab = tabs
    remember(one)
    other = tab()
    expect(other.locator(".message--citizen")).to_have_text(re.compile(re.escape(FIRST)))
    write(one, "Danke 1")
    write(other, "Danke 2")
    for page in (one, other):
        expect(page.locator(".message--bot")).to_have_count(4)
        expect(page.locator(".message--pending")).to_have_count(0)
    log = log_of(service.url, kept(one))
    assert sorted(event["text"] for event in log if event["from"] == "citizen") == ["Danke 1", "Danke 2", FIRST]
    numbered = [[f"n{event['seq']}", event["text"]] for event in log if event["type"] == "message"][1:]
    for page in (one, other):  # an own message stands where it was written, the other tab's where it came
        assert sorted(shown(page)[1:]) == sorted(numbered)


def test_what_one_tab_could_not_send_is_sent_once_by_the_other(tabs, service, complaints):
    one, tab = tabs
    remember(one)
    other = tab()
    expect(other.locator(".message--citizen")).to_have_count(1)
    one.context.route(MESSAGES, lambda route: route.abort())
    for page, text in ((one, "Danke 1"), (other, "Danke 2")):
        write(page, text)
        expect(page.locator(".message__waits")).to_be_visible()
    other.close()
    one.context.unroute(MESSAGES)
    reloaded(one)
    expect(one.locator(".message--bot")).to_have_count(4)
    expect(one.locator(".message--pending")).to_have_count(0)
    assert sorted(citizens(service.url, kept(one))) == ["Danke 1", "Danke 2", FIRST]
    assert one.locator(".message--citizen").count() == 3 and kept(one)["outbox"] == []
    complaints.clear()


def test_what_one_tab_does_not_want_to_be_remembered_no_other_one_writes_back(tabs):
    one, tab = tabs
    remember(one)
    other = tab()
    expect(other.locator(".message--citizen")).to_have_count(1)
    remember(one)
    said(other, "Danke")
    press(other, WORDS["menu"]["title"])
    expect(other.get_by_role("button", name=WORDS["menu"]["remember"])).to_have_attribute("aria-pressed", "false")
    assert other.evaluate("() => localStorage.length") == 0
    for page in (one, other):
        reloaded(page)
        expect(page.locator(".message--bot")).to_have_count(3)


def test_the_device_remembers_the_conversation_chosen_last_and_the_other_one_stays_in_its_tab(tabs):
    one, tab = tabs
    other = tab()
    said(other, QUESTION)
    remember(one)
    remember(other)
    said(one, "Danke")
    third = tab()
    expect(third.locator(".message--citizen")).to_have_text(re.compile(re.escape(QUESTION)))
    reloaded(one)
    expect(one.locator(".message--citizen .message__text")).to_have_text([FIRST, "Danke"])


def test_what_one_tab_erases_is_gone_from_the_device_and_from_the_other(tabs):
    one, tab = tabs
    remember(one)
    other = tab()
    expect(other.locator(".message--citizen")).to_have_count(1)
    press(one, WORDS["erase"])
    press(one, WORDS["erasing"]["yes"])
    expect(door(one)).to_be_focused()
    expect(status(other)).to_have_text(WORDS["ended"])
    for page in (one, other):
        assert page.evaluate(STORED) == ["{}", "{}", ""]


def test_a_question_of_a_link_is_not_sent_again_when_the_page_is_loaded_again(visit, service):
    page = visit(f"{GUEST}#frage=Was+ist+ein+Quartier%3F")
    field = page.get_by_label(WORDS["label"])
    expect(field).to_have_value(FIRST)
    expect(field).to_be_focused()
    expect(page.locator(".message--citizen")).to_have_count(0)
    assert page.evaluate("() => location.hash") == ""
    field.press("Enter")
    expect(page.locator(".message--bot")).to_have_count(2)
    reloaded(page)
    expect(page.locator(".message--citizen")).to_have_count(1)
    expect(field).to_have_value("")
    assert citizens(service.url, kept(page)) == [FIRST]
