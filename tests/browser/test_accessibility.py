"""No violation of what axe can judge by rule: WCAG 2.2 A and AA, and good practice."""

import pytest

PAGES = ["/", "/foerderbaukasten", "/datenschutz", "/impressum", "/barrierefreiheit"]
DRAWN = [*PAGES, "/einbinden", "/foerderbaukasten?applicant=verein&themes=alter&costs.beratung=20000"]
DARK = {"color_scheme": "dark"}
WISHES = [DARK, {"contrast": "more"}, DARK | {"contrast": "more"}]
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python fehlt")


def violations(page) -> list[str]:
    found = axe_playwright.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


def brightness(page) -> float:
    """Return how light the page's ground is, 0 to 255."""
    drawn = """() => {
        const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
        brush.fillStyle = getComputedStyle(document.body).backgroundColor;
        brush.fillRect(0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
    }"""
    return sum(page.evaluate(drawn)) / 3


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1100, 320])
def test_a_page_has_no_violation(visit, path, width):
    assert violations(visit(path, viewport={"width": width, "height": 800})) == []


@pytest.mark.parametrize("path", DRAWN)
@pytest.mark.parametrize("wish", WISHES, ids=["dark", "contrast", "dark-contrast"])
def test_a_page_has_no_violation_in_the_colours_that_people_wish_for(visit, path, wish):
    page = visit(path, **wish)
    assert violations(page) == []
    light = page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
    assert (brightness(page) > 128) == light


@pytest.mark.parametrize("wish", WISHES, ids=["dark", "contrast", "dark-contrast"])
def test_the_form_without_javascript_has_no_violation_in_these_colours(visit, wish):
    form = visit(java_script_enabled=False)
    form.get_by_label("Ihre Frage").fill("Was ist ein Quartier?")
    form.get_by_role("button", name="Senden").click()
    form.locator(".message--bot").last.wait_for()
    page = visit(**wish)  # axe is a script: the same conversation once more, where the form stays as it is
    page.context.add_cookies(form.context.cookies())
    page.reload()
    assert page.locator("#chat[data-form-session] .message--citizen").count() == 1
    assert violations(page) == []


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


@pytest.mark.parametrize("wish", [{}, *WISHES], ids=["light", "dark", "contrast", "dark-contrast"])
def test_a_page_that_does_not_exist_has_no_violation(visit, complaints, wish):
    page = visit("/gibt-es-nicht", **wish)
    assert violations(page) == []
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()


def test_the_wishes_of_the_system_are_kept(visit, ask):
    page = visit(reduced_motion="reduce", forced_colors="active")
    ask(page, "Was ist ein Quartier?")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert violations(page) == []
