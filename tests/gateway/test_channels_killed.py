"""kill -9 of a gateway with messengers: what was acknowledged is answered. Matrix shows nothing twice; Telegram at most the one message
that was on its way (docs/adr/0014: it knows no id by which it could tell that it has it already).
"""

import signal
import threading
from types import SimpleNamespace

import pytest

from gateway import turns
from gateway.channels import delivery, post_office
from gateway.clockwork import now_ms
from tests import bot_api, client_api
from tests.gateway.conftest import FakeRasa, custom, items, until
from tests.gateway.messengers import Phone, Room, matrix_settings, telegram_settings
from tests.gateway.test_durability import serve
from tests.gateway.test_replicas import URL, clean

LONG = " ".join(f"Das ist Satz {number} mit einem Ende." for number in range(290))  # three parts


class Held:
    """Holds up the answer to one message, which has been taken and is shown."""

    def __init__(self, api, words, number):
        self.is_there, self._goes_on, self._words, self._left = threading.Event(), threading.Event(), words, number
        api.taken = self._taken

    def ends(self):
        self._goes_on.set()

    def _taken(self, _, body):
        if self._words in (body.get("text") or body.get("body") or ""):
            self._left -= 1
            if self._left == 0:
                self.is_there.set()
                self._goes_on.wait(30)


class Side:
    """A messenger with three people: who is being shown a long answer, who waits for the bot, and who has just written."""

    def __init__(self, person, settings, api, url):
        gateway = SimpleNamespace(url=url)
        self.settings = settings(api)
        self.shown, self.waiting, self.written = (person(gateway, api) for _ in range(3))
        self.held = Held(api, "Das ist Satz", 2)

    def begins(self):
        self.shown.say("Bitte alles")
        self.waiting.say("Bitte langsam")

    def times_shown(self):
        """Wait for all parts of the long answer, and return how often each was shown."""
        until(lambda: " ".join(dict.fromkeys(self.shown.texts[1:])) == LONG)
        parts = self.shown.texts[1:]
        return [parts.count(part) for part in dict.fromkeys(parts)]


@pytest.fixture
def sides(env):
    url = f"http://127.0.0.1:{env['PORT']}"
    with bot_api.serving() as telegram, client_api.serving() as matrix:
        yield [Side(Phone, telegram_settings, telegram, url), Side(Room, matrix_settings, matrix, url)]


@pytest.fixture
def run(env, sides):
    """Run a gateway as a process of its own, and kill it."""
    running = []

    def begin(**more):
        running.append(serve(env | sides[0].settings | sides[1].settings | more))

    def kill():
        process = running.pop()
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    begin.kill = kill
    yield begin
    while running:
        kill()


def kill_in_the_middle(run, sides, rasa):
    """Kill it while it shows the second part of a long answer, waits for the bot, and waits for texts that may still come."""
    rasa.answer = _answer
    for side in sides:
        side.begins()
    for side in sides:
        assert side.held.is_there.wait(15)
    until(lambda: sum(one["message"] == "Bitte langsam" for one in rasa.received) == len(sides))
    for side in sides:
        side.written.say("Frage 1")  # acknowledged
    run.kill()
    rasa.answer = FakeRasa.well
    for side in sides:
        side.held.ends()


def _answer(message):
    """Answer well, at length, or not at all."""
    if message["message"] == "Bitte alles":
        plain = {"outcome": "smalltalk", "entries": [], "sources": [], "data": {}}
        return 200, items(custom(LONG, answer=plain, buttons=[])), 0.0
    return (*FakeRasa.well(message)[:2], 30.0 if message["message"] == "Bitte langsam" else 0.0)


def test_what_was_acknowledged_is_answered_after_kill_9(run, sides, start, rasa, env):
    run()
    kill_in_the_middle(run, sides, rasa)
    start(**sides[0].settings, **sides[1].settings, DATA_DIR=env["DATA_DIR"])
    for side in sides:
        side.waiting.hears("Antwort 1")
        side.written.hears("Antwort 1")
        assert side.waiting.answers() == side.written.answers() == ["Antwort 1"]
    assert [side.times_shown() for side in sides] == [[1, 2, 1], [1, 1, 1]]
    assert sum(one["message"] == "Frage 1" for one in rasa.received) == len(sides)


@pytest.mark.skipif(not URL, reason="needs PostgreSQL: TEST_DATABASE_URL")
def test_another_gateway_goes_on_where_one_was_killed(run, sides, start, rasa, monkeypatch):
    """It waits until the dead one's hold and lease are over: a minute, by its clock."""
    clean()
    run(DATABASE_URL=URL)
    kill_in_the_middle(run, sides, rasa)
    monkeypatch.setattr(turns, "RECOVER_EVERY_S", 0.2)
    start(**sides[0].settings, **sides[1].settings, DATABASE_URL=URL)
    for side in sides:
        side.written.hears("Antwort 1")
        assert len(side.shown.texts) == 3 and side.waiting.answers() == []
    for module in (delivery, post_office, turns):
        monkeypatch.setattr(module, "now_ms", lambda: now_ms() + 61_000)
    for side in sides:
        side.waiting.hears("Antwort 1")
        assert side.waiting.answers() == side.written.answers() == ["Antwort 1"]
    assert [side.times_shown() for side in sides] == [[1, 2, 1], [1, 1, 1]]
