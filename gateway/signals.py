"""Waking those who wait for a conversation, within this process. Nothing is stored here; the log is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from gateway import errors

LISTENERS_PER_CONVERSATION = 8


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

    @contextmanager
    def listen(self, conversation: str) -> Iterator[Listener]:
        """Listen while the block runs; begin before reading the log, so that nothing is missed.

        Raises `Refused` (429) beyond a few listeners per conversation.
        """
        listeners = self._listeners.setdefault(conversation, set())
        if len(listeners) >= LISTENERS_PER_CONVERSATION:
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
        for listener in self._listeners.get(conversation, ()):
            listener.wake()

    def typing(self, conversation: str, is_typing: bool) -> None:
        """Show or hide the typing sign; it is transient and has no place in the log."""
        (self._typing.add if is_typing else self._typing.discard)(conversation)
        for listener in self._listeners.get(conversation, ()):
            listener.typing = is_typing
            listener.wake()
