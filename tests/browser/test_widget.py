"""The widget on a page: what it keeps, how it survives a bad network, keyboard, announcements, and every state by axe's rules."""

import json
import re
import threading
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from gateway.texts import all_texts
from tests.browser.conftest import DESKTOP
from tests.browser.cutting import Network
from tests.browser.test_accessibility import violations

WORDS = all_texts()["chat"]
GUEST = "/einbinden/test"
QUESTION = "Wie viel Geld gibt es bei Quartiersimpulse?"
FUNDING = "Wir sind ein Verein in Stuttgart, Thema Begegnung, 20.000 Euro Sachkosten, Phase Umsetzung. Welche Förderung passt?"
PHONE = {"width": 320, "height": 568}
STORED = "() => [JSON.stringify({...sessionStorage}), JSON.stringify({...localStorage}), document.cookie]"
NOTHING = ["{}", "{}", ""]
FAST = "const wait = window.setTimeout; window.setTimeout = (act, ms, ...more) => wait(act, ms / 20, ...more);"
SCHEMES = pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"contrast": "more"}, {"contrast": "more", "color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "high contrast", "dark and high contrast", "forced colours"],
)


def door(page):
    return page.locator("button.door")


def opened(page):
    door(page).click()
    return page.get_by_role("dialog", name="Quartierslotse")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def erase(page):
    press(page, WORDS["erase"])
    press(page, WORDS["erasing"]["yes"])


def status(page):
    return page.get_by_role("dialog").get_by_role("status")


def kept(page):
    return json.loads(page.evaluate("() => sessionStorage.quartierslotse || localStorage.quartierslotse || '{}'"))


def write(page, text):
    page.get_by_label(WORDS["label"]).fill(text)
    page.keyboard.press("Enter")


def log_of(url, record):
    """The conversation as the service has it."""
    place = f"{url}/api/v1/conversations/{record['conversation']['id']}/events"
    answer = requests.get(place, headers={"Authorization": f"Bearer {record['conversation']['token']}"}, timeout=30)
    assert answer.status_code == 200
    return answer.json()["events"]


def shown(page):
    """What the log shows: (id, text) of every message, in order."""
    return page.locator("li.message").evaluate_all("all => all.map(one => [one.id, one.querySelector('.message__text').textContent])")


def streamed(page, *events):
    """Let the next conversation tell of these events, and of nothing else."""
    numbered = [{"seq": number, "at": "2026-11-22T10:15:00+01:00", "text": ""} | event for number, event in enumerate(events, 2)]
    body = "".join(f"id: {event['seq']}\ndata: {json.dumps(event)}\n\n" for event in numbered)
    page.route(re.compile(r"/(stream|events)\?"), lambda route: None)  # never answered
    page.route("**/stream?*", lambda route: route.fulfill(content_type="text/event-stream", body=body), times=1)


def held(page, address, act):
    """Do something whose request to an address is held back; returns the route, to let it go on."""
    routes = []
    page.route(address, lambda route: routes.append(route), times=1)
    with page.expect_request(address):
        act()
    for _ in range(100):
        if routes:
            break
        page.wait_for_timeout(20)
    return routes[0]


def citizens(url, record):
    """What the service has been told."""
    return [event["text"] for event in log_of(url, record) if event["from"] == "citizen"]


def test_nothing_is_kept_before_the_chat_is_opened_and_only_for_the_tab_after_that(visit, ask):
    page = visit(GUEST)
    assert page.evaluate(STORED) == NOTHING
    opened(page)
    ask(page, QUESTION)
    session, device, cookies = page.evaluate(STORED)
    assert "token" in session and device == "{}" and cookies == "" and page.context.cookies() == []


def test_the_device_remembers_only_as_long_as_that_is_chosen_and_erasing_leaves_nothing(visit, ask):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    press(page, WORDS["menu"]["title"])
    press(page, WORDS["menu"]["remember"])
    session, device, _ = page.evaluate(STORED)
    assert session == "{}" and "token" in device
    press(page, WORDS["menu"]["remember"])
    session, device, _ = page.evaluate(STORED)
    assert "token" in session and device == "{}"
    press(page, WORDS["menu"]["remember"])
    before = kept(page)
    erase(page)
    expect(door(page)).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(WORDS["erased"])
    expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
    assert page.evaluate(STORED) == NOTHING
    place = f"{page.url.removesuffix(GUEST)}/api/v1/conversations/{before['conversation']['id']}/events"
    assert requests.get(place, headers={"Authorization": f"Bearer {before['conversation']['token']}"}, timeout=30).status_code == 404


