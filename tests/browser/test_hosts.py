"""The widget on pages of another site (`hosts/`): a strict policy, hostile CSS, no scripts, no service, a site that is not let in."""

import re
import threading

import pytest
import requests
from playwright.sync_api import expect

from gateway.texts import all_texts
from ops.ports import free_ports
from tests.browser.hosts.server import Hosts
from tests.browser.test_accessibility import violations

QUESTION = "Was ist ein Quartier?"
WORDS = all_texts()["chat"]
AROUND = ["/einbinden", "/einbinden/test", "/leichte-sprache", "/gebaerdensprache"]


@pytest.fixture(scope="module")
def serving(running_service):
    hosts = Hosts(running_service.guest_port, running_service.url)
    threading.Thread(target=hosts.serve_forever, daemon=True).start()
    yield hosts
    hosts.shutdown()
    hosts.server_close()


@pytest.fixture
def hosts(serving):
    """The other site, with the service in reach and no policy until a test wants otherwise."""
    serving.calm()
    return serving


@pytest.fixture
def guest(visit, hosts):
    """Open a page of the other site; as `stranger` it is one that ALLOWED_ORIGINS does not name."""

    def guest(name="plain.html", stranger=False, **options):
        return visit(f"http://{'127.0.0.1' if stranger else 'localhost'}:{hosts.server_port}/{name}", starts=False, **options)

    return guest


@pytest.fixture
def policy(service):
    """A policy that allows nothing but what the page for web editors tells to allow."""
    page = requests.get(f"{service.url}/einbinden", timeout=30).text
    told = re.search(r'id="csp"><code>(.*?)</code>', page, re.S)[1].replace("\n", " ")
    return f"default-src 'none'; base-uri 'none'; form-action 'none'; {told}"


def opened(page):
    page.get_by_role("button", name=WORDS["open"]).click()
    return page.get_by_role("dialog")


def answered(chat):
    chat.get_by_label("Ihre Frage").fill(QUESTION)
    chat.get_by_role("button", name="Senden").click()
    answer = chat.locator(".message--bot").nth(1)
    expect(answer).to_contain_text("Stand")
    return answer


def fallback(page):
    return page.get_by_role("link", name="Zum Quartierslotsen")


def test_from_another_site_a_question_is_answered_without_cookies(guest):
    page = guest()
    expect(page.get_by_role("button", name=WORDS["open"])).to_be_visible()
    expect(fallback(page)).to_be_hidden()
    answered(opened(page))
    assert page.context.cookies() == []


STYLE = "() => document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' }))"


def test_the_policy_that_editors_are_told_is_enough(guest, hosts, policy, complaints):
    hosts.policy = policy
    page = guest()
    chat = opened(page)
    answered(chat)
    assert chat.evaluate("element => getComputedStyle(element).position") == "fixed"
    assert "unsafe" not in policy and "style-src" not in policy
    assert complaints == []
    with page.expect_console_message():  # the policy is in force: a style of the page itself is refused
        page.evaluate(STYLE)
    assert "Content Security Policy" in complaints.pop()


def test_a_link_of_the_page_opens_the_chat_with_its_question_unsent(guest, hosts, policy):
    hosts.policy = policy
    page = guest()
    page.get_by_role("link", name=QUESTION).click()
    expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)
    expect(page.locator(".message--citizen")).to_have_count(0)


LOOKS = """element => {
    const style = getComputedStyle(element);
    return ["fontSize", "lineHeight", "letterSpacing", "textTransform", "color", "backgroundColor", "opacity", "position", "display"]
        .map((name) => [name, style[name]]);
}"""


@pytest.mark.parametrize("viewport", [{"width": 1100, "height": 800}, {"width": 320, "height": 568}], ids=["desktop", "phone"])
def test_the_css_of_the_page_changes_nothing_in_the_chat(guest, viewport):
    looks = []
    for name in ("plain.html", "hostile.html"):
        page = guest(name, viewport=viewport)
        door = page.get_by_role("button", name=WORDS["open"])
        expect(door).to_be_in_viewport(ratio=1)
        seen = [door.evaluate(LOOKS), door.bounding_box()]
        chat = opened(page)
        seen += [chat.evaluate(LOOKS), chat.bounding_box(), page.get_by_label("Ihre Frage").evaluate(LOOKS)]
        answer = answered(chat)
        seen += [answer.evaluate(LOOKS), answer.locator(".message__text").evaluate(LOOKS)]
        chat.get_by_role("button", name="Senden").focus()
        page.keyboard.press("Shift+Tab")
        seen.append(page.get_by_label("Ihre Frage").evaluate("element => getComputedStyle(element).outlineWidth"))
        looks.append(seen)
    assert looks[0] == looks[1]


def test_without_scripts_the_page_shows_link_phone_and_mail(guest):
    page = guest(java_script_enabled=False)
    expect(fallback(page)).to_be_visible()
    expect(page.locator("quartierslotse-chat a[href^='tel:']")).to_be_visible()
    expect(page.locator("quartierslotse-chat a[href^='mailto:']")).to_be_visible()


def test_a_policy_that_blocks_the_script_leaves_the_fallback(guest, hosts, complaints):
    hosts.policy = "script-src 'none'"
    expect(fallback(guest())).to_be_visible()
    assert len(complaints) == 1 and "Content Security Policy" in complaints.pop()


def test_a_service_that_is_away_leaves_the_fallback(guest, hosts, complaints):
    hosts.service = f"http://127.0.0.1:{free_ports(1)[0]}"
    expect(fallback(guest())).to_be_visible()
    assert len(complaints) == 1 and "ERR_CONNECTION_REFUSED" in complaints.pop()


def test_a_site_that_is_not_let_in_shows_the_fallback_when_somebody_asks(guest, complaints):
    page = guest(stranger=True)
    chat = opened(page)
    chat.get_by_label("Ihre Frage").fill(QUESTION)
    chat.get_by_role("button", name="Senden").click()
    expect(fallback(page)).to_be_visible()
    page.close()
    assert complaints and all("CORS" in one or "ERR_FAILED" in one for one in complaints)
    complaints.clear()


@pytest.mark.parametrize("path", AROUND)
@pytest.mark.parametrize("width", [1100, 320])
def test_the_pages_around_the_widget_have_no_violation_and_fit(visit, path, width):
    page = visit(path, viewport={"width": width, "height": 800})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_test_page_shows_the_widget_at_work(visit):
    page = visit("/einbinden/test")
    page.get_by_role("button", name="Knopf: den Chat").click()
    expect(page.get_by_label("Ihre Frage")).to_have_value(QUESTION)
    expect(fallback(page)).to_be_hidden()
