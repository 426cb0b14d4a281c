"""What a messenger is to the rest of the gateway: one small interface, and what travels over it both ways.

A channel hands in a `Post` for everything that a person does (`PostOffice.keep`), and gets an `Outgoing` for everything that is to be shown
to them. Joining, turns, repetitions, order and trying again are not its business. See docs/how-to/add-a-channel.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from gateway.conversation import Language

Kind = Literal["text", "press", "number", "edit", "redact", "media", "gone", "invite", "look"]


@dataclass(frozen=True)
class Post:
    """What came in. `update`: the platform's own id of it, the same when it is delivered again; `address`: the chat.

    `kind`: `text`; `press` (text: a button's id as it was sent out); `number` (text: which of the buttons offered last, from 1 on; a text
    where none were offered); `edit` (of the message that `message` names); `redact` (takes back the message that `message` names, while
    it waits); `media` (what cannot be read: voice, photos, files); `gone` (the person has left or blocked
    the chat); `invite` and `look` (nothing is taken from the chat before `Messenger.look` has seen to it).
    """

    update: str
    address: str
    kind: Kind
    text: str = ""
    message: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A message to show: plain text, buttons as (title, id), a key that is the same when it is sent again, the language it is in."""

    text: str
    key: str
    buttons: tuple[tuple[str, str], ...] = ()
    language: Language = "de"


class LaterError(Exception):
    """The platform cannot take a message now; `after_s`: it said when to come back, None where it said nothing."""

    def __init__(self, after_s: float | None = None) -> None:
        super().__init__(after_s)
        self.after_s = after_s


class GoneError(Exception):
    """The chat does not exist any more, or the person has blocked us: nothing will ever arrive there."""


class Messenger(Protocol):
    """One channel. `longest`: characters of one message; `is_live`: advisors may write there themselves."""

    name: str
    longest: int
    is_live: bool

    async def send(self, address: str, message: Outgoing) -> None:
        """Show a message in a chat; raises `LaterError` or `GoneError`."""

    async def look(self, address: str, is_invited: bool) -> bool:
        """Accept an invitation, and see whether a chat is one to talk in; False: it is not, and has been left. Raises as `send` does."""

    async def close(self) -> None:
        """Let go of connections."""
