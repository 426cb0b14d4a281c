"""Text modules: short texts that advisors put into an answer with one press and then change as they like. Leads write them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gateway import tokens
from gateway.contract import TEXT_LIMIT
from gateway.handoff.visible import is_visible

LONGEST_TITLE, MOST_MODULES = 80, 100


@dataclass(frozen=True)
class Module:
    """A text with the title under which advisors find it. Stored in the setting `text_modules`, as a list."""

    id: str
    title: str
    text: str


def read(document: Any) -> list[Module]:
    """Return the modules as leads have written them, by title."""
    found = [Module(one["id"], one["title"], one["text"]) for one in document or ()]
    return sorted(found, key=lambda module: module.title.casefold())


def with_module(modules: list[Module], id: str, title: str, said: str) -> tuple[list[Module], dict[str, str]]:
    """Return the modules with a new one (`id` "") or a changed one, and what is wrong with `title` or `text`."""
    errors, title, said = {}, title.strip(), said.strip()
    if not is_visible(title) or len(title) > LONGEST_TITLE or "\n" in title:
        errors["title"] = f"Titel: Bitte geben Sie 1 bis {LONGEST_TITLE} Zeichen ein."
    elif any(one.title.casefold() == title.casefold() and one.id != id for one in modules):
        errors["title"] = "Titel: Diesen Titel hat schon ein anderer Textbaustein."
    if not is_visible(said) or len(said) > TEXT_LIMIT:
        errors["text"] = f"Text: Bitte geben Sie 1 bis {TEXT_LIMIT} Zeichen ein."
    if not id and len(modules) >= MOST_MODULES:
        errors["title"] = f"Titel: Mehr als {MOST_MODULES} Textbausteine sind nicht möglich."
    if errors:
        return modules, errors
    return [*(one for one in modules if one.id != id), Module(id or tokens.new_id(), title, said)], {}


def as_document(modules: list[Module]) -> list[dict[str, str]]:
    """Return the JSON form."""
    return [asdict(module) for module in modules]
