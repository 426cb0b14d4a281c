"""The funding result of a conversation in Einfache Sprache: judged the same, told in simple words."""

from datetime import date

from gateway.funding.expansion import Expansion
from gateway.funding.question import Question
from gateway.funding.service import Catalogue
from knowledge.funding.profile import Profile
from knowledge.speech import GERMAN, SIMPLE
from tests.gateway.conftest import CLUB


def judged(data):
    return [(one["programme"], one["result"], one["group"], one["amount_eur"]) for one in data["results"]]


def told(data):
    return [reason["text"] for one in data["results"] for reason in one["reasons"]]


def test_results_and_plans_are_the_same_and_their_sentences_are_simple(served_programmes):
    catalogue = Catalogue(served_programmes, {one.id: one for one in served_programmes.programmes})
    asked = Question(Profile.read(CLUB), date(2026, 11, 22))
    german, simple = (Expansion(None, "https://x.example")._computed(catalogue, asked, language) for language in (GERMAN, SIMPLE))
    assert judged(simple) == judged(german)
    assert [plan["total_eur"] for plan in simple["plans"]] == [plan["total_eur"] for plan in german["plans"]]
    assert [plan["id"] for plan in simple["plans"]] == [plan["id"] for plan in german["plans"]]
    assert len(told(simple)) == len(told(german)) and told(simple) != told(german)
    assert "Sie haben kein Recht auf das Geld." in " ".join(simple["plans"][0]["notes"])
