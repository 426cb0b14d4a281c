"""The pages for leads in a browser: no violation that axe can judge, and the forms work with and without JavaScript."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["/desk/remarks", "/desk/lead"]
PAGES += [f"/desk/lead/{name}" for name in ("hours", "queues", "modules", "callbacks", "numbers?days=90", "accounts")]
PASSWORD = "leitung-nur-im-test"
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright fehlt")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python fehlt")


def violations(page) -> list[str]:
    found = axe_playwright.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


@pytest.fixture(scope="session")
def account(running_service) -> str:
    """An administrator's account, who may see all pages, in the running service, opened as an operator opens it."""
    name = f"leitung-{uuid.uuid4().hex[:8]}"
    command = [sys.executable, "-m", "gateway", "create-advisor", name, "--role", "admin"]
    env = os.environ | {"DATA_DIR": str(running_service.data_dir)}
    made = subprocess.run(command, input=f"{PASSWORD}\n", env=env, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    return name


@pytest.fixture
def lead(visit, account, service):
    """Open a page of the leads', logged in."""

    def open_page(path, **options):
        page = visit("/impressum", **options)
        login = page.request.post(f"{service.url}/api/v1/desk/login", data={"name": account, "password": PASSWORD})
        assert login.status == 204, login.text()
        page.goto(path, wait_until="load")
        return page

    return open_page


@pytest.fixture
def counted(service):
    """Somebody asked for a human and wants to be called back, another one calls an answer outdated: there is something to see."""
    told = service.citizen()
    seq = told.ask("Wie hoch ist der Zuschuss bei Quartiersimpulse?")["seq"]
    assert told.call("POST", "/feedback", json={"seq": seq, "rating": "outdated", "comment": "Das war 2020 so"}).status_code == 204
    assert service.citizen().call("POST", "/callback", json={"name": "Erna", "phone": "0711 1234"}).status_code == 204
    assert service.citizen().ask("Ich möchte mit einem Menschen sprechen")["answer"]["outcome"] in ("callback", "handoff")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1100, 320])
def test_a_page_has_no_violation(lead, counted, path, width):
    page = lead(path, viewport={"width": width, "height": 800})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_plots_have_tables_and_no_violation(lead, counted):
    page = lead("/desk/lead/numbers")
    assert page.locator("svg.plot").count() >= 1
    for summary in page.locator("main details > summary").all():
        summary.click()
    assert page.locator("main details table").first.is_visible() and violations(page) == []


def test_a_wrong_time_is_named_beside_its_field(lead, complaints):
    page = lead("/desk/lead/hours")
    page.get_by_label("Dienstag").fill("9-25")
    page.get_by_role("button", name="Woche speichern").click()
    page.get_by_role("alert").get_by_role("link").click()
    sync_api.expect(page.get_by_label("Dienstag")).to_be_focused()
    sync_api.expect(page.get_by_label("Dienstag")).to_have_value("9-25")
    assert violations(page) == []
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


@pytest.mark.parametrize("scripts", [True, False])
def test_forms_work_with_and_without_javascript(lead, scripts):
    title = f"Baustein {uuid.uuid4().hex[:6]}"
    page = lead("/desk/lead/modules", java_script_enabled=scripts)
    new = page.get_by_role("form", name="Neuer Textbaustein")
    new.get_by_label("Titel").fill(title)
    new.get_by_label("Text", exact=True).fill("Guten Tag")
    new.get_by_role("button", name="Textbaustein anlegen").click()
    sync_api.expect(page.get_by_role("status")).to_contain_text("Gespeichert")
    sync_api.expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name=f"{title} entfernen").click()
    sync_api.expect(page.get_by_role("heading", name=title)).to_have_count(0)
