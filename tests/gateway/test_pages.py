"""The pages for people, and the chat as a form without JavaScript."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
import requests

from gateway.pages import csrf
from gateway.pages.plain import html

PAGES = ["/", "/foerderbaukasten", "/datenschutz", "/impressum", "/barrierefreiheit", "/docs"]


class Browser:
    """A browser without JavaScript."""

    def __init__(self, gateway):
        self.url, self.session = gateway.url, requests.Session()
        self.page = self.session.get(self.url).text

    def fields(self):
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page))

    def press(self, **fields):
        self.answer = self.session.post(f"{self.url}/chat", data=self.fields() | fields, timeout=30)
        self.page = self.answer.text
        return unescape(self.page)

    def button(self, title):
        return re.search(rf'name="(\w+)" value="([^"]*)"[^>]*>{title}<', self.page).groups()


@pytest.fixture
def browser(gateway):
    return Browser(gateway)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_german_has_one_heading_a_skip_link_and_safe_headers(gateway, path):
    page = gateway.get(path)
    assert page.status_code == 200 and '<html lang="de">' in page.text
    assert page.text.count("<h1>") == 1 and 'class="skip" href="#inhalt"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in page.headers
    assert not re.search(r'(src|href)="https?://[^"]*\.(js|css)', page.text)


def test_contacts_are_on_the_page_without_javascript(gateway):
    page = gateway.get("/").text
    assert 'href="tel:115"' in page and 'href="tel:112"' in page and "0000 999" not in page


def test_the_chat_works_without_javascript(browser, rasa):
    assert "Antwort 1" in browser.press(text="Wie viel?\r\nUnd wann?")
    assert browser.answer.history[0].status_code == 303
    assert rasa.received[0]["message"] == "Wie viel?\nUnd wann?"
    cookie = browser.answer.history[0].headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    assert "Stand: Januar 2026" in browser.page and "Quartierslotse (Maschine)" in browser.page
    name, value = browser.button("Bis wann\\?")
    assert "Antwort 2" in browser.press(**{name: value})
    assert rasa.received[1]["message"].startswith("/ask_deadline")


def test_a_topic_begins_a_conversation(browser, rasa):
    name, value = browser.button("Beratung finden")
    assert "Antwort 1" in browser.press(**{name: value, "text": ""})
    assert rasa.received[0]["message"] == '/browse_area{"area": "beratung"}'


def test_the_form_sent_twice_is_one_message(browser, rasa):
    browser.press(text="Erste Frage")
    page = browser.page
    browser.press(text="Zweite Frage")
    browser.page = page
    browser.press(text="Zweite Frage")
    assert len(rasa.received) == 2


def test_html_in_a_message_is_shown_as_text(browser):
    browser.press(text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in browser.page and "&lt;script&gt;alert(1)" in browser.page


@pytest.mark.parametrize(("text", "status"), [("", 422), ("x" * 2001, 413), ("a\0", 422)])
def test_a_bad_message_is_said_beside_the_field(browser, text, status):
    browser.press(text=text)
    assert browser.answer.status_code == status and 'aria-invalid="true"' in browser.page


def test_a_form_of_another_site_is_refused(browser, rasa):
    browser.press(text="Frage")
    rasa.received.clear()
    for mark in ("", "1.x", csrf.issue(b"other key", "")):
        browser.press(text="Frage", csrf=mark)
        assert browser.answer.status_code == 403
    assert rasa.received == []


def test_language_transcript_and_erasure_without_javascript(browser, gateway, rasa):
    browser.press(text="Frage")
    browser.press(action="de-simple")
    browser.press(text="Noch eine")
    assert rasa.received[-1]["metadata"]["language"] == "de-simple"
    assert "Noch eine" in browser.session.get(f"{gateway.url}/chat/verlauf").text
    page = browser.press(action="erase")
    assert "Noch eine" not in page and not browser.session.cookies
    assert browser.session.get(f"{gateway.url}/chat/verlauf").status_code == 404


def test_the_operators_text_replaces_the_placeholder(gateway):
    assert "Platzhalter" in gateway.get("/impressum").text
    texts = gateway.settings.data_dir / "texts"
    texts.mkdir()
    (texts / "impressum.md").write_text("# Anbieter\n\nAmt <x>\n\n- [Seite](https://example.org)\n- b", encoding="utf-8")
    page = gateway.get("/impressum").text
    assert "<h2>Anbieter</h2>" in page and "&lt;x&gt;" in page and '<li><a href="https://example.org">Seite</a></li>' in page
    assert "Platzhalter" not in page


def test_an_operators_link_cannot_run_a_script():
    assert "href" not in html("[x](javascript:alert(1))")


def test_the_privacy_page_names_the_retention(gateway):
    assert "7 Tage nach der letzten Nachricht" in gateway.get("/datenschutz").text


def test_every_text_the_script_uses_is_in_the_one_file():
    web = Path(__file__).parents[2] / "web"
    texts = json.loads((web / "shared" / "texts.de.json").read_text(encoding="utf-8"))
    for script in (web / "widget").glob("*.js"):
        for part, name in re.findall(r"texts\.(chat|speakers|contacts)\.(\w+)", script.read_text(encoding="utf-8")):
            assert name in texts[part], (script.name, name)


def test_a_page_that_does_not_exist_says_so_in_german(gateway):
    page = gateway.get("/gibtesnicht")
    assert page.status_code == 404 and "gibt es hier nicht" in page.text
