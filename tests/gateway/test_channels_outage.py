"""A messenger that is away for ten minutes, and a gateway that is: nothing is lost, nothing is shown twice, nobody is besieged.

The channels' clock is moved from one try to the next; what a channel does when it fails once stands in test_telegram and test_matrix.
"""

import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import aiohttp
import pytest
import requests
import sqlalchemy as sa

from gateway.channels import delivery, intake, looking, matrix, messenger, post_office, telegram
from gateway.clockwork import now_ms
from gateway.store import inbox
from gateway.tables import CHATS, CONVERSATIONS, INBOX
from tests import bot_api, client_api
from tests.client_api import BOT
from tests.gateway.conftest import until
from tests.gateway.messengers import NUMBERS, SECRET, Phone, Room, matrix_settings, telegram_settings

MINUTE = 60_000
NOBODY_LISTENS = "http://127.0.0.1:9"


class Clock:
    """The channels' clock."""

    def __init__(self):
        self.ahead = 0

    def __call__(self):
        return now_ms() + self.ahead


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    for module in (delivery, looking, post_office):
        monkeypatch.setattr(module, "now_ms", made)
    monkeypatch.setattr(post_office, "EVERY_S", 0.02)
    return made


@pytest.fixture(params=["telegram", "matrix"])
def channel(request):
    return request.param


class World:
    """A gateway with one messenger, the messenger's other side, and people there."""

    def __init__(self, start, channel, api, clock, **env):
        settings, self._person = {
            "telegram": (telegram_settings, Phone),
            "matrix": (matrix_settings, Room),
        }[channel]
        self.channel, self.api, self.clock, self.settings = channel, api, clock, settings(api)
        self.gateway = start(**self.settings, **env)

    def person(self):
        return self._person(self.gateway, self.api)

    @property
    def office(self):
        return self.gateway.services.office

    @property
    def out(self):
        """The way out."""
        return self.office.messengers[self.channel]

    def answered(self, person):
        """Return how many answers stand in the log of somebody's conversation."""
        return sum(event.text.startswith("Antwort") for event in person.log())

    def waits(self):
        """Return when the chats with something to deliver are tried next, and those that have to be looked at."""
        behind = sa.select(CHATS.c.next_at).join(CONVERSATIONS, CONVERSATIONS.c.id == CHATS.c.conversation)
        behind = behind.where(CONVERSATIONS.c.last_seq > CHATS.c.sent_seq)
        unseen = sa.select(sa.func.max(INBOX.c.next_at)).where(INBOX.c.waits, INBOX.c.kind.in_(inbox.LOOKS)).group_by(INBOX.c.address)
        both = sa.union_all(behind, unseen)
        return self.gateway.services.database.read_now(lambda c: c.execute(both).scalars().all())

    def is_still(self):
        """Say whether everything that is due has been tried."""
        is_due = any(at <= self.clock() for at in self.waits())
        return not (is_due or self.office._sending[self.channel] or self.office._looks._under_way)

    def passes(self, ms):
        """Let time pass, from one try to the next."""
        ends = self.clock() + ms
        while (left := ends - self.clock()) > 0:
            until(self.is_still)
            nearest = min(self.waits(), default=ends)
            self.clock.ahead += max(1, min(left, nearest + 500 - self.clock()))
        until(self.is_still)


@pytest.fixture
def api(channel):
    with {"telegram": bot_api, "matrix": client_api}[channel].serving() as made:
        yield made


@pytest.fixture
def world(start, channel, api, clock, monkeypatch):
    monkeypatch.setattr(intake, "JOIN_MS", 50)
    return World(start, channel, api, clock)


def silence():
    """Take a call, and say nothing for longer than anybody waits here."""
    threading.Event().wait(0.4)


TOO_MANY = {
    "telegram": bot_api.too_many(300),
    "matrix": (429, {"errcode": "M_LIMIT_EXCEEDED", "error": "no", "retry_after_ms": 300_000}),
}
OUTAGES = {
    "silent": lambda channel: silence,
    "hangs up": lambda channel: lambda: None,
    "bad gateway": lambda channel: lambda: (502, b"<html>Bad Gateway</html>"),
    "a page of a proxy": lambda channel: lambda: (200, b"<html>We are back soon</html>"),
    "too many": lambda channel: lambda: TOO_MANY[channel],
}


