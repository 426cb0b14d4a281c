"""Einfache Sprache on the pages around the chat, in a real browser: the switch, the whole way of a plan, and axe in every state."""

import pytest
from playwright.sync_api import expect

from gateway.texts import text
from tests.browser.conftest import fill_in
from tests.browser.test_accessibility import DARK, WISHES, violations
from tests.browser.test_funding_page import SCRIPTS, STATES, forgive_refused, unfold

MARK = text("service.simple_mark")
TEXT_PAGES = ["/datenschutz", "/impressum", "/barrierefreiheit", "/leichte-sprache", "/gebaerdensprache"]
PLAN = ["Unser Verein in Herrenberg plant einen Treffpunkt", "wir brauchen 3.000 Euro Sachkosten", "Ergebnis jetzt zeigen"]


def simply(path):
    return f"{path}{'&' if '?' in path else '?'}sprache=einfach"


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [1100, 320])
def test_no_state_of_the_simple_funding_finder_has_a_violation(visit, complaints, state, width):
    page = visit(simply(STATES[state]), viewport={"width": width, "height": 800})
    expect(page.get_by_text(MARK)).to_be_visible()
    assert violations(page) == []
    unfold(page)
    assert violations(page) == [] and fits(page)
    forgive_refused(complaints)


@pytest.mark.parametrize("path", TEXT_PAGES)
@pytest.mark.parametrize("width", [1100, 320])
def test_no_simple_text_page_has_a_violation(visit, path, width):
    page = visit(simply(path), viewport={"width": width, "height": 800})
    expect(page.get_by_text(MARK)).to_be_visible()
    assert violations(page) == [] and fits(page)


@pytest.mark.parametrize("wish", [*WISHES, {"forced_colors": "active"}], ids=["dark", "contrast", "dark-contrast", "forced"])
def test_the_simple_result_has_no_violation_in_the_colours_that_people_wish_for(visit, wish):
    page = visit(simply(STATES["result"]), **wish)
    assert violations(page) == []


@SCRIPTS
@pytest.mark.parametrize("path", ["/foerderbaukasten", "/datenschutz"])
def test_the_switch_is_reached_and_used_with_the_keyboard(visit, path, script):
    page = visit(path, java_script_enabled=script)
    for _ in range(4):  # to the content, the name of the service, the usual language, Einfache Sprache
        page.keyboard.press("Tab")
    simple, usual = (page.get_by_role("link", name=name, exact=True) for name in ("Einfache Sprache", "Übliche Sprache"))
    expect(simple).to_be_focused()
    expect(usual).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_text(MARK)).to_be_visible()
    expect(simple).to_have_attribute("aria-current", "true")
    assert usual.get_attribute("aria-current") is None
    usual.click()
    expect(page.get_by_text(MARK)).to_have_count(0)


def test_the_switch_is_large_enough_on_a_small_screen(visit):
    page = visit("/foerderbaukasten", viewport={"width": 320, "height": 568})
    for target in page.locator(".languages a").all():
        assert target.bounding_box()["height"] >= 44


@SCRIPTS
def test_the_language_stays_from_the_form_to_result_plan_and_files(visit, script):
    page = visit("/foerderbaukasten?sprache=einfach", java_script_enabled=script)
    fill_in(page)
    page.get_by_role("group", name=text("funding.keys.participation", "de-simple")).get_by_label("Ja").check()
    page.get_by_role("button", name="Ergebnis zeigen").click()
    expect(page.get_by_role("heading", name=text("funding.groups.now", "de-simple"))).to_be_visible()
    assert "sprache=einfach" in page.url
    page.get_by_role("link", name=text("funding.plan.also_closed", "de-simple")).click()
    expect(page.get_by_role("heading", name="auch wenn man zurzeit keinen Antrag stellen kann")).to_be_visible()
    for name, ending in [("PDF", "pdf"), ("CSV", "csv"), ("ICS", "ics")]:
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"foerderplan-einfache-sprache.{ending}"
    page.get_by_role("link", name="Übliche Sprache").click()
    expect(page.get_by_role("heading", name="auch ohne offene Runde")).to_be_visible()
    expect(page.get_by_label("Ort", exact=True)).to_have_value("Herrenberg")


def test_a_chat_in_einfache_sprache_leads_to_the_simple_page(visit, service):
    citizen = service.citizen("de-simple")
    page_link = [citizen.ask(said) for said in PLAN][-1]["answer"]["data"]["links"][0]["url"]
    page = visit(page_link.removeprefix(service.url), **DARK)
    expect(page.get_by_text(MARK)).to_be_visible()
    expect(page.get_by_role("heading", name=text("funding.result.title", "de-simple"), exact=True)).to_be_visible()


def test_the_greeting_of_a_simple_chat_leads_to_the_simple_privacy_page(visit):
    page = visit()
    link = page.locator("quartierslotse-chat").get_by_role("link", name="Datenschutz")
    assert not link.get_attribute("href").endswith("sprache=einfach")
    page.get_by_role("button", name="Einfache Sprache").click()
    expect(link).to_have_attribute("href", f"{page.url.rstrip('/')}/datenschutz?sprache=einfach")


def test_on_paper_the_simple_result_says_what_it_is(visit):
    page = visit(simply(STATES["result"]))
    page.emulate_media(media="print")
    expect(page.get_by_text(MARK)).to_be_visible()
    expect(page.get_by_role("link", name="Übliche Sprache")).to_be_hidden()
    expect(page.get_by_text("Sie haben kein Recht auf das Geld").first).to_be_visible()
