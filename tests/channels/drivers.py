"""One way to talk for every channel: say something, press a button by its title, see what was shown. The shared test runs over it."""

from __future__ import annotations

import itertools
import time
import uuid
from typing import Any, Protocol

import requests

from tests import bot_api, homeserver
from tests.conftest import Speaker

NUMBERS = itertools.count(500_000)
TELEGRAM_SECRET = "ein-geheimnis-fuer-tests"


class Driver(Protocol):
    """Somebody in one channel."""

    def say(self, text: str) -> Any:
        """Write a message; returns the platform's id of it where it can be edited."""

    def press(self, title: str) -> None:
        """Choose the newest button of this title, in whatever way the channel has."""

    def texts(self) -> list[str]:
        """Return what was shown to them, oldest first, without their own words."""


def hears(driver: Driver, words: str, after: int = 0) -> str:
    """Wait until words are shown in a message after the first `after` ones; returns that message."""
    ends = time.monotonic() + 30
    while not (found := next((text for text in reversed(driver.texts()[after:]) if words in text), None)):
        assert time.monotonic() < ends, f"{words!r} is not in {driver.texts()[after:]}"
        time.sleep(0.1)
    return found


class Web:
    """Over the API, as the widget does."""

    def __init__(self, url: str) -> None:
        self.speaker = Speaker(url)

    def say(self, text: str) -> None:
        assert self.speaker.send(text=text).status_code == 200

    def press(self, title: str) -> None:
        buttons = [button for event in self._events() for button in event.get("buttons", ())]
        payload = next(button["payload"] for button in reversed(buttons) if button["title"] == title)
        assert self.speaker.send(payload=payload).status_code == 200

    def texts(self) -> list[str]:
        return [event["text"] for event in self._events() if event["type"] == "message" and event["from"] != "citizen"]

    def _events(self) -> list[dict[str, Any]]:
        return list(self.speaker.call("GET", "/events").json()["events"])


class Telegram:
    """Over the webhook, and a Bot API of our own."""

    def __init__(self, url: str, api: bot_api.BotApi) -> None:
        self.url, self.api, self.chat = url, api, next(NUMBERS)

    def say(self, text: str) -> int:
        number = next(NUMBERS)
        self._deliver(message={"message_id": number, "chat": self._chat, "text": text})
        return number

    def press(self, title: str) -> None:
        rows = [row for one in self.api.sent(self.chat) for row in (one.get("reply_markup") or {}).get("inline_keyboard", [])]
        data = next(row[0]["callback_data"] for row in reversed(rows) if row[0]["text"] == title)
        self._deliver(callback_query={"id": uuid.uuid4().hex, "data": data, "message": {"message_id": 1, "chat": self._chat}})

    def texts(self) -> list[str]:
        return self.api.texts(self.chat)

    def edit(self, message: int, text: str) -> None:
        """Change a message."""
        self._deliver(edited_message={"message_id": message, "chat": self._chat, "text": text})

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": self.chat, "type": "private"}

    def _deliver(self, **parts: Any) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
        url = f"{self.url}/api/v1/channels/telegram/webhook"
        assert requests.post(url, json={"update_id": next(NUMBERS)} | parts, headers=headers, timeout=30).status_code == 200


class Matrix:
    """With a real client on a real homeserver. A button is chosen by a reaction with its number."""

    def __init__(self, server: homeserver.Homeserver) -> None:
        self.person = homeserver.Person(server)
        self.person.invites()
        self.person.hears("Computerprogramm")

    def say(self, text: str) -> str:
        return self.person.say(text)

    def edit(self, message: str, text: str) -> None:
        """Change a message."""
        self.person.edit(message, text)

    def press(self, title: str) -> None:
        lines = [(message, line) for message in self.person.messages for line in message.body.split("\n")]
        message, line = next(pair for pair in reversed(lines) if pair[1].endswith(f"  {title}"))
        self.person.react(message.event_id, f"{line.split()[0]}\ufe0f\u20e3")

    def texts(self) -> list[str]:
        return self.person.texts
