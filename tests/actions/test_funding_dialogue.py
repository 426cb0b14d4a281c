"""The funding finder in the chat: details in any order, corrections, interruptions, going back, results and reasons."""

import json

import pytest

from actions.funding import told
from actions.turn import Turn
from actions.understanding import respond
from tests.actions.conftest import TODAY


class Talk:
    """A conversation with the finder; what the classifier believes is given by hand."""

    def __init__(self, served):
        self.served, self.state, self.reply = served, {}, None

    def say(self, text, intent="find_funding", chance=0.1):
        return self._take({"text": text, "intent": {"name": intent, "confidence": chance}, "entities": []})

    def click(self, title):
        button = next(b for b in self.reply["buttons"] if b["title"] == title)
        entities = [{"entity": k, "value": v} for k, v in button["entities"].items()]
        return self._take({"text": f"/{button['intent']}", "intent": {"name": button["intent"], "confidence": 1.0}, "entities": entities})

    def _take(self, message):
        message |= {"intent_ranking": [message["intent"]], "metadata": {"state": self.state, "language": "de"}}
        self.reply = respond(Turn.from_message(message), self.served, TODAY).as_dict(1)
        self.state = json.loads(json.dumps(self.reply["state"]))
        return self.reply

    @property
    def profile(self):
        return self.reply["answer"]["data"]["profile"]

    @property
    def outcome(self):
        return self.reply["answer"]["outcome"]

    @property
    def titles(self):
        return [b["title"] for b in self.reply["buttons"]]


@pytest.fixture
def talk(served):
    return Talk(served)


@pytest.fixture
def begun(talk):
    talk.say("Unser Verein in Aalen sucht Fördermittel", chance=0.9)
    return talk


def asked_until(talk, key):
    """Say "weiß ich nicht" until the finder asks for a key."""
    for _ in range(6):
        if talk.state["finder"].get("open") == key:
            return
        talk.say("weiß ich nicht", "skip_question", 0.9)
    pytest.fail(f"{key} was never asked")


def test_a_plan_with_its_costs_begins_the_finder_without_a_word_about_money(talk):
    talk.say("Wir sind ein Verein in Herrenberg und wollen für 15.000 € ein Begegnungscafé aufbauen", intent="find_offer")
    assert talk.outcome == "form"
    assert talk.profile == {"applicant": "verein", "themes": ["begegnung"], "place": "Herrenberg", "place_ags": "08115021"}
    talk.click("Sachkosten")
    assert talk.profile["costs"] == {"sachkosten": 15000}


def test_any_number_of_details_in_any_order(begun):
    begun.say("also 4.000 Euro Material und zweitausend Euro Moderation, Thema Alter, ganz am Anfang, die Bürger machen mit")
    assert begun.profile["costs"] == {"sachkosten": 4000, "beratung": 2000}
    assert begun.profile["themes"] == ["alter"] and begun.profile["phase"] == "idee" and begun.profile["participation"] is True


def test_a_correction_replaces_what_was_said(begun):
    begun.say("ach nein, kein Verein, sondern unsere Stadtverwaltung will das machen")
    assert begun.profile["applicant"] == "gemeinde" and begun.profile["place"] == "Aalen"


def test_an_interruption_is_answered_and_the_way_back_is_offered(begun):
    before = begun.profile
    begun.say("Was ist ein Eigenanteil?", intent="explain_term", chance=0.9)
    assert begun.outcome == "answer" and begun.profile == before
    assert "Weiter im Förderbaukasten" in begun.titles
    begun.say("ok, weiter", intent="affirm")
    assert begun.outcome == "form"


def test_not_knowing_is_an_answer_and_no_question_comes_twice(begun):
    asked = []
    while begun.outcome == "form":
        asked.append(begun.state["finder"]["open"])
        begun.say("weiß ich nicht", intent="deny")
    assert len(asked) == len(set(asked)) <= 5
    assert begun.outcome == "funding"


def test_the_result_can_be_had_at_any_time(talk):
    talk.say("Förderung finden", chance=0.9)
    assert "Ergebnis jetzt zeigen" in talk.titles
    talk.click("Ergebnis jetzt zeigen")
    assert talk.outcome == "funding" and "Unverbindlich" in talk.reply["text"]


def test_going_back_takes_the_last_detail_away(begun):
    begun.say("Thema Wohnen")
    begun.say("zurück", intent="legal_case", chance=0.5)
    assert begun.outcome == "form" and "themes" not in begun.profile


def test_starting_anew_forgets_everything(begun):
    begun.say("von vorne bitte")
    assert begun.outcome == "form" and begun.profile == {}


def test_a_misspelt_place_is_asked_back_with_the_right_one(begun):
    begun.say("von vorne")
    begun.say("Wir sind die Diakonie in Herenberg")
    assert "Herrenberg" in begun.titles and begun.profile["applicant"] == "wohlfahrtstraeger"
    begun.click("Herrenberg")
    assert begun.profile["place"] == "Herrenberg"


def test_a_place_outside_is_kept_and_named_as_such(talk):
    talk.say("Wir sind ein Verein aus Würzburg und suchen Zuschüsse", chance=0.9)
    assert talk.profile["place"] == "Würzburg" and "kein Kreis in Baden-Württemberg" in talk.reply["text"]


def test_a_contradiction_gets_a_hint_and_no_error(begun):
    begun.say("Der Gemeinderat hat zugestimmt")
    assert begun.profile["council_decision"] is True and "zählt nur, wenn die Gemeinde den Antrag stellt" in begun.reply["text"]


