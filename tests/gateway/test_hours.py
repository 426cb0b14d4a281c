"""The advisors' opening hours: when the desk is open, when it opens next, what citizens read, and which documents are refused."""

import doctest
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.handoff import hours as hours_module
from gateway.handoff import hours_words
from gateway.handoff.hours import DAYS_AHEAD, DEFAULT, KEYS, MOST_EXCEPTIONS, Hours, HoursError, Span, is_open, next_opening
from gateway.handoff.hours_words import in_words, opening_in_words
from knowledge.clock import BERLIN

NOON = time(12)


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def week(**days):
    return Hours.from_dict({"week": days})


def daily(*spans):
    return Hours.from_dict({"week": {key: [list(span) for span in spans] for key in KEYS}})


def open_at(text, hours=DEFAULT):
    return is_open(hours, berlin(text))


def opens_after(text, hours=DEFAULT):
    found = next_opening(hours, berlin(text))
    return found and found.isoformat("T", "minutes")


# --- boundaries


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-30T08:59:59", False),
        ("2026-11-30T09:00:00", True),
        ("2026-11-30T11:59:59", True),
        ("2026-11-30T12:00:00", False),
        ("2026-11-30T12:59:59", False),
        ("2026-11-30T13:00:00", True),
        ("2026-11-30T16:00:00", False),
    ],
)
def test_the_desk_opens_with_the_first_minute_and_is_closed_at_the_last(at, expected):
    assert open_at(at) is expected


def test_friday_afternoon_and_the_weekend_are_closed():
    assert open_at("2026-12-04T09:30")
    assert not open_at("2026-12-04T14:00")
    assert not open_at("2026-12-05T10:00")
    assert not open_at("2026-12-06T10:00")


def test_an_instant_from_another_zone_is_read_in_berlin_time():
    assert is_open(DEFAULT, datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert is_open(DEFAULT, datetime(2026, 7, 6, 7, tzinfo=UTC))
    assert not is_open(DEFAULT, datetime(2026, 7, 6, 10, tzinfo=UTC))


# --- the next opening


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-30T07:00", "2026-11-30T09:00+01:00"),
        ("2026-11-30T12:30", "2026-11-30T13:00+01:00"),
        ("2026-11-30T16:00", "2026-12-01T09:00+01:00"),
        ("2026-12-04T12:00", "2026-12-07T09:00+01:00"),
    ],
)
def test_a_closed_desk_opens_with_the_next_span(at, expected):
    assert opens_after(at) == expected


def test_while_the_desk_is_open_the_next_opening_is_the_one_after():
    assert opens_after("2026-11-30T09:00") == "2026-11-30T13:00+01:00"
    assert opens_after("2026-11-30T15:00") == "2026-12-01T09:00+01:00"


def test_a_desk_without_hours_never_opens():
    assert opens_after("2026-11-30T09:00", week()) is None
    assert not open_at("2026-11-30T09:00", week())


def test_an_opening_in_sixty_days_is_found_and_one_in_sixty_one_is_not():
    start = date(2026, 11, 30)
    for ahead, found in ((DAYS_AHEAD, True), (DAYS_AHEAD + 1, False)):
        only = Hours({}, {start + timedelta(days=ahead): (Span(time(9), NOON),)})
        assert (next_opening(only, berlin("2026-11-30T10:00")) is not None) is found


# --- public holidays of Baden-Württemberg


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-01-06",  # Heilige Drei Könige
        "2026-04-03",
        "2026-04-06",
        "2026-05-01",
        "2026-05-14",
        "2026-05-25",
        "2026-06-04",  # Fronleichnam
        "2025-10-03",  # Tag der Deutschen Einheit
        "2026-10-03",
        "2027-11-01",  # Allerheiligen
        "2026-11-01",
        "2026-12-25",
        "2026-12-26",
    ],
)
def test_public_holidays_are_closed(day):
    assert not open_at(f"{day}T10:00", daily(("09:00", "12:00")))


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-18",  # Buß- und Bettag: Saxony only
        "2026-10-31",  # Reformationstag: the north and east
        "2026-08-15",  # Mariä Himmelfahrt: Saarland and parts of Bavaria
        "2026-12-24",
        "2026-12-31",
    ],
)
def test_days_that_are_no_holiday_in_baden_wuerttemberg_are_open(day):
    assert open_at(f"{day}T10:00", daily(("09:00", "12:00")))


