"""The plan in the widget says of each date what it is; one that is only expected is called so, in both forms of language."""

import json
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "web" / "shared"
DRAW = """async ([result, texts]) => {
    const { plan } = await import("/widget/1/funding.js");
    const told = { results: [result], plans: [{ items: [] }], titles: { x: "Programm" } };
    return [...plan(told, texts).querySelectorAll(".plan__fact")].map((fact) => fact.textContent);
}"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "nächste Frist voraussichtlich 1. Mai 2027, noch nicht bestätigt"),
        ("de-simple", "Nächste Frist: wahrscheinlich 1. Mai 2027. Das ist noch nicht sicher."),
    ],
)
def test_a_deadline_that_is_only_expected_is_shown_as_not_confirmed(visit, language, said):
    texts = json.loads((SHARED / f"texts.{language}.json").read_text(encoding="utf-8"))
    result = {"programme": "x", "group": "no_round", "amount_eur": None, "next_date": "2027-05-01", "next_kind": "expected"}
    assert visit().evaluate(DRAW, [result, texts]) == [texts["chat"]["plan"]["amount_open"], said]
