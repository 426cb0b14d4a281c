"""The sheets of all pages: one place for colours, and in the dark the same tokens of KERN as in the widget."""

import re
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
TOKEN = re.compile(r"(--kern-[\w-]+): (oklch\([^)]+\));")
CHART = {"lead/lead.css": ["#f2b632"]}  # the second bar of the figures; it has to differ from the first in grey as well


def test_the_dark_colours_are_those_of_the_widget():
    dark = dict(TOKEN.findall((WEB / "widget" / "kern.js").read_text(encoding="utf-8").partition("export const DARK")[2]))
    used = dict(TOKEN.findall((WEB / "shared" / "base.css").read_text(encoding="utf-8")))
    assert used and used == {name: dark[name] for name in used}


def test_a_sheet_takes_its_colours_from_the_shared_one():
    for sheet in WEB.rglob("*.css"):
        name = sheet.relative_to(WEB).as_posix()
        own = sheet.read_text(encoding="utf-8")
        own = own.partition("*, *::before")[2] if name == "shared/base.css" else own
        found = [colour for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", own) if colour not in ("#ffffff", "#000000")]
        assert found == CHART.get(name, []), name
