"""Choosing contacts from the register: whom to name for a topic. Numbers come from the register only."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.model import Contact


def for_topics(contacts: Iterable[Contact], *topics: str, limit: int = 3) -> list[Contact]:
    """Return contacts for the topics, those that can be reached by phone or mail first; emergency lines apart.

    The order of `topics` counts before reachability.
    """
    ranked = []
    for position, contact in enumerate(contacts):
        hits = [topics.index(topic) for topic in contact.document["topics"] if topic in topics]
        if hits and not contact.emergency:
            reachable = bool(contact.phone or contact.email)
            ranked.append((min(hits), not reachable, not contact.url, position, contact))
    return [contact for *_, contact in sorted(ranked, key=lambda item: item[:4])[:limit]]


def by_id(contacts: Iterable[Contact], *ids: str) -> list[Contact]:
    """Return the contacts with these ids, in this order; unknown ids are left out."""
    known = {contact.id: contact for contact in contacts}
    return [known[key] for key in ids if key in known]
