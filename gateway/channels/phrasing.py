"""From an event of the log to what a messenger shows: text, sources, links, then buttons; in parts no longer than the channel allows."""

from __future__ import annotations

from typing import Any

from gateway import payloads
from gateway.channels.messenger import Outgoing
from gateway.conversation import Event, Language
from gateway.texts import text
from knowledge.dates import in_words

MOST = 2  # sources, and links


def outgoing(event: Event, language: Language, longest: int, link: str | None = None) -> list[Outgoing]:
    """Return the messages of an event, none for what is not for the citizen to read. `link`: leads to the conversation on the web."""
    if event.type != "message" or event.speaker == "citizen":
        return []
    whole = "\n\n".join(part for part in (_said(event, language), _links(event.answer or {}, language), link or "") if part)
    parts = split(whole, longest)
    buttons = tuple((one.title, pressed(event, index)) for index, one in enumerate(event.buttons))
    last = len(parts) - 1
    keys = [f"{event.conversation}.{event.seq}.{number}" for number in range(len(parts))]
    return [Outgoing(part, keys[n], buttons if n == last else (), language) for n, part in enumerate(parts)]


def pressed(event: Event, index: int) -> str:
    """Return the id of a button as it goes out (at most 64 bytes): its conversation, and its id there."""
    return event.conversation + payloads.issue(event.conversation, event.seq, index)


def split(whole: str, longest: int) -> list[str]:
    """Cut a text into parts at the end of a line, a sentence or at least a word; nothing is lost but the white space there.

    >>> split("Erster Satz. Zweiter Satz. Ende", 20)
    ['Erster Satz.', 'Zweiter Satz. Ende']
    """
    parts = []
    while len(whole) > longest:
        at = max(whole.rfind("\n", 1, longest), _end(whole, longest))
        at = at if at > 0 else max(whole.rfind(" ", 1, longest), 0) or longest
        parts.append(whole[:at].rstrip())
        whole = whole[at:].lstrip()
    return [*parts, whole]


def _end(whole: str, longest: int) -> int:
    return max(whole.rfind(mark, 1, longest - 1) for mark in (". ", "! ", "? ")) + 1


def _said(event: Event, language: Language) -> str:
    """Return the words with what has to stand in front of them here: who speaks, or that an edited message is answered."""
    if event.speaker == "advisor":
        return f"{text('speakers.advisor', language)}: {event.text}"
    corrects = (event.answer or {}).get("data", {}).get("corrects")
    return event.text if corrects is None else f"{text('messenger.corrected', language)}\n{event.text}"


def _links(answer: dict[str, Any], language: Language) -> str:
    """Return sources with their dates, and the links of an answer, one per line; the first ones only, so that it fits a phone."""
    links = [link for link in (answer.get("data") or {}).get("links") or () if link.get("url")]
    lines = [_source(source, language) for source in (answer.get("sources") or ())[:MOST]]
    lines += [f"{link['title']}: {link['url']}" for link in links[:MOST]]
    return "\n".join(dict.fromkeys(lines))


def _source(source: dict[str, Any], language: Language) -> str:
    dated = in_words(source["as_of"]) if source.get("as_of") else text("messenger.no_date", language)
    return text("messenger.source", language, title=source["title"], as_of=dated) + (f"\n{source['url']}" if source.get("url") else "")
