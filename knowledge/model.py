"""What the knowledge base holds: entries, their sources and questions, contacts. No I/O, no judgement about today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

AREAS = (
    "beratung", "vernetzung", "qualifizierung", "foerderung", "partner", "veranstaltung", "material", "faq", "glossar",
)  # fmt: skip
OFFER_AREAS = frozenset(AREAS) - {"foerderung", "faq", "glossar"}
EDITORIAL = "Glossar der Redaktion"
WORDING_KINDS = ("ja", "nein", "offen", "frage", "unbekannt", "bedarf")


@dataclass(frozen=True)
class Source:
    """Where a fact comes from. `as_of` is the date of the source (YYYY, YYYY-MM or YYYY-MM-DD) or None."""

    title: str
    url: str | None
    as_of: str | None
    secondary: bool = False


@dataclass(frozen=True)
class Asked:
    """A block of wordings that the same place of an entry answers.

    `facts` refer into the entry (a field, or the beginning of one item's text), `say` is the answer in plain words,
    `wordings` holds (kind, text): the kind is the answer a yes/no question gets, see `WORDING_KINDS`.
    """

    topic: str
    facts: tuple[str, ...] = ()
    say: str | None = None
    wordings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_dict(cls, block: Mapping[str, Any]) -> Asked:
        """Build a block from its YAML form."""
        wordings = tuple((kind, text) for kind in WORDING_KINDS for text in block.get(kind) or ())
        return cls(block["topic"], tuple(block.get("facts") or ()), block.get("say"), wordings)

    def as_dict(self) -> dict[str, Any]:
        """Return the YAML form again."""
        block: dict[str, Any] = {"topic": self.topic, "facts": list(self.facts)}
        if self.say:
            block["say"] = self.say
        for kind, text in self.wordings:
            block.setdefault(kind, []).append(text)
        return block


@dataclass(frozen=True)
class Entry:
    """One entry of the knowledge base: the document of its YAML file, its sources and the questions about it.

    `simple` holds the simple form of each text that an answer may tell.
    """

    document: Mapping[str, Any]
    sources: tuple[Source, ...] = ()
    asked: tuple[Asked, ...] = ()
    simple: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id, unique over all areas; it never changes."""
        return str(self.document["id"])

    @property
    def area(self) -> str:
        """One of `AREAS`."""
        return str(self.document["area"])

    @property
    def title(self) -> str:
        """The title as shown; questions and terms are their own title."""
        return str(self.document.get("title") or self.document.get("question") or self.document.get("term"))

    @property
    def summary(self) -> str:
        """What it is, in a few sentences: a question's answer, a term's explanation."""
        return str(self.document.get("summary") or self.document.get("answer") or self.document.get("explanation"))

    @property
    def url(self) -> str | None:
        """The entry's own page, or that of its first source."""
        own = self.document.get("url")
        return str(own) if own else next((s.url for s in self.sources if s.url), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Titles, aliases and synonyms under which people know the entry (not an FAQ's paraphrases)."""
        if self.area == "faq":
            return ()
        return (self.title, *self.document.get("aliases", ()), *self.document.get("synonyms", ()))

    @cached_property
    def as_of(self) -> str | None:
        """The date of the newest dated source, None where no source has one."""
        return max((s.as_of for s in self.sources if s.as_of), default=None)

    @cached_property
    def in_simple(self) -> Entry:
        """The same entry in Einfache Sprache, to be told only: references of its blocks (`facts`) are for the original's texts."""
        asked = tuple(replace(block, say=self.simple.get(block.say or "", block.say)) for block in self.asked)
        return replace(self, document=_mapped(self.document, self.simple), asked=asked)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a field of the YAML document."""
        return self.document.get(key, default)

    def as_dict(self) -> dict[str, Any]:
        """Return the public form (GET /api/v1/entries/{id}): the document with its sources and dates."""
        shown = {key: value for key, value in self.document.items() if key != "sources"}
        sources = [{"title": s.title, "url": s.url, "as_of": s.as_of, "secondary": s.secondary} for s in self.sources]
        return {**shown, "title": self.title, "as_of": self.as_of, "sources": sources}

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield (field, text) for every German text in the document, items of lists one by one."""
        for key, value in self.document.items():
            if key in ("id", "area", "sources", "url", "confidence", "checked_on", "review_by", "status", "related", "contacts"):
                continue
            for text in _texts(value):
                yield key, text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("note", "rule", "organisation", "date"):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _mapped(value: Any, table: Mapping[str, str]) -> Any:
    """Return a document with its texts exchanged by a table."""
    if isinstance(value, Mapping):
        return {key: _mapped(inner, table) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mapped(item, table) for item in value]
    return table.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Contact:
    """An institution of the contact register; never a person. Texts for people come from `line`."""

    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id in the register."""
        return str(self.document["id"])

    @property
    def name(self) -> str:
        """Organisation, with the unit where there is one."""
        unit = self.document.get("unit")
        return f"{self.document['organisation']}{', ' + unit if unit else ''}"

    @property
    def url(self) -> str | None:
        """The institution's page."""
        return self.document.get("url")

    @property
    def address(self) -> str | None:
        """Where it is, None unless the register's confidence is high or medium."""
        return self._trusted("address")

    @property
    def emergency(self) -> bool:
        """Whether this is an emergency line: shown apart from advice."""
        return bool(self.document.get("emergency"))

    @property
    def phone(self) -> str | None:
        """Phone number, None unless the register's confidence is high or medium."""
        return self._trusted("phone")

    @property
    def email(self) -> str | None:
        """Mail address, None unless the register's confidence is high or medium."""
        return self._trusted("email")

    @property
    def hours(self) -> str | None:
        """Hours in words, None unless the register's confidence is high or medium."""
        return self._trusted("hours")

    def _trusted(self, key: str) -> str | None:
        return self.document.get(key) if self.document.get("confidence") in ("high", "medium") else None

    def line(self) -> str:
        """Return one line for people: name, then what may be shown of phone, mail and hours."""
        ways = [self.phone and f"Telefon {self.phone}", self.email and f"E-Mail {self.email}", self.hours]
        shown = ", ".join(way for way in ways if way)
        return f"{self.name}: {shown}" if shown else self.name


@dataclass(frozen=True)
class Knowledge:
    """All entries and contacts of one version (0 = read from files, not loaded yet)."""

    entries: Mapping[str, Entry]
    contacts: tuple[Contact, ...] = ()
    version: int = 0
    withdrawn: frozenset[str] = field(default_factory=frozenset)

    def served(self) -> dict[str, Entry]:
        """Return the entries that may be shown: all but the withdrawn ones."""
        return {key: entry for key, entry in self.entries.items() if key not in self.withdrawn}
