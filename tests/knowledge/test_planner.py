"""The planner's rules, as sentences: one euro of cost once, rates, maxima, minima, own share, public money first, reasons."""

import json
from datetime import date
from fractions import Fraction

from knowledge.funding import matcher
from knowledge.funding.planner import plan
from knowledge.funding.profile import COST_TYPES, PHASES, Profile
from knowledge.funding.programme import Line, Programme, Rate, Rule

DAY = date(2026, 11, 22)
ROLLING = ({"rolling": True, "kind": "antragsfrist"},)
FOUR_FIFTHS, THIRD = Fraction(4, 5), Fraction(1, 3)


def line(rate=None, most=None, **more):
    return Line(rates=(Rate(fraction=rate),), max_eur=most, **more)


def programme(name, *lines, **more):
    told = dict(
        id=name,
        title=name.title(),
        funder="Land",
        url="https://example.org/",
        applicants=("verein",),
        scope="bund",
        themes=("alter",),
        phases=tuple(PHASES),
        cost_types=tuple(COST_TYPES),
        lines=lines or (line(most=10_000),),
        deadlines=ROLLING,
        status="open",
    )
    return Programme(**{**told, **more})


def profile(costs, **more):
    return Profile.read({"applicant": "verein", "themes": ["alter"], "phase": "umsetzung", "costs": costs, **more})


def best(programmes, costs, only=(), assume_open=(), **more):
    found = plan(programmes, profile(costs, **more), DAY, only, assume_open)[0]
    adds_up(found, sum(eur if isinstance(eur, int) else sum(eur.values()) for eur in costs.values()))
    return found


def adds_up(found, costs):
    assert (found.total_eur or 0) + found.own_share_eur + found.third_party_eur + found.gap_eur == costs
    assert min(found.own_share_eur, found.third_party_eur, found.gap_eur) >= 0


def paid(found):
    return {(item.programme, item.cost_type): item.eur for item in found.items}


def reason(found, name):
    return dict(found.excluded)[name]


def said(found, *words):
    return any(all(word in note for word in words) for note in found.notes)


# ---------------------------------------------------------------- sums


def test_rates_never_add_up_over_the_same_euro():
    found = best([programme("a", line(FOUR_FIFTHS)), programme("b", line(Fraction(3, 4)))], {"beratung": 160_000})
    assert found.total_eur == 128_000 and paid(found) == {("a", "beratung"): 128_000}
    assert "zweimal" in reason(found, "b") and "A" in reason(found, "b")


def test_two_programmes_may_split_a_cost_between_them():
    found = best([programme("a", line(FOUR_FIFTHS, 8_000)), programme("b", line(Fraction(1, 2)))], {"beratung": 20_000})
    assert paid(found) == {("a", "beratung"): 8_000, ("b", "beratung"): 5_000}


def test_a_third_comes_out_in_whole_euros_and_third_parties_are_still_to_be_found():
    laks = programme("laks", line(None, 350_000, third_party=Fraction(2, 3)))
    found = best([laks], {"personal": 75_000, "sachkosten": 15_000})
    assert (found.total_eur, found.third_party_eur, found.own_share_eur, found.gap_eur) == (30_000, 60_000, 0, 0)
    assert said(found, "Noch zu sichern", "60.000 €")


def test_amounts_are_rounded_down_per_item():
    found = best([programme("a", line(THIRD))], {"personal": 100, "sachkosten": 100})
    assert paid(found) == {("a", "personal"): 33, ("a", "sachkosten"): 33}
    assert (found.own_share_eur, found.gap_eur) == (134, 0)


def test_a_minimum_that_only_rounding_misses_is_missed():
    found = best([programme("a", line(THIRD, min_eur=67))], {"personal": 100, "sachkosten": 101})
    assert found.total_eur == 0 and "67 €" in reason(found, "a")


def test_a_programme_below_its_minimum_beside_others_is_left_out_with_the_reason():
    programmes = [programme("a", line(Fraction(1), 9_000)), programme("b", line(Fraction(1, 2), min_eur=2_000))]
    found = best(programmes, {"personal": 10_000})
    assert paid(found) == {("a", "personal"): 9_000} and "Mindestbetrag von 2.000 €" in reason(found, "b")


def test_parts_of_a_line_keep_their_own_rates_and_maxima():
    rates = (Rate(("personal",), fraction=FOUR_FIFTHS, max_eur=4_000), Rate(("investition",), fraction=Fraction(1, 2)))
    found = best([programme("a", Line(rates=rates, max_eur=6_000))], {"personal": 10_000, "investition": 10_000, "beratung": 500})
    assert paid(found)["a", "personal"] <= 4_000 and found.total_eur == 6_000
    assert ("a", "beratung") not in paid(found)


def test_a_lump_sum_is_all_or_nothing_and_never_more_than_the_costs():
    lump = programme("lump", Line(kind="fixed", rates=(Rate(),), max_eur=3_000))
    assert best([lump], {"sachkosten": 5_000}).total_eur == 3_000
    assert best([lump], {"sachkosten": 2_000}).total_eur == 2_000
    found = best([lump, programme("full", line(Fraction(1)))], {"sachkosten": 5_000})
    assert found.total_eur == 5_000


