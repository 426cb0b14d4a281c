"""Moving an older database forward, and back, keeps what people said."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from gateway.database import MIGRATIONS
from gateway.tables import FEEDBACK

OLD = [("outdated", 3, "Satz"), ("wrong", -3, ""), ("up", 5, ""), ("4", 0, "")]


@pytest.fixture
def move(tmp_path):
    """Bring a database to a version and return its connection."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection

        def to(version):
            (command.downgrade if version == "0004" and made else command.upgrade)(config, version)
            made.append(version)
            return connection

        made = []
        yield to
    engine.dispose()


def test_older_feedback_keeps_its_message_and_gets_an_id(move):
    connection = move("0004")
    for at, (rating, seq, sentence) in enumerate(OLD):
        row = {"conversation": "c", "seq": seq, "rating": rating, "comment": "", "at": at, "sentence": sentence}
        connection.execute(sa.text("INSERT INTO feedback VALUES (:conversation, :seq, :rating, :comment, :at, NULL, NULL, :sentence)"), row)
    rows = move("head").execute(sa.select(FEEDBACK).order_by(FEEDBACK.c.at)).all()
    assert [(row.rating, row.seq, row.sentence) for row in rows] == [(rating, abs(seq), sentence) for rating, seq, sentence in OLD]
    assert len({row.id for row in rows}) == len(OLD)
    again = move("0004").execute(sa.text("SELECT rating, seq, sentence FROM feedback ORDER BY at")).all()
    assert [tuple(row) for row in again] == OLD


def test_one_row_per_message_is_kept_on_the_way_back_and_a_report_outweighs_a_thumb(move):
    connection = move("head")
    for number, rating in enumerate(("outdated", "up")):
        row = {"id": str(number), "conversation": "c", "seq": 3, "rating": rating, "comment": "", "at": number}
        connection.execute(sa.insert(FEEDBACK), row)
    assert move("0004").execute(sa.text("SELECT rating FROM feedback")).scalars().all() == ["outdated"]
