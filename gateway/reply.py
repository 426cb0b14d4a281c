"""What Rasa may answer: exactly one object, checked strictly. Anything else counts as a failed component."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gateway.conversation import LANGUAGES, Button, Language
from gateway.store.turns import Reply

STATE_LIMIT = 8 * 1024
Outcome = Literal[
    "answer",
    "list",
    "clarify",
    "form",
    "funding",
    "handoff",
    "callback",
    "smalltalk",
    "out_of_scope",
    "not_understood",
    "error",
]


def _no_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("NUL")
    return value


Line = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_no_nul)]


class BadReply(Exception):
    """Rasa's answer does not have the agreed form; says where, never what."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _Source(_Part):
    title: Line
    url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)] | None = None
    as_of: Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")] | None = None


class _Answer(_Part):
    outcome: Outcome
    entries: list[Line] = Field(default=[], max_length=50)
    sources: list[_Source] = Field(default=[], max_length=50)
    data: dict[str, Any] = {}


class _Button(_Part):
    title: Line
    intent: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    entities: dict[str, Annotated[str, Field(max_length=500), AfterValidator(_no_nul)]] = Field(default={}, max_length=10)


class _Custom(_Part):
    text: Annotated[str, Field(min_length=1, max_length=10_000), AfterValidator(_no_nul)]
    buttons: list[_Button] = Field(default=[], max_length=20)
    answer: _Answer
    state: dict[str, Any]


class _Item(_Part):
    recipient_id: str
    custom: _Custom


_ITEMS = TypeAdapter(Annotated[list[_Item], Field(min_length=1, max_length=1)])


_OURS = {name for part in (_Source, _Answer, _Button, _Custom, _Item) for name in part.model_fields}


def _place(loc: tuple[int | str, ...]) -> str:
    """Return where in the reply; a key that is not ours might be a citizen's word and is not repeated."""
    return ".".join(str(part) if isinstance(part, int) or part in _OURS else "?" for part in loc[:6])


def parse(body: bytes, asked_in: Language) -> Reply:
    """Return the reply; raises `BadReply`. A language that the bot has changed is handed on."""
    try:
        custom = _ITEMS.validate_json(body)[0].custom
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise BadReply(f"{first['type']} at {_place(first['loc'])}") from None
    if not custom.text.strip():
        raise BadReply("blank text")
    if len(orjson.dumps(custom.state)) > STATE_LIMIT:
        raise BadReply("state too large")
    wanted, answer = custom.state.get("language"), custom.answer.model_dump()
    language: Language | None = wanted if wanted in LANGUAGES and wanted != asked_in else None
    if language:  # the chat around the messages follows
        answer["data"]["language"] = language
    return Reply(
        text=custom.text,
        answer=answer,
        buttons=tuple(Button(button.title, button.intent, button.entities) for button in custom.buttons),
        state=custom.state,
        language=language,
    )
