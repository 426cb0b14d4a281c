"""(i) The widget: what it weighs on the wire, and when it is painted, against a page that holds nothing but a button."""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
from typing import Any

import requests

from bench import ours
from bench.figures import Requirement
from bench.report import Report
from ops.progress import Progress
from ops.settings import ROOT

FOLDER, RUNS = ROOT / "web" / "widget", 15
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
REFERENCE = "<!doctype html><title>x</title><button>Auf</button>"
FIELD, SAID = "#chat-text", "Was ist ein Quartier?"
# Milliseconds from a click, in a field from Enter, to the first frame in which something with this text is there.
PAINTED = """async ([pressed, wanted, text]) => {
  const find = (selector, said, node = document) => {
    for (const one of node.querySelectorAll("*")) {
      if (one.matches(selector) && one.textContent.includes(said)) return one;
      const inside = one.shadowRoot && find(selector, said, one.shadowRoot);
      if (inside) return inside;
    }
  };
  const seen = (one) => one && one.getClientRects().length > 0;
  const key = find(pressed, "");
  key.focus();
  const begun = performance.now();
  if (key.matches("textarea")) key.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  else key.click();
  while (!seen(find(wanted, text))) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""


def measure(progress: Progress) -> Report:
    """Weigh the modules and texts, then open the chat and write, again and again."""
    bot = ours.trained(progress)
    progress.step("Widget: Gewicht und Zeiten")
    with ours.Ours(bot) as running:
        weight = _weight(running.url)
        browser = os.environ.get("CHROMIUM") or next(
            filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
        )
        if browser is None:
            return Report("(i) Widget", {}, skipped="kein Chromium")
        times = _times(browser, f"{running.url}/einbinden/test")
    return _report(weight, times)


def _weight(url: str) -> dict[str, int]:
    """Return the compressed size of every file that a browser loads for the chat."""
    names = sorted(path.name for path in FOLDER.glob("*.js")) + ["texts.de.json", "texts.de-simple.json"]
    sizes = {}
    for name in names:
        answer = requests.get(f"{url}/widget/1/{name}", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=30)
        answer.raise_for_status()
        raw = answer.raw.read(decode_content=False)
        sizes[name] = len(raw) if answer.headers.get("Content-Encoding") == "gzip" else len(gzip.compress(raw))
    return sizes


def _times(browser: str, address: str) -> dict[str, list[float]]:
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {"opened": [], "own": [], "reference": []}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS)
        for _ in range(RUNS):
            page = chromium.new_page()
            page.set_content(REFERENCE)
            found["reference"].append(page.evaluate(PAINTED, ["button", "button", ""]))
            page.close()
            found_here = _once(chromium, address)
            found["opened"].append(found_here[0])
            found["own"].append(found_here[1])
        chromium.close()
    return found


def _once(chromium: Any, address: str) -> tuple[float, float]:
    page = chromium.new_page(viewport={"width": 1100, "height": 800})
    page.goto(address, wait_until="networkidle")
    opened = page.evaluate(PAINTED, ["button.door", FIELD, ""])
    page.locator(FIELD).fill(SAID)
    own = page.evaluate(PAINTED, [FIELD, ".message--citizen", SAID])
    page.context.close()
    return opened, own


def _report(weight: dict[str, int], times: dict[str, list[float]]) -> Report:
    total = sum(weight.values()) / 1024
    middle = {name: round(statistics.median(values), 1) for name, values in times.items()}
    report = Report(
        "(i) Widget", {"weight_kb": round(total, 1), "files": weight, **{f"{name}_ms": value for name, value in middle.items()}}
    )
    rows = [
        ("Chat geöffnet und gemalt", middle["opened"], max(times["opened"])),
        ("eigene Nachricht zu sehen", middle["own"], max(times["own"])),
        ("Vergleich: ein Knopf auf leerer Seite", middle["reference"], max(times["reference"])),
    ]
    report.add_table(("ms", "Median", "größte"), rows)
    report.add_table(
        ("Gewicht, gzip", "KB"), [("alle Dateien", round(total, 1)), *((name, round(size / 1024, 1)) for name, size in weight.items())]
    )
    report.requirements = [
        Requirement("Gewicht, KB", round(total, 1), 60),
        Requirement("Chat gemalt, ms", middle["opened"], 300),
        Requirement("eigene Nachricht, ms", middle["own"], 100),
    ]
    return report