def test_after_a_reload_the_conversation_goes_on_and_the_window_stays_closed(visit, ask):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    page.reload()
    expect(door(page)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    opened(page)
    expect(page.locator(".message--citizen")).to_contain_text(QUESTION)
    expect(ask(page, "Und wer darf das beantragen?")).to_contain_text("Gemeinde")


def test_what_comes_while_the_window_is_closed_is_counted_at_its_button(visit, ask, service):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    page.keyboard.press("Escape")
    record = kept(page)
    place = f"{service.url}/api/v1/conversations/{record['conversation']['id']}/messages"
    body = {"client_id": "6f0c2f5e-0d5c-4d0e-9a56-0d1f6c7f2b11", "text": "Danke"}
    sent = requests.post(place, json=body, headers={"Authorization": f"Bearer {record['conversation']['token']}"}, timeout=30)
    assert sent.status_code == 202
    expect(page.get_by_role("button", name=f"{WORDS['open']}, 1 neue Nachricht im Chat")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("1 neue Nachricht im Chat")
    opened(page)
    page.keyboard.press("Escape")
    expect(door(page)).to_have_accessible_name(WORDS["open"])


def test_the_own_message_is_shown_before_the_service_has_answered(visit):
    page = visit(GUEST)
    opened(page)
    page.route("**/api/v1/conversations", lambda route: None)  # never answered
    seen = page.evaluate(
        """async (text) => {
            const root = document.querySelector("quartierslotse-chat").shadowRoot;
            root.querySelector("#chat-text").value = text;
            root.querySelector(".chat__form").requestSubmit();
            return root.querySelector(".message--citizen .message__text").textContent;
        }""",
        QUESTION,
    )
    assert seen == QUESTION


def test_offline_a_message_waits_and_is_sent_once_when_the_network_is_back(visit, ask, complaints, service):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    page.context.set_offline(True)
    write(page, "Danke")
    expect(page.locator(".message--citizen").last).to_contain_text(WORDS["waits"])
    page.context.set_offline(False)
    expect(page.locator(".message--bot")).to_have_count(3)
    expect(page.locator(".message__waits")).to_have_count(0)
    said = [event["text"] for event in log_of(service.url, kept(page)) if event["from"] == "citizen"]
    assert said == [QUESTION, "Danke"] and page.locator(".message--citizen").count() == 2
    assert all("ERR_INTERNET_DISCONNECTED" in one for one in complaints)
    complaints.clear()


def test_a_message_whose_answer_was_lost_is_still_one_message_after_a_reload(visit, ask, complaints, service):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)

    def lose_answer(route):
        route.fetch()
        route.abort()

    page.route("**/messages", lose_answer, times=1)
    with page.expect_event("requestfailed"):
        write(page, "Danke")
    page.reload()
    opened(page)
    expect(page.locator(".message--bot")).to_have_count(3)
    expect(page.locator(".message--citizen")).to_have_count(2)
    expect(page.locator(".message--pending")).to_have_count(0)
    assert [event["from"] for event in log_of(service.url, kept(page))].count("citizen") == 2
    complaints.clear()


def test_what_waited_before_the_first_conversation_is_sent_after_a_reload(visit, complaints, service):
    page = visit(GUEST)
    opened(page)
    page.route("**/api/v1/conversations", lambda route: route.abort())
    write(page, QUESTION)
    expect(page.locator(".message__waits")).to_be_visible()
    page.reload()
    opened(page)
    expect(page.locator(".message--citizen")).to_contain_text([QUESTION])
    press(page, "Beratung finden")
    expect(page.locator(".message--citizen")).to_contain_text([QUESTION, "Beratung finden"])
    page.unroute("**/api/v1/conversations")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator(".message--bot")).to_have_count(3)
    assert citizens(service.url, kept(page)) == [QUESTION, "Beratung finden"]
    complaints.clear()


