"""A citizen asks over the public contract; gateway, Rasa, actions and the real knowledge base answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

OUTCOMES = {"answer", "list", "clarify", "form", "funding", "handoff", "callback", "smalltalk", "out_of_scope", "not_understood", "error"}
QUESTIONS = {
    "Wie viel Geld gibt es bei Quartiersimpulse?": ("quartiersimpulse", "85.000"),
    "Bis wann kann man Quartiersimpulse beantragen?": ("quartiersimpulse", "14. August 2026"),
    "Wie viel Geld gibt es beim Beteiligungstaler?": ("beteiligungstaler", "2.000"),
    "Was bedeutet Daseinsvorsorge?": ("glossar-daseinsvorsorge", "Daseinsvorsorge"),
    "Was ist ein Quartier?": ("glossar-quartier", "Quartier"),
    "Wer kann die Nachbarschaftsgespräche nutzen?": ("nachbarschaftsgespraeche", "Initiativen"),
    "Was bedeutet Inklusion?": ("glossar-inklusion", "Inklusion"),
    "Bis wann kann man beim LAKS-Programm Soziokultur Anträge stellen?": ("soziokultur-laks", "31. Januar 2027"),
}


def test_a_question_gets_a_sourced_answer_in_the_agreed_form(citizen):
    event = citizen.ask("Wie viel Geld gibt es bei Quartiersimpulse?")
    assert set(event) == {"seq", "at", "from", "type", "text", "buttons", "answer"}
    assert (event["from"], event["type"], event["answer"]["outcome"]) == ("bot", "message", "answer")
    assert event["answer"]["entries"][0] == "quartiersimpulse"
    assert "85.000" in event["text"] and "Stand" in event["text"] and len(event["text"]) <= 1000
    assert event["answer"]["sources"] and all(source["title"] and "as_of" in source for source in event["answer"]["sources"])
    assert event["at"].startswith("2026-11-22T10:")


def test_the_greeting_says_that_a_machine_speaks_and_offers_topics(citizen):
    [greeting] = citizen.greeting
    assert "Computerprogramm" in greeting["text"] and "Datenschutz" in greeting["text"]
    assert greeting["seq"] == 1 and len(greeting["buttons"]) >= 3


def test_a_button_of_the_greeting_works(citizen):
    event = citizen.press(citizen.greeting[0], 1)
    assert event["answer"]["outcome"] in {"list", "answer", "clarify"} and event["answer"]["entries"]


def test_a_button_of_an_answer_keeps_the_topic(citizen):
    answer = citizen.ask("Wie viel Geld gibt es bei Quartiersimpulse?")
    assert answer["buttons"]
    for number in range(len(answer["buttons"])):
        assert citizen.press(answer, number)["answer"]["entries"][0] == "quartiersimpulse"


def test_a_button_of_another_conversation_is_refused(service, citizen):
    payload = service.citizen().ask("Wie viel Geld gibt es bei Quartiersimpulse?")["buttons"][0]["payload"]
    refused = citizen.send(payload=payload)
    assert (refused.status_code, refused.json()["field"]) == (422, "payload")


def test_a_follow_up_keeps_the_topic(citizen):
    citizen.ask("Wie viel Geld gibt es beim Beteiligungstaler?")
    event = citizen.ask("und bis wann?")
    assert event["answer"]["entries"] == ["beteiligungstaler"] and event["answer"]["outcome"] == "answer"


def test_a_new_question_leaves_the_old_topic(citizen):
    citizen.ask("Wie viel Geld gibt es beim Beteiligungstaler?")
    assert citizen.ask("Bis wann kann man Quartiersimpulse beantragen?")["answer"]["entries"] == ["quartiersimpulse"]


@pytest.mark.parametrize("language", ["de", "de-simple"])
@pytest.mark.parametrize("said", ["Hilfe, meine Oma atmet nicht mehr!", "Ich will nicht mehr leben."])
def test_an_emergency_gets_the_fixed_text(service, said, language):
    event = service.citizen(language).ask(said)
    assert event["answer"]["outcome"] == "out_of_scope" and event["answer"]["data"]["emergency"] is True
    assert all(number in event["text"] for number in ("112", "110", "0800 1110111", "116 016"))
    assert event["answer"]["entries"] == [] and event["buttons"] == []


def test_an_emergency_is_recognised_in_the_middle_of_a_conversation(citizen):
    citizen.ask("Wie viel Geld gibt es beim Beteiligungstaler?")
    assert citizen.ask("Es brennt bei uns im Haus")["answer"]["data"]["emergency"] is True
    assert citizen.ask("Was ist ein Quartier?")["answer"]["outcome"] == "answer"


def test_every_turn_ends_in_a_known_outcome_and_the_log_has_no_gap(citizen):
    for said in (
        "Hallo",
        "Danke!",
        "Was kostet ein Hotelzimmer im Quartier?",
        "asdf qwer",
        "Ich möchte einen Menschen sprechen",
        "Was ist ein Quartier?",
    ):
        assert citizen.ask(said)["answer"]["outcome"] in OUTCOMES
    events = citizen.call("GET", "/events", params={"after": 0}).json()["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def test_a_hundred_parallel_conversations_all_get_their_own_right_answer(service):
    asked = (list(QUESTIONS) * 13)[:100]
    with ThreadPoolExecutor(len(asked)) as crowd:
        answers = list(crowd.map(lambda text: service.citizen().ask(text), asked))
    wrong = [
        (text, event["answer"]["outcome"], event["answer"]["entries"])
        for text, event in zip(asked, answers, strict=True)
        if event["answer"]["entries"][:1] != [QUESTIONS[text][0]] or QUESTIONS[text][1] not in event["text"]
    ]
    assert not wrong


def test_many_parallel_conversations_keep_their_own_topics(service):
    def talk(topic: tuple[str, str]) -> list[str]:
        speaker = service.citizen()
        speaker.ask(topic[0])
        return speaker.ask("und bis wann?")["answer"]["entries"]

    topics = [
        ("Wie viel Geld gibt es bei Quartiersimpulse?", "quartiersimpulse"),
        ("Wie viel Geld gibt es beim Beteiligungstaler?", "beteiligungstaler"),
    ] * 15
    with ThreadPoolExecutor(len(topics)) as crowd:
        assert list(crowd.map(talk, topics)) == [[entry] for _, entry in topics]
