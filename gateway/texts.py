"""The German texts of the gateway and its pages. They all stand in one file, `web/shared/texts.de.json`."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "web" / "shared" / "texts.de.json"


@lru_cache(maxsize=1)
def all_texts() -> dict[str, Any]:
    """Return the whole file; templates and the script on the page use it as it is."""
    loaded: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def text(key: str, **facts: Any) -> str:
    """Return one text by its dotted key, with the facts filled in. A missing key is a mistake of ours: `KeyError`."""
    value: Any = all_texts()
    for part in key.split("."):
        value = value[part]
    return str(value).format(**facts) if facts else str(value)