def test_a_conversation_erased_while_it_is_opened_is_erased_and_told_nothing(visit):
    page = visit(GUEST)
    opened(page)
    told = []
    page.on("request", lambda request: told.append(request.url) if request.url.endswith("/messages") else None)
    opening = held(page, "**/api/v1/conversations", lambda: write(page, QUESTION))
    erase(page)
    with page.expect_response(lambda response: response.request.method == "DELETE") as erased:
        opening.continue_()
    assert erased.value.status == 204 and told == []
    assert "conversation" not in kept(page)


def test_what_is_written_after_erasing_is_sent_although_an_older_message_was_under_way(visit, complaints):
    page = visit()
    opening = held(page, "**/messages", lambda: write(page, QUESTION))
    erase(page)
    expect(page.locator(".message--citizen")).to_have_count(0)
    write(page, "Danke")
    opening.continue_()
    expect(page.locator(".message--bot")).to_have_count(2)
    expect(page.locator(".message--citizen")).to_contain_text(["Danke"])
    complaints.clear()


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 429, "headers": {"Retry-After": "1"}, "json": {"error": "too_many", "message": "Bitte warten."}},
        {"status": 404, "content_type": "text/html", "body": "<h1>Wartung</h1>"},
    ],
    ids=["too many", "not from the service"],
)
def test_a_message_that_is_refused_for_the_moment_is_sent_later(visit, complaints, service, answer):
    page = visit(GUEST)
    opened(page)
    seen = []
    page.route("**/messages", lambda route: route.continue_() if seen else route.fulfill(**answer))
    write(page, "Danke")
    expect(page.locator(".message__waits")).to_be_visible()
    seen.append(True)
    expect(page.locator(".message--bot")).to_have_count(2)
    assert citizens(service.url, kept(page)) == ["Danke"]
    complaints.clear()


def test_the_queue_waits_as_long_as_the_service_asks(visit, complaints):
    page = visit(GUEST)
    opened(page)
    page.clock.install()
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_json["text"]) if request.url.endswith("/messages") else None)
    patience = {"status": 429, "headers": {"Retry-After": "30"}, "json": {"error": "too_many", "message": "Bitte warten."}}
    page.route("**/messages", lambda route: route.fulfill(**patience), times=1)
    write(page, QUESTION)
    expect(page.locator(".message__waits")).to_be_visible()
    write(page, "Danke")
    page.clock.run_for(20_000)
    assert sent == [QUESTION]
    with page.expect_request(lambda request: request.url.endswith("/messages") and "Danke" in request.post_data):
        page.clock.run_for(15_000)
    assert sent == [QUESTION, QUESTION, "Danke"]
    complaints.clear()


def test_what_could_not_be_sent_when_the_conversation_is_gone_stands_in_the_field_again(visit, ask, complaints):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    gone = {"status": 404, "json": {"error": "not_found", "message": "Das gibt es nicht."}}
    first = held(page, "**/messages", lambda: write(page, "Danke"))
    write(page, "Und wer darf das beantragen?")
    first.fulfill(**gone)
    expect(page.get_by_label(WORDS["label"])).to_have_value("Danke\nUnd wer darf das beantragen?")
    expect(status(page)).to_have_text(WORDS["ended"])
    complaints.clear()


def test_what_is_written_while_a_conversation_is_taken_up_again_is_shown(visit, ask):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    known = held(page, "**/events?after=0", page.reload)
    opened(page)
    with page.expect_response("**/messages"):
        write(page, "Danke")
    known.continue_()
    expect(page.locator(".message--bot")).to_have_count(3)
    expect(page.locator(".message--citizen")).to_contain_text([QUESTION, "Danke"])


@pytest.fixture
def network(service):
    network = Network(service.url)
    threading.Thread(target=network.serve_forever, daemon=True).start()
    yield network
    network.shutdown()
    network.server_close()


@pytest.fixture
def behind(browser, network):
    """The test page behind the network that breaks; the page's clock runs twenty times as fast, so that nobody waits for it."""
    context = browser.new_context(base_url=network.url, locale="de-DE", viewport=DESKTOP)
    context.add_init_script(FAST)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(GUEST)
    opened(page)
    yield page
    context.close()


