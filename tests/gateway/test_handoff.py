"""Hand-off over the contract: consent, queue, claim, writing, forward, return, close, callback. Nothing is lost on the way."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import sqlalchemy as sa

from gateway import tokens
from gateway.clockwork import now_ms
from gateway.store import advisors, callbacks, counts, desk_sessions, desk_settings, erasure
from gateway.tables import ADVISORS, METADATA
from tests.gateway.conftest import custom, items

ALWAYS = {"week": {day: [["00:00", "23:59"]] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}, "exceptions": {}}
NEVER = {"week": {}, "exceptions": {}}


class Advisor:
    """One advisor at the desk, as its pages use the contract."""

    def __init__(self, gateway, name=None, role="advisor", queues=("allgemein",), state="available"):
        self.gateway, self.name = gateway, name or f"Beraterin {uuid.uuid4().hex[:8]}"
        database = gateway.services.database
        self.id = database.write_now(lambda c: advisors.create(c, self.name, None, now_ms(), role, list(queues))).id
        token, self.csrf = tokens.new_token(), tokens.new_token()
        database.write_now(lambda c: self._log_in(c, token))
        self.cookies = {"session": token, "csrf": self.csrf}
        self.be(state)

    def _log_in(self, connection, token):
        known = advisors.credentials(connection, self.name)
        assert desk_sessions.open(connection, known, tokens.hashed(token), self.csrf, now_ms(), now_ms() + 3_600_000)

    def call(self, method, path, **options):
        headers = {"X-CSRF-Token": self.csrf}
        url = f"{self.gateway.url}/api/v1/desk{path}"
        return requests.request(method, url, cookies=self.cookies, headers=headers, timeout=30, **options)

    def be(self, state):
        assert self.call("PUT", "/presence", json={"state": state}).status_code == 204

    def claim(self, citizen):
        return self.call("POST", f"/conversations/{citizen.id}/claim")

    def write(self, citizen, text, client_id=None):
        body = {"client_id": client_id or str(uuid.uuid4()), "text": text}
        return self.call("POST", f"/conversations/{citizen.id}/messages", json=body)

    def act(self, citizen, what, **body):
        return self.call("POST", f"/conversations/{citizen.id}/{what}", json=body)


def wish(step, **more):
    """What the action answers to a wish for a human."""
    answer = {"outcome": "callback", "entries": [], "sources": [], "data": {"handoff": {"step": step} | more}}
    return custom("Diese Stellen helfen Ihnen: 115", answer=answer, buttons=[])


@pytest.fixture
def hours(gateway):
    """Set the opening hours for a test; afterwards they are the usual ones."""

    def set_to(document):
        gateway.services.database.write_now(lambda c: desk_settings.write(c, "hours", document, now_ms()))

    set_to(ALWAYS)
    yield set_to
    set_to(ALWAYS)


@pytest.fixture
def nobody(gateway):
    """Nobody is there from earlier tests, and nobody waits."""
    gateway.services.database.write_now(lambda c: c.execute(sa.update(ADVISORS).values(presence="away")))


@pytest.fixture
def advisor(gateway, hours, nobody):
    return Advisor(gateway)


@pytest.fixture
def bot(rasa):
    """Let the bot answer with one reply object."""

    def answers(*customs):
        replies = list(customs)
        rasa.answer = lambda message: (200, items(replies.pop(0) if len(replies) > 1 else replies[0]), 0.0)

    return answers


def queued(citizen, bot, **more):
    bot(wish("wish", kind="request_human", **more))
    citizen.say("Ich möchte mit einem Menschen sprechen")
    bot(wish("accept", kind="request_human", **more))
    answered = citizen.send(text="Ja, einverstanden").json()["events"]
    assert [e.get("state") for e in answered if e["type"] == "state"] == ["queued"], answered
    bot(custom())
    return answered


def states(citizen):
    return [e["state"] for e in citizen.events() if e["type"] == "state"]


def test_asking_for_a_human_asks_for_consent_and_then_queues(advisor, citizen, bot):
    bot(wish("wish", kind="request_human"))
    offered = citizen.say("Kann ich mit einem Menschen sprechen?")
    assert (offered["answer"]["outcome"], offered["answer"]["data"]["step"]) == ("handoff", "consent")
    assert "30 Tage" in offered["text"] and "Beratungsstelle" in offered["text"]
    assert citizen.call("GET", "/events").json()["state"] == "bot"
    bot(wish("accept", kind="request_human"))
    told, state = citizen.send(text="Ja").json()["events"]
    assert told["answer"]["outcome"] == "handoff" and "Platz 1" in told["text"]
    assert (state["state"], state["position"]) == ("queued", 1)
    assert "handoff" not in told["answer"]["data"]


def test_a_refusal_goes_on_with_the_bot(advisor, citizen, bot):
    bot(wish("wish"))
    citizen.say("Ich will einen Menschen")
    bot(wish("decline"))
    citizen.say("Nein, lieber nicht")
    bot(custom())
    assert citizen.say("Was sind Quartiersimpulse?")["answer"]["outcome"] == "answer"
    assert states(citizen) == []


def test_asking_outside_opening_hours_offers_a_callback(advisor, citizen, bot, hours):
    hours(NEVER)
    bot(wish("wish"))
    offered = citizen.say("Ist da noch jemand?")
    assert (offered["answer"]["outcome"], offered["answer"]["data"]["step"]) == ("callback", "offer")
    assert "115" in offered["text"]


def test_asking_while_nobody_is_there_offers_a_callback(gateway, hours, nobody, citizen, bot):
    Advisor(gateway, state="away")
    bot(wish("wish"))
    assert citizen.say("Ist da jemand?")["answer"]["outcome"] == "callback"


def test_availability_is_looked_up_again_at_the_consent(advisor, citizen, bot, hours):
    bot(wish("wish"))
    citizen.say("Ist da jemand?")
    hours(NEVER)
    bot(wish("accept"))
    assert citizen.say("Ja, bitte")["answer"]["data"]["step"] == "contact"
    assert states(citizen) == []


def test_the_bot_goes_on_answering_while_queued_and_is_silent_afterwards(advisor, citizen, bot, rasa):
    queued(citizen, bot)
    assert citizen.say("Und was sind Quartiersimpulse?")["answer"]["outcome"] == "answer"
    assert advisor.claim(citizen).status_code == 200
    before = len(rasa.received)
    assert citizen.send(text="Hallo, sind Sie da?").json()["events"] == []
    assert len(rasa.received) == before
    assert states(citizen) == ["queued", "advisor"]


def test_of_twenty_advisors_claiming_at_once_exactly_one_gets_it(gateway, advisor, citizen, bot):
    everybody = [advisor, *(Advisor(gateway) for _ in range(19))]
    queued(citizen, bot)
    barrier = threading.Barrier(20)

    def claim(one):
        barrier.wait()
        return one.claim(citizen).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(claim, everybody))
    assert statuses == [200] + [409] * 19
    assert states(citizen).count("advisor") == 1


def test_the_same_advisor_may_claim_twice(advisor, citizen, bot):
    queued(citizen, bot)
    assert [advisor.claim(citizen).status_code for _ in range(2)] == [200, 200]
    assert states(citizen).count("advisor") == 1


def test_the_package_holds_what_the_bot_knows(advisor, citizen, bot):
    bot(custom())
    citizen.say("Was sind Quartiersimpulse?")
    queued(citizen, bot, topic="Quartiersimpulse")
    citizen.call("PATCH", json={"profile": {"applicant": "gemeinde", "place": "Herrenberg"}})
    [waiting] = [q for q in advisor.call("GET", "/queue").json() if q["conversation"] == citizen.id]
    assert (waiting["queue"], waiting["topic"], waiting["channel"]) == ("allgemein", "Quartiersimpulse", "web")
    package = advisor.claim(citizen).json()
    assert {"summary", "last_turns", "profile", "results", "entries", "language", "channel", "consent_at"} <= set(package)
    assert package["profile"]["applicant"] == "gemeinde" and package["entries"] == ["quartiersimpulse"]
    assert [t["from"] for t in package["last_turns"]][:2] == ["bot", "citizen"]


def test_contact_details_are_masked_until_the_claim(advisor, citizen, bot):
    bot(custom())
    citizen.say("Meine Nummer ist 0711 1234567, Mail oma@example.org")
    queued(citizen, bot)
    before = advisor.call("GET", f"/conversations/{citizen.id}/package").text + advisor.call("GET", "/queue").text
    assert "1234567" not in before and "oma@" not in before
    assert "1234567" in advisor.claim(citizen).text


def test_an_advisor_writes_once_per_client_id(advisor, citizen, bot):
    queued(citizen, bot)
    advisor.claim(citizen)
    key = str(uuid.uuid4())
    first, again = (advisor.write(citizen, "Guten Tag!", key) for _ in range(2))
    assert (first.status_code, first.json()) == (202, again.json())
    assert advisor.write(citizen, "Etwas anderes", key).status_code == 409
    said = [e["text"] for e in citizen.events() if e["from"] == "advisor"]
    assert said == ["Guten Tag!"]


def test_nobody_but_the_owner_writes(gateway, advisor, citizen, bot):
    queued(citizen, bot)
    other = Advisor(gateway)
    assert other.write(citizen, "Halt").status_code == 409
    advisor.claim(citizen)
    assert other.write(citizen, "Halt").status_code == 409
    for what, body in (("return", {}), ("close", {"reason": "answered"}), ("forward", {"to": "allgemein"})):
        assert other.act(citizen, what, **body).status_code == 409


def test_another_queues_conversation_is_not_seen(gateway, advisor, citizen, bot):
    queued(citizen, bot)
    stranger = Advisor(gateway, queues=("pflege",))
    assert citizen.id not in stranger.call("GET", "/queue").text
    assert stranger.claim(citizen).status_code == 403
    assert stranger.call("GET", f"/conversations/{citizen.id}/package").status_code == 403
    lead = Advisor(gateway, role="lead", queues=("pflege",))
    assert citizen.id in lead.call("GET", "/queue").text


def test_the_log_is_seen_only_once_claimed(advisor, citizen, bot):
    queued(citizen, bot)
    assert advisor.call("GET", f"/conversations/{citizen.id}/events").status_code == 409
    advisor.claim(citizen)
    log = advisor.call("GET", f"/conversations/{citizen.id}/events").json()
    assert log["state"] == "advisor" and [e["seq"] for e in log["events"]] == list(range(1, len(log["events"]) + 1))


def test_returning_lets_the_bot_go_on_with_the_profile(advisor, citizen, bot):
    queued(citizen, bot)
    citizen.call("PATCH", json={"profile": {"applicant": "verein"}})
    advisor.claim(citizen)
    assert advisor.act(citizen, "return").status_code == 204
    *_, state, said = citizen.events()
    assert state["state"] == "bot" and said["from"] == "bot" and "Maschine" in said["text"]
    assert citizen.call("PATCH", json={"profile": {"phase": "idee"}}).json()["profile"]["applicant"] == "verein"
    bot(custom("Nur für die Bürgerin"))
    assert citizen.say("Danke. Und wie hoch ist der Zuschuss?")["answer"]["outcome"] == "answer"
    assert "Nur für die Bürgerin" not in advisor.call("GET", f"/conversations/{citizen.id}/events").text


def test_a_rating_of_the_talk_is_counted_once_per_conversation(gateway, advisor, citizen, bot):
    def ratings():
        found = gateway.services.database.read_now(lambda c: counts.between(c, 0, 10**9))
        return sum(number for *_, measure, number in found if measure.startswith("rating:"))

    queued(citizen, bot)
    advisor.claim(citizen)
    advisor.act(citizen, "return")
    before = ratings()
    for stars in (5, 4):
        assert citizen.call("POST", "/feedback", json={"rating": stars}).status_code == 204
    assert ratings() == before + 1


def test_a_message_to_a_closed_conversation_goes_to_the_bot(advisor, citizen, bot):
    queued(citizen, bot)
    advisor.claim(citizen)
    assert advisor.act(citizen, "close", reason="because").status_code == 422
    assert advisor.act(citizen, "close", reason="answered").status_code == 204
    assert states(citizen)[-1] == "closed"
    bot(custom())
    assert citizen.say("Noch etwas")["answer"]["outcome"] == "answer"
    assert states(citizen)[-1] == "bot"
    assert advisor.write(citizen, "Zu spät").status_code == 404


def test_forwarding_to_somebody_who_is_not_there_is_refused(gateway, advisor, citizen, bot):
    queued(citizen, bot)
    advisor.claim(citizen)
    away = Advisor(gateway, state="away")
    assert advisor.act(citizen, "forward", to=away.name).status_code == 409
    assert advisor.act(citizen, "forward", to="pflege").status_code == 409
    colleague = Advisor(gateway)
    assert advisor.act(citizen, "forward", to=colleague.name).status_code == 204
    assert advisor.write(citizen, "Noch ich").status_code == 409
    assert colleague.write(citizen, "Guten Tag, jetzt ich").status_code == 202


def test_forwarding_to_a_queue_lets_the_citizen_wait_there(gateway, advisor, citizen, bot):
    Advisor(gateway, queues=("pflege",))
    queued(citizen, bot)
    advisor.claim(citizen)
    assert advisor.act(citizen, "forward", to="pflege").status_code == 204
    assert states(citizen)[-1] == "queued"


def test_cancelling_gives_the_place_free(advisor, citizen, bot):
    queued(citizen, bot)
    bot(wish("cancel"))
    citizen.send(text="Ich will nicht mehr warten")
    assert states(citizen)[-1] == "bot"
    assert citizen.id not in advisor.call("GET", "/queue").text


def test_notes_are_never_shown_to_the_citizen(advisor, citizen, bot):
    queued(citizen, bot)
    advisor.claim(citizen)
    assert advisor.act(citizen, "note", text="Ruft morgen noch einmal an").status_code == 204
    assert "Ruft morgen" not in str(citizen.events())
    assert "Ruft morgen" not in citizen.call("GET", "/transcript").text


def test_a_callback_is_a_record_and_the_bot_goes_on(advisor, citizen, bot):
    queued(citizen, bot)
    body = {"name": "Erna Beispiel", "phone": "07071 123456", "when": "Montag Vormittag"}
    assert citizen.call("POST", "/callback", json=body).status_code == 204
    assert states(citizen)[-1] == "bot"
    assert "Erna" not in str(citizen.events()) and "123456" not in str(citizen.events())
    assert citizen.say("Und was sind Quartiersimpulse?")["answer"]["outcome"] == "answer"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Erna"}, "phone"),
        ({"phone": "0711 1234"}, "name"),
        ({"name": "", "phone": "0711 1234"}, "name"),
        ({"name": "Erna", "phone": "nicht"}, "phone"),
        ({"name": "Erna", "email": "erna.example"}, "email"),
        ({"name": "Erna", "phone": "0711 1234", "street": "x"}, "street"),
    ],
)
def test_a_callback_that_cannot_be_kept_is_refused_with_its_field(citizen, body, field):
    refused = citizen.call("POST", "/callback", json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


def test_a_case_number_with_its_secret_gives_the_conversation_and_erases_it(gateway, advisor, citizen, bot):
    assert citizen.call("GET", "/case").status_code == 404
    queued(citizen, bot)
    key = citizen.call("GET", "/case").json()
    assert key["secret"] not in str(citizen.events())
    cases = f"{gateway.url}/api/v1/cases"
    assert "Maschine" in requests.post(f"{cases}/transcript", json=key, timeout=10).text
    wrong = key | {"secret": "aaaa-bbbb-cccc"}
    assert requests.post(f"{cases}/transcript", json=wrong, timeout=10).status_code == 404
    assert requests.post(f"{cases}/erase", json=key, timeout=10).status_code == 204
    assert citizen.call("GET", "/events").status_code == 404
    guesses = [requests.post(f"{cases}/transcript", json=wrong, timeout=10).status_code for _ in range(10)]
    assert guesses[-1] == 429


def test_without_a_session_there_is_no_desk(gateway):
    assert gateway.session.get(f"{gateway.url}/api/v1/desk/queue", timeout=10).status_code == 401


def test_erasing_while_a_human_owns_it_leaves_no_trace_in_any_table(gateway, advisor, citizen, bot):
    queued(citizen, bot)
    body = {"name": "Kanarienvogel", "email": "kanarienvogel@example.org", "when": "kanarienvogel"}
    assert citizen.call("POST", "/callback", json=body).status_code == 204
    queued(citizen, bot)
    advisor.claim(citizen)
    advisor.act(citizen, "note", text="Kanarienvogel")
    advisor.write(citizen, "Guten Tag, Frau Kanarienvogel")
    assert citizen.call("DELETE").status_code == 204
    assert advisor.write(citizen, "Noch da?").status_code == 404

    def traces(connection):
        kept = [t for t in METADATA.sorted_tables if t.name not in ("tombstones", "audit")]
        rows = {table.name: str(connection.execute(sa.select(table)).all()) for table in kept}
        return [name for name, found in rows.items() if citizen.id in found or "anarienvogel" in found]

    assert gateway.services.database.read_now(traces) == []


def test_a_conversation_with_a_human_is_kept_thirty_days_and_a_promised_callback_longer(gateway, advisor, citizen, bot):
    queued(citizen, bot)
    database, limits = gateway.services.database, gateway.services.settings
    assert limits.retention_handoff_days == 30
    later = now_ms() + 1
    assert citizen.id not in database.write_now(lambda c: erasure.expire(c, later, later))
    assert citizen.call("POST", "/callback", json={"name": "Erna", "phone": "0711 1234"}).status_code == 204
    later = now_ms() + 1
    assert citizen.id not in database.write_now(lambda c: erasure.expire(c, later, later, with_human=True))
    database.write_now(lambda c: callbacks.done(c, citizen.id, advisor.id, later))
    assert citizen.id in database.write_now(lambda c: erasure.expire(c, later, later, with_human=True))
