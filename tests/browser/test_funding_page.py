"""The funding finder's page in a real browser: by keyboard, on a small screen, on paper, and judged by axe in every state."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import fill_in

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python fehlt")
CLUB = (
    "/foerderbaukasten?applicant=verein&place=Herrenberg&themes=begegnung&themes=beteiligung&phase=konzept"
    "&costs.sachkosten=3200&costs.beratung=6500&participation=ja"
)
STATES = {
    "form": "/foerderbaukasten",
    "nothing told": "/foerderbaukasten?applicant=",
    "result": CLUB,
    "without a round": CLUB + "&ohne_runde=1",
    "another plan": CLUB + "&variante=2",
    "errors": "/foerderbaukasten?costs.personal=-5&costs.idee.beratung=abc&applicant=verein",
    "misspelt": "/foerderbaukasten?place=Heerenberg&applicant=landkreis",
    "shared name": "/foerderbaukasten?place=Neuhausen&applicant=verein&council_decision=ja",
}
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])


def violations(page) -> list[str]:
    found = axe_playwright.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


def forgive_refused(complaints):
    """The browser notes in its console that a page was answered with 422; that is what we want."""
    complaints[:] = [one for one in complaints if "422" not in one]


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [1100, 320])
def test_no_state_has_a_violation(visit, complaints, state, width):
    page = visit(STATES[state], viewport={"width": width, "height": 800})
    assert violations(page) == []
    unfold(page)
    assert violations(page) == []
    forgive_refused(complaints)


@pytest.mark.parametrize("state", STATES)
def test_every_state_fits_a_screen_of_320_pixels(visit, complaints, state):
    page = visit(STATES[state], viewport={"width": 320, "height": 568})
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    forgive_refused(complaints)


@pytest.mark.parametrize("width", [1100, 800])
def test_the_table_of_the_plan_stays_within_its_column(visit, width):
    page = visit(CLUB + "&ohne_runde=1", viewport={"width": width, "height": 800})
    column, table = (page.locator(one).bounding_box() for one in (".plan", ".plan .stacked"))
    assert table["x"] >= column["x"] and table["x"] + table["width"] <= column["x"] + column["width"] + 1


def test_targets_are_large_enough_on_a_small_screen(visit):
    page = visit(CLUB, viewport={"width": 320, "height": 568})
    for target in page.locator("form .choice, form input:visible:not([type=radio], [type=checkbox]), form select, form button").all()[:40]:
        assert target.bounding_box()["height"] >= 44


@SCRIPTS
def test_form_and_result_work_with_and_without_script(visit, script):
    page = visit("/foerderbaukasten", java_script_enabled=script)
    fill_in(page)
    page.get_by_role("button", name="Ergebnis zeigen").click()
    expect(page.get_by_role("heading", name="Jetzt beantragbar")).to_be_visible()
    assert "place=Herrenberg&themes=begegnung&phase=konzept&costs.beratung=6500" in page.url
    expect(page.get_by_label("Ort", exact=True)).to_have_value("Herrenberg")
    expect(page.get_by_role("heading", name="Finanzierungsplan")).to_be_visible()


def test_the_whole_way_works_with_the_keyboard(visit):
    page = visit("/foerderbaukasten", reduced_motion="reduce")
    page.get_by_label("Wer stellt den Antrag?").focus()
    page.keyboard.type("Verein")
    page.keyboard.press("Tab")
    page.keyboard.type("Herrenberg")
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Begegnung")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ergebnis", exact=True)).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#ergebnis') !== null"), "the keyboard goes on where the result begins"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ihr Vorhaben")).to_be_in_viewport()


def test_everything_on_the_result_is_reached_with_the_keyboard(visit):
    page = visit(CLUB)
    reached = set()
    for _ in range(160):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("(document.activeElement.innerText || document.activeElement.id).trim()"))
    assert {"place", "Ergebnis zeigen", "Angaben ändern", "Alle zeigen, die nicht passen", "Auch ohne offene Runde planen"} <= reached
    assert {"PDF für den Gemeinderat (1 Seite)", "Tabelle (CSV)", "Fristen für den Kalender (ICS)"} <= reached


def test_the_question_that_helps_most_leads_to_its_field(visit):
    page = visit("/foerderbaukasten?place=Herrenberg")
    link = page.locator(".next a")
    field = link.get_attribute("href")
    link.click()
    expect(page.locator(f"[id='{field[1:]}']")).to_be_in_viewport()


def test_an_error_is_announced_and_leads_to_its_field(visit, complaints):
    page = visit(STATES["errors"])
    expect(page.get_by_role("alert")).to_contain_text("Der Betrag darf nicht negativ sein.")
    page.get_by_role("link", name="Kosten – Personal").click()
    expect(page.locator("[id='costs.personal']")).to_be_focused()
    expect(page.locator("[id='costs.idee.beratung']")).to_be_visible()
    forgive_refused(complaints)


def test_the_plan_can_be_switched_and_taken_along(visit):
    page = visit(CLUB)
    page.get_by_role("link", name="Auch ohne offene Runde planen").click()
    expect(page.get_by_role("heading", name="auch ohne offene Runde")).to_be_visible()
    for name, ending in [("PDF", "pdf"), ("CSV", "csv"), ("ICS", "ics")]:
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"foerderplan.{ending}"


def test_on_paper_there_are_result_and_plan_but_no_form(visit):
    page = visit(CLUB)
    page.emulate_media(media="print")
    expect(page.locator("#angaben")).to_be_hidden()
    expect(page.get_by_role("heading", name="Finanzierungsplan")).to_be_visible()
    expect(page.get_by_text("nicht verbindlich").first).to_be_visible()
    assert len(page.pdf(format="A4")) > 10_000


def test_the_wishes_of_the_system_are_kept(visit):
    page = visit(CLUB, reduced_motion="reduce", forced_colors="active")
    assert violations(page) == []
