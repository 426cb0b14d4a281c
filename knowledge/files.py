"""Reading the knowledge base from its YAML files, checked against the schemas in `knowledge/schema`.

A file that does not fit raises `EntryFileError` with file, key and what was expected; nothing is served half.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from jsonschema import Draft7Validator

from knowledge import facts, yaml_file
from knowledge.model import EDITORIAL, Asked, Contact, Entry, Knowledge, Source

HERE = Path(__file__).parent


class EntryFileError(Exception):
    """A knowledge file that cannot be used: the file, the key within it, and what was expected there."""

    def __init__(self, file: Path, key: str, expected: str) -> None:
        super().__init__(f"{file.as_posix()}: {key or 'Datei'}: erwartet wird {expected}")
        self.file = file
        self.key = key
        self.expected = expected


def read_knowledge(root: Path = HERE) -> Knowledge:
    """Read all entries, questions and contacts below a folder laid out like `knowledge/`.

    Raises `EntryFileError` at the first file that does not fit.
    """
    entries: dict[str, Entry] = {}
    for file in sorted((root / "entries").glob("*/*.yml")):
        entry = read_entry(file, root)
        if entry.id in entries:
            raise EntryFileError(_shown(file, root), "id", "eine id, die es noch nicht gibt")
        entries[entry.id] = entry
    if not entries:
        raise EntryFileError(Path("entries"), "", "mindestens eine Datei")
    contacts = _checked(root / "contacts" / "register.yml", "contacts", root)
    return Knowledge(entries, tuple(Contact(item) for item in contacts))


def read_entry(file: Path, root: Path = HERE) -> Entry:
    """Read one entry with its questions and simple texts.

    Raises `EntryFileError` where a file does not fit its schema, or questions the entry.
    """
    document = _checked(file, "entry", root)
    for key, value in (("id", file.stem), ("area", file.parent.name)):
        if document[key] != value:
            raise EntryFileError(_shown(file, root), key, f"{value!r} wie im Dateinamen")
    questions, simple = (root / kind / file.parent.name / file.name for kind in ("questions", "simple"))
    blocks = _checked(questions, "questions", root) if questions.exists() else []
    pairs = _checked(simple, "simple", root) if simple.exists() else []
    asked = tuple(Asked.from_dict(block) for block in blocks)
    entry = Entry(document, _sources(document), asked, {pair["text"]: pair["simple"] for pair in pairs})
    for number, block in enumerate(entry.asked):
        _check_references(entry, block, _shown(questions, root), number)
    return entry


def build(documents: Iterable[Mapping[str, Any]]) -> dict[str, Entry]:
    """Build entries from stored documents (`{"entry": …, "asked": […], "simple": {…}}`), as the store keeps them."""
    entries = {}
    for item in documents:
        document = item["entry"]
        asked = tuple(Asked.from_dict(block) for block in item.get("asked", ()))
        entries[str(document["id"])] = Entry(document, _sources(document), asked, item.get("simple", {}))
    return entries


def _check_references(entry: Entry, block: Asked, file: Path, number: int) -> None:
    for reference in block.facts:
        found = facts.resolve(entry, reference)
        if len(found) != 1 and reference not in ("source", "sources"):
            expected = f"ein Verweis auf genau eine Stelle des Eintrags statt {reference!r} ({len(found)} Treffer)"
            raise EntryFileError(file, f"[{number}].facts", expected)


@lru_cache(maxsize=8)
def _validator(name: str) -> Draft7Validator:
    return Draft7Validator(yaml_file.read(HERE / "schema" / f"{name}.yml"))


def _checked(file: Path, schema: str, root: Path) -> Any:
    try:
        content = yaml_file.read(file)
    except (OSError, UnicodeDecodeError) as error:
        raise EntryFileError(_shown(file, root), "", "eine lesbare Textdatei in UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise EntryFileError(_shown(file, root), f"Zeile {mark.line + 1}" if mark else "", "gültiges YAML") from error
    problem = next(iter(sorted(_validator(schema).iter_errors(content), key=lambda e: list(map(str, e.path)))), None)
    if problem is not None:
        key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in problem.absolute_path).lstrip(".")
        raise EntryFileError(_shown(file, root), key, _expected(problem))
    return content


def _expected(problem: Any) -> str:
    if problem.validator == "required":
        missing = [key for key in problem.validator_value if key not in problem.instance]
        return f"auch der Schlüssel {missing[0]}"
    if problem.validator == "additionalProperties":
        return f"kein unbekannter Schlüssel ({problem.message.split(chr(40))[-1].rstrip(')')})"
    return str(problem.schema.get("description", "ein anderer Wert"))


def _shown(file: Path, root: Path) -> Path:
    return Path(root.name) / file.relative_to(root) if file.is_relative_to(root) else file


def _sources(document: Mapping[str, Any]) -> tuple[Source, ...]:
    if document.get("origin") == EDITORIAL:
        return (Source(EDITORIAL, None, None),)
    found = [_source(s, str(document.get("url") or "")) for s in document.get("sources", ())]
    return tuple(sorted(found, key=lambda s: s.secondary))


def _source(item: Mapping[str, Any], own_url: str) -> Source:
    name = _publisher(item["url"])
    host = _host(item["url"])
    secondary = name is None and host != _host(own_url)
    title = name or f"{host}{' (Sekundärquelle)' if secondary else ''}"
    return Source(title, item["url"], item.get("as_of"), secondary)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.").rstrip(".")


@lru_cache(maxsize=1)
def _publishers() -> dict[str, str]:
    return dict(yaml_file.read(HERE / "words" / "publishers.yml"))


def _publisher(url: str) -> str | None:
    labels = _host(url).split(".")
    domains = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((_publishers()[domain] for domain in domains if domain in _publishers()), None)
