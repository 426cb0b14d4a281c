"""How question sets are split: one start of the chain per NOW."""

from ops.evaluate import by_now


def test_questions_are_asked_on_the_day_of_the_sets():
    assert by_now([{"id": "a"}, {"id": "b"}]) == {"2026-11-22T10:15": [{"id": "a"}, {"id": "b"}]}


def test_dialogues_have_their_own_day_unless_they_say_another():
    first, second = {"id": "a", "turns": []}, {"id": "b", "turns": [], "now": "2026-11-22 03:00"}
    assert by_now([first, second]) == {"2026-11-24T10:15": [first], "2026-11-22T03:00": [second]}
