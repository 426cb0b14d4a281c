"""What time alone does: each rule at its boundary, with a clock of the test's own."""

import json

import pytest
import sqlalchemy as sa

from gateway import tokens
from gateway.conversation import Event
from gateway.database import Database
from gateway.handoff import desk
from gateway.handoff.limits import Limits
from gateway.handoff.sweep import sweep
from gateway.store import advisors, callbacks, conversations, counts, events, handoffs, steps
from gateway.store.handoffs import Request, Step
from gateway.tables import CONVERSATIONS

LIMITS = Limits()
T0 = 1_800_000_000_000


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path / 'c.db'}")
    made.migrate()
    yield made
    made.close()


class World:
    """One conversation and its advisor, in a database of their own."""

    def __init__(self, database, advisor="anna"):
        self.database, self.id = database, tokens.new_id()
        greeting = Event(self.id, 1, T0, "bot", "Guten Tag")
        self.do(lambda c: conversations.create(c, tokens.hashed(self.id), "web", "de", greeting))
        self.advisor = self.do(lambda c: advisors.create(c, advisor, None, T0, shown_name="Anna"))
        self.be_there(T0)

    def do(self, work):
        return self.database.write_now(work)

    def be_there(self, at):
        self.do(lambda c: advisors.set_presence(c, self.advisor.id, "available", at))

    def take(self, to, at, queue="allgemein"):
        request = Request(tokens.new_id(), queue, "request_human", None, None, "Frage")
        return self.do(lambda c: steps.take(c, self.id, Step(to, request if to == "queued" else None), 1, at))

    def claim(self, at):
        return self.do(lambda c: desk.claim(c, self.advisor, self.id, at))

    def sweep(self, at):
        return self.do(lambda c: sweep(c, at, LIMITS))

    @property
    def state(self):
        return self.do(lambda c: c.execute(sa.select(CONVERSATIONS.c.state)).scalar_one())

    @property
    def places(self):
        return [e.state["position"] for e in self.do(lambda c: events.after(c, self.id, 0)) if (e.state or {}).get("position")]

    @property
    def said(self):
        return [e.text for e in self.do(lambda c: events.after(c, self.id, 0)) if e.type == "message"]

    def count(self, measure):
        return sum(n for *_, name, n in self.do(lambda c: counts.between(c, 0, 10**9)) if name == measure)


@pytest.fixture
def world(database):
    return World(database)


def test_an_offer_without_an_answer_ends_quietly(world):
    world.take("offered", T0)
    world.sweep(T0 + LIMITS.offer_ms)
    assert world.state == "offered"
    world.sweep(T0 + LIMITS.offer_ms + 1)
    assert (world.state, len(world.said)) == ("bot", 1)


def test_a_special_queue_falls_back_to_the_general_one(world):
    world.take("queued", T0, queue="pflege")
    world.sweep(T0 + LIMITS.general_ms)
    assert world.do(lambda c: handoffs.current(c, world.id)).queue == "pflege"
    world.sweep(T0 + LIMITS.general_ms + 1)
    assert world.do(lambda c: handoffs.current(c, world.id)).queue == "allgemein"


def test_after_a_long_wait_a_callback_is_offered_once_and_the_place_stays(world):
    world.take("queued", T0)
    for later in (1, 2, 3):
        world.sweep(T0 + LIMITS.queue_ms + later)
    assert world.state == "queued"
    assert sum("Rückruf" in text for text in world.said) == 1


def test_a_silent_advisor_loses_the_conversation_to_the_queue_with_an_alert(world):
    world.take("queued", T0)
    world.claim(T0 + 1)
    late = T0 + 1 + LIMITS.first_answer_ms
    world.be_there(late)
    world.sweep(late)
    assert world.state == "advisor"
    world.sweep(late + 1)
    handoff = world.do(lambda c: handoffs.current(c, world.id))
    assert (world.state, handoff.advisor, handoff.alerted_at) == ("queued", None, late + 1)
    assert handoff.queued_at == T0 and world.count("requeued") == 1


def test_an_advisor_who_has_answered_keeps_it_as_long_as_their_page_lives(world):
    world.take("queued", T0)
    world.claim(T0 + 1)
    world.do(lambda c: desk.write(c, world.advisor, world.id, "a", "Guten Tag", T0 + 2))
    world.be_there(T0 + LIMITS.first_answer_ms * 2)
    world.sweep(T0 + LIMITS.first_answer_ms * 2 + LIMITS.heartbeat_ms)
    assert world.state == "advisor"
    world.sweep(T0 + LIMITS.first_answer_ms * 2 + LIMITS.heartbeat_ms + 1)
    assert world.state == "queued"


def test_an_idle_citizen_is_asked_and_then_the_bot_is_back(world):
    world.take("queued", T0)
    world.claim(T0)
    world.do(lambda c: desk.write(c, world.advisor, world.id, "a", "Guten Tag", T0))
    asked = T0 + LIMITS.idle_ms + 1
    world.be_there(asked)
    world.sweep(asked)
    assert world.state == "waiting" and "noch da" in world.said[-1]
    world.sweep(asked + LIMITS.idle_answer_ms)
    assert world.state == "waiting"
    world.sweep(asked + LIMITS.idle_answer_ms + 1)
    assert world.state == "bot" and "Maschine" in world.said[-1]
    assert world.count("end:citizen_left") == 1


def test_who_left_the_queue_for_good_is_counted_as_abandoned(world):
    world.take("queued", T0)
    world.sweep(T0 + LIMITS.left_ms)
    assert world.state == "queued"
    world.sweep(T0 + LIMITS.left_ms + 1)
    assert world.state == "abandoned" and world.count("end:abandoned") == 1
    assert world.do(lambda c: handoffs.queue(c, None)) == []


def test_who_waits_is_told_when_they_move_up(database):
    first, second = World(database), World(database, advisor="berta")
    first.take("queued", T0)
    second.take("queued", T0 + 1)
    assert second.places == [2]
    first.claim(T0 + 2)
    for later in (3, 4):
        second.sweep(T0 + later)
    assert second.places == [2, 1]


def test_an_overdue_callback_is_counted_once(world):
    contact = {"name": "Erna", "phone": "0711 1234", "email": None, "when": ""}
    world.do(lambda c: callbacks.take(c, world.id, "allgemein", contact, T0, T0 + 1000))
    world.sweep(T0 + 1000)
    assert world.count("callbacks_overdue") == 0
    for later in (1001, 2000):
        world.sweep(T0 + later)
    assert world.count("callbacks_overdue") == 1
    assert world.do(lambda c: callbacks.done(c, world.id, world.advisor.id, T0 + 3000))
    assert world.count("callbacks_late") == 1


def test_queues_of_an_account_are_kept_as_json(world):
    assert json.loads(world.do(lambda c: handoffs.online(c, T0))[0].queues) == ["allgemein"]
