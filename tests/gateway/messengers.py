"""People in messengers: what they do is delivered to the gateway as their platform does it, what they are shown stands at the platform."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import requests
import sqlalchemy as sa

from gateway.tables import CHATS, EVENTS
from tests import bot_api
from tests.client_api import AS_TOKEN, BOT, ERNA, HS_TOKEN, SERVER_NAME
from tests.gateway.conftest import custom, items, until
from tests.gateway.test_handoff import wish

SECRET = "ein-geheimnis-fuer-tests"
NUMBERS = itertools.count(1000)


def telegram_settings(api):
    return {"TELEGRAM": "on", "TELEGRAM_TOKEN": bot_api.TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": api.url}


def matrix_settings(api):
    tokens = {"MATRIX_AS_TOKEN": AS_TOKEN, "MATRIX_HS_TOKEN": HS_TOKEN}
    return {"MATRIX": "on", "MATRIX_HOMESERVER": api.url, "MATRIX_SERVER_NAME": SERVER_NAME} | tokens


def rows(gateway, table, *where):
    return gateway.services.database.read_now(lambda c: c.execute(sa.select(table).where(*where)).all())


def wait_for_a_human(somebody, rasa):
    """Ask for a human and agree; somebody has to be there."""
    rasa.always(items(wish("wish", kind="request_human")))
    somebody.say("/mensch")
    somebody.hears("Sind Sie einverstanden?")
    rasa.always(items(wish("accept", kind="request_human")))
    somebody.choose("Ja, einverstanden")
    somebody.hears("Warteschlange")


def talk_to_a_human_and_come_back(somebody, known, advisor, rasa):
    """An advisor takes somebody who waits, both write, the bot takes over again; nothing is shown twice. Works with a real client too."""
    assert advisor.claim(known).json()["channel"] == "matrix"
    somebody.hears("Das ist ein Mensch")
    assert advisor.write(known, "Guten Tag, wie kann ich helfen?").status_code == 202
    somebody.hears("wie kann ich helfen")
    turns = len(rasa.received)
    somebody.say("Danke, es geht um Herrenberg")
    until(lambda: "Herrenberg" in str(advisor.call("GET", f"/conversations/{known.id}/events").json()))
    assert len(rasa.received) == turns
    rasa.always(items(custom("Ich bin wieder da")))
    assert advisor.act(known, "return").status_code == 204
    somebody.hears("eine Maschine")
    somebody.say("Und jetzt?")
    somebody.hears("Ich bin wieder da")
    assert len(somebody.texts) == len(set(somebody.texts))


class Somebody:
    """Somebody who writes in a chat. A channel adds how: `say` and `edit`, which return the message's id or take it."""

    def __init__(self, gateway, api, address):
        self.gateway, self.api, self.address = gateway, api, address

    @property
    def texts(self):
        """What was shown in the chat, oldest first."""
        return self.api.texts(self.address)

    def answers(self, words="Antwort"):
        """The first lines of what was shown with these words."""
        return [text.split("\n")[0] for text in self.texts if words in text]

    def hears(self, words):
        return until(lambda: next((text for text in self.texts if words in text), None))

    def chats(self):
        return rows(self.gateway, CHATS, CHATS.c.address == str(self.address))

    @property
    def conversation(self):
        found = self.chats()
        return found[0].conversation if found else None

    def log(self):
        """The conversation's events, in order."""
        return rows(self.gateway, EVENTS, EVENTS.c.conversation == self.conversation)

    @property
    def at_desk(self):
        """The conversation as an advisor names it."""
        return SimpleNamespace(id=self.conversation)


class Phone(Somebody):
    """Somebody with Telegram."""

    def __init__(self, gateway, api, chat=None):
        self.chat = chat or next(NUMBERS)
        super().__init__(gateway, api, self.chat)

    def update(self, number=None, secret=SECRET, **parts):
        body = {"update_id": next(NUMBERS) if number is None else number} | parts
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return requests.post(f"{self.gateway.url}/api/v1/channels/telegram/webhook", json=body, headers=headers, timeout=30)

    def message(self, number=None, kind="message", id=None, chat_type="private", **parts):
        body = {"message_id": id or next(NUMBERS), "chat": {"id": self.chat, "type": chat_type}, "date": 0} | parts
        answer = self.update(number, **{kind: body})
        assert answer.status_code == 200, answer.text
        return body["message_id"]

    def say(self, text, **options):
        return self.message(text=text, **options)

    def edit(self, message, text):
        return self.say(text, kind="edited_message", id=message)

    def press(self, data):
        message = {"message_id": 1, "chat": {"id": self.chat, "type": "private"}}
        return self.update(callback_query={"id": str(next(NUMBERS)), "data": data, "message": message})

    def choose(self, title):
        """Press the newest button of this title."""
        assert self.press(self.buttons()[title]).status_code == 200

    def buttons(self):
        """The newest keyboard: titles and what they send."""
        shown = [one for one in self.api.sent(self.chat) if "reply_markup" in one][-1]
        return {row[0]["text"]: row[0]["callback_data"] for row in shown["reply_markup"]["inline_keyboard"]}


class Room(Somebody):
    """A room with Erna and us, as the homeserver tells of it."""

    def __init__(self, gateway, api):
        self.id = f"!room{next(NUMBERS)}:{SERVER_NAME}"
        super().__init__(gateway, api, self.id)

    def call(self, method, path, token=HS_TOKEN, **options):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, f"{self.gateway.url}/_matrix/app/v1{path}", headers=headers, timeout=30, **options)

    def event(self, kind="m.room.message", sender=ERNA, **parts):
        return {"type": kind, "event_id": f"$event{next(NUMBERS)}", "room_id": self.id, "sender": sender, "content": {}} | parts

    def text(self, text, **parts):
        return self.event(content={"msgtype": "m.text", "body": text}, **parts)

    def deliver(self, *events, txn=None):
        return self.call("PUT", f"/transactions/{txn or next(NUMBERS)}", json={"events": events})

    def say(self, text):
        event = self.text(text)
        assert self.deliver(event).status_code == 200
        return event["event_id"]

    def edit(self, message, text):
        new = {"m.new_content": {"msgtype": "m.text", "body": text}, "m.relates_to": {"rel_type": "m.replace", "event_id": message}}
        assert self.deliver(self.event(content={"msgtype": "m.text", "body": f"* {text}"} | new)).status_code == 200

    def choose(self, title):
        """Name the newest button of this title by its number."""
        shown = [line for text in self.texts for line in text.split("\n") if line.endswith(f"  {title}")][-1]
        self.say(shown.split()[0])

    def invitation(self, sender=ERNA):
        return self.event("m.room.member", sender=sender, state_key=BOT, content={"membership": "invite"})

    def invites(self):
        assert self.deliver(self.invitation()).status_code == 200

    def reacts(self, message, key):
        relation = {"rel_type": "m.annotation", "event_id": message, "key": key}
        return self.deliver(self.event("m.reaction", content={"m.relates_to": relation}))