def test_a_name_of_several_places_is_asked_back_once(talk):
    talk.say("Wir sind ein Verein in Altheim und suchen Zuschüsse", chance=0.9)
    assert talk.profile["place"] == "Altheim" and len([t for t in talk.titles if t.startswith("Altheim")]) >= 2
    talk.click(next(t for t in talk.titles if t.startswith("Altheim")))
    assert talk.profile["place"] == "Altheim" and len(talk.profile["place_ags"]) == 8


def test_why_a_programme_does_not_fit_names_what_would_change_it(begun):
    begun.say("Weshalb fallen die Quartiersimpulse für uns weg?", intent="ask_conditions", chance=0.7)
    assert begun.outcome == "answer" and begun.reply["answer"]["entries"] == ["quartiersimpulse"]
    assert "Partner einer antragstellenden Kommune" in begun.reply["text"]


def test_what_would_be_with_another_partner_changes_nothing_for_good(begun):
    begun.say("Weshalb fallen die Quartiersimpulse für uns weg?", intent="ask_conditions", chance=0.7)
    begun.say("und falls das Rathaus unser Partner ist?", intent="ask_applicants", chance=0.3)
    assert "Partner: Gemeinde" in begun.reply["text"] and "partners" not in begun.profile


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("Partner haben wir noch keine", "partners", []),
        ("Die Kirchengemeinde macht als Partnerin mit", "partners", ["kirche"]),
        ("Der Gemeinderat hat noch nicht entschieden", "council_decision", False),
        ("der Gemeinderatsbeschluss liegt vor", "council_decision", True),
        ("Wir machen das ohne Bürgerbeteiligung", "participation", False),
        ("begonnen ist noch nichts", "already_started", False),
        ("Wir haben 6.000 Einwohner", "population", 6000),
        ("als e.V. in Trossingen", "applicant", "verein"),
        ("mir send koi richtiger Verei, mir send a Nachbarschaftsgruppe", "applicant", "initiative"),
        ("für eine Stelle 22 TEUR", "costs", {"personal": 22000}),
        ("Wir haben 5.000 Euro Eigenmittel", "own_funds_eur", 5000),
    ],
)
def test_a_detail_is_read(text, key, value):
    assert told.read(text).values[key] == value


@pytest.mark.parametrize(
    "text",
    ["Muss dafür der Rat zustimmen?", "Gilt das auch für Pfarreien?", "Was darf die Beratung am Tag kosten?"],
)
def test_a_question_tells_nothing(text):
    assert not told.read(text)


def test_what_a_sum_is_for_is_asked_once(begun):
    begun.say("wir haben etwa 1.800 Euro Kosten und nochmal 600 Euro")
    assert begun.outcome == "form" and "2.400" in begun.reply["text"]
    begun.say("weiß ich nicht", intent="deny")
    assert "2.400" not in begun.reply["text"]


def test_a_known_applicant_who_may_not_apply_is_never_told_yes(begun):
    begun.say("Können wir bei den Quartiersimpulsen den Antrag selbst einreichen?", intent="ask_applicants", chance=0.9)
    assert begun.outcome == "answer" and not begun.reply["text"].startswith("Ja")


@pytest.mark.parametrize(("text", "key", "value"), [("verein", "applicant", "verein"), ("in horb", "place", "Horb am Neckar")])
def test_a_bare_detail_begins_the_finder(served, text, key, value):
    talk = Talk(served)
    talk.say(text, "ask_applicants", 0.4)
    assert talk.outcome == "form"
    assert talk.profile[key] == value


def test_a_place_with_a_matter_of_its_own_does_not_begin_the_finder(served):
    talk = Talk(served)
    talk.say("Personalausweis Karlsruhe Termin", "out_of_scope", 0.9)
    assert talk.outcome == "out_of_scope"


def test_a_bare_applicant_after_an_answer_goes_on_with_the_answer(served):
    talk = Talk(served)
    talk.say("Was sind Quartiersimpulse?", "ask_overview", 0.9)
    talk.say("Vereine?", "ask_applicants", 0.9)
    assert talk.outcome == "answer"
    assert talk.reply["answer"]["entries"][0] == "quartiersimpulse"


def test_what_is_to_be_paid_and_how_much_come_in_two_messages(begun):
    asked_until(begun, "costs")
    begun.say("Möbel und Geschirr")
    assert "Sachkosten" in begun.reply["text"]
    begun.say("2000 oder so")
    assert begun.profile["costs"] == {"sachkosten": 2000}


@pytest.mark.parametrize(
    ("text", "eur"), [("3 tausend 500", 3500), ("250 000", 250_000), ("zwanzgdausend", 20_000), ("so 5000 ungefähr", 5000)]
)
def test_sums_as_people_type_them(text, eur):
    assert told.read(text, "costs").sum_eur == eur


def test_a_year_alone_is_no_sum():
    assert told.read("2027").sum_eur is None


def test_what_is_no_name_is_no_place_elsewhere(talk):
    talk.say("Gibt es Fördermittel für uns?", chance=0.9)
    asked_until(talk, "place")
    talk.say("was für die jugend und so")
    assert "place" not in talk.reply["state"]["profile"]


def test_a_theme_that_could_be_a_cost_as_well_is_kept(talk):
    talk.say("Gibt es Fördermittel für uns?", chance=0.9)
    asked_until(talk, "themes")
    talk.say("ein Nachbarschaftsfest")
    assert talk.profile["themes"] == ["begegnung"]


def test_a_word_that_could_be_a_cost_is_no_answer_to_another_question(begun):
    asked_until(begun, "phase")
    begun.say("Beratung", "browse_area", 0.9)
    assert "Wie viel Euro brauchen Sie dafür" not in begun.reply["text"]
