"""Answers promised for later, warnings and blocks, silence and its end: the rules at their boundaries, with a clock of the test's own."""

from dataclasses import replace

import pytest

from gateway.errors import Refused
from gateway.handoff import arranging, availability, conduct, desk, promise
from gateway.store import advisors, conversations, erasure, handoffs
from gateway.store.turns import Reply, Turn
from tests.gateway.test_sweep import LIMITS, T0, World, database  # noqa: F401

HOUR = 60 * 60 * 1000


@pytest.fixture
def world(database):  # noqa: F811
    made = World(database)
    made.take("queued", T0)
    made.claim(T0)
    made.do(lambda c: desk.write(c, made.advisor, made.id, "a", "Guten Tag", T0))
    return made


def promised(world, until, at=T0 + 1):
    world.do(lambda c: promise.make(c, world.advisor, world.id, until, at))


def handoff(world):
    return world.do(lambda c: handoffs.last(c, world.id))


def refused(world, work):
    with pytest.raises(Refused) as found:
        world.do(work)
    return found.value.status


def test_a_promise_names_who_and_until_when(world):
    promised(world, T0 + 2 * HOUR)
    assert "Anna" in world.said[-1] and "Freitag, 15. Januar 2027, 11 Uhr" in world.said[-1]
    assert handoff(world).promised_until == T0 + 2 * HOUR and world.count("promises") == 1


@pytest.mark.parametrize("until", [T0 - 1, T0 + 1, T0 + 2 + promise.LONGEST_MS])
def test_a_promise_lies_within_the_next_fortnight(world, until):
    assert refused(world, lambda c: promise.make(c, world.advisor, world.id, until, T0 + 1)) == 422


def test_only_the_owner_promises(world):
    other = world.do(lambda c: advisors.create(c, "berta", None, T0))
    assert refused(world, lambda c: promise.make(c, other, world.id, T0 + HOUR, T0)) == 409


def test_a_promised_conversation_waits_over_night_for_both(world):
    promised(world, T0 + 20 * HOUR)
    for later in (LIMITS.idle_ms, LIMITS.heartbeat_ms, 10 * HOUR, 30 * HOUR):
        world.sweep(T0 + later + 2)
    assert world.state == "advisor" and handoff(world).advisor == world.advisor.id


def test_a_promise_made_while_the_citizen_was_asked_for_holds_too(world):
    asked = T0 + LIMITS.idle_ms + 1
    world.be_there(asked)
    world.sweep(asked)
    assert world.state == "waiting"
    promised(world, asked + HOUR, asked)
    world.sweep(asked + LIMITS.idle_answer_ms + 1)
    assert world.state == "waiting"


@pytest.mark.parametrize(("at", "kept", "late"), [(T0 + HOUR, 1, 0), (T0 + HOUR + 1, 0, 1)])
def test_the_next_message_keeps_the_promise(world, at, kept, late):
    promised(world, T0 + HOUR)
    world.do(lambda c: desk.write(c, world.advisor, world.id, "b", "Jetzt weiß ich es", at))
    assert handoff(world).promised_until is None
    assert (world.count("promises_kept"), world.count("promises_late")) == (kept, late)


def test_a_broken_promise_is_counted_once_and_a_lead_may_answer(world):
    promised(world, T0 + HOUR)
    lead = world.do(lambda c: advisors.create(c, "lena", None, T0, role="lead", shown_name="Lena"))
    assert refused(world, lambda c: promise.take_over(c, lead, world.id, T0 + HOUR)) == 409
    for later in (0, 1, 2):
        world.sweep(T0 + HOUR + later)
    assert world.count("promises_overdue") == 1
    assert refused(world, lambda c: promise.take_over(c, world.advisor, world.id, T0 + HOUR + 1)) == 403
    world.do(lambda c: promise.take_over(c, lead, world.id, T0 + HOUR + 1))
    assert handoff(world).advisor == lead.id and "Lena" in world.said[-1]
    assert refused(world, lambda c: desk.write(c, world.advisor, world.id, "x", "Doch ich", T0 + HOUR + 2)) == 409
    assert world.do(lambda c: desk.write(c, lead, world.id, "y", "Hier die Antwort", T0 + HOUR + 2)).is_new
    assert world.count("promises_late") == 1


def test_a_promise_a_day_overdue_waits_in_the_queue_again(world):
    promised(world, T0 + HOUR)
    world.sweep(T0 + HOUR + LIMITS.promise_ms)
    assert world.state == "advisor"
    world.sweep(T0 + HOUR + LIMITS.promise_ms + 1)
    assert world.state == "queued" and handoff(world).promised_until is None


def test_a_promise_that_was_forwarded_to_a_queue_is_not_given_up(world):
    colleague = world.do(lambda c: advisors.create(c, "berta", None, T0))
    world.do(lambda c: advisors.set_presence(c, colleague.id, "available", T0 + 1))
    promised(world, T0 + 20 * HOUR)
    world.do(lambda c: desk.forward(c, world.advisor, world.id, "allgemein", T0 + 2, LIMITS))
    world.sweep(T0 + LIMITS.left_ms * 3)
    assert world.state == "queued"


