"""The chat on `/` in a real browser: with script, without script, on a small screen, with the keyboard."""

import pytest
from playwright.sync_api import expect

QUESTION = "Wie viel Geld gibt es bei Quartiersimpulse?"
FOCUSED = "(() => { const e = document.activeElement; const f = e.shadowRoot?.activeElement || e; return f.innerText || f.id; })()"
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])


@SCRIPTS
def test_a_question_gets_an_answer_with_its_sources_and_their_stand(visit, ask, script):
    page = visit(java_script_enabled=script)
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text("85.000")
    expect(answer).to_contain_text("Maschine")
    expect(answer.get_by_text("Quellen", exact=True)).to_be_visible()
    source = answer.get_by_role("link", name="Stand").first
    assert source.get_attribute("href").startswith("https://")


@SCRIPTS
def test_a_button_and_a_follow_up_keep_the_topic(visit, ask, script):
    page = visit(java_script_enabled=script)
    ask(page, QUESTION).get_by_role("button", name="Welche Fristen gelten?").click()
    answers = page.locator(".message--bot").filter(has_text="14. August 2026")
    expect(answers).to_have_count(1)
    expect(ask(page, "Und wer darf das beantragen?")).to_contain_text("Gemeinde")


@SCRIPTS
def test_a_topic_of_the_greeting_begins_the_conversation(visit, script):
    page = visit(java_script_enabled=script)
    page.get_by_role("button", name="Beratung finden").click()
    expect(page.locator(".message--citizen")).to_contain_text("Beratung finden")
    expect(page.locator(".message--bot").last.get_by_role("link").first).to_be_visible()


@SCRIPTS
def test_an_emergency_shows_the_numbers(visit, ask, script):
    page = visit(java_script_enabled=script)
    expect(ask(page, "Hilfe, meine Oma atmet nicht mehr!")).to_contain_text("112")


@SCRIPTS
def test_markup_in_a_question_is_shown_as_text(visit, ask, script):
    page = visit(java_script_enabled=script)
    ask(page, "<img src=x onerror=alert(1)> <b>Quartier</b>")
    assert page.locator(".message img, .message b").count() == 0


@SCRIPTS
def test_the_conversation_is_still_there_after_a_reload_and_gone_after_erasure(visit, ask, script):
    page = visit(java_script_enabled=script)
    ask(page, QUESTION)
    page.reload()
    expect(page.locator(".message--citizen")).to_contain_text(QUESTION)
    page.get_by_role("button", name="Beenden und löschen").click()
    if script:
        page.get_by_role("button", name="Ja, löschen").click()
    expect(page.locator(".message--citizen")).to_have_count(0)
    expect(page.get_by_role("button", name="Beratung finden")).to_be_visible()
    page.reload()
    expect(page.locator(".message--citizen")).to_have_count(0)


@SCRIPTS
def test_simple_language_can_be_switched_on_and_off(visit, ask, script):
    page = visit(java_script_enabled=script)
    ask(page, QUESTION)
    page.get_by_role("button", name="Einfache Sprache").click()
    page.get_by_role("button", name="Übliche Sprache").click()
    expect(page.get_by_role("button", name="Einfache Sprache")).to_be_visible()


def test_the_transcript_can_be_saved(visit, ask):
    page = visit()
    ask(page, QUESTION)
    page.get_by_role("button", name="Menü").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Verlauf speichern").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert QUESTION in text and "85.000" in text


def test_enter_sends_and_the_focus_stays_in_the_field(visit):
    page = visit()
    field = page.get_by_label("Ihre Frage")
    field.focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".message--bot").nth(1)).to_contain_text("85.000")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("und bis")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("wann?")
    expect(field).to_have_value("und bis\nwann?")


def test_an_answer_that_comes_while_typing_takes_neither_focus_nor_text(visit):
    page = visit()
    field = page.get_by_label("Ihre Frage")
    field.fill(QUESTION)
    page.keyboard.press("Enter")
    expect(field).to_have_value("")
    page.keyboard.type("und wer darf", delay=30)
    expect(page.locator(".message--bot").nth(1)).to_contain_text("85.000")
    page.keyboard.type(" das?")
    expect(field).to_be_focused()
    expect(field).to_have_value("und wer darf das?")


def test_everything_is_reached_with_the_keyboard(visit):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED))
    in_chat = {"Menü", "Beratung finden", "chat-text", "Senden", "Einfache Sprache", "Beenden und löschen"}
    assert in_chat | {"Datenschutz", "Impressum", "Barrierefreiheit"} <= reached


@SCRIPTS
def test_the_conversation_is_announced_as_a_log_and_says_who_speaks(visit, ask, script):
    page = visit(java_script_enabled=script)
    ask(page, QUESTION)
    log = page.get_by_role("log")
    expect(log).to_have_count(1)
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log.get_by_text("Quartierslotse (Maschine)").last).to_be_visible()
    expect(page.get_by_role("status")).to_have_count(1)


def test_an_empty_question_is_asked_for_in_words(visit):
    page = visit()
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_role("alert")).to_have_text("Bitte schreiben Sie zuerst Ihre Frage.")


@SCRIPTS
@pytest.mark.parametrize("path", ["/", "/datenschutz", "/impressum", "/barrierefreiheit"])
def test_the_pages_fit_a_screen_of_320_pixels(visit, ask, script, path):
    page = visit(path, java_script_enabled=script, viewport={"width": 320, "height": 568})
    if path == "/":
        ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_chat_is_usable_on_a_screen_of_320_pixels(visit, ask):
    page = visit(viewport={"width": 320, "height": 568})
    answer = ask(page, QUESTION)
    for target in answer.get_by_role("button").all() + [page.get_by_role("button", name="Senden"), page.get_by_label("Ihre Frage")]:
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320 and box["height"] >= 44


def test_the_question_and_the_beginning_of_its_answer_are_in_view(visit, ask):
    page = visit()
    ask(page, QUESTION)
    answer = ask(page, "und bis wann?")
    expect(page.locator(".message--citizen").last).to_be_in_viewport()
    expect(answer.locator(".message__text")).to_be_in_viewport()


def test_without_the_bot_the_page_shows_whom_to_call(visit):
    page = visit(java_script_enabled=False)
    expect(page.get_by_role("heading", name="Lieber mit einem Menschen sprechen?")).to_be_visible()
    assert page.locator("a[href^='tel:']").count() >= 3