def test_the_next_opening_jumps_over_a_holiday():
    assert opens_after("2027-01-05T16:30") == "2027-01-07T09:00+01:00"


def test_over_christmas_the_desk_opens_after_the_last_holiday_and_the_weekend():
    assert opens_after("2026-12-24T17:00") == "2026-12-28T09:00+01:00"


# --- exceptions


CHRISTMAS = Hours.from_dict(
    {
        "week": DEFAULT.as_dict()["week"],
        "exceptions": {
            "2026-12-24": [],
            "2026-12-28": [["10:00", "11:00"]],
            "2027-01-06": [["09:00", "12:00"]],
            "2027-01-09": [["10:00", "11:00"]],
        },
    }
)


def test_a_day_of_absence_is_closed():
    assert not open_at("2026-12-24T10:00", CHRISTMAS)


def test_a_day_with_its_own_spans_has_only_those():
    assert not open_at("2026-12-28T09:30", CHRISTMAS)
    assert open_at("2026-12-28T10:30", CHRISTMAS)
    assert not open_at("2026-12-28T14:00", CHRISTMAS)


def test_an_exception_opens_the_desk_on_a_public_holiday_and_on_a_saturday():
    assert open_at("2027-01-06T10:00", CHRISTMAS)
    assert open_at("2027-01-09T10:30", CHRISTMAS)


def test_the_next_opening_knows_the_exceptions():
    assert opens_after("2026-12-23T16:00", CHRISTMAS) == "2026-12-28T10:00+01:00"


# --- daylight saving: clocks go forward on 29 March 2026 (2 to 3) and back on 25 October 2026 (3 to 2)


def test_the_opening_after_a_change_of_the_clocks_has_the_new_offset():
    assert opens_after("2026-03-27T17:00") == "2026-03-30T09:00+02:00"
    assert opens_after("2026-10-23T17:00") == "2026-10-26T09:00+01:00"


def test_a_change_of_the_clocks_does_not_move_the_opening_hour():
    for day in ("2026-03-29", "2026-10-25"):
        assert not open_at(f"{day}T08:59", daily(("09:00", "12:00")))
        assert open_at(f"{day}T09:00", daily(("09:00", "12:00")))
        assert not open_at(f"{day}T12:00", daily(("09:00", "12:00")))


def test_a_desk_that_should_open_in_the_skipped_hour_opens_when_the_clocks_jump():
    night = daily(("02:30", "04:00"))
    assert opens_after("2026-03-29T01:45", night) == "2026-03-29T03:00+02:00"
    assert open_at("2026-03-29T03:00", night)
    assert not open_at("2026-03-29T01:59", night)


def test_a_span_within_the_skipped_hour_does_not_take_place():
    assert opens_after("2026-03-29T01:45", daily(("02:15", "02:45"))) == "2026-03-30T02:15+02:00"


def test_a_span_in_the_doubled_hour_lasts_from_its_first_begin_to_its_last_end():
    night = daily(("02:15", "02:45"))
    first, last = datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC)
    minute = timedelta(minutes=1)
    assert [is_open(night, at) for at in (first - minute, first, last - minute, last)] == [False, True, True, False]
    later = [next_opening(night, at).astimezone(UTC) for at in (first - minute, first)]  # doubled hours compare in UTC only (PEP 495)
    assert later == [first, datetime(2026, 10, 26, 1, 15, tzinfo=UTC)]


# --- words


def test_the_usual_week_reads_as_people_say_it():
    assert in_words(DEFAULT) == "Montag bis Donnerstag 9–12 und 13–16 Uhr, Freitag 9–12 Uhr; an Feiertagen geschlossen"


MORNING = [["09:00", "12:00"]]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"mi": [["09:30", "12:00"]]}, "Mittwoch 9.30–12 Uhr"),
        ({"mo": MORNING, "di": MORNING}, "Montag und Dienstag 9–12 Uhr"),
        ({"mo": MORNING, "mi": MORNING, "fr": MORNING}, "Montag, Mittwoch und Freitag 9–12 Uhr"),
        ({"mo": MORNING, "di": MORNING, "mi": MORNING, "fr": MORNING}, "Montag bis Mittwoch und Freitag 9–12 Uhr"),
        ({"mo": MORNING, "di": [["13:00", "16:05"]], "mi": MORNING}, "Montag und Mittwoch 9–12 Uhr, Dienstag 13–16.05 Uhr"),
        ({"do": [["08:00", "09:00"], ["10:00", "11:00"], ["14:00", "15:00"]]}, "Donnerstag 8–9, 10–11 und 14–15 Uhr"),
        (dict.fromkeys(KEYS, MORNING), "Montag bis Sonntag 9–12 Uhr"),
    ],
)
def test_days_with_the_same_spans_stand_together(days, expected):
    assert in_words(week(**days)) == f"{expected}; an Feiertagen geschlossen"


