"""From the bot's wish to what the citizen reads and what becomes of the conversation. The texts are ours, as only we know who is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Row

from gateway import tokens
from gateway.conversation import Button
from gateway.handoff.availability import Look
from gateway.handoff.masking import masked
from gateway.handoff.wording import minutes
from gateway.store.handoffs import Request, Step
from gateway.store.turns import Reply, Turn
from gateway.texts import text

SUMMARY_LENGTH = 200
KINDS = ("request_human", "formal_request", "complaint", "legal_case")


def wish_of(reply: Reply) -> dict[str, Any] | None:
    """Return what the action wants of the hand-off, None where it wants nothing."""
    wish = reply.answer["data"].get("handoff")
    return wish if isinstance(wish, dict) and isinstance(wish.get("step"), str) else None


def arranged(turn: Turn, reply: Reply, wish: dict[str, Any], look: Look, last_words: str, web_only: frozenset[str] = frozenset()) -> Reply:
    """Return the reply with our text and the step to take. `last_words`: what the citizen said before the consent.

    `web_only`: channels in which advisors do not write; whoever asks for one there is led to the web.
    """
    plain = replace(reply, answer=reply.answer | {"data": {k: v for k, v in reply.answer["data"].items() if k != "handoff"}})
    step = wish["step"]
    if look.channel in web_only and step in ("wish", "accept", "callback"):
        return _told(plain, "handoff", text("messenger.web_only", look.language), {"step": "web"}, ())
    if look.is_blocked and step in ("wish", "accept", "callback"):
        return replace(plain, text=f"{text('handoff.blocked', look.language)}\n{plain.text}")
    if step == "wish" and turn.command is not None and look.resumed and look.available and look.state == "bot":
        return _queued(plain, look, _again(look.resumed))
    if step == "wish":
        return _offer(plain, look)
    if step == "accept":
        return _accepted(turn, plain, wish, look, last_words)
    if step == "callback":
        return _contact(plain, look)
    if step in ("decline", "cancel") and look.state in ("offered", "queued"):
        return replace(plain, step=Step("bot"))
    return plain


def _offer(reply: Reply, look: Look) -> Reply:
    if look.state == "queued":
        return _waiting_already(reply, look)
    if not look.available:
        return _callback(reply, look)
    said = text("handoff.consent", look.language, hours=look.hours, days=look.limits.keep_days) + _wait(look)
    offered = _told(reply, "handoff", said, {"step": "consent", "queue": look.queue}, _consent_buttons(look))
    return replace(offered, step=Step("offered") if look.state == "bot" else None)


def _callback(reply: Reply, look: Look) -> Reply:
    """Nobody can take over: say when somebody can, offer a callback, and keep the contacts that the action named."""
    why = "closed" if not look.is_open else "nobody"
    opens = text("handoff.opens", look.language, opens=look.opens) if look.opens and not look.is_open else ""
    offer = text("handoff.callback_offer", look.language)
    lines = [text(f"handoff.{why}", look.language, hours=look.hours), opens, offer, reply.text]
    said = "\n".join(line for line in lines if line)
    buttons = (_button("want_callback", look), *reply.buttons)
    told = _told(reply, "callback", said, {"step": "offer", "hours": look.hours}, buttons)
    return replace(told, counted=_missed(look))


def _accepted(turn: Turn, reply: Reply, wish: dict[str, Any], look: Look, last_words: str) -> Reply:
    if look.state == "queued":
        return _waiting_already(reply, look)
    if not look.available or wish.get("when"):
        back = Step("bot") if look.state == "offered" else None
        return replace(_contact(reply, look), step=back, counted=_missed(look) if back else None)
    return _queued(reply, look, _request(turn, wish, look, last_words))


def _queued(reply: Reply, look: Look, request: Request) -> Reply:
    said = text("handoff.queued", look.language, position=look.waiting + 1) + _wait(look)
    queued = _told(reply, "handoff", said, {"step": "queued", "case": case_number(request.id)}, _cancel_buttons(look))
    return replace(queued, step=Step("queued", request))


def _waiting_already(reply: Reply, look: Look) -> Reply:
    return _told(
        reply,
        "handoff",
        text("handoff.already_queued", look.language, position=look.place or 1) + _wait(look),
        {"step": "queued"},
        _cancel_buttons(look),
    )


def _wait(look: Look) -> str:
    """Return the measured wait as a line to add, "" where none is known."""
    return "\n" + text("handoff.wait", look.language, minutes=minutes(look.wait_s)) if look.wait_s is not None else ""


def _missed(look: Look) -> tuple[str, str] | None:
    """Return the queue and what is counted for it: why nobody can take over; None where somebody can."""
    if look.available:
        return None
    measure = "out_of_hours" if not look.is_open else "nobody" if not look.reachable else "full"
    return look.queue, measure


def case_number(handoff: str) -> str:
    """Return the Vorgangsnummer that people read out: the beginning of the random id."""
    return handoff[:8].upper()


def _contact(reply: Reply, look: Look) -> Reply:
    return _told(reply, "callback", text("handoff.contact", look.language), {"step": "contact"}, ())


def _request(turn: Turn, wish: dict[str, Any], look: Look, last_words: str) -> Request:
    place = (turn.bot_state.get("profile") or {}).get("place")
    kind = wish.get("kind") if wish.get("kind") in KINDS else KINDS[0]
    topic = str(wish["topic"])[:64] if wish.get("topic") else None
    about = f"{text(f'handoff.kinds.{kind}')}: {last_words}" if last_words else text(f"handoff.kinds.{kind}")
    return Request(tokens.new_id(), look.queue, str(kind), topic, str(place)[:100] if place else None, about[:SUMMARY_LENGTH])


def _again(earlier: Row[Any]) -> Request:
    """Return the wish of a hand-off that ended in silence once more: what it was about, and the consent given for it, still hold."""
    return Request(
        tokens.new_id(), earlier.queue, earlier.kind, earlier.topic, earlier.place, earlier.summary, consent_at=earlier.consent_at
    )


def _told(reply: Reply, outcome: str, said: str, data: dict[str, Any], buttons: tuple[Button, ...]) -> Reply:
    answer = reply.answer | {"outcome": outcome, "entries": [], "sources": [], "data": reply.answer["data"] | data}
    return replace(reply, text=said, answer=answer, buttons=buttons)


def _consent_buttons(look: Look) -> tuple[Button, ...]:
    return _button("accept_handoff", look), _button("decline_handoff", look), _button("want_callback", look)


def _cancel_buttons(look: Look) -> tuple[Button, ...]:
    return _button("cancel_handoff", look), _button("want_callback", look)


def _button(intent: str, look: Look) -> Button:
    return Button(text(f"handoff.buttons.{intent}", look.language), intent)


def shown_summary(summary: str, claimed: bool) -> str:
    """Return a summary as the desk may show it: contact details are masked until somebody has claimed the conversation."""
    return summary if claimed else masked(summary)
