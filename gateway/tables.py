"""The tables of the conversations database. Every column is explained in docs/datenschutz.md; a test compares.

Instants are milliseconds since 1970 (UTC). JSON is kept as text: it is read whole, never searched.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

CONVERSATIONS = sa.Table(
    "conversations",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("owner", sa.String(32)),
    sa.Column("with_human", sa.Boolean, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("bot_state", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("last_message_at", sa.BigInteger, nullable=False, index=True),
    sa.Column("lease_owner", sa.String(32)),
    sa.Column("lease_until", sa.BigInteger),
)

EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("speaker", sa.String(8), nullable=False),
    sa.Column("type", sa.String(8), nullable=False),
    sa.Column("turn", sa.Integer),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("buttons", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("knowledge", sa.Integer),
)

TURNS = sa.Table(
    "turns",
    METADATA,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("client_id", sa.String(36), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("payload", sa.String(32)),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.UniqueConstraint("conversation", "client_id", name="turns_client_id"),
)
sa.Index("turns_open", TURNS.c.conversation, TURNS.c.seq, sqlite_where=TURNS.c.open.is_(True), postgresql_where=TURNS.c.open)

FEEDBACK = sa.Table(
    "feedback",
    METADATA,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rating", sa.String(8), nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)

TOMBSTONES = sa.Table(
    "tombstones",
    METADATA,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("erased_at", sa.BigInteger, nullable=False, index=True),
)

AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False, index=True),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(32), nullable=False),
)

SWITCHES = sa.Table(
    "switches",
    METADATA,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
)