ADDRESS = {"telegram": "api", "matrix": "homeserver"}


def go_away(world, kind):
    """Begin an outage; the gateway has talked with the other side before."""
    if kind == "refuses":
        world.out.account = replace(world.out.account, **{ADDRESS[world.channel]: NOBODY_LISTENS})
        return
    world.api.outage = OUTAGES[kind](world.channel)
    if kind == "silent":
        world.out._session._timeout = aiohttp.ClientTimeout(total=0.2)


def come_back(world):
    world.out.account, world.api.outage = replace(world.out.account, **{ADDRESS[world.channel]: world.api.url}), None
    world.out._session._timeout = telegram.TIMEOUT


@pytest.mark.parametrize(
    ("channel", "kind"),
    [("telegram", kind) for kind in ("refuses", *OUTAGES)] + [("matrix", kind) for kind in ("silent", "a page of a proxy", "too many")],
)
def test_after_ten_minutes_away_every_answer_is_shown_once_and_in_order(world, clock, kind):
    people = [world.person() for _ in range(3)]
    for one in people:
        one.say("Frage 0")
        one.hears("Antwort 1")
    begun, before = clock(), {one: one.texts for one in people}
    go_away(world, kind)
    for number in range(1, 4):
        for one in people:
            one.say(f"Frage {number}")  # what comes in is taken, with 200
            until(lambda one=one, number=number: world.answered(one) == number + 1)
        world.passes(3 * MINUTE)
    world.passes(begun + 10 * MINUTE - clock())
    assert [one.texts for one in people] == list(before.values())
    tries, longest = {"too many": (range(2, 4), 5 * MINUTE)}.get(kind, (range(12, 18), MINUTE))
    assert all(chat.tries in tries for one in people for chat in one.chats())
    assert all(at - clock() <= longest for at in world.waits()) and len(world.waits()) == len(people)
    come_back(world)
    world.passes(longest + 1000)
    for one in people:
        assert one.answers() == [f"Antwort {number}" for number in range(1, 5)]


@pytest.mark.parametrize("channel", ["telegram"])
def test_after_something_arrived_the_next_hitch_is_a_first_one(world, api, clock):
    person = world.person()
    person.say("Frage 0")
    person.hears("Antwort 1")
    go_away(world, "hangs up")
    for number in (1, 2):
        person.say(f"Frage {number}")
        until(lambda number=number: world.answered(person) == number + 1)
    world.passes(5 * MINUTE)
    come_back(world)
    api.taken = lambda *_: go_away(world, "hangs up")  # one answer gets through
    clock.ahead += MINUTE
    person.hears("Antwort 2")
    until(world.is_still)
    [chat] = person.chats()
    assert chat.tries == 1 and chat.next_at - clock() <= 1000
    api.taken = lambda *_: None
    come_back(world)
    world.passes(2000)
    assert person.answers() == ["Antwort 1", "Antwort 2", "Antwort 3"]


@pytest.mark.parametrize("channel", ["telegram"])
def test_a_restart_in_between_changes_nothing_of_it(start, channel, api, clock, monkeypatch, tmp_path):
    """Also of a wait that was asked for: whoever comes back too early only waits longer."""
    monkeypatch.setattr(intake, "JOIN_MS", 50)
    world = World(start, channel, api, clock, DATA_DIR=str(tmp_path))
    person = world.person()
    person.say("Frage 0")
    person.hears("Antwort 1")
    go_away(world, "too many")
    person.say("Frage 1")
    until(lambda: [chat for chat in person.chats() if chat.tries])
    until(world.is_still)
    world.gateway.stop()
    world.gateway = person.gateway = start(**world.settings, DATA_DIR=str(tmp_path))
    api.outage = None
    person.say("Frage 2")
    until(lambda: world.answered(person) == 3)
    world.passes(4 * MINUTE)
    assert person.answers() == ["Antwort 1"]
    world.passes(MINUTE + 1000)
    assert person.answers() == ["Antwort 1", "Antwort 2", "Antwort 3"]