def test_huge_costs_come_out_to_the_euro():
    programmes = [programme("a", line(THIRD, 333_333_333)), programme("b", line(Fraction(9, 10), 500_000_001, min_eur=400_000_000))]
    found = best(programmes, {"personal": 1_000_000_000, "investition": 999_999_999})
    assert found.total_eur == 333_333_333 + 500_000_001


# ---------------------------------------------------------------- what may stand together


def test_the_lines_of_one_programme_count_once():
    found = best([programme("voucher"), programme("themed", part_of="voucher")], {"beratung": 30_000})
    assert found.total_eur == 10_000 and "selben Programm" in reason(found, "voucher" if "voucher" in dict(found.excluded) else "themed")


def test_the_better_of_several_lines_is_chosen_although_the_matcher_names_another():
    lines = (line(FOUR_FIFTHS, 20_000, cost_types=("personal",)), line(Fraction(1), 15_000, cost_types=("sachkosten",)))
    programmes = [programme("two", *lines), programme("staff", line(Fraction(1), 25_000), cost_types=("personal",))]
    found = best(programmes, {"personal": 25_000, "sachkosten": 15_000})
    assert found.total_eur == 40_000 and paid(found)["two", "sachkosten"] == 15_000


def test_an_exclusion_counts_in_both_directions_and_names_the_other():
    found = best([programme("a", excludes=("b",)), programme("b", line(most=12_000))], {"personal": 40_000})
    assert paid(found) == {("b", "personal"): 12_000} and reason(found, "a") == "Geht nicht zusammen mit B."


def test_subsidiary_money_comes_after_public_money_even_if_it_were_more():
    charity = programme("charity", line(Fraction(1)), subsidiary=True)
    found = best([charity, programme("state", line(Fraction(1, 2), min_eur=5_000))], {"personal": 10_000})
    assert paid(found) == {("state", "personal"): 5_000} and "charity" in dict(found.excluded)
    found = best([charity, programme("state", line(FOUR_FIFTHS, 4_000))], {"personal": 10_000})
    assert paid(found) == {("state", "personal"): 4_000, ("charity", "personal"): 5_000} and said(found, "nachrangig")


def test_loans_and_prizes_stand_in_a_note_and_in_no_sum():
    loan, prize = (programme(kind, Line(kind=kind, rates=(Rate(),), max_eur=50_000)) for kind in ("loan", "prize"))
    found = best([loan, prize, programme("grant", line(most=3_000))], {"investition": 40_000})
    assert found.total_eur == 3_000 and said(found, "Darlehen", "in keiner Summe") and said(found, "Preis", "in keiner Summe")
    assert {"loan", "prize"} <= set(dict(found.excluded))


def test_an_unknown_amount_stands_in_the_plan_without_a_sum_and_takes_no_cost_away():
    unknown = programme("unknown", Line(rates=(Rate(),)))
    found = best([unknown, programme("known", line(FOUR_FIFTHS, 8_000))], {"personal": 20_000})
    assert paid(found) == {("known", "personal"): 8_000, ("unknown", "personal"): None} and found.total_eur == 8_000
    assert said(found, "Betrag offen")
    alone = best([unknown], {"personal": 20_000})
    assert alone.total_eur is None and alone.gap_eur == 20_000
    full = best([unknown, programme("all", line(Fraction(1)))], {"personal": 20_000})
    assert full.total_eur == 20_000 and "unknown" in dict(full.excluded)


# ---------------------------------------------------------------- who, when, which phase


def test_only_limits_the_candidates_and_an_empty_one_does_not():
    programmes = [programme("a"), programme("b")]
    assert {item.programme for item in best(programmes, {"personal": 30_000}).items} == {"a", "b"}
    limited = best(programmes, {"personal": 30_000}, only=["b"])
    assert {item.programme for item in limited.items} == {"b"} and limited.excluded == ()


def test_closed_and_unknown_programmes_are_out_unless_assumed_open():
    closed = programme("closed", status="closed", status_as_of="2025-01-01", deadlines=())
    unknown = programme("unknown", status="unknown")
    out = best([closed, unknown], {"personal": 30_000})
    assert out.total_eur == 0 and "geschlossen" in reason(out, "closed") and "nicht bekannt" in reason(out, "unknown")
    found = best([closed, unknown], {"personal": 30_000}, assume_open=["closed", "unknown"])
    assert found.total_eur == 20_000 and "ohne offene Runde" in found.title and said(found, "Als offen angenommen")
    assert all(item.apply_by is None for item in found.items)


def test_assume_open_overrides_time_only():
    council = Rule("council_decision", text="Der Gemeinderat muss zugestimmt haben.")
    found = best([programme("a", rules=(council,), status="unknown")], {"personal": 30_000}, assume_open=["a"])
    assert found.total_eur == 0 and reason(found, "a") == "Der Gemeinderat muss zugestimmt haben."


