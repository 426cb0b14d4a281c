"""How posts become turns: the window, edits, limits, commands. Pure, with a clock of the test's own."""

import doctest
from dataclasses import dataclass

import pytest

from gateway.channels import chat_commands, intake, messenger, phrasing
from gateway.contract import TEXT_LIMIT

T0 = 1_800_000_000_000


@dataclass(frozen=True)
class Row:
    """A row of the inbox."""

    text: str
    kind: str = "text"
    message: str = ""
    address: str = "1"
    at: int = T0
    update: str = "u"
    channel: str = "telegram"
    sent: int = 0


def texts(*rows):
    return [(group.kind, group.text) for group in intake.groups(rows)]


def test_a_text_waits_two_seconds_for_others_and_no_longer():
    assert intake.ready([Row("a")], T0 + intake.JOIN_MS - 1) == []
    assert intake.ready([Row("a")], T0 + intake.JOIN_MS) == ["1"]
    assert intake.ready([Row("a"), Row("b", at=T0 + 1900)], T0 + intake.JOIN_MS) == ["1"]  # the window is the first one's
    assert intake.JOIN_MS == 2_000


@pytest.mark.parametrize("row", [Row("x", kind="press"), Row("/hilfe"), Row("", kind="gone")])
def test_what_nothing_can_join_is_taken_at_once(row):
    assert intake.ready([row], T0) == ["1"]


def test_one_chat_does_not_hurry_another():
    assert intake.ready([Row("a"), Row("x", kind="press", address="2")], T0) == ["2"]


def test_texts_are_joined_and_everything_else_stands_alone():
    rows = [Row("a"), Row("b"), Row("p", kind="press"), Row("c"), Row("/neu"), Row("d"), Row("e")]
    assert texts(*rows) == [("text", "a\nb"), ("press", "p"), ("text", "c"), ("text", "/neu"), ("text", "d\ne")]


def test_no_joined_text_is_longer_than_a_message_may_be():
    half = "x" * (TEXT_LIMIT // 2)
    assert [len(text) for _, text in texts(Row(half), Row(half), Row("y"))] == [len(half), len(half) + 2]


def test_an_edit_of_a_waiting_text_takes_its_place_the_newest_one_counts():
    rows = [Row("a", message="1"), Row("b", message="2"), Row("A", kind="edit", message="1"), Row("AA", kind="edit", message="1")]
    assert texts(*rows) == [("text", "AA\nb")]
    assert texts(Row("x", kind="edit", message="9"), Row("y", kind="edit", message="9")) == [("edit", "y")]


def test_a_number_waits_for_what_belongs_to_it_and_is_joined_as_any_other_text():
    assert intake.ready([Row("2")], T0 + intake.JOIN_MS - 1) == []
    assert texts(Row("Wir sind"), Row("3"), Row("Personen")) == [("text", "Wir sind\n3\nPersonen")]
    assert texts(Row("2")) == [("text", "2")]


def test_where_each_message_stands_in_what_it_was_joined_to():
    [group] = intake.groups([Row("eins", message="a"), Row("zwei", message="b"), Row("drei", message="c")])
    assert [(id, group.text[start:end]) for id, start, end in group.parts] == [("a", "eins"), ("b", "zwei"), ("c", "drei")]


def test_a_text_that_is_taken_back_while_it_waits_is_left_out_with_its_edits_and_nothing_else():
    rows = [Row("a", message="1", update="1"), Row("b", message="2", update="2"), Row("A", kind="edit", message="1", update="3")]
    assert texts(*rows, Row("", kind="redact", message="1", update="4")) == [("text", "b")]
    assert texts(*rows, Row("", kind="redact", message="3", update="4")) == [("text", "a\nb")]
    assert texts(*rows, Row("", kind="redact", message="9", update="4")) == [("text", "A\nb")]


def test_what_is_taken_back_does_not_hurry_the_chat():
    assert intake.ready([Row("a", message="1"), Row("", kind="redact", message="1", at=T0 + 1)], T0 + 2) == []


def test_the_same_posts_have_the_same_id_and_others_another_one():
    one, again, other = (intake.groups([Row("a", update=u), Row("b", update="v")])[0].client_id for u in ("u", "u", "w"))
    assert one == again != other


@pytest.mark.parametrize("module", [chat_commands, messenger, phrasing])
def test_the_examples_in_the_docs_hold(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("longest", [5, 20, 4000])
@pytest.mark.parametrize("whole", ["kurz", "Ein Satz. Noch einer! Ein dritter? Ende", "x" * 50, "a\n" * 30 + "b", ""])
def test_a_split_text_loses_nothing_but_white_space(whole, longest):
    parts = phrasing.split(whole, longest)
    assert all(len(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(whole.split())


def test_what_was_written_apart_stays_apart_though_it_is_delivered_at_once():
    rows = [Row("a", sent=T0), Row("b", sent=T0 + 3_000), Row("c", sent=T0 + 3_001), Row("d", sent=T0 + 120_000)]
    assert texts(*rows) == [("text", "a\nb"), ("text", "c"), ("text", "d")]
    assert texts(Row("a"), Row("b", sent=T0), Row("c", sent=T0 + 120_000)) == [("text", "a\nb"), ("text", "c")]