def test_two_hundred_cuts_in_the_middle_of_answers_lose_and_double_nothing(behind, network, service):
    said = []
    while network.cuts < 200:
        said.append(f"Danke {len(said)}")
        network.arm(10)
        write(behind, said[-1])
        expect(behind.locator(".message--bot")).to_have_count(len(said) + 1, timeout=60_000)
    expect(behind.locator(".message--pending")).to_have_count(0, timeout=30_000)
    log = log_of(service.url, kept(behind))
    assert [event["text"] for event in log if event["from"] == "citizen"] == said
    assert shown(behind)[1:] == [[f"n{event['seq']}", event["text"]] for event in log if event["type"] == "message"][1:]


def test_where_streams_do_not_come_through_the_answers_come_by_long_poll(behind, network):
    network.mute = True
    with behind.expect_request("**/events?*"):
        write(behind, "Danke")
    expect(behind.locator(".message--bot")).to_have_count(2)
    expect(behind.locator(".message--citizen")).to_have_count(1)


WATCH = """() => {
    window.heard = [];
    const root = document.querySelector("quartierslotse-chat").shadowRoot;
    const note = (records) => records.forEach((record) => record.addedNodes.forEach((node) => {
        const region = record.target.closest?.("[aria-live], [role=log], [role=status], [role=alert]");
        if (region && region.getAttribute("aria-live") !== "off") window.heard.push(node.textContent);
    }));
    new MutationObserver(note).observe(root, { childList: true, subtree: true });
}"""


def test_every_message_is_announced_once(visit, ask):
    page = visit(GUEST)
    opened(page)
    page.evaluate(WATCH)
    first = ask(page, QUESTION).locator(".message__text").text_content()
    second = ask(page, "Was ist ein Quartier?").locator(".message__text").text_content()
    heard = page.evaluate("() => window.heard")
    for said in (QUESTION, "Was ist ein Quartier?", first, second):
        assert sum(said in one for one in heard) == 1, said


LIVE = """const look = () => {
    const log = document.querySelector("quartierslotse-chat")?.shadowRoot?.querySelector("[role=log]");
    if (log?.querySelector(".message--citizen")) window.liveThen ??= log.getAttribute("aria-live");
    else requestAnimationFrame(look);
};
look();"""


def test_a_conversation_that_is_taken_up_again_is_not_read_out_again(visit, ask):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    page.add_init_script(LIVE)
    page.reload()
    opened(page)
    expect(page.locator(".message--citizen")).to_be_visible()
    assert page.evaluate("() => window.liveThen") == "off"
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_by_keyboard_alone_one_opens_asks_chooses_and_closes(visit):
    page = visit(GUEST)
    for _ in range(30):
        page.keyboard.press("Tab")
        if door(page).evaluate("one => one.getRootNode().activeElement === one"):
            break
    page.keyboard.press("Enter")
    field = page.get_by_label(WORDS["label"])
    expect(field).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator(".message--bot").nth(1)
    expect(answer).to_contain_text("85.000")
    choice = answer.get_by_role("button", name="Welche Fristen gelten?")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if choice.evaluate("one => one.getRootNode().activeElement === one"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".message--bot").nth(2)).to_contain_text("14. August 2026")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(door(page)).to_be_focused()


def test_escape_closes_the_menu_first_and_then_the_window(visit):
    page = visit(GUEST)
    chat = opened(page)
    press(page, WORDS["menu"]["title"])
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=WORDS["menu"]["title"], exact=True)).to_be_focused()
    expect(chat).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat).to_be_hidden()


