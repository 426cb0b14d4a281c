"""The sign that an advisor is writing. It goes out by itself: whoever closes the page in the middle of a word does not write for ever."""

from __future__ import annotations

import asyncio

from starlette.datastructures import State

from gateway.signals import Signals

SHOWN_S = 6.0


def show_briefly(signals: Signals, state: State, conversation: str) -> None:
    """Show the sign; every further call lets it stay a little longer. `state` keeps the running clocks."""
    if not hasattr(state, "typing"):
        state.typing = {}
    clocks: dict[str, asyncio.TimerHandle] = state.typing
    if conversation in clocks:
        clocks.pop(conversation).cancel()
    signals.typing(conversation, True)

    def hide() -> None:
        clocks.pop(conversation, None)
        signals.typing(conversation, False)

    clocks[conversation] = asyncio.get_running_loop().call_later(SHOWN_S, hide)