def test_a_week_without_hours_says_so():
    assert in_words(week()) == in_words(week(mo=[])) == "zurzeit keine Sprechzeiten"


@pytest.mark.parametrize(
    ("at", "opens", "expected"),
    [
        ("2026-11-30T12:30", "2026-11-30T13:00", "heute ab 13 Uhr"),
        ("2026-11-30T23:59", "2026-12-01T09:00", "morgen ab 9 Uhr"),
        ("2026-12-01T00:01", "2026-12-01T09:00", "heute ab 9 Uhr"),
        ("2026-12-04T12:00", "2026-12-07T09:00", "Montag ab 9 Uhr"),
        ("2026-12-01T12:00", "2026-12-07T09:30", "Montag ab 9.30 Uhr"),
        ("2026-11-30T12:00", "2026-12-07T09:00", "am 7. Dezember ab 9 Uhr"),
        ("2026-12-23T17:00", "2027-01-07T09:00", "am 7. Januar ab 9 Uhr"),
        ("2026-03-28T23:30", "2026-03-29T09:00", "morgen ab 9 Uhr"),
    ],
)
def test_an_opening_is_named_as_near_as_it_is(at, opens, expected):
    assert opening_in_words(berlin(at), berlin(opens)) == expected


def test_today_is_the_day_in_berlin_whatever_zone_the_instants_have():
    assert opening_in_words(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC)) == "heute ab 9 Uhr"


# --- documents


def refusal(document):
    with pytest.raises(HoursError) as caught:
        Hours.from_dict(document)
    return caught.value.field, caught.value.message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([["25:00", "26:00"]], "Montag: „25:00“ ist keine Uhrzeit. Erwartet wird eine Uhrzeit wie 09:00."),
        ([["9:00", "12:00"]], "Montag: „9:00“ ist keine Uhrzeit. Erwartet wird eine Uhrzeit wie 09:00."),
        ([["09:00", "24:00"]], "Montag: „24:00“ ist keine Uhrzeit. Erwartet wird eine Uhrzeit wie 09:00."),
        ([["09:00", 720]], "Montag: „720“ ist keine Uhrzeit. Erwartet wird eine Uhrzeit wie 09:00."),
        ([["٠٩:٠٠", "12:00"]], "Montag: „٠٩:٠٠“ ist keine Uhrzeit. Erwartet wird eine Uhrzeit wie 09:00."),
        ([["09:00", "12:00\n"]], "Montag: „12:00\n“ ist keine Uhrzeit. Erwartet wird eine Uhrzeit wie 09:00."),
        ([["12:00", "09:00"]], "Montag: Das Ende (09:00 Uhr) muss nach dem Beginn (12:00 Uhr) liegen."),
        ([["09:00", "09:00"]], "Montag: Das Ende (09:00 Uhr) muss nach dem Beginn (09:00 Uhr) liegen."),
        ([["11:59", "13:00"], ["09:00", "12:00"]], "Montag: Die Zeiten 09:00–12:00 und 11:59–13:00 Uhr überschneiden sich."),
        ([["09:00", "12:00"], ["09:00", "12:00"]], "Montag: Die Zeiten 09:00–12:00 und 09:00–12:00 Uhr überschneiden sich."),
        (
            [["09:00", "10:00"], ["09:00", "12:00"], ["12:00", "13:00"]],
            "Montag: Die Zeiten 09:00–10:00 und 09:00–12:00 Uhr überschneiden sich.",
        ),
        ([["09:00"]], "Montag: Eine Zeit besteht aus Beginn und Ende, zum Beispiel 09:00 und 12:00."),
        (["09:00-12:00"], "Montag: Eine Zeit besteht aus Beginn und Ende, zum Beispiel 09:00 und 12:00."),
        ("09:00-12:00", "Montag: Erwartet wird eine Liste von Zeiten."),
        (None, "Montag: Erwartet wird eine Liste von Zeiten."),
    ],
)
def test_wrong_times_are_refused_with_the_day_and_a_sentence(value, message):
    assert refusal({"week": {"mo": value}}) == ("week.mo", message)