def test_a_sentence_that_does_not_hold_any_more_is_told_with_its_answer(visit, ask):
    page = visit(GUEST)
    opened(page)
    answer = ask(page, QUESTION)
    answer.get_by_role("button", name=WORDS["feedback"]["outdated"]).click()
    press(page, WORDS["feedback"]["send"])
    expect(page.get_by_text(WORDS["feedback"]["no_sentence"])).to_be_visible()
    answer.get_by_role("radio").first.check()
    answer.get_by_label(WORDS["feedback"]["instead"]).fill("Jetzt sind es 90.000 Euro.")
    with page.expect_response("**/feedback") as told:
        press(page, WORDS["feedback"]["send"])
    assert told.value.status == 204
    sent = told.value.request.post_data_json
    assert sent["rating"] == "outdated" and sent["comment"] == "Jetzt sind es 90.000 Euro."
    assert sent["sentence"] in answer.locator(".message__text").text_content()
    expect(status(page)).to_have_text(WORDS["feedback"]["thanks"])
    expect(answer.get_by_role("button", name=WORDS["feedback"]["outdated"])).to_be_focused()


def test_the_form_for_a_sentence_is_no_news_and_begins_at_its_first_field(visit, ask):
    page = visit(GUEST)
    opened(page)
    answer = ask(page, QUESTION)
    page.evaluate(WATCH)
    answer.get_by_role("button", name=WORDS["feedback"]["outdated"]).click()
    expect(answer.get_by_role("radio").first).to_be_focused()
    assert page.evaluate("() => window.heard") == []


def test_a_thumb_is_taken_at_once_and_a_comment_after_it(visit, ask):
    page = visit(GUEST)
    opened(page)
    answer = ask(page, QUESTION)
    with page.expect_response("**/feedback") as told:
        answer.get_by_role("button", name=WORDS["feedback"]["down"], exact=True).click()
    assert told.value.status == 204 and told.value.request.post_data_json["rating"] == "down"
    answer.get_by_label(WORDS["feedback"]["comment"]).fill("Zu lang")
    with page.expect_response("**/feedback") as told:
        press(page, WORDS["feedback"]["send"])
    assert told.value.status == 204 and told.value.request.post_data_json["comment"] == "Zu lang"


def test_the_result_of_the_funding_finder_is_a_plan_with_the_way_to_its_page(visit, ask):
    page = visit(GUEST)
    opened(page)
    answer = ask(page, FUNDING)
    if not answer.locator(".plan").count():
        answer = ask(page, "Ergebnis zeigen")
    expect(answer.locator(".plan")).to_contain_text(WORDS["plan"]["not_binding"])
    expect(answer.locator(".plan")).to_contain_text(re.compile(r"\(\d+\)"))
    assert "/foerderbaukasten?" in answer.get_by_role("link", name="Förderbaukasten").first.get_attribute("href")


def test_a_date_of_the_plan_is_the_last_day_of_a_round_or_the_first_of_the_next(visit):
    page = visit(GUEST)
    opened(page)
    dates = {"a": ("2027-03-31", "last"), "b": ("2027-04-01", "opens"), "c": ("2027-05-01", None)}
    results = [
        {"programme": name, "group": "now", "amount_eur": None, "next_date": day, "next_kind": kind} for name, (day, kind) in dates.items()
    ]
    data = {"results": results, "plans": [{"items": []}], "titles": {name: f"Programm {name}" for name in dates}}
    answer = {"outcome": "funding", "entries": [], "sources": [], "data": data}
    streamed(page, {"from": "bot", "type": "message", "text": "Das passt:", "buttons": [], "answer": answer})
    press(page, "Beratung finden")
    unknown = WORDS["plan"]["amount_open"]
    expect(page.locator(".plan__list li")).to_have_text(
        [f"Programm a{unknown}Antrag bis 31. März 2027", f"Programm b{unknown}wieder ab 1. April 2027", f"Programm c{unknown}"]
    )


def test_an_address_that_is_no_page_phone_or_mail_is_no_link(visit):
    page = visit(GUEST)
    opened(page)
    source = {"title": "Böse Quelle", "url": "javascript:alert(1)", "as_of": None}
    answer = {"outcome": "answer", "entries": [], "sources": [source], "data": {}}
    streamed(page, {"from": "bot", "type": "message", "text": "<b>x</b>", "buttons": [], "answer": answer})
    press(page, "Beratung finden")
    expect(page.get_by_text("Böse Quelle")).to_be_visible()
    assert page.locator(".message a[href^='javascript']").count() == 0 and page.locator(".message b").count() == 0