def test_who_erased_everything_meanwhile_is_told_so_once(world, api, monkeypatch):
    monkeypatch.setattr(messenger, "FIRST_WAIT_MS", 20)
    monkeypatch.setattr(messenger, "LONGEST_WAIT_MS", 100)
    person = world.person()
    person.say("Frage 0")
    person.hears("Antwort 1")
    tried, before = [], len(person.texts)
    api.outage = lambda: tried.append(1)
    person.say("/loeschen")
    until(lambda: len(tried) > 3)
    assert person.chats() == [] and len(person.texts) == before
    api.outage = None
    person.hears("ist gelöscht")
    until(lambda: not world.office._under_way)
    assert sum("ist gelöscht" in text for text in person.texts) == 1


def test_who_writes_anew_is_not_told_afterwards_that_everything_is_erased(world, channel, api, monkeypatch):
    monkeypatch.setattr(messenger, "FIRST_WAIT_MS", 20)
    monkeypatch.setattr(messenger, "LONGEST_WAIT_MS", 100)
    monkeypatch.setattr(post_office, "FAREWELLS", 1000)
    person = world.person()
    person.say("Frage 0")
    person.hears("Antwort 1")
    if channel == "telegram":
        api.outage = lambda: (502, b"")
    else:
        api.always = {"/send/": (502, b"")}  # a look at the room is possible
    person.say("/loeschen")
    until(lambda: person.chats() == [] and _farewells(world))
    person.say("Ich bin wieder da")
    until(lambda: person.chats() and not _farewells(world))
    api.outage, api.always = None, {}
    until(lambda: len(person.texts) == 4)
    assert person.answers() == ["Antwort 1", "Antwort 1"]


def _farewells(world):
    return [key for key in world.office._under_way if key.startswith("farewell")]


# A homeserver that is there and gives no access to its rooms


@pytest.mark.parametrize("channel", ["matrix"])
@pytest.mark.parametrize("failure", [(503, b""), TOO_MANY["matrix"]])
def test_rooms_that_cannot_be_looked_at_for_ten_minutes_are_greeted_and_answered_once(world, api, clock, failure):
    invited, unknown = world.person(), world.person()
    api.always = {"/rooms/": failure}
    tried = count(api, "/rooms/")
    invited.invites()
    invited.say("Frage 1")
    unknown.say("Frage 1")
    world.passes(10 * MINUTE)
    tries = range(4, 7) if failure[0] == 429 else range(24, 36)
    assert tried() in tries and invited.chats() == unknown.chats() == []
    api.always = {}
    clock.ahead += 300_000
    for room in (invited, unknown):
        room.hears("Antwort 1")
        assert room.answers() == ["Antwort 1"] and "Computerprogramm" in room.texts[0]


def count(api, part):
    """Count the calls to paths with this part, whatever becomes of them."""
    calls, answer = [], api.answer
    api.answer = lambda method, path, *rest: calls.append(part in path) or answer(method, path, *rest)
    return lambda: sum(calls)


@pytest.mark.parametrize("channel", ["matrix"])
def test_a_reaction_that_cannot_be_understood_for_ten_minutes_holds_back_what_follows_and_loses_nothing(world, api, clock, rasa):
    room = world.person()
    room.say("Frage 0")
    room.hears("Antwort 1")
    api.events["$ours"] = {"sender": BOT, "content": {matrix.BUTTONS: api.sent(room.id)[-1][matrix.BUTTONS]}}
    relation = {"rel_type": "m.annotation", "event_id": "$ours", "key": "1\ufe0f\u20e3"}
    events = [room.event("m.reaction", content={"m.relates_to": relation}), room.text("Frage 2")]
    api.outage = lambda: (502, b"")
    for _ in range(10):  # a homeserver sends the same transaction again, and nothing else before it
        assert room.deliver(*events, txn="t1").status_code == 503
        world.passes(MINUTE)
    api.outage = None
    for _ in range(2):
        assert room.deliver(*events, txn="t1").status_code == 200
    room.hears("Antwort 3")
    assert [message["message"][:13] for message in rasa.received] == ["Frage 0", "/ask_deadline", "Frage 2"]


