"""The bot's side of the hand-off: wish, consent, refusal, waiting. Consent needs a clear yes; a question is never one."""

import json

import pytest

from actions import consent, handoff, talk
from actions.understanding import respond
from tests.actions.conftest import TODAY

BUTTONS = [("accept_handoff", "accept"), ("decline_handoff", "decline"), ("cancel_handoff", "cancel"), ("want_callback", "callback")]


class Talk:
    """A conversation whose memory travels as JSON, as through the gateway; the classifier's belief is given by hand."""

    def __init__(self, served, turn):
        self.served, self.turn, self.state = served, turn, {}

    def say(self, text, intent="smalltalk_other", chance=0.3):
        self.reply = respond(self.turn(text, intent, chance, self.state), self.served, TODAY)
        self.state = json.loads(json.dumps(self.reply.memory.as_dict(1)))
        return self

    def click(self, intent):
        return self.say(f"/{intent}", intent, 1.0)

    @property
    def step(self):
        return self.reply.data.get("handoff", {}).get("step")


@pytest.fixture
def chat(served, turn):
    return Talk(served, turn)


@pytest.fixture
def offered(chat):
    return chat.click("request_human")


@pytest.fixture
def waiting(offered):
    return offered.say("Ja bitte", "affirm", 0.9)


@pytest.fixture
def finding(chat):
    """The funding finder has asked whether the council has agreed, and then somebody asked for a human."""
    chat.say("Wir sind eine Gemeinde und suchen Fördermittel", "find_funding", 0.9)
    chat.state["finder"]["open"] = "council_decision"
    return chat.click("request_human")


@pytest.mark.parametrize("kind", talk.HUMAN)
def test_a_wish_for_a_human_names_its_kind_and_keeps_the_contacts(chat, kind):
    chat.click(kind)
    assert chat.reply.outcome == "callback" and "115" in chat.reply.text
    assert chat.reply.data["handoff"] == {"step": "wish", "kind": kind}


def test_the_topic_of_a_wish_is_the_entry_last_talked_about(chat):
    chat.say("Was sind die Quartiersimpulse?", "ask_overview").click("request_human")
    topic = chat.reply.data["handoff"]["topic"]
    assert "Quartiersimpulse" in topic and len(topic) <= 60


def test_the_topic_of_a_wish_is_what_it_names_itself(chat):
    chat.say("Unser Antrag bei den Quartiersimpulsen wurde abgelehnt, ich brauche einen Menschen", "legal_case")
    assert "Quartiersimpulse" in chat.reply.data["handoff"]["topic"]


def test_the_topic_of_a_plan_is_its_themes_or_funding(chat):
    chat.state = {"profile": {"applicant": "verein"}}
    assert chat.click("request_human").reply.data["handoff"]["topic"] == "Förderung"
    chat.state = {"profile": {"themes": ["pflege", "wohnen"]}}
    assert chat.click("request_human").reply.data["handoff"]["topic"] == "Pflege und Wohnen"


def test_the_wish_stays_in_the_reply_beside_the_profile(finding):
    assert finding.step == "wish" and finding.reply.data["profile"]["applicant"] == "gemeinde"


@pytest.mark.parametrize(
    "text",
    [
        "Ja",
        "sehr gern",
        "Einverstanden!",
        "Okay, machen Sie das",
        "Bitte verbinden Sie mich",
        "Leiten Sie das bitte an Ihre Kolleginnen weiter",
        "jo, dr Donnerschdag ab neun wär recht",
        "Ja, aber nicht vor 10 Uhr",
        "Ja, könnten Sie mich übermorgen anrufen?",
        "Ja, meine Nummer ist 0711 1234567",
        "ja gern, es geht um unseren Mittagstisch",
        "Warum nicht, ja",
        "ha jo freilich",
    ],
)
def test_a_clear_yes_to_the_offer_is_consent(offered, text):
    offered.say(text)
    assert (offered.reply.outcome, offered.step) == ("callback", "accept")
    assert offered.state["human"] == "queued" and "notiert" in offered.reply.text


@pytest.mark.parametrize(
    "text",
    [
        "Ja, wie hoch ist der Zuschuss denn?",
        "ja was kostet das denn",
        "Ja, wir sind eine Genossenschaft aus Backnang",
        "Ja, aber bis wann müsste der Antrag da sein",
        "Ja, ich habe noch eine Frage",
        "Ja gern mehr zu den Fristen",
        "Wir möchten uns mit anderen Initiativen verbinden",
        "Geben die Gemeinden das Geld an Vereine weiter?",
        "Ja, wann ruft mich jemand an?",
        "ok danke",
        "na ja",
        "ja, das ist mir klar",
        "ja nein",
        "Ja?",
        "Gern geschehen",
        "ja, 5000 Euro",
        "Was sind die Quartiersimpulse?",
        "vielleicht",
    ],
)
def test_anything_short_of_a_clear_yes_is_no_consent(offered, text):
    offered.say(text, "affirm", 0.35)
    assert offered.step is None and offered.state["human"] == "offered"