def test_wrong_times_of_an_exception_are_refused_with_its_date():
    document = {"week": {}, "exceptions": {"2026-12-24": [["12:00", "09:00"]]}}
    message = "24. Dezember 2026: Das Ende (09:00 Uhr) muss nach dem Beginn (12:00 Uhr) liegen."
    assert refusal(document) == ("exceptions.2026-12-24", message)


def test_an_unknown_day_is_refused():
    expected = "„mon“ ist kein Wochentag. Erlaubt sind mo, di, mi, do, fr, sa und so."
    assert refusal({"week": {"mon": []}}) == ("week.mon", expected)


@pytest.mark.parametrize("day", ["2026-02-30", "24.12.2026", "20261224", "2026-W52-4", "2026-12-24T00:00", "2026-1-6", "", "morgen"])
def test_dates_that_are_none_are_refused(day):
    expected = f"„{day}“ ist kein Datum. Erwartet wird ein Tag wie 2026-12-24."
    assert refusal({"week": {}, "exceptions": {day: []}}) == (f"exceptions.{day}", expected)


def test_two_hundred_exceptions_are_kept_and_one_more_is_refused():
    days = [(date(2027, 1, 1) + timedelta(days=n)).isoformat() for n in range(MOST_EXCEPTIONS + 1)]
    assert len(Hours.from_dict({"week": {}, "exceptions": dict.fromkeys(days[1:], [])}).exceptions) == MOST_EXCEPTIONS
    expected = "Höchstens 200 Ausnahmetage sind möglich, angegeben sind 201."
    assert refusal({"week": {}, "exceptions": dict.fromkeys(days, [])}) == ("exceptions", expected)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (None, "hours"),
        ([], "hours"),
        ({}, "week"),
        ({"week": []}, "week"),
        ({"week": {}, "exceptions": []}, "exceptions"),
        ({"week": {}, "exceptions": None}, "exceptions"),
        ({"week": {}, "holidays": {}}, "holidays"),
    ],
)
def test_a_document_of_another_shape_is_refused_with_the_part_that_is_wrong(document, field):
    assert refusal(document)[0] == field


def test_what_a_refusal_repeats_is_short():
    field, message = refusal({"week": {"x" * 5_000: []}})
    assert len(field) < 100 and len(message) < 200


def test_spans_in_any_order_are_sorted_and_spans_that_touch_become_one():
    hours = week(mo=[["13:00", "16:00"], ["10:30", "12:00"], ["09:00", "10:30"]])
    assert hours.week == {0: (Span(time(9), NOON), Span(time(13), time(16)))}


def test_a_refused_document_is_told_with_its_field_in_the_log():
    assert str(HoursError("week.mo", "Montag: …")) == "week.mo: Montag: …"


CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")
SPANS = st.sets(CLOCKS, max_size=8).map(
    lambda clocks: [list(pair) for pair in zip(sorted(clocks)[::2], sorted(clocks)[1::2], strict=False)]
)
DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat)
DOCUMENTS = st.fixed_dictionaries(
    {"week": st.fixed_dictionaries(dict.fromkeys(KEYS, SPANS)), "exceptions": st.dictionaries(DATES, SPANS, max_size=6)}
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


@given(DOCUMENTS)
def test_a_document_comes_back_as_it_was(document):
    assert Hours.from_dict(document).as_dict() == document


@given(DOCUMENTS)
def test_hours_come_back_as_they_were(document):
    hours = Hours.from_dict(document)
    assert Hours.from_dict(hours.as_dict()) == hours


def test_the_usual_hours_come_back_as_they_were():
    assert Hours.from_dict(DEFAULT.as_dict()) == DEFAULT


@given(DOCUMENTS, INSTANTS)
def test_the_next_opening_lies_ahead_and_the_desk_opens_there(document, at):
    hours = Hours.from_dict(document)
    found = next_opening(hours, at)
    if found is not None:
        assert found > at
        assert is_open(hours, found)


@pytest.mark.parametrize("module", [hours_module, hours_words])
def test_the_examples_in_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0