@pytest.mark.parametrize("channel", ["matrix"])
async def test_our_user_is_made_known_without_hammering_at_a_homeserver_that_is_away(channel, monkeypatch):
    waits = []

    async def sleep(seconds):
        waits.append(seconds)
        if sum(waits) > 600:
            raise InterruptedError

    monkeypatch.setattr(matrix, "asyncio", SimpleNamespace(sleep=sleep))
    account = matrix_settings(SimpleNamespace(url=NOBODY_LISTENS))
    out = matrix.Matrix(matrix.MatrixAccount(account["MATRIX_HOMESERVER"], "matrix.test", "lotse", "a" * 40, "h" * 40, True))
    with pytest.raises(InterruptedError):
        await out.introduce()
    await out.close()
    assert len(waits) < 20 and max(waits) <= 60


# Our own gateway is away


def test_a_press_at_a_bot_api_that_stands_still_holds_up_no_delivery(start, clock, monkeypatch):
    """Nothing that we ask Telegram for lies on the way of what it brings us; it brings one thing after the other over one connection."""
    with bot_api.serving() as api:
        world = World(start, "telegram", api, clock)
        still = threading.Event()
        api.outage = lambda: still.wait(30) and None
        with requests.Session() as connection:
            connection.headers["X-Telegram-Bot-Api-Secret-Token"] = SECRET
            url = f"{world.gateway.url}/api/v1/channels/telegram/webhook"
            chat = {"id": next(NUMBERS), "type": "private"}
            press = {"callback_query": {"id": "1", "data": "x", "message": {"message_id": 1, "chat": chat}}}
            for _ in range(5):
                assert connection.post(url, json={"update_id": next(NUMBERS)} | press, timeout=5).status_code == 200
        still.set()


@pytest.mark.parametrize("channel", ["telegram"])
def test_what_telegram_kept_for_ten_minutes_is_answered_once_each(start, channel, api, clock, rasa, monkeypatch, tmp_path):
    """Texts that were written apart stay apart, though they come within the same moment; each comes twice, some had been taken before."""
    monkeypatch.setattr(intake, "JOIN_MS", 50)
    world = World(start, channel, api, clock, DATA_DIR=str(tmp_path))
    phones, second = [world.person() for _ in range(4)], now_ms() // 1000 - 600
    kept = defaultdict(list)
    for phone in phones:
        kept[phone].append(_written(phone, 0, second))
        _bring(phone, kept[phone])
        phone.hears("Antwort 1")
    world.gateway.stop()
    for number in range(1, 6):
        for phone in phones:
            kept[phone].append(_written(phone, number, second + 100 * number))
    world.gateway = start(**world.settings, DATA_DIR=str(tmp_path))
    for phone in phones:
        phone.gateway = world.gateway
    with ThreadPoolExecutor(len(phones)) as pool:  # chats side by side, each in its order
        list(pool.map(lambda phone: _bring(phone, [one for one in kept[phone] for _ in range(2)]), phones))
    for phone in phones:
        phone.hears("Antwort 6")
        assert phone.answers() == [f"Antwort {number}" for number in range(1, 7)]
        said = [message["message"] for message in rasa.received if message["message"].endswith(f"von {phone.chat}")]
        assert said == [f"Frage {number} von {phone.chat}" for number in range(6)]


def _written(phone, number, second):
    message = {"message_id": next(NUMBERS), "chat": {"id": phone.chat, "type": "private"}, "date": second}
    return {"number": next(NUMBERS), "message": message | {"text": f"Frage {number} von {phone.chat}"}}


def _bring(phone, updates):
    for update in updates:
        assert phone.update(**update).status_code == 200
