"""Money as Germans write and say it."""

import pytest

from knowledge import amounts


@pytest.mark.parametrize(
    ("text", "eur"),
    [
        ("15.000 €", 15_000),
        ("15 000 Euro", 15_000),
        ("15000 EUR", 15_000),
        ("fünfzehntausend", 15_000),
        ("15 Tsd", 15_000),
        ("15 Tsd. €", 15_000),
        ("1,2 Mio", 1_200_000),
        ("2.500,50 €", 2_500),
        ("zweihundertfünfzig Euro", 250),
        ("eine halbe Stelle für 30.000", 30_000),
        ("20k", 20_000),
        ("eine Million", 1_000_000),
        ("zwanzgdausend", 20_000),
        ("fünfhunder", 500),
        ("drei dausend", 3_000),
    ],
)
def test_an_amount_is_read(text, eur):
    assert [a.eur for a in amounts.find(text)] == [eur]


@pytest.mark.parametrize(
    "text",
    ["ein Platz für Hunde", "Kamillentee für die Familie", "§ 45c", "2026", "um 10 Uhr", "zwei Vereine", "14.08.2026", "Hausnummer 15"],
)
def test_other_numbers_are_no_money(text):
    assert amounts.find(text) == []
