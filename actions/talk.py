"""Replies that rest on no entry: greeting, not this service's subject, not understood. A wish for a human: `handoff`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from actions.reply import Button, Reply, short_title
from actions.turn import Turn
from knowledge import contacts
from knowledge import emergency as danger
from knowledge.library import Served
from knowledge.speech import SIMPLE, read

HUMAN = ("request_human", "formal_request", "complaint", "legal_case")
SMALLTALK = (
    "greet", "goodbye", "thank", "ask_about_bot", "ask_privacy", "affirm", "deny", "insult", "smalltalk_other",
    "simple_language", "other_language", "repeat_answer",
)  # fmt: skip
TOPICS = (
    Button("Förderung finden", "find_funding"),
    Button("Beratung", "browse_area", {"area": "beratung"}),
    Button("Vernetzung", "browse_area", {"area": "vernetzung"}),
    Button("Fortbildung", "browse_area", {"area": "qualifizierung"}),
)
OFTEN = ("quartiersimpulse", "beteiligungstaler", "gut-beraten-quartiersentwicklung")
HUMAN_BUTTON = Button("Mit einem Menschen sprechen", "request_human")
SIMPLE_BUTTON = Button("Einfache Sprache", "simple_language")
GENERAL = ("kontakt-sozialministerium-zentrale", "kontakt-buergerbeauftragte-bw", "kontakt-behoerdennummer-115")


def emergency(turn: Turn) -> Reply:
    """Give the fixed text: the second line behind the gateway's own patterns, for wordings that they do not know."""
    return Reply("out_of_scope", danger.words(turn.memory.language), turn.memory, data={"emergency": True})


def smalltalk(turn: Turn, kind: str) -> Reply:
    """Answer a greeting, thanks, a question about the bot."""
    memory = replace(turn.memory, misses=0)
    return Reply("smalltalk", texts()[kind], memory, buttons=TOPICS if kind in ("greet", "ask_about_bot") else ())


def foreign(turn: Turn, language: str) -> Reply:
    """Answer a line in another language with one fixed sentence in that language and the human route."""
    return Reply("smalltalk", texts()["languages"][language], turn.memory, buttons=(HUMAN_BUTTON,))


def out_of_scope(turn: Turn, served: Served) -> Reply:
    """Say that this is not the service's subject and who may help."""
    text = with_contacts("out_of_scope", served, ("kontakt-behoerdennummer-115",))
    return Reply("out_of_scope", text, replace(turn.memory, misses=0), buttons=TOPICS)


def which(turn: Turn, served: Served) -> Reply:
    """Ask what a question without a subject is about, and offer the programmes asked about most."""
    entries = [served.entries[key] for key in OFTEN if key in served.entries]
    buttons = [Button(short_title(entry), "choose_entry", {"entry": entry.id}) for entry in entries]
    return Reply("clarify", texts()["which"], replace(turn.memory, misses=0), [e.id for e in entries], buttons=buttons)


def not_understood(turn: Turn, served: Served) -> Reply:
    """Ask to rephrase; the second time in a row offer a human as well, and once Einfache Sprache."""
    misses = turn.memory.misses + 1
    memory = replace(turn.memory, misses=misses)
    if misses < 2:
        return Reply("not_understood", texts()["not_understood"], memory, buttons=(*TOPICS, HUMAN_BUTTON))
    text = with_contacts("not_understood_again", served, GENERAL)
    if memory.offered or memory.language == SIMPLE:
        return Reply("not_understood", text, memory, buttons=(HUMAN_BUTTON, *TOPICS))
    text = f"{text}\n{texts()['offer_simple']}"
    return Reply("not_understood", text, replace(memory, offered=True), buttons=(HUMAN_BUTTON, SIMPLE_BUTTON, *TOPICS))


def with_contacts(kind: str, served: Served, ids: tuple[str, ...]) -> str:
    """Return a fixed sentence with these contacts of the register in its place for them."""
    lines = [f"• {contact.line()}" for contact in contacts.by_id(served.contacts, *ids)]
    return str(texts()[kind]).replace("{contacts}", "\n".join(lines))


def texts() -> dict[str, Any]:
    """Return the fixed sentences by name, in the language spoken."""
    return read(Path(__file__).parent / "texts.yml")
