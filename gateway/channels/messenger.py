"""What a messenger is to the rest of the gateway: one small interface, and what travels over it both ways.

A channel hands in a `Post` for everything that a person does (`PostOffice.keep`), and gets an `Outgoing` for everything that is to be shown
to them. Joining, turns, repetitions, order and trying again are not its business. See docs/how-to/add-a-channel.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from gateway.conversation import Language

FIRST_WAIT_MS, LONGEST_WAIT_MS = 1_000, 60_000
NUMBER = re.compile(r"([1-9]\d?)\.?", re.ASCII)
Kind = Literal["text", "press", "edit", "redact", "media", "gone", "invite", "look"]


@dataclass(frozen=True)
class Post:
    """What came in. `update`: the platform's own id of it, the same when it is delivered again; `address`: the chat.

    `kind`: `text`; `press` (text: a button's id as it was sent out); `edit` (of the message that `message` names); `redact` (takes back
    the message that `message` names, while it waits); `media` (what cannot be read: voice, photos, files); `gone` (the person has left or
    blocked the chat); `invite` and `look` (nothing is taken from the chat before `Messenger.look` has seen to it).
    `sent`: when a text was written (ms), 0 where the platform does not say: what is delivered late, all at once, need not belong together.
    """

    update: str
    address: str
    kind: Kind
    text: str = ""
    message: str = ""
    sent: int = 0


def written_at(told: Any, unit_ms: int) -> int:
    """Return when a text was written (ms), as its platform told it in units of so many milliseconds; 0 where that makes no sense."""
    return told * unit_ms if isinstance(told, int) and 0 < told < 2**53 // unit_ms else 0


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

    def wait_ms(self, tries: int) -> int:
        """Return how long to wait after so many earlier tries: as the platform said, else twice as long each time, up to a minute."""
        if self.after_s is not None:
            return int(self.after_s * 1000)
        return min(FIRST_WAIT_MS << min(tries, 6), LONGEST_WAIT_MS)


class GoneError(Exception):
    """The chat does not exist any more, or the person has blocked us: nothing will ever arrive there."""


class Messenger(Protocol):
    """One channel. `longest`: characters of one message; `is_live`: advisors may write there themselves.

    `is_numbered`: buttons are shown as numbered lines, and a text that is a number and nothing else names one.
    """

    name: str
    longest: int
    is_live: bool
    is_numbered: bool

    async def send(self, address: str, message: Outgoing) -> None:
        """Show a message in a chat; raises `LaterError` or `GoneError`."""

    async def look(self, address: str, is_invited: bool) -> bool:
        """Accept an invitation, and see whether a chat is one to talk in; False: it is not, and has been left. Raises as `send` does."""

    async def close(self) -> None:
        """Let go of connections."""


def number(said: str) -> int | None:
    """Return the number that a text is, None for any other text.

    >>> number("2"), number(" 2. "), number("2 Personen"), number("0")
    (2, 2, None, None)
    """
    found = NUMBER.fullmatch(said.strip())
    return int(found[1]) if found else None
