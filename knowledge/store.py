"""The served copy of the knowledge base in SQLite or PostgreSQL: whole documents, one version, loaded atomically.

The only module of `knowledge/` that knows SQLAlchemy; written so that 1.4 (bot) and 2.x (gateway) both run it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from knowledge.files import build
from knowledge.model import Contact, Knowledge

_POSTGRES = re.compile(r"^postgres(?:ql)?://")
METADATA = sa.MetaData()
VERSION = sa.Table("knowledge_version", METADATA, sa.Column("one", sa.Integer, primary_key=True), sa.Column("version", sa.Integer))
DOCUMENT = sa.Table(
    "knowledge_document",
    METADATA,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("id", sa.String(128), primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
)
WITHDRAWN = sa.Table("knowledge_withdrawn", METADATA, sa.Column("entry", sa.String(128), primary_key=True))


def database_url(env: Mapping[str, str]) -> str:
    """Return DATABASE_URL, or a SQLite file `knowledge.db` in DATA_DIR (default `var/`), which is created."""
    if env.get("DATABASE_URL"):
        return env["DATABASE_URL"]
    folder = Path(env.get("DATA_DIR") or "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'knowledge.db'}"


StoreError = SQLAlchemyError  # what every method may raise: the database does not answer


class NotLoadedError(Exception):
    """The database holds no knowledge yet: `python -m knowledge load` has not run."""


class Store:
    """The knowledge base in a database; every method is one transaction."""

    def __init__(self, url: str) -> None:
        url = _POSTGRES.sub("postgresql+psycopg2://", url)  # SQLAlchemy 1.4 and 2.1 do not agree on the default driver
        self._engine: Engine = sa.create_engine(url, future=True, pool_pre_ping=not url.startswith("sqlite"))
        if url.startswith("sqlite"):
            sa.event.listen(self._engine, "connect", _wait_for_writers)
        METADATA.create_all(self._engine)

    def load(self, knowledge: Knowledge) -> int:
        """Replace everything by this knowledge and return the new version; readers see the old or the new whole."""
        rows = [_row("entry", key, entry_document(entry)) for key, entry in knowledge.entries.items()]
        rows += [_row("contact", contact.id, dict(contact.document)) for contact in knowledge.contacts]
        with self._engine.begin() as connection:
            connection.execute(sa.delete(DOCUMENT))
            connection.execute(sa.insert(DOCUMENT), rows)
            return self._next_version(connection)

    def version(self) -> int:
        """Return the version in the database, 0 where nothing was ever loaded."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.max(VERSION.c.version))).scalar() or 0

    def read(self) -> Knowledge:
        """Return entries, contacts and version of one instant.

        Raises `NotLoadedError` before the first load.
        """
        with self._engine.connect() as connection:
            version = connection.execute(sa.select(sa.func.max(VERSION.c.version))).scalar() or 0
            rows = connection.execute(sa.select(DOCUMENT.c.kind, DOCUMENT.c.document)).all()
            withdrawn = frozenset(connection.execute(sa.select(WITHDRAWN.c.entry)).scalars())
        if not version:
            raise NotLoadedError
        documents: dict[str, list[Any]] = {"entry": [], "contact": []}
        for kind, document in rows:
            documents[kind].append(json.loads(document))
        contacts = tuple(Contact(document) for document in documents["contact"])
        return Knowledge(build(documents["entry"]), contacts, version, withdrawn)

    def withdraw(self, entry: str) -> int:
        """Take one entry out of all answers until `restore`, also after later loads; returns the new version."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(WITHDRAWN).where(WITHDRAWN.c.entry == entry))
            connection.execute(sa.insert(WITHDRAWN).values(entry=entry))
            return self._next_version(connection)

    def restore(self, entry: str) -> int:
        """Bring a withdrawn entry back; returns the new version."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(WITHDRAWN).where(WITHDRAWN.c.entry == entry))
            return self._next_version(connection)

    def dispose(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @staticmethod
    def _next_version(connection: Connection) -> int:
        version = (connection.execute(sa.select(sa.func.max(VERSION.c.version))).scalar() or 0) + 1
        connection.execute(sa.delete(VERSION))
        connection.execute(sa.insert(VERSION).values(one=1, version=version))
        return version


def entry_document(entry: Any) -> dict[str, Any]:
    """Return what the store keeps of an entry: its document, the questions about it, its simple texts."""
    return {"entry": dict(entry.document), "asked": [block.as_dict() for block in entry.asked], "simple": dict(entry.simple)}


def _row(kind: str, key: str, document: dict[str, Any]) -> dict[str, str]:
    return {"kind": kind, "id": key, "document": json.dumps(document, ensure_ascii=False)}


def _wait_for_writers(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA journal_mode=WAL")