def test_whoever_is_not_understood_twice_is_offered_simple_language_once(visit):
    page = visit(GUEST)
    opened(page)
    answer = {"outcome": "not_understood", "entries": [], "sources": [], "data": {}}
    missed = {"from": "bot", "type": "message", "text": "Das habe ich nicht verstanden.", "buttons": [], "answer": answer}
    streamed(page, missed, missed, missed)
    press(page, "Beratung finden")
    expect(status(page)).to_have_text(WORDS["simple_offer"])
    assert violations(page) == []
    press(page, WORDS["simple_no"])
    expect(page.get_by_role("button", name=WORDS["simple_yes"])).to_have_count(0)
    expect(page.get_by_label(WORDS["label"])).to_be_focused()


MISSED = {"outcome": "not_understood", "entries": [], "sources": [], "data": {}}
HELPED = [{"title": WORDS["simple"], "payload": "x"}]


@pytest.mark.parametrize(
    "heard",
    [
        [(MISSED, []), (MISSED | {"outcome": "answer"}, []), (MISSED, [])],
        [(MISSED, []), (MISSED, HELPED), (MISSED, [])],
    ],
    ids=["understood in between", "offered by the answer"],
)
def test_simple_language_is_not_offered(visit, heard):
    page = visit(GUEST)
    opened(page)
    streamed(
        page, *({"from": "bot", "type": "message", "text": "Nun ja.", "buttons": buttons, "answer": answer} for answer, buttons in heard)
    )
    press(page, "Beratung finden")
    expect(page.locator(".message--bot")).to_have_count(4)
    expect(page.get_by_role("button", name=WORDS["simple_yes"])).to_have_count(0)


def test_the_place_in_the_queue_is_always_shown_but_announced_every_two_minutes_at_most(visit):
    page = visit(GUEST)
    opened(page)
    page.clock.install()
    waits = [{"from": "system", "type": "state", "state": "queued", "position": place} for place in (3, 2)]
    streamed(page, *waits)
    press(page, "Mit einem Menschen sprechen")
    place = page.get_by_role("group", name=WORDS["waiting"]["title"]).locator(".panel__line")
    expect(place).to_have_text("Sie warten auf einen Menschen: Platz 2")
    expect(page.locator(".state")).to_have_text("Sie warten auf einen Menschen: Platz 3")
    assert "Platz" not in status(page).text_content()
    page.clock.run_for(125_000)
    expect(status(page)).to_have_text("Sie warten auf einen Menschen: Platz 2")


def test_simple_language_changes_the_words_around_the_messages_too(visit, ask):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    press(page, WORDS["simple"])
    simple = all_texts("de-simple")["chat"]
    expect(page.get_by_label(simple["label"])).to_be_visible()
    expect(status(page)).to_have_text(simple["simple_on"])
    expect(page.locator(".message--citizen")).to_have_count(1)
    press(page, simple["standard"])
    expect(page.get_by_role("button", name=WORDS["simple"], exact=True)).to_be_focused()


def test_the_greeting_stays_when_the_language_changes_before_the_first_question(visit):
    page = visit(GUEST)
    opened(page)
    press(page, WORDS["simple"])
    simple = all_texts("de-simple")
    expect(page.get_by_role("button", name=simple["chat"]["standard"], exact=True)).to_be_focused()
    expect(page.locator(".message--bot .message__text")).to_have_text([simple["bot"]["greeting"]])
    expect(page.locator(".choice")).to_have_count(len(simple["bot"]["topics"]))


def test_whoever_asks_the_bot_for_simple_language_gets_it_around_the_messages_too(visit, ask):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    ask(page, "In einfacher Sprache bitte")
    expect(page.get_by_role("button", name=all_texts("de-simple")["chat"]["standard"], exact=True)).to_be_visible()


def test_the_conversation_is_printed_without_the_page_around_it(visit, ask):
    page = visit(GUEST)
    opened(page)
    ask(page, QUESTION)
    press(page, WORDS["menu"]["title"])
    press(page, WORDS["menu"]["print"])
    expect(page.locator("iframe")).to_have_count(1)
    printed = page.frames[-1].locator("body").text_content()
    assert QUESTION in printed and "85.000" in printed and "Testseite" not in printed


