"""What Matrix's events ask of us (client-server and application service specification): from an event to posts. Pure."""

from __future__ import annotations

import re
from typing import Any

from gateway.channels.chat_commands import command
from gateway.channels.messenger import Post, number, written_at

ID = re.compile(r"[$!][!-~]{1,239}")  # ids come from strangers: what does not look like one is not stored
TEXTS, MEDIA = ("m.text", "m.emote"), ("m.audio", "m.file", "m.image", "m.location", "m.video")
REPLY_QUOTE = re.compile(r"\A(> .*\n)+\n?")  # older clients repeat what they reply to
KEYCAP = "\u20e3"


def read(event: dict[str, Any], me: str) -> list[Post]:
    """Return what an event of somebody else asks of us, [] for most. Raises KeyError, TypeError or AttributeError where it is malformed."""
    id, room, content = event["event_id"], event["room_id"], event["content"]
    if event["sender"] == me or not (ID.fullmatch(id) and ID.fullmatch(room)):
        return []
    match event["type"]:
        case "m.room.message":
            return _message(id, room, content, written_at(event.get("origin_server_ts"), 1))
        case "m.room.member":
            return _member(id, room, event, me)
        case "m.room.redaction":
            redacted = content.get("redacts", event.get("redacts"))  # moved with room version 11
            return [Post(id, room, "redact", message=redacted)] if ID.fullmatch(redacted) else []
        case "m.room.encryption":
            return [Post(id, room, "look")]
        case "m.room.encrypted":
            return [Post(f"{id}/look", room, "look"), Post(id, room, "media")]
        case "m.sticker":
            return [Post(id, room, "media")]
    return []


def chosen(event: dict[str, Any], me: str) -> tuple[str, int] | None:
    """Return the message that a reaction of somebody else points at, and the number that it is.

    >>> content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$a", "key": "2\ufe0f\u20e3"}}
    >>> chosen({"type": "m.reaction", "sender": "@b:c", "content": content}, "@me:c")
    ('$a', 2)
    """
    if event["type"] != "m.reaction" or event["sender"] == me:
        return None
    relation = event["content"]["m.relates_to"]
    key = "10" if relation["key"] == "\U0001f51f" else relation["key"].replace("\ufe0f", "").removesuffix(KEYCAP)
    named = number(key) if ID.fullmatch(relation["event_id"]) else None
    return (relation["event_id"], named) if named else None


def _member(id: str, room: str, event: dict[str, Any], me: str) -> list[Post]:
    now = event["content"]["membership"]
    if event["state_key"] == me:
        if now == "invite":
            return [Post(f"{id}/look", room, "invite"), Post(id, room, "text", "/start")]
        return [Post(id, room, "gone")] if now in ("leave", "ban") else []
    before = ((event.get("unsigned") or {}).get("prev_content") or {}).get("membership")
    return [] if now == before else [Post(id, room, "look")]  # the same again: a new name or picture


def _message(id: str, room: str, content: dict[str, Any], sent: int) -> list[Post]:
    relation = content.get("m.relates_to") or {}
    if relation.get("rel_type") == "m.replace":
        said, of = _said(content["m.new_content"], is_reply=False), relation["event_id"]
        return [Post(id, room, "edit", said, of)] if said and ID.fullmatch(of) else []
    if content["msgtype"] in MEDIA:
        return [Post(id, room, "media")]
    said = _said(content, is_reply="m.in_reply_to" in relation)
    return [Post(id, room, "text", said, id, sent)] if said else []


def _said(content: dict[str, Any], is_reply: bool) -> str:
    """Return the words of a message, "" where it has none. Clients keep a slash for themselves, so commands may begin with "!"."""
    if content["msgtype"] not in TEXTS:
        return ""
    body = REPLY_QUOTE.sub("", content["body"]) if is_reply else content["body"]
    said: str = body.replace("\0", "").strip()
    slashed = f"/{said[1:]}"
    return slashed if said.startswith("!") and command(slashed) else said
