"""Events as the chat page shows them, and what the page's form sends as a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from gateway import transcript
from gateway.bodies import refused_by
from gateway.contract import NewMessage
from gateway.conversation import Event, Language
from gateway.pages.standing import Standing, case, step
from gateway.texts import text

SHOWN = ("https://", "http://", "mailto:", "tel:", "/")


def message(fields: dict[str, str]) -> NewMessage:
    """Return the form's message; a pressed button wins over a half-written text. Raises `Refused`."""
    chosen = fields.get("payload") or fields.get("topic")
    said = {"payload": fields.get("payload", "")} if chosen else {"text": fields.get("text", "").replace("\r\n", "\n")}
    try:
        return NewMessage.model_validate({"client_id": fields.get("client_id", "")} | said)
    except ValidationError as error:
        raise refused_by(error) from None


def lines(log: Iterable[Event], language: Language = "de") -> tuple[list[dict[str, Any]], Standing]:
    """Return what was said and who took over, ready for the template, and how it stands; only the newest message offers its buttons."""
    standing, shown = Standing(language), []
    for event in log:
        told = standing.take(event)
        if event.type == "message":
            shown.append(_message(event, language))
        elif told:
            shown.append({"seq": event.seq, "state": told})
    for earlier in [line for line in shown if not line["state"]][:-1]:
        earlier["buttons"] = []
    return shown, standing


def is_pending(log: Iterable[Event]) -> bool:
    """Say whether the newest message is the citizen's own: its answer is still to come."""
    said = [event for event in log if event.type == "message"]
    return bool(said) and said[-1].speaker == "citizen"


def _message(event: Event, language: Language) -> dict[str, Any]:
    public, answer = event.as_json(), event.answer or {}
    return {
        "seq": event.seq,
        "state": "",
        "speaker": event.speaker,
        "who": text(f"speakers.{event.speaker}", language),
        "at": public["at"],
        "time": transcript.when(event),
        "text": event.text,
        "case": case(event),
        "buttons": [] if step(event) == "queued" else public["buttons"],  # they stay beside the chat while somebody waits
        "sources": [{"line": transcript.source_line(s, language), "url": s.get("url")} for s in answer.get("sources", [])],
        "links": [link for link in _links(answer) if str(link.get("url", "")).startswith(SHOWN)],
    }


def _links(answer: dict[str, Any]) -> list[dict[str, Any]]:
    links = answer.get("data", {}).get("links", [])
    return [link for link in links if isinstance(link, dict) and link.get("title")] if isinstance(links, list) else []
