"""No violation of what axe can judge by rule: WCAG 2.2 A and AA, and good practice."""

import pytest

PAGES = ["/", "/foerderbaukasten", "/datenschutz", "/impressum", "/barrierefreiheit"]
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python fehlt")


def violations(page) -> list[str]:
    found = axe_playwright.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1100, 320])
def test_a_page_has_no_violation(visit, path, width):
    assert violations(visit(path, viewport={"width": width, "height": 800})) == []


@pytest.mark.parametrize(
    "said", ["Wie viel Geld gibt es bei Quartiersimpulse?", "Hilfe, meine Oma atmet nicht mehr!", "Wir suchen Beratung"]
)
def test_a_conversation_has_no_violation(visit, ask, said):
    page = visit()
    ask(page, said)
    assert violations(page) == []


def test_the_refused_empty_question_has_no_violation(visit):
    page = visit()
    page.get_by_role("button", name="Senden").click()
    assert violations(page) == []


def test_a_page_that_does_not_exist_has_no_violation(visit, complaints):
    page = visit("/gibt-es-nicht")
    assert violations(page) == []
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()


def test_the_wishes_of_the_system_are_kept(visit, ask):
    page = visit(reduced_motion="reduce", forced_colors="active")
    ask(page, "Was ist ein Quartier?")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert violations(page) == []