def test_who_takes_over_has_to_answer_too(world):
    colleague = world.do(lambda c: advisors.create(c, "berta", None, T0))
    world.do(lambda c: advisors.set_presence(c, colleague.id, "available", T0 + 1))
    promised(world, T0 + 20 * HOUR)
    world.do(lambda c: desk.forward(c, world.advisor, world.id, "berta", T0 + 2, LIMITS))
    world.do(lambda c: advisors.set_presence(c, colleague.id, "available", T0 + LIMITS.first_answer_ms))
    world.sweep(T0 + LIMITS.first_answer_ms + 3)
    assert world.state == "queued" and handoff(world).claimed_at is None


def test_forwarding_does_not_change_the_measured_wait(world):
    before = world.do(lambda c: handoffs.waiting(c, "allgemein").wait_s)
    colleague = world.do(lambda c: advisors.create(c, "berta", None, T0))
    world.do(lambda c: advisors.set_presence(c, colleague.id, "available", T0 + 10 * HOUR))
    world.do(lambda c: desk.forward(c, world.advisor, world.id, "berta", T0 + 10 * HOUR, LIMITS))
    assert world.do(lambda c: handoffs.waiting(c, "allgemein").wait_s) == before


def test_a_note_after_the_erasure_is_refused(world):
    world.do(lambda c: erasure.erase(c, world.id, T0 + 1))
    assert refused(world, lambda c: desk.note(c, world.advisor, world.id, "Zu spät", T0 + 2)) == 404


def test_a_block_needs_a_warning_and_holds_for_humans_only(world):
    assert refused(world, lambda c: conduct.block(c, world.advisor, world.id, T0 + 1, LIMITS)) == 409
    world.do(lambda c: conduct.warn(c, world.advisor, world.id, T0 + 2))
    assert "sachlichen Ton" in world.said[-1]
    assert refused(world, lambda c: conduct.warn(c, world.advisor, world.id, T0 + 3)) == 409
    world.do(lambda c: conduct.block(c, world.advisor, world.id, T0 + 4, LIMITS))
    assert world.state == "closed" and world.count("end:abuse") == 1
    assert seen(world, T0 + 5).is_blocked and not seen(world, T0 + 5 + LIMITS.block_ms).is_blocked
    answer = {"outcome": "callback", "entries": [], "sources": [], "data": {"handoff": {"step": "wish"}}}
    told = arranging.arranged(None, Reply("Anlaufstellen", answer), {"step": "wish"}, seen(world, T0 + 5), "")
    assert "zurzeit nicht" in told.text and "Anlaufstellen" in told.text and told.step is None
    world.do(lambda c: conduct.lift(c, world.advisor, world.id, T0 + 6))
    assert not seen(world, T0 + 7).is_blocked


def test_writing_without_sending_is_a_sign_of_life(world):
    asked = T0 + LIMITS.idle_ms + 1
    world.be_there(asked)
    assert world.do(lambda c: conversations.seen(c, world.id, asked - 10))
    world.sweep(asked)
    assert world.state == "advisor"
    world.be_there(asked + LIMITS.idle_ms)
    world.sweep(asked + LIMITS.idle_ms)
    assert world.state == "waiting"
    assert world.do(lambda c: conversations.seen(c, world.id, asked + LIMITS.idle_ms + 1))
    assert world.state == "advisor"


def test_writing_to_the_bot_is_no_sign_to_anybody(world):
    world.do(lambda c: desk.give_back(c, world.advisor, world.id, T0 + 1))
    before = world.do(lambda c: conversations.seen(c, world.id, T0 + HOUR))
    assert before is False and world.state == "bot"


def test_after_silence_the_hand_off_goes_on_for_a_day_without_asking_anew(world):
    first = handoff(world)
    asked = T0 + LIMITS.idle_ms + 1
    world.be_there(asked)
    world.sweep(asked)
    ended = asked + LIMITS.idle_answer_ms + 1
    world.be_there(ended)
    world.sweep(ended)
    assert world.state == "bot" and "ohne alles neu zu erklären" in world.said[-1]
    world.be_there(ended + LIMITS.resume_ms)
    assert seen(world, ended + LIMITS.resume_ms + 1).resumed is None
    again = seen(world, ended + 1)
    assert again.resumed is not None
    answer = {"outcome": "callback", "entries": [], "sources": [], "data": {"handoff": {"step": "wish"}}}
    turn = Turn(world.id, 9, "", "/request_human", 1, "de", {})
    told = arranging.arranged(turn, Reply("", answer), {"step": "wish"}, again, "")
    assert told.step.to == "queued"
    typed = arranging.arranged(replace(turn, command=None), Reply("", answer), {"step": "wish"}, again, "")
    assert typed.step.to == "offered"  # another wish is another consent
    request = told.step.request
    assert (request.consent_at, request.summary, request.queue) == (first.consent_at, first.summary, first.queue)


def seen(world, at):
    return world.do(lambda c: availability.look(c, world.id, None, None, at, LIMITS))