def test_an_item_names_applicant_phase_and_last_day():
    dated = programme("a", deadlines=({"date": "2026-12-31", "kind": "antragsfrist"},))
    (item,) = best([dated], {"personal": 3_000}).items
    assert item.as_dict() == {
        "programme": "a", "applicant": "verein", "cost_type": "personal", "phase": "umsetzung", "eur": 3_000, "apply_by": "2026-12-31",
    }  # fmt: skip


def test_phases_stand_in_order_and_costs_of_past_phases_stay_unfunded():
    found = best(
        [programme("a", line(Fraction(1)))], {"verstetigung": {"personal": 5}, "konzept": {"beratung": 7}, "umsetzung": {"personal": 9}}
    )
    assert [(item.phase, item.eur) for item in found.items] == [("umsetzung", 9), ("verstetigung", 5)]
    assert found.gap_eur == 7 and said(found, "Konzept", "nicht mehr gefördert")


def test_what_a_partner_could_apply_for_stands_in_a_note_only():
    city = programme("city", applicants=("gemeinde",))
    found = best([city], {"personal": 5_000}, partners=["gemeinde"])
    assert found.total_eur == 0 and said(found, "Partner (Gemeinde)", "City") and "city" in dict(found.excluded)
    assert not said(best([city], {"personal": 5_000}), "Partner (")


# ---------------------------------------------------------------- own share, gap, notes


def test_own_funds_fill_the_rest_and_never_less_than_the_required_share():
    programmes = [programme("a", line(FOUR_FIFTHS, 8_000))]
    found = best(programmes, {"personal": 20_000})
    assert (found.own_share_eur, found.gap_eur) == (2_000, 10_000)
    found = best(programmes, {"personal": 20_000}, own_funds_eur=5_000)
    assert (found.own_share_eur, found.gap_eur) == (5_000, 7_000)
    found = best(programmes, {"personal": 20_000}, own_funds_eur=500)
    assert found.own_share_eur == 2_000 and said(found, "reichen dafür nicht", "1.500 €")


def test_without_costs_the_plan_asks_for_them():
    (found,) = plan([programme("a")], Profile.read({"applicant": "verein", "themes": ["alter"], "phase": "idee"}), DAY)
    assert found.total_eur == 0 and found.items == () and said(found, "Kosten") and "a" in dict(found.excluded)


def test_every_plan_says_what_stays_unfunded_and_what_is_not_promised():
    found = best([programme("a", line(most=3_000))], {"personal": 5_000, "beratung": 700})
    assert said(found, "Nicht gefördert bleiben") and said(found, "unverbindlich", "Rechtsanspruch", "Ausschreibung")
    assert said(found, "Beginnen, bestellen und unterschreiben Sie nichts")
    assert said(best([programme("a", line(most=3_000, period="year"))], {"personal": 5_000}), "im Jahr")


def test_alternatives_have_a_lower_own_share_or_fewer_applications():
    programmes = [
        programme("free", line(Fraction(1), 30_000), cost_types=("personal",)),
        programme("half", line(Fraction(1, 2), 20_000), cost_types=("investition",)),
    ]
    plans = plan(programmes, profile({"personal": 30_000, "investition": 40_000}), DAY)
    for found in plans:
        adds_up(found, 70_000)
    assert [(p.title, p.total_eur, p.own_share_eur) for p in plans] == [
        ("Höchste Förderung", 50_000, 20_000),
        ("Geringerer Eigenanteil", 30_000, 0),
    ]
    three = plan([programme("a", line(most=9_000)), programme("b", line(most=2_000))], profile({"personal": 20_000}), DAY)
    assert [(p.title, p.total_eur) for p in three] == [("Höchste Förderung", 11_000), ("Weniger Anträge", 9_000)]


def test_of_equal_sums_the_one_with_fewer_applications_is_best():
    programmes = [programme("a", line(most=6_000)), programme("b", line(most=4_000)), programme("c", line(most=10_000))]
    assert {item.programme for item in best(programmes, {"personal": 10_000}).items} == {"c"}


def test_matches_and_programmes_give_the_same_plans():
    programmes = [programme("a", line(THIRD), line(most=5_000)), programme("b", status="unknown"), programme("c", applicants=("kirche",))]
    asked = profile({"personal": 20_000, "beratung": 3_001})
    matches = matcher.match(programmes, asked, DAY)
    assert plan(matches, asked, DAY, assume_open=["b"]) == plan(programmes, asked, DAY, assume_open=["b"])


def test_the_public_form_holds_the_keys_of_the_contract():
    shown = best([programme("a"), programme("b", applicants=("kirche",))], {"personal": 3_000}).as_dict("p1")
    assert set(shown) == {"id", "title", "total_eur", "own_share_eur", "third_party_eur", "gap_eur", "items", "notes", "excluded"}
    assert shown["excluded"][0].keys() == {"programme", "text"} and json.dumps(shown)
