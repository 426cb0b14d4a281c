"""Waking those who wait for a conversation, within this process. Nothing is stored here; the log is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway import errors

LISTENERS_PER_CONVERSATION = 8
DESK, DESK_LISTENERS = "desk", 500  # what all advisors listen to: the queue has changed


class Listener:
    """Somebody who waits for news of one conversation."""

    def __init__(self) -> None:
        self.typing = False
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Tell that there may be something new."""
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for news; False when there were none in this time."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Signals:
    """The listeners of all conversations."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._typing: set[str] = set()
        self.on_news: Callable[[str, bool | None], None] = lambda conversation, typing: None  # tells other gateways

    @contextmanager
    def listen(self, conversation: str) -> Iterator[Listener]:
        """Listen while the block runs; begin before reading the log, so that nothing is missed.

        Raises `Refused` (429) beyond a few listeners per conversation.
        """
        listeners = self._listeners.setdefault(conversation, set())
        if len(listeners) >= (DESK_LISTENERS if conversation == DESK else LISTENERS_PER_CONVERSATION):
            raise errors.too_many(1)
        listener = Listener()
        listener.typing = conversation in self._typing
        listeners.add(listener)
        try:
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(conversation, None)

    def wake(self, conversation: str) -> None:
        """Tell all listeners of a conversation that its log has grown."""
        self.hear(conversation, None)
        self.on_news(conversation, None)

    def typing(self, conversation: str, is_typing: bool) -> None:
        """Show or hide the typing sign; it is transient and has no place in the log."""
        self.hear(conversation, is_typing)
        self.on_news(conversation, is_typing)

    def hear(self, conversation: str, typing: bool | None) -> None:
        """Tell this gateway's listeners; `typing` None: the log has grown."""
        if typing is not None:
            (self._typing.add if typing else self._typing.discard)(conversation)
        for listener in self._listeners.get(conversation, ()):
            listener.typing = listener.typing if typing is None else typing
            listener.wake()
