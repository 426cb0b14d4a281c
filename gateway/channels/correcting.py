"""An edit of a message that was taken already: a correction of the last one, never a new question.

Platforms tell of edits in which no word has changed (a preview, a reaction): nothing follows from them. An edit of an older message asks
nothing: its answer, and all that was said since, rest on the old words. An advisor sees every correction.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection, Row

from gateway.channels import recent, talk
from gateway.channels.chat_commands import command
from gateway.channels.grouping import Group
from gateway.conversation import after_citizen_message, bot_answers
from gateway.store import events, ownership, turns

STALE = "stale"  # the kind of a group that edits an older message


def meant(connection: Connection, chat: Row[Any] | None, edit: Group, is_numbered: bool) -> Group | None:
    """Return what an edit is taken for: a text that corrects an earlier one, `STALE`, or None where nothing is to be done."""
    [(message, _, _)] = edit.parts
    known = recent.read(chat.recent) if chat is not None else []
    place = next((number for number, said in enumerate(known) if said.names(message)), None)
    if chat is None or place is None:
        return None
    said, later = known[place], known[place + 1 :]
    if said.seq is None:
        return None if command(edit.text) else replace(edit, kind=STALE if later else "text")
    event, held = events.one(connection, chat.conversation, said.seq), ownership.lock(connection, chat.conversation)
    if event is None or held is None:
        return None
    text, parts = said.corrected(event.text, message, edit.text)
    if _normal(_shown(connection, chat.conversation, text, said.seq, is_numbered)) == _normal(event.text):
        return None
    is_last = said.to_bot and all(one.seq is None for one in later)
    to_human = not bot_answers(after_citizen_message(held.state))
    return replace(edit, kind="text" if is_last or to_human else STALE, text=text, parts=parts, corrects=said.seq)


def _shown(connection: Connection, conversation: str, text: str, before: int, is_numbered: bool) -> str:
    """Return what stands in the log for a text: the title of the button that it would have named then, else itself."""
    payload = talk.numbered(connection, conversation, text, before) if is_numbered else ""
    payload = talk.human(conversation) if command(text) == "mensch" else payload
    button = turns.button_of(connection, conversation, payload) if payload else None
    return button.title if button else text


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
