"""The widget by keyboard alone: every tool in it, where the focus goes when something closes, and a ring that is seen around it."""

import re

import pytest
from playwright.sync_api import expect

from gateway.texts import all_texts
from tests.browser.test_widget import DESKTOP, GUEST, PHONE, QUESTION, WORDS, door, kept, status, write

MENU, FEEDBACK, ERASING = WORDS["menu"], WORDS["feedback"], WORDS["erasing"]
SIZES = pytest.mark.parametrize("answered", [DESKTOP, PHONE], ids=["desktop", "phone"], indirect=True)
HAS_FOCUS = "one => one.getRootNode().activeElement === one"


def named(page, name):
    return page.get_by_role("button", name=name, exact=True)


def go(page, target, key="Tab"):
    """Press a key until the focus is where it shall be."""
    for _ in range(60):
        page.keyboard.press(key)
        if target.evaluate(HAS_FOCUS):
            return
    raise AssertionError(f"{key} never reaches {target}")


def pressed(page, name, key="Tab"):
    go(page, named(page, name), key)
    page.keyboard.press("Enter")


@pytest.fixture
def answered(request, visit):
    """The window with an answer in it, reached without a mouse; on a phone it is modal."""
    page = visit(GUEST, viewport=getattr(request, "param", DESKTOP))
    go(page, door(page))
    page.keyboard.press("Enter")
    field = page.get_by_label(WORDS["label"])
    if not field.evaluate(HAS_FOCUS):
        go(page, field)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".message--bot").nth(1)).to_contain_text("85.000")
    return page


@SIZES
def test_every_tool_of_the_menu_is_used_and_escape_closes_only_the_menu(answered):
    page, opener = answered, named(answered, MENU["title"])
    pressed(page, MENU["title"], "Shift+Tab")
    larger = named(page, f"A+, {MENU['larger']}")
    go(page, larger)
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(MENU["size"].replace("{percent}", "115"))
    expect(larger).to_be_focused()
    for name, setting in ((MENU["contrast"], "contrast"), (MENU["remember"], "remember")):
        go(page, named(page, name))
        page.keyboard.press("Space")
        expect(named(page, name)).to_have_attribute("aria-pressed", "true")
        assert kept(page)[setting] is True
    assert "token" in page.evaluate("() => localStorage.quartierslotse")
    with page.expect_download():
        pressed(page, WORDS["save"])
    expect(named(page, WORDS["save"])).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    go(page, named(page, MENU["again"]))
    page.keyboard.press("Tab")
    expect(opener).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(door(page)).to_be_focused()


def test_escape_closes_the_menu_of_a_chat_in_the_page_too(visit):
    page = visit()
    pressed(page, MENU["title"])
    go(page, named(page, MENU["contrast"]))
    page.keyboard.press("Escape")
    expect(named(page, MENU["title"])).to_be_focused()
    expect(named(page, MENU["contrast"])).to_have_count(0)


@SIZES
def test_an_answer_is_rated_and_what_does_not_hold_is_told(answered):
    page = answered
    down, outdated = named(page, FEEDBACK["down"]), named(page, FEEDBACK["outdated"])
    go(page, down, "Shift+Tab")
    page.keyboard.press("Enter")
    comment = page.get_by_label(FEEDBACK["comment"])
    expect(comment).to_be_focused()
    page.keyboard.press("Escape")
    expect(down).to_be_focused()
    expect(comment).to_have_count(0)
    page.keyboard.press("Enter")
    expect(comment).to_be_focused()
    page.keyboard.type("Zu lang")
    pressed(page, FEEDBACK["send"])
    expect(down).to_be_focused()
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(status(page)).to_have_text(FEEDBACK["thanks"])
    go(page, outdated)
    page.keyboard.press("Enter")
    first = page.get_by_role("radio").first
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(outdated).to_be_focused()
    expect(outdated).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    with page.expect_response("**/feedback") as told:
        pressed(page, FEEDBACK["send"])
    assert told.value.status == 204
    expect(outdated).to_be_focused()


def test_the_thumb_of_an_open_form_closes_it_and_rates_only_once(answered):
    page = answered
    rated = []
    page.on("request", lambda request: rated.append(request.post_data) if request.url.endswith("/feedback") else None)
    down = named(page, FEEDBACK["down"])
    go(page, down, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label(FEEDBACK["comment"])).to_be_focused()
    go(page, down, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label(FEEDBACK["comment"])).to_have_count(0)
    expect(down).to_have_attribute("aria-pressed", "true")
    assert len(rated) == 1


@SIZES
def test_erasing_is_asked_for_once_more_and_can_be_taken_back(answered):
    page, erase = answered, named(answered, WORDS["erase"])
    yes, no = named(page, ERASING["yes"]), named(page, ERASING["no"])
    for back in ("Escape", "Enter"):
        go(page, erase)
        page.keyboard.press("Enter")
        expect(no).to_be_focused()
        expect(page.get_by_role("group", name=ERASING["title"])).to_have_accessible_description(ERASING["hint"])
        page.keyboard.press(back)
        expect(erase).to_be_focused()
        expect(yes).to_have_count(0)
    expect(page.locator(".message--citizen")).to_have_count(1)
    pressed(page, MENU["title"], "Shift+Tab")
    pressed(page, MENU["again"])
    expect(no).to_be_focused()
    pressed(page, ERASING["yes"])
    expect(page.get_by_role("log")).to_be_focused()
    expect(status(page)).to_have_text(WORDS["erased"])
    go(page, erase)
    page.keyboard.press("Enter")  # there is nothing to erase any more
    expect(door(page)).to_be_focused()
    assert page.evaluate("() => [sessionStorage.length, localStorage.length]") == [0, 0]


