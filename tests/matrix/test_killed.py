"""kill -9 of the gateway while a real homeserver takes a message of it: the homeserver knows the message's id, and shows it once."""

import os
import signal
import time

import sqlalchemy as sa

from gateway.tables import CHATS, EVENTS
from tests.gateway.conftest import FakeRasa, Gateway, fake_knowledge, rasa, rasa_server, until  # noqa: F401
from tests.gateway.test_durability import serve
from tests.matrix.test_synapse import _halting, answers, erna, people, world  # noqa: F401


def test_a_message_on_its_way_when_the_gateway_is_killed_is_shown_once(world, erna, rasa):  # noqa: F811
    erna.say("Frage eins")
    erna.hears("Antwort 1")
    world.gateway.stop()
    process = serve(world.env)
    try:
        rasa.answer = _halting(world.homeserver)
        erna.say("Frage zwei")
        until(lambda: _is_under_way(world, "Antwort 2"), 20)
        time.sleep(0.5)  # between the mark in the database and the call
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    world.homeserver.signal(signal.SIGCONT)
    rasa.answer = FakeRasa.well
    erna.hears("Antwort 2")  # the dead gateway's own call: it had been sent
    world.gateway = Gateway(world.env)
    erna.say("Frage drei")
    erna.hears("Antwort 3")
    assert answers(erna) == ["Antwort 1", "Antwort 2", "Antwort 3"]


def _is_under_way(world, words):  # noqa: F811
    """Say whether an answer stands in the log and its chat is held for a delivery."""
    engine = sa.create_engine(f"sqlite:///{os.path.join(world.env['DATA_DIR'], 'conversations.db')}")
    waiting = sa.select(CHATS.c.next_at).join(EVENTS, EVENTS.c.conversation == CHATS.c.conversation)
    with engine.connect() as connection:
        held = connection.execute(waiting.where(EVENTS.c.text.startswith(words), EVENTS.c.seq > CHATS.c.sent_seq)).scalars().all()
    engine.dispose()
    return any(at > time.time() * 1000 for at in held)
