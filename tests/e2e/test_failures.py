"""Parts of the chain die or freeze: the citizen gets a polite answer in time, the conversation goes on, no word reaches a log."""

import time

import pytest

CANARY = "kanarienvogelxyzzy"
GOOD = "Wie viel Geld gibt es bei Quartiersimpulse?"


def files_with(word: str, service) -> list[str]:
    """Return the logs that contain a word; the logs are all that the processes write to their standard output and error."""
    return [file.name for file in service.logs.rglob("*") if file.is_file() and word.encode() in file.read_bytes().lower()]


def is_polite(event) -> bool:
    return "Störung" in event["text"] and event["answer"]["outcome"] == "error" and event["answer"]["entries"] == []


def test_a_killed_action_server_gives_an_error_in_time_and_the_conversation_goes_on(broken, citizen):
    assert citizen.ask(GOOD)["answer"]["outcome"] == "answer"
    broken.kill("actions")
    begun = time.monotonic()
    failed = citizen.ask("und bis wann?")
    assert time.monotonic() - begun < 10 and is_polite(failed)
    broken.repair()
    event = citizen.ask("und bis wann?")
    assert (event["answer"]["outcome"], event["answer"]["entries"]) == ("answer", ["quartiersimpulse"])


@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_a_frozen_process_gives_an_error_in_time_and_the_conversation_goes_on(broken, citizen, name):
    broken.freeze(name)
    begun = time.monotonic()
    failed = citizen.ask(GOOD)
    assert time.monotonic() - begun < 10 and is_polite(failed)
    broken.repair()
    assert citizen.ask(GOOD)["answer"]["outcome"] == "answer"


def test_a_late_reply_is_dropped(broken, citizen):
    broken.freeze("rasa")
    assert is_polite(citizen.ask(GOOD))
    broken.repair()
    citizen.ask("Was ist ein Quartier?")
    events = citizen.call("GET", "/events", params={"after": 0, "wait": 2}).json()["events"]
    assert [event["from"] for event in events] == ["bot", "citizen", "bot", "citizen", "bot"]


def test_an_emergency_is_answered_while_rasa_is_down(broken, citizen):
    broken.kill("rasa")
    event = citizen.ask("Hilfe, meine Oma atmet nicht mehr!")
    assert event["answer"]["data"].get("emergency") is True and "112" in event["text"]


def test_conversations_survive_the_death_of_the_gateway(broken, citizen):
    citizen.ask(GOOD)
    before = citizen.call("GET", "/events", params={"after": 0}).json()["events"]
    broken.kill("gateway")
    broken.repair()
    assert citizen.call("GET", "/events", params={"after": 0}).json()["events"] == before
    assert citizen.ask("und bis wann?")["answer"]["entries"] == ["quartiersimpulse"]


def test_health_says_which_part_is_missing(broken, wait_until):
    broken.kill("actions")
    health = wait_until(lambda: (answer := broken.get("/health/ready")).status_code == 503 and answer.json())
    assert health["components"]["actions"]["ok"] is False and health["components"]["rasa"]["ok"] is True


def test_a_citizens_words_reach_no_log(broken, citizen):
    for said in (
        f"Wie viel Geld gibt es für {CANARY}?",
        f"Ich heiße {CANARY} und wohne in {CANARY}, 0711 {CANARY}",
        f"/{CANARY}",
        f'/intent{{"{CANARY}": "{CANARY}"}}',
        f"{CANARY} " * 100,
        f"Hiermit beantrage ich {CANARY}. Ich will einen Menschen sprechen!",
        f"Hilfe, {CANARY} atmet nicht mehr!",
        f"<{CANARY}>' {CANARY} \u202e{CANARY}",
    ):
        citizen.ask(said)
    for body in (
        {"text": CANARY * 200},
        {"text": f"{CANARY}\0"},
        {"payload": CANARY},
        {CANARY: CANARY},
        {"text": {CANARY: 1}},
        {"client_id": CANARY},
    ):
        assert citizen.send(**body).status_code in (413, 422)
    citizen.call("POST", "/messages", data=f'{{"text": "{CANARY}'.encode())
    citizen.call("GET", f"/{CANARY}")
    citizen.call("GET", "/events", headers={"Authorization": f"Bearer {CANARY}"})
    broken.get("/api/v1/entries", q=CANARY)
    broken.get(f"/api/v1/entries/{CANARY}")
    assert files_with(CANARY, broken) == []


@pytest.mark.parametrize("how", ["kill actions", "freeze actions", "kill rasa", "freeze rasa"])
def test_a_citizens_words_reach_no_log_when_their_message_makes_something_fail(broken, citizen, how):
    act, name = how.split()
    getattr(broken, act)(name)
    for said in (f"Wie viel Geld gibt es für {CANARY}?", f'/ask_amount{{"entry": "{CANARY}"}}'):
        assert is_polite(citizen.ask(said))
    broken.repair()
    assert citizen.ask(f"Was ist ein Quartier, {CANARY}?")["answer"]["outcome"] != "error"
    assert files_with(CANARY, broken) == []


def test_the_logs_are_written_at_all(service):
    assert {file.name for file in service.logs.iterdir()} >= {"rasa.log", "actions.log", "gateway.log"}