def test_a_yes_in_words_that_only_the_classifier_knows_is_consent(offered):
    assert offered.say("so isch's", "affirm", 0.8).step == "accept"


def test_the_name_of_a_programme_is_no_consent_even_if_the_classifier_sees_a_yes(offered):
    assert offered.say("genau, Quartiersimpulse", "affirm", 0.8).step is None


def test_consent_takes_along_when_a_call_would_suit(offered):
    offered.say("ja gern, montags oder mittwochs zwischen 9 und 11 Uhr")
    assert offered.reply.data["handoff"]["when"] == "ja gern, montags oder mittwochs zwischen 9 und 11 Uhr"


def test_no_address_or_number_stands_in_when(offered):
    offered.say("Ja, am Montag ab 9 Uhr, 0711 123456 oder max@example.org")
    assert offered.reply.data["handoff"]["when"].startswith("Ja, am Montag ab 9 Uhr")
    assert "123456" not in offered.reply.data["handoff"]["when"] and "@" not in offered.reply.data["handoff"]["when"]


@pytest.mark.parametrize(
    ("text", "named"),
    [("ja", False), ("Ja, guten Morgen", False), ("ja, es geht um den Mittagstisch am Montag", False), ("ja, morgen um acht", True)],
)
def test_a_greeting_or_a_topic_is_no_time(text, named):
    assert (consent.when(text) is not None) is named


def test_when_is_short_and_ends_with_a_whole_word():
    words = consent.when("ja, am Freitag ab 10 Uhr " + "bitte " * 60)
    assert len(words) <= 200 and words.endswith("bitte")


@pytest.mark.parametrize(
    "text",
    ["Nein danke", "lieber nicht", "doch nicht", "Nein, ich frage lieber weiter hier", "noi, brauchts net", "Bitte nicht weitergeben"],
)
def test_a_no_to_the_offer_is_friendly_and_goes_on(offered, text):
    offered.say(text, "deny", 0.3)
    assert (offered.reply.outcome, offered.step) == ("smalltalk", "decline")
    assert offered.state["human"] is None and offered.state["asked"] is None


def test_a_no_followed_by_a_question_is_answered(offered):
    offered.say("Nein, was sind die Quartiersimpulse?", "ask_overview")
    assert offered.reply.outcome == "answer" and offered.step is None


def test_a_call_asked_for_in_answer_to_the_offer_is_a_callback(offered):
    offered.say("Lieber einen Rückruf am Freitagnachmittag", "request_human", 0.9)
    assert (offered.step, offered.state["human"]) == ("callback", "queued")
    assert offered.reply.data["handoff"]["when"] == "Lieber einen Rückruf am Freitagnachmittag"


def test_a_time_alone_in_answer_to_the_offer_is_a_callback_and_no_consent_to_more(offered):
    offered.say("Dienstag ab zehn", "out_of_scope", 0.6)
    assert offered.reply.data["handoff"] == {"step": "callback", "kind": "request_human", "when": "Dienstag ab zehn"}


def test_consent_still_knows_why_a_human_was_wanted(chat):
    chat.click("complaint").say("ja bitte", "affirm", 0.9)
    assert chat.reply.data["handoff"] == {"step": "accept", "kind": "complaint"}


def test_a_yes_after_another_answer_is_no_consent_unless_it_names_the_matter(offered):
    offered.say("Was sind die Quartiersimpulse?", "ask_overview")
    assert offered.say("ja gern", "affirm", 0.9).step is None
    assert offered.say("Ja, verbinden Sie mich jetzt", "request_human", 0.9).step == "accept"


def test_a_yes_after_small_talk_is_no_consent(offered):
    offered.say("danke schön", "thank", 0.9)
    assert offered.say("ja", "affirm", 0.9).step is None


def test_a_message_without_an_offer_is_never_consent(chat):
    assert chat.say("Ja, verbinden Sie mich", "request_human", 0.9).step == "wish"


def test_a_yes_to_the_offer_is_not_swallowed_by_the_finder(finding):
    finding.say("ja, einverstanden", "affirm", 0.9)
    assert finding.step == "accept" and "council_decision" not in finding.state["profile"]


def test_a_yes_later_on_answers_the_finder(finding):
    finding.say("Das Thema ist Pflege")
    finding.state["finder"]["open"] = "council_decision"
    finding.say("ja", "affirm", 0.9)
    assert finding.step is None and finding.state["profile"]["council_decision"] is True


def test_declining_leads_back_to_the_finder(finding):
    finding.say("nein danke", "deny", 0.9)
    assert finding.step == "decline" and "Weiter im Förderbaukasten" in [button.title for button in finding.reply.buttons]


