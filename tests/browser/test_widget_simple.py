"""The whole chat in Einfache Sprache: what is read, said and pressed has its simple form, wherever there is one."""

from playwright.sync_api import expect

from gateway.texts import all_texts
from tests.browser.test_handoff import account, advisor, hours  # noqa: F401
from tests.browser.test_widget import GUEST, QUESTION, door, opened, press, write
from tests.browser.test_widget import WORDS as USUAL
from tests.gateway.test_simple_texts import german_in

WORDS = all_texts("de-simple")["chat"]
SAID = """() => {
    const root = document.querySelector("quartierslotse-chat").shadowRoot;
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const said = [...root.querySelectorAll("[aria-label]")].map((one) => one.getAttribute("aria-label"));
    while (walk.nextNode()) said.push(walk.currentNode.data);
    return said.join("\\n").split("\\n").map((line) => line.trim()).filter(Boolean);
}"""
HELP = "Kann ich mit einem Menschen sprechen?"
FUNDING = "Wir sind ein Verein in Stuttgart, Thema Begegnung, 20.000 Euro Sachkosten, Phase Umsetzung. Welche Förderung passt?"


def is_simple(page):
    said = page.evaluate(SAID)
    assert len(said) > 20
    assert german_in(said) == set()


def answers(page, text):
    before = page.locator(".message--bot").count()
    page.get_by_label(WORDS["label"]).fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".message--bot")).to_have_count(before + 1)
    is_simple(page)


def test_nothing_in_the_chat_stays_german_that_has_a_simple_form(visit, advisor, complaints):  # noqa: F811
    page = visit(GUEST)
    opened(page)
    press(page, USUAL["simple"])
    expect(page.get_by_role("button", name=WORDS["standard"], exact=True)).to_be_focused()
    is_simple(page)
    press(page, WORDS["send"])
    expect(page.get_by_role("alert").first).to_have_text(WORDS["empty"])
    answers(page, QUESTION)
    feedback = WORDS["feedback"]
    press(page, feedback["outdated"])
    press(page, feedback["send"])
    expect(page.get_by_text(feedback["no_sentence"])).to_be_visible()
    is_simple(page)
    press(page, feedback["down"])
    press(page, feedback["send"])
    expect(page.get_by_text(feedback["no_comment"])).to_be_visible()
    is_simple(page)
    press(page, WORDS["menu"]["title"])
    press(page, f"A+, {WORDS['menu']['larger']}")
    is_simple(page)
    for said in ("Xyzzy plugh", "Hilfe, meine Oma atmet nicht mehr!", FUNDING, HELP):
        answers(page, said)
    page.locator(".message--bot").last.locator(".choice").first.click()
    expect(page.get_by_role("button", name=WORDS["waiting"]["cancel"])).to_be_visible()
    is_simple(page)
    press(page, WORDS["waiting"]["callback"])
    press(page, WORDS["callback"]["send"])
    expect(page.get_by_text(WORDS["callback"]["no_name"])).to_be_visible()
    is_simple(page)
    page.get_by_label(WORDS["callback"]["name"]).fill("Erna")
    page.get_by_label(WORDS["callback"]["phone"], exact=True).fill("morgen früh")
    press(page, WORDS["callback"]["send"])
    expect(page.locator("#callback-phone")).to_be_focused()
    is_simple(page)
    page.get_by_label(WORDS["label"]).focus()
    advisor.claim()
    advisor.write("Guten Tag.")
    expect(page.locator(".message--advisor")).to_be_visible()
    is_simple(page)
    advisor.act("close", reason="answered")
    press(page, WORDS["rating"]["send"])
    expect(page.get_by_text(WORDS["rating"]["none"])).to_be_visible()
    is_simple(page)
    page.get_by_role("radio").last.check()
    press(page, WORDS["rating"]["send"])
    expect(page.get_by_text(WORDS["rating"]["thanks"])).to_be_visible()
    page.context.set_offline(True)
    write(page, "Danke")
    expect(page.locator(".message__waits")).to_be_visible()
    press(page, WORDS["erase"])
    press(page, WORDS["erasing"]["yes"])
    expect(page.get_by_role("alert").first).to_have_text(WORDS["not_erased"])
    is_simple(page)
    page.context.set_offline(False)
    expect(page.locator(".message__waits")).to_have_count(0)
    press(page, WORDS["erasing"]["yes"])
    expect(door(page)).to_have_accessible_name(WORDS["open"])
    is_simple(page)
    complaints.clear()