def test_the_language_is_changed_and_the_focus_stays_at_its_switch(answered):
    page, simple = answered, all_texts("de-simple")["chat"]
    page.keyboard.type("Und wer")
    pressed(page, WORDS["simple"])
    expect(named(page, simple["standard"])).to_be_focused()
    expect(page.get_by_label(simple["label"])).to_have_value("Und wer")
    page.keyboard.press("Enter")
    expect(named(page, WORDS["simple"])).to_be_focused()


SCHEMES = [
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "dark", "contrast": "more"},
    {"color_scheme": "light", "forced_colors": "active"},
    {"color_scheme": "dark", "forced_colors": "active"},
]
DEFAULTS = {"contrast": "no-preference", "forced_colors": "none"}
# The ring around what has the focus: its width, its contrast to what lies around it, and whether anything cuts it off.
RING = """() => {
    const one = document.querySelector("quartierslotse-chat").shadowRoot.activeElement;
    if (!one) return null;
    const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        pixel.clearRect(0, 0, 1, 1);
        pixel.fillStyle = colour;
        pixel.fillRect(0, 0, 1, 1);
        return [...pixel.getImageData(0, 0, 1, 1).data];
    };
    const light = (colour) => {
        const parts = rgba(colour).slice(0, 3).map((part) => part / 255);
        const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (...colours) => {
        const [more, less] = colours.map(light).sort((a, b) => b - a);
        return (more + 0.05) / (less + 0.05);
    };
    const parents = [];
    for (let up = one.parentElement; up; up = up.parentElement) parents.push(up);
    const style = getComputedStyle(one);
    const inside = parseFloat(style.outlineOffset) < 0;
    const grounds = (inside ? [one, ...parents] : parents).map((each) => getComputedStyle(each).backgroundColor);
    const halo = one.matches(".door") && style.boxShadow.match(/^[a-z]+\\([^)]*\\)/)?.[0];
    const ground = halo || grounds.find((colour) => rgba(colour)[3] === 255) || getComputedStyle(document.body).backgroundColor;
    const reach = Math.max(0, parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth));
    const box = one.getBoundingClientRect();
    // of a field, the browser brings the line that is written into view and not its edge
    const cut = !one.matches("textarea") && parents.filter((each) => getComputedStyle(each).overflowY !== "visible").some((each) => {
        const frame = each.getBoundingClientRect();
        const fits = box.height + 2 * reach <= frame.height;
        return fits && (box.top - reach < frame.top - 0.5 || box.bottom + reach > frame.bottom + 0.5
            || box.left - reach < frame.left - 0.5 || box.right + reach > frame.right + 0.5);
    });
    return { name: one.getAttribute("aria-label") || one.innerText || one.id || one.name, line: style.outlineStyle,
        width: parseFloat(style.outlineWidth), contrast: contrast(style.outlineColor, ground), cut };
}"""


def rings(page):
    """Walk once around with Tab; returns the ring of every stop by its name."""
    found = {}
    for _ in range(60):
        page.keyboard.press("Tab")
        ring = page.evaluate(RING)
        if ring:
            found[ring["name"]] = ring
        elif found:
            break
    return found


def judge_rings(found):
    weak = [ring for ring in found.values() if ring["line"] != "solid" or ring["width"] < 2 or ring["contrast"] < 3 or ring["cut"]]
    assert weak == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_has_the_focus_has_a_ring_that_is_seen_in_every_scheme(visit, viewport):
    page = visit(GUEST, viewport=viewport)
    door(page).click()
    write(page, QUESTION)
    answer = page.locator(".message--bot").nth(1)
    expect(answer).to_contain_text("85.000")
    answer.get_by_role("button", name=FEEDBACK["outdated"]).click()
    named(page, WORDS["erase"]).click()
    for scheme in SCHEMES:
        page.emulate_media(**DEFAULTS | scheme)
        named(page, MENU["title"]).click()
        in_menu = rings(page)
        expect(named(page, MENU["title"])).to_have_attribute("aria-expanded", "false")
        page.get_by_role("heading", name="Quartierslotse").click()
        found = rings(page) | in_menu
        assert {MENU["again"], WORDS["close"], WORDS["send"], FEEDBACK["copy"], ERASING["no"], WORDS["log"], "chat-text"} <= set(found)
        assert any(re.match("Quartier 2030", name) for name in found)
        judge_rings(found)


def test_the_button_of_the_closed_chat_has_a_ring_that_is_seen_on_any_page(visit):
    page = visit(GUEST)
    for scheme in SCHEMES:
        page.emulate_media(**DEFAULTS | scheme)
        go(page, door(page))
        ring = page.evaluate(RING)
        judge_rings({"door": ring})
        page.keyboard.press("Shift+Tab")
