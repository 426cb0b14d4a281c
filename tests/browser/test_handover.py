"""From a messenger to the web: the link's page moves the conversation into the chat, live; without JavaScript into the form."""

import pytest
from playwright.sync_api import expect

from gateway import tokens
from gateway.clockwork import now_ms
from gateway.database import Database
from gateway.store import chats


@pytest.fixture
def link(service):
    """A conversation of a messenger, and the way to it."""
    citizen, secret = service.citizen(), tokens.new_token()
    citizen.ask("Wie viel Geld gibt es bei Quartiersimpulse?")
    database = Database(f"sqlite:///{service.data_dir / 'conversations.db'}")

    def hand_over(connection):
        chats.begin(connection, "telegram", f"test-{citizen.id}", citizen.id)
        chat = chats.find(connection, "telegram", f"test-{citizen.id}")
        chats.set_link(connection, chat.id, tokens.hashed(secret), now_ms() + 365 * 24 * 3_600_000)  # the service has a clock of its own

    database.write_now(hand_over)
    database.close()
    return f"/weiter/{secret}"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_conversation_goes_on_where_it_was(visit, link, scripts, complaints):
    page = visit(link, starts=False, java_script_enabled=scripts)
    page.get_by_role("button", name="Gespräch hier fortsetzen").click()
    expect(page.locator(".message").filter(has_text="85.000")).to_be_visible()
    page.get_by_label("Ihre Frage").fill("Welche Fristen gelten dort?")
    page.get_by_role("button", name="Senden").click()
    expect(page.locator(".message--citizen").filter(has_text="Fristen")).to_be_visible()
    expect(page.locator(".message--bot").nth(2)).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("Dieser Link gilt nicht mehr")).to_be_visible()
    complaints[:] = [one for one in complaints if "404" not in one]
