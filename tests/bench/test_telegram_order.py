"""What the Telegram benchmark takes for order: each fault that it looks for is found."""

import pytest

from bench.telegram_order import Said, Verdict, judge

SENT = [("Was", 10.0), ("bedeutet A?", 10.3), ("Was bedeutet B?", 13.0)]
LOG = [
    Said(1, "Guten Tag", 0),
    Said(2, "Was\nbedeutet A?", None),
    Said(3, "A ist", 2),
    Said(4, "Was bedeutet B?", None),
    Said(5, "B ist", 4),
]
SHOWN = [("Guten Tag", 12.1), ("A ist\n\nQuelle", 12.2), ("B ist", 15.5)]
ANSWERS = {"Was\nbedeutet A?": "A", "Was bedeutet B?": "B"}


def judged(sent=SENT, log=LOG, shown=SHOWN, answers=ANSWERS):
    verdict = Verdict()
    judge(verdict, sent, log, shown, answers, 2.0)
    return verdict


def test_in_order_the_seconds_count_from_the_end_of_the_window():
    verdict = judged()
    assert (verdict.out_of_order, verdict.turns, verdict.joined) == (0, 2, 2)
    assert verdict.seconds == pytest.approx([0.2, 0.5])


def test_a_turn_that_joined_otherwise_is_no_fault():
    log = [LOG[0], Said(2, "Was", None), Said(3, "Wie bitte?", 2), Said(4, "bedeutet A?\nWas bedeutet B?", None), Said(5, "B ist", 4)]
    assert judged(log=log, shown=[SHOWN[0], ("Wie bitte?", 12.3), SHOWN[2]]).out_of_order == 0


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("written", {"sent": [SENT[1], SENT[0], SENT[2]]}),
        ("written", {"sent": [*SENT, ("Noch eine", 14.0)]}),
        ("answered", {"log": [*LOG, Said(6, "B ist", 4)]}),
        ("answered", {"log": LOG[:-1]}),
        ("answered", {"log": [*LOG[:2], LOG[3], Said(4, "B ist", 4), Said(5, "A ist", 2)]}),
        ("shown", {"shown": SHOWN[:-1]}),
        ("shown", {"shown": [*SHOWN, SHOWN[-1]]}),
        ("shown", {"shown": [SHOWN[0], SHOWN[2], SHOWN[1]]}),
        ("wrong", {"answers": ANSWERS | {"Was bedeutet B?": "A"}}),
    ],
)
def test_every_fault_is_found(kind, parts):
    assert getattr(judged(**parts), kind) > 0
