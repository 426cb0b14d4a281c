"""The machine's own Chromium, driven by Playwright; without it these tests are skipped by name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright fehlt")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1100, "height": 800}
STARTED = "quartierslotse-chat:not([data-form-session])"


def chromium() -> str | None:
    """Return the browser to use: CHROMIUM, or the first one on PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser per module: its event loop must not run on while other folders' asynchronous tests run."""
    found = chromium()
    if not found:
        pytest.skip("kein Chromium (CHROMIUM oder chromium im PATH)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complains of; empty in the end, or the test fails."""
    return []


@pytest.fixture
def visit(browser: Any, service: Any, complaints: list[str]) -> Iterator[Callable[..., Any]]:
    """Open a page of the service as a citizen without history, the widget at work unless `starts` is off.

    The other options are those of a browser context.
    """
    contexts = []

    def visit(path: str = "/", starts: bool = True, **options: Any) -> Any:
        context = browser.new_context(base_url=service.url, locale="de-DE", **({"viewport": DESKTOP} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path, wait_until="load")
        if starts and options.get("java_script_enabled", True) and page.locator(STARTED).count():
            page.wait_for_selector(f"{STARTED} .ql", state="attached")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def ask() -> Callable[[Any, str], Any]:
    """Type a question and send it with the button; returns the bot's newest message when it is there."""

    def ask(page: Any, text: str) -> Any:
        answers = page.locator(".message--bot:not([data-greeting])")
        before = answers.count()
        page.get_by_label("Ihre Frage").fill(text)
        page.get_by_role("button", name="Senden").click()
        citizen = page.locator(".message--citizen").last
        sync_api.expect(citizen).to_contain_text(text)
        sync_api.expect(answers.nth(max(before, 1) if page.locator("#chat[data-form-session]").count() == 0 else before)).to_be_visible()
        return answers.last

    return ask


def fill_in(page: Any) -> None:
    """Fill in the form of the Förderbaukasten: a club in Herrenberg with a concept for a meeting place."""
    page.get_by_label("Wer stellt den Antrag?").select_option(label="Verein")
    page.get_by_label("Ort", exact=True).fill("herrenberg")
    page.get_by_label("Begegnung").check()
    page.get_by_role("radio", name="Konzept").check()
    page.get_by_label("Beratung", exact=True).first.fill("6,5 Tsd")
