"""Random sequences of citizen, bot, advisors, clock, crash: no message lost, none twice, one owner, no bot text while a human owns it."""

import uuid
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway import tokens
from gateway.conversation import Event
from gateway.database import Database
from gateway.errors import Refused
from gateway.handoff import desk
from gateway.handoff.limits import Limits
from gateway.handoff.sweep import sweep
from gateway.store import advisors, conversations, events, messages, turns
from gateway.store.handoffs import Request, Step
from gateway.store.messages import Message
from gateway.store.turns import Reply

T0 = 1_800_000_000_000
LIMITS = Limits()
ADVISORS = ("anna", "berta", "carla")
WAITS_MS = (1, 1_000, LIMITS.general_ms + 1, LIMITS.first_answer_ms + 1, LIMITS.queue_ms + 1, LIMITS.idle_ms + 1, LIMITS.left_ms + 1)


class Handoff(RuleBasedStateMachine):
    """One conversation. `said` is what was acknowledged to somebody, in the order of the acknowledgements."""

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.at, self.id, self.gateway = T0, tokens.new_id(), "g1"
        self.said, self.open, self.claimed = [], None, False
        self._connect()
        greeting = Event(self.id, 1, self.at, "bot", "Guten Tag")
        self.do(lambda c: conversations.create(c, tokens.hashed("t"), "web", "de", greeting))
        self.people = [self.do(lambda c, name=name: advisors.create(c, name, None, self.at)) for name in ADVISORS]

    def _connect(self):
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'c.db'}")
        self.database.migrate()

    def do(self, work):
        return self.database.write_now(work)

    def tried(self, work):
        """Carry out what an advisor wants; a refusal is an answer, too."""
        try:
            return self.do(work)
        except Refused:
            return None

    def teardown(self):
        self.database.close()
        self.folder.cleanup()

    @rule(repeats=st.integers(1, 2))
    def citizen_writes(self, repeats):
        key, text = str(uuid.uuid4()), f"Bürgerin {len(self.said)}"
        message = Message(self.id, key, text, "", tokens.digest("text", text))
        for _ in range(repeats):
            recorded = self.do(lambda c: messages.record(c, message, self.gateway, self.at, lambda: None))
            self.open = recorded.turn or self.open
        self.said.append(text)

    @rule(step=st.sampled_from(["queued", "queued", None, "offered", "bot"]))
    @precondition(lambda self: self.open is not None)
    def bot_answers(self, step):
        request = Request(tokens.new_id(), "allgemein", "request_human", None, None, "") if step == "queued" else None
        reply = Reply("Bot", {"outcome": "answer", "data": {}}, step=Step(step, request) if step else None)
        turn = self.open
        committed = self.do(lambda c: turns.commit(c, turn, reply, self.gateway, self.at))
        self.open = committed.next

    @rule(who=st.integers(0, 2))
    @precondition(lambda self: self.do(lambda c: conversations.state_of(c, self.id)) == "queued")
    def advisor_claims(self, who):
        self.do(lambda c: advisors.set_presence(c, self.people[who].id, "available", self.at))
        self.claimed = self.tried(lambda c: desk.claim(c, self.people[who], self.id, self.at)) is not None or self.claimed

    @rule(who=st.integers(0, 2), repeats=st.integers(1, 2))
    @precondition(lambda self: self.claimed)
    def advisor_writes(self, who, repeats):
        key, text = str(uuid.uuid4()), f"Beraterin {len(self.said)}"
        sent = [self.tried(lambda c: desk.write(c, self.people[who], self.id, key, text, self.at)) for _ in range(repeats)]
        if sent[0]:
            self.said.append(text)
            assert {one.seq for one in sent} == {sent[0].seq}

    @rule(who=st.integers(0, 2), what=st.sampled_from(["return", "close", "forward", "queue"]))
    @precondition(lambda self: self.claimed)
    def advisor_ends(self, who, what):
        person, colleague = self.people[who], self.people[(who + 1) % 3]
        acts = {
            "return": lambda c: desk.give_back(c, person, self.id, self.at),
            "close": lambda c: desk.close(c, person, self.id, "answered", self.at),
            "forward": lambda c: desk.forward(c, person, self.id, colleague.name, self.at, LIMITS),
            "queue": lambda c: desk.forward(c, person, self.id, "allgemein", self.at, LIMITS),
        }
        self.tried(acts[what])

    @rule(later=st.sampled_from(WAITS_MS))
    def time_passes(self, later):
        self.at += later
        self.do(lambda c: sweep(c, self.at, LIMITS))

    @rule()
    def gateway_crashes(self):
        """Everything in memory is gone; the next gateway takes up what is open."""
        self.database.close()
        self._connect()
        self.gateway, self.open = f"g{self.at}-{len(self.said)}", None
        found = self.do(lambda c: turns.claim_abandoned(c, self.gateway, self.at, alone=True))
        self.open = found[0] if found else None

    @invariant()
    def nothing_is_lost_and_nothing_twice(self):
        log = self.do(lambda c: events.after(c, self.id, 0))
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
        assert [event.text for event in log if event.speaker in ("citizen", "advisor")] == self.said

    @invariant()
    def the_bot_is_silent_while_a_human_owns_it(self):
        owner = "bot"
        for event in self.do(lambda c: events.after(c, self.id, 0)):
            if event.type == "state":
                owner = event.state["state"]
            assert not (event.speaker == "bot" and owner == "advisor"), event
            assert not (event.speaker == "advisor" and owner != "advisor"), event


TestHandoff = Handoff.TestCase
TestHandoff.settings = settings(max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
