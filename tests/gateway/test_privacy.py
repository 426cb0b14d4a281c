"""What is stored is listed, what is erased is gone, and no word of a citizen is in a log."""

import io
import logging
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from gateway import journal, retention
from gateway.tables import AUDIT, CONVERSATIONS, METADATA
from gateway.tokens import hashed
from knowledge import clock

DOCUMENT = Path(__file__).parents[2] / "docs" / "datenschutz.md"
CANARY = "Kanarienvogel7391"


def test_every_stored_column_is_explained_and_no_other():
    listed = dict(re.findall(r"^\| `(\w+\.\w+)` \| (.+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.M))
    stored = {f"{table.name}.{column.name}" for table in METADATA.tables.values() for column in table.columns}
    assert set(listed) == stored
    assert all(len([part for part in rest.split(" | ") if part.strip()]) == 3 for rest in listed.values())


def test_the_migrations_make_exactly_the_tables_of_the_code(gateway):
    found = sa.inspect(gateway.services.database._writer)
    for table in METADATA.tables.values():
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())


def test_tokens_are_long_and_only_their_hash_is_stored(citizen):
    assert len(citizen.token) >= 22
    stored = citizen.gateway.services.database.read_now(
        lambda c: c.execute(sa.select(CONVERSATIONS.c.token_hash).where(CONVERSATIONS.c.id == citizen.id)).scalar()
    )
    assert stored == hashed(citizen.token) and citizen.token not in stored


def test_erased_words_are_in_no_file(start):
    gateway = start()
    citizen = gateway.citizen()
    citizen.say(f"Mein Wort ist {CANARY}")
    citizen.call("POST", "/feedback", json={"rating": 1, "comment": CANARY})
    citizen.call("DELETE")
    for file in gateway.settings.data_dir.iterdir():
        assert CANARY.encode() not in file.read_bytes(), file.name


def test_the_audit_keeps_random_ids_and_actions_only(citizen):
    citizen.say(CANARY)
    citizen.call("DELETE")
    rows = citizen.gateway.services.database.read_now(lambda c: c.execute(sa.select(AUDIT)).all())
    assert ("erased", citizen.id) in [(row.action, row.subject) for row in rows]
    assert CANARY not in str(rows)


@pytest.fixture
def log():
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(journal._Lines())
    logging.getLogger().addHandler(handler)
    logging.getLogger("gateway").setLevel("DEBUG")
    yield written
    logging.getLogger().removeHandler(handler)


def test_no_word_of_a_citizen_is_in_the_log_whatever_fails(citizen, rasa, make_custom, make_items, log, monkeypatch):
    citizen.say(CANARY)
    rasa.always(make_items(make_custom(CANARY) | {CANARY: CANARY}))
    citizen.say(CANARY)
    citizen.send(text=CANARY * 200)
    citizen.send(text=CANARY, **{CANARY: 1})
    citizen.call("POST", "/messages", data=CANARY)
    citizen.gateway.get(f"/{CANARY}?q={CANARY}")
    citizen.gateway.get(f"/api/v1/entries?q={CANARY}&area={CANARY}")
    monkeypatch.setattr("gateway.channels.web.record", _broken)
    assert citizen.send(text=CANARY).status_code == 500
    requests.post(citizen.gateway.url, data=CANARY, timeout=5)
    logging.getLogger("asyncio").error("Task exception: %s", CANARY)
    assert "request_failed" in log.getvalue() and "RuntimeError" in log.getvalue()
    assert CANARY not in log.getvalue()


def _broken(connection, message, *_):
    raise RuntimeError(message.text)


def test_conversations_with_the_bot_end_seven_days_after_the_last_message(citizen, monkeypatch):
    import asyncio

    services = citizen.gateway.services
    citizen.say()
    today = clock.now()
    monkeypatch.setattr(clock, "now", lambda: today + timedelta(days=6, hours=23))
    asyncio.run(retention.sweep(services.database, services.settings))
    assert citizen.call("GET", "/events").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: today + timedelta(days=7, hours=1))
    asyncio.run(retention.sweep(services.database, services.settings))
    assert citizen.call("GET", "/events").status_code == 404
    monkeypatch.setattr(clock, "now", lambda: today + timedelta(days=60))
    asyncio.run(retention.sweep(services.database, services.settings))
    assert citizen.call("GET", "/events").status_code == 401


def test_a_conversation_with_a_human_is_not_ended_with_the_bots(citizen, monkeypatch):
    import asyncio

    services = citizen.gateway.services
    change = sa.update(CONVERSATIONS).where(CONVERSATIONS.c.id == citizen.id).values(with_human=True)
    services.database.write_now(lambda c: c.execute(change))
    today = clock.now()
    monkeypatch.setattr(clock, "now", lambda: today + timedelta(days=8))
    asyncio.run(retention.sweep(services.database, services.settings))
    assert citizen.call("GET", "/events").status_code == 200


def test_the_database_is_durable_by_its_settings(citizen):
    file = citizen.gateway.settings.data_dir / "conversations.db"
    assert sqlite3.connect(file).execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with citizen.gateway.services.database._writer.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
