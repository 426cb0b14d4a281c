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
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("blocked_until", sa.BigInteger),
    sa.Column("undo", sa.Text),
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
    sa.Column("payload", sa.String(64)),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.UniqueConstraint("conversation", "client_id", name="turns_client_id"),
)
sa.Index("turns_open", TURNS.c.conversation, TURNS.c.seq, sqlite_where=TURNS.c.open.is_(True), postgresql_where=TURNS.c.open)

FEEDBACK = sa.Table(
    "feedback",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("rating", sa.String(8), nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("entry", sa.String(128)),
    sa.Column("knowledge", sa.Integer),
    sa.Column("sentence", sa.Text),
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
    sa.Column("actor", sa.String(32)),
)

SWITCHES = sa.Table(
    "switches",
    METADATA,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
)

HANDOFFS = sa.Table(
    "handoffs",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("queue", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("topic", sa.String(64)),
    sa.Column("place", sa.String(100)),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("consent_at", sa.BigInteger, nullable=False),
    sa.Column("queued_at", sa.BigInteger, nullable=False),
    sa.Column("claimed_at", sa.BigInteger),
    sa.Column("answered_at", sa.BigInteger),
    sa.Column("advisor", sa.String(32)),
    sa.Column("alerted_at", sa.BigInteger),
    sa.Column("callback_offered_at", sa.BigInteger),
    sa.Column("told_position", sa.Integer, nullable=False, default=0),
    sa.Column("ended_at", sa.BigInteger, index=True),
    sa.Column("end_reason", sa.String(32)),
    sa.Column("promised_until", sa.BigInteger),
    sa.Column("promise_overdue", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("warned_at", sa.BigInteger),
    sa.Column("in_queue_since", sa.BigInteger),
    sa.Column("owner_since", sa.BigInteger),
)

ADVISORS = sa.Table(
    "advisors",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("shown_name", sa.String(64), nullable=False),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("queues", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("disabled_at", sa.BigInteger),
    sa.Column("presence", sa.String(16), nullable=False),
    sa.Column("seen_at", sa.BigInteger),
)

SESSIONS = sa.Table(
    "desk_sessions",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("advisor", sa.String(32), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
)

CALLBACKS = sa.Table(
    "callbacks",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(32), nullable=False, unique=True),
    sa.Column("queue", sa.String(32), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("phone", sa.String(50)),
    sa.Column("email", sa.String(254)),
    sa.Column("when", sa.String(500), nullable=False),
    sa.Column("requested_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("overdue", sa.Boolean, nullable=False, default=False),
    sa.Column("done_at", sa.BigInteger, index=True),
    sa.Column("advisor", sa.String(32)),
)

NOTES = sa.Table(
    "desk_notes",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("advisor", sa.String(32), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

DRAFTS = sa.Table(
    "desk_drafts",
    METADATA,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("advisor", sa.String(32), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

SENT = sa.Table(
    "desk_sent",
    METADATA,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("client_id", sa.String(36), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("advisor", sa.String(32), nullable=False),
)

DESK_SETTINGS = sa.Table(
    "desk_settings",
    METADATA,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
)

CHATS = sa.Table(
    "chats",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("address", sa.String(255), nullable=False),
    sa.Column("conversation", sa.String(32), nullable=False, index=True),
    sa.Column("sent_seq", sa.Integer, nullable=False),
    sa.Column("sent_parts", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_at", sa.BigInteger, nullable=False),
    sa.Column("link_hash", sa.String(64), unique=True),
    sa.Column("link_until", sa.BigInteger),
    sa.Column("recent", sa.Text, nullable=False, server_default="[]"),
    sa.UniqueConstraint("channel", "address", name="chats_address"),
)

FORMER_CHATS = sa.Table(
    "former_chats",
    METADATA,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("address", sa.String(255), nullable=False),
)
sa.Index("former_chats_address", FORMER_CHATS.c.channel, FORMER_CHATS.c.address)

INBOX = sa.Table(
    "inbox",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("update", sa.String(255), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False, index=True),
    sa.Column("address", sa.String(255), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("message", sa.String(255), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("waits", sa.Boolean, nullable=False, index=True),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("sent", sa.BigInteger, nullable=False, server_default="0"),
    sa.UniqueConstraint("channel", "update", name="inbox_update"),
)

COUNTS = sa.Table(
    "desk_counts",
    METADATA,
    sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("queue", sa.String(32), primary_key=True),
    sa.Column("measure", sa.String(48), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)