RIGHT = "root => Math.max(...[...root.querySelectorAll('*')].map((one) => one.getBoundingClientRect().right))"


def fits(page, width=320):
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.locator(".window .body").evaluate(RIGHT) <= width


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 256}], ids=["phone", "400 percent"])
def test_on_a_phone_the_window_fills_the_screen_and_nothing_is_cut_off(visit, ask, viewport):
    page = visit(GUEST, viewport=viewport)
    chat = opened(page)
    box = chat.bounding_box()
    assert (box["x"], box["y"], box["width"]) == (0, 0, 320) and box["height"] >= viewport["height"]
    ask(page, QUESTION)
    fits(page)
    press(page, WORDS["menu"]["title"])
    for _ in range(4):
        page.get_by_role("button", name=WORDS["menu"]["larger"]).click()
    fits(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=WORDS["close"]).click()
    expect(door(page)).to_be_focused()


def test_all_targets_are_large_enough(visit, ask):
    page = visit(GUEST, viewport=PHONE)
    opened(page)
    ask(page, QUESTION)
    press(page, WORDS["menu"]["title"])
    for target in page.locator(".window button:visible, .window a:visible, .window textarea:visible").all():
        box = target.bounding_box()
        assert box["height"] >= 24 and box["width"] >= 24, target.text_content()


@SCHEMES
def test_no_state_of_the_window_has_a_violation(visit, ask, complaints, options):
    page = visit(GUEST, **options)
    assert violations(page) == []
    opened(page)
    assert violations(page) == []
    press(page, "Senden")
    expect(page.get_by_role("alert")).to_have_text(WORDS["empty"])
    assert violations(page) == []
    answer = ask(page, QUESTION)
    assert violations(page) == []
    outdated = answer.get_by_role("button", name=WORDS["feedback"]["outdated"])
    outdated.click()
    assert violations(page) == []
    outdated.click()
    press(page, WORDS["menu"]["title"])
    assert violations(page) == []
    press(page, WORDS["menu"]["contrast"])
    assert violations(page) == []
    press(page, WORDS["menu"]["contrast"])
    page.keyboard.press("Escape")
    ask(page, FUNDING)
    if not page.locator(".plan").count():
        ask(page, "Ergebnis zeigen")
    page.locator(".plan summary").first.click()
    assert violations(page) == []
    page.context.set_offline(True)
    write(page, "Danke")
    expect(page.locator(".message__waits")).to_be_visible()
    assert violations(page) == []
    page.context.set_offline(False)
    complaints.clear()


def test_our_form_stays_when_the_chat_cannot_start(visit, complaints):
    page = visit()
    page.evaluate("() => sessionStorage.setItem('quartierslotse', JSON.stringify({ language: 'de-simple' }))")
    page.route("**/texts.de-simple.json", lambda route: route.fulfill(status=500))
    with page.expect_response("**/texts.de-simple.json"):
        page.reload()
    expect(page.locator("#chat .ql")).to_have_count(0)
    expect(page.locator("#chat-form")).to_be_visible()
    assert len(complaints) == 1 and "500" in complaints.pop()


@pytest.mark.parametrize("lack", ["delete AbortSignal.any", "CSS.supports = (asked) => !asked.includes(':has')"])
def test_a_browser_that_lacks_something_keeps_our_form(visit, lack):
    page = visit()
    page.add_init_script(lack)
    page.reload()
    page.evaluate("() => customElements.whenDefined('quartierslotse-chat')")
    expect(page.locator("#chat-form")).to_be_visible()
    assert page.evaluate("() => document.querySelector('#chat').shadowRoot") is None


def test_the_widget_weighs_at_most_60_kilobytes(service):
    web = Path(__file__).parents[2] / "web" / "widget"
    names = [file.name for file in web.glob("*.js")] + ["texts.de.json", "texts.de-simple.json"]
    heads = {"Accept-Encoding": "gzip"}
    sent = [requests.get(f"{service.url}/widget/1/{name}", headers=heads, stream=True, timeout=30) for name in names]
    assert sum(len(answer.raw.read()) for answer in sent) <= 60 * 1024 and all(answer.status_code == 200 for answer in sent)