def test_a_yes_with_a_detail_of_the_plan_is_no_consent_whatever_the_classifier_believes(offered):
    assert offered.say("ja, ein Verein", "affirm", 0.9).step is None


def test_who_will_not_wait_is_no_emergency_but_who_will_not_go_on_may_be_one(waiting):
    assert waiting.say("hat sich erledigt, ich will nicht mehr", "emergency", 0.9).step is None
    assert waiting.say("Ich mag nicht länger warten", "emergency", 0.9).step == "cancel"


def test_danger_is_never_taken_for_consent(offered):
    assert offered.say("ja bitte", "emergency", 0.9).reply.data == {"emergency": True}


@pytest.mark.parametrize(
    "text",
    ["abbrechen", "doch nicht", "Ich mag nicht mehr warten", "I wart nimmer", "Hat sich erledigt", "ich brauche keinen Menschen mehr"],
)
def test_who_waits_can_take_the_wish_back_after_other_questions(waiting, text):
    waiting.say("Was sind die Quartiersimpulse?", "ask_overview")
    waiting.say(text, "deny", 0.5)
    assert (waiting.reply.outcome, waiting.step, waiting.state["human"]) == ("smalltalk", "cancel", None)


@pytest.mark.parametrize(
    "text", ["Lieber ein Rückruf", "Rufen Sie mich an", "ruafet mi doch am Mittwoch a", "Ich will nicht warten, rufen Sie mich zurück"]
)
def test_who_waits_can_ask_to_be_called_after_other_questions(waiting, text):
    waiting.say("Was sind die Quartiersimpulse?", "ask_overview")
    waiting.say(text, "request_human", 0.9)
    assert (waiting.reply.outcome, waiting.step) == ("callback", "callback")


@pytest.mark.parametrize(
    "text",
    [
        "Der Gemeinderat hat doch nicht zugestimmt",
        "Können wir den Antrag noch abbrechen?",
        "Wann rufen Sie mich an?",
        "Sagen Sie mir bitte, wo ich anrufen kann",
        "Bitte keinen Rückruf für Kirchen",
        "Ja",
        "nein danke",
        "Montag",
    ],
)
def test_what_somebody_says_while_waiting_changes_nothing_by_itself(waiting, text):
    assert waiting.say(text).step is None and waiting.state["human"] == "queued"


def test_the_time_of_a_call_may_come_in_the_next_message(waiting):
    waiting.say("lieber Rückruf", "request_human", 0.9)
    waiting.say("Donnerstag ab 15 Uhr")
    assert waiting.reply.data["handoff"] == {"step": "callback", "kind": "request_human", "when": "Donnerstag ab 15 Uhr"}


def test_who_asks_for_a_human_again_while_waiting_stays_in_the_queue(waiting):
    waiting.say("Ist da jetzt ein Mensch?", "request_human", 0.9)
    assert (waiting.step, waiting.state["human"]) == ("wish", "queued")
    assert waiting.say("ja bitte", "affirm", 0.9).step == "accept"


@pytest.mark.parametrize(("intent", "step"), BUTTONS)
def test_a_button_of_the_hand_off_takes_its_step(offered, intent, step):
    offered.click(intent)
    assert offered.step == step and "when" not in offered.reply.data["handoff"]
    assert offered.state["human"] == ("queued" if step in ("accept", "callback") else None)
    assert handoff.STEPS[intent] == step


def test_a_funding_result_offers_a_human_as_its_last_button(chat):
    chat.say("Unser Verein in Backnang sucht Fördermittel", "find_funding", 0.9)
    chat.click("show_result")
    assert chat.reply.outcome == "funding" and chat.reply.buttons[-1] == talk.HUMAN_BUTTON
    assert len(chat.reply.buttons) <= 20


def test_the_memory_of_an_offer_travels_through_the_gateway(offered):
    assert offered.state["human"] == "offered" and offered.state["asked"] == "human"


@pytest.mark.parametrize(
    "text",
    [
        "Bin ich noch in der Warteschlange?", "Wie lange dauert es denn noch?", "Wann komme ich dran?", "Welchen Platz habe ich?",
        "isch da no ebber, wie lang muss i no warta?", "Wann kommt endlich jemand?",
    ],
)  # fmt: skip
def test_who_waits_and_asks_how_that_stands_is_told_by_the_gateway(waiting, text):
    assert waiting.say(text).step == "wish"


@pytest.mark.parametrize("text", ["Wie lange dauert der Antrag?", "Wie lange gilt die Frist?", "Wann ist Antragsschluss?"])
def test_other_questions_of_somebody_who_waits_go_to_the_bot(waiting, text):
    assert waiting.say(text, "ask_deadline", 0.9).step is None


def test_who_does_not_wait_is_not_told_of_a_queue(chat):
    assert chat.say("Wie lange dauert es noch?").step is None
