"""What people take along from the chat: a copied answer, and the conversation on paper."""

from playwright.sync_api import expect

from tests.browser.test_widget import GUEST, QUESTION, WORDS, door, opened, press, status

PRINTS = "window.print = () => { top.prints = (top.prints || 0) + 1; };"
CUT_OFF = "log => log.scrollHeight - log.clientHeight"


def test_a_copied_answer_says_its_text_its_sources_and_their_stand(visit, ask):
    page = visit(GUEST)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page)
    answer = ask(page, QUESTION)
    press(page, WORDS["feedback"]["copy"])
    expect(status(page)).to_have_text(WORDS["feedback"]["copied"])
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith(answer.locator(".message__text").text_content())
    sources = answer.locator(".message__sources").first.get_by_role("link").all()
    assert copied.splitlines()[-len(sources) :] == [f"{source.text_content()} {source.get_attribute('href')}" for source in sources]
    assert "Stand: 20" in sources[0].text_content()


def test_who_may_not_copy_is_told_so(visit, ask):
    page = visit(GUEST)
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));")
    page.reload()
    opened(page)
    ask(page, QUESTION)
    press(page, WORDS["feedback"]["copy"])
    expect(page.get_by_role("alert").first).to_have_text(WORDS["feedback"]["no_copy"])


def test_a_printed_conversation_has_its_sources_and_leaves_nothing_in_the_page(visit, ask):
    page = visit(GUEST)
    page.add_init_script(PRINTS)
    page.reload()
    opened(page)
    ask(page, QUESTION)
    press(page, WORDS["menu"]["title"])
    press(page, WORDS["menu"]["print"])
    page.wait_for_function("() => window.prints === 1")
    text = page.frames[-1].locator("body").text_content()
    assert QUESTION in text and "Stand: 20" in text and "https://" in text
    page.evaluate("() => document.querySelector('iframe').contentWindow.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("iframe")).to_have_count(0)


def test_a_printed_page_has_the_whole_conversation_or_no_chat_at_all(visit, ask):
    page = visit()
    ask(page, QUESTION)
    log = page.get_by_role("log")
    assert log.evaluate(CUT_OFF) > 0
    page.emulate_media(media="print")
    assert log.evaluate(CUT_OFF) == 0
    expect(page.get_by_label(WORDS["label"])).to_be_hidden()
    guest = visit(GUEST)
    guest.emulate_media(media="print")
    expect(door(guest)).to_be_hidden()
