"""The times and numbers of the hand-off. They are settings (docs/settings.md) and are tested with a clock."""

from __future__ import annotations

from dataclasses import dataclass, fields

SECOND, MINUTE = 1_000, 60_000


@dataclass(frozen=True)
class Limits:
    """All times in milliseconds."""

    heartbeat_ms: int = 90 * SECOND  # an advisor not seen for so long is not there
    offer_ms: int = 2 * MINUTE  # consent not given: the bot goes on
    general_ms: int = 60 * SECOND  # a hand-off falls back to the general queue
    queue_ms: int = 5 * MINUTE  # a callback is offered
    first_answer_ms: int = 2 * MINUTE  # a silent advisor: back to the queue, with an alert
    idle_ms: int = 15 * MINUTE  # the citizen is asked whether they are still there
    idle_answer_ms: int = 1 * MINUTE  # and then the bot is back
    left_ms: int = 30 * MINUTE  # a citizen in the queue who has not been seen: abandoned
    callback_due_ms: int = 2 * 24 * 60 * MINUTE  # a callback not done by then alarms the lead
    promise_ms: int = 24 * 60 * MINUTE  # a promised answer so long overdue: back to the queue
    resume_ms: int = 24 * 60 * MINUTE  # a hand-off that ended in silence can be taken up again without asking anew
    block_ms: int = 24 * 60 * MINUTE  # after abuse: no hand-off from this conversation
    callback_end_ms: int = 90 * 24 * 60 * MINUTE  # a callback never done is given up, with its contact
    waiting_per_advisor: int = 5
    keep_days: int = 30  # how long advisors can read a conversation (RETENTION_HANDOFF_DAYS): the consent names it


TIMES = tuple(field.name for field in fields(Limits) if field.name.endswith("_ms"))
NUMBERS = ("waiting_per_advisor",)
