"""What the outside may send: strict models of the request bodies. Unknown fields and wrong types are refused."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from knowledge.clock import BERLIN

TEXT_LIMIT = 2000
BODY_LIMIT = 64 * 1024
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


class TextProblem(ValueError):
    """A text that cannot be taken; `kind` names the German message."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def _text(value: str) -> str:
    if "\0" in value:
        raise TextProblem("nul")
    if len(value) > TEXT_LIMIT:
        raise TextProblem("text_too_long")
    return value


def _spoken(value: str) -> str:
    """Check a message: it must hold at least one visible character."""
    if not re.sub(f"[\\s{INVISIBLE}]", "", value):
        raise TextProblem("empty")
    return _text(value)


def _phone(value: str) -> str:
    digits = re.sub(r"[\s()/.+-]", "", value)
    if not (digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 20):
        raise TextProblem("no_phone")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s\0]{1,64}@[^@\s\0]+\.[^@\s\0.]{2,}", value):
        raise TextProblem("no_email")
    return value


Text = Annotated[str, AfterValidator(_text)]
SpokenText = Annotated[str, AfterValidator(_spoken)]


class Body(BaseModel):
    """A request body: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class NewConversation(Body):
    """POST /conversations"""

    channel: Literal["web"] = "web"
    language: Literal["de", "de-simple"] = "de"


class NewMessage(Body):
    """POST /conversations/{id}/messages: a text or the payload of a button, never both."""

    client_id: str = Field(pattern=UUID)
    text: SpokenText = ""
    payload: Text = ""

    def wrong_field(self) -> str | None:
        """Return the field to name when not exactly one of text and payload was given."""
        given = self.model_fields_set & {"text", "payload"}
        return {0: "text", 2: "payload"}.get(len(given))


class Change(Body):
    """PATCH /conversations/{id}"""

    language: Literal["de", "de-simple"] | None = None
    profile: dict[str, Any] | None = None


class LogIn(Body):
    """POST /desk/login"""

    name: Text
    password: Text


class PresenceChange(Body):
    """PUT /desk/presence"""

    state: Literal["available", "away"]


class Feedback(Body):
    """POST /conversations/{id}/feedback: about one message (with seq), or 1-5 about the whole (without).

    `sentence`: the one sentence of the message that is meant.
    """

    seq: int = Field(default=0, ge=1, le=2**31 - 1)
    rating: Literal["up", "down", "outdated", 1, 2, 3, 4, 5]
    comment: Text = ""
    sentence: Text = ""

    @field_validator("rating", mode="before")
    @classmethod
    def _no_boolean(cls, value: Any) -> Any:
        """Python counts True as 1; the contract does not."""
        return "" if isinstance(value, bool) else value

    def fits(self) -> bool:
        """Say whether the kind of rating fits: words for a message, a number for the conversation."""
        return isinstance(self.rating, str) == ("seq" in self.model_fields_set)


class Callback(Body):
    """POST /conversations/{id}/callback: whom to call back, how, and when it suits."""

    name: Annotated[SpokenText, Field(max_length=100)]
    phone: Annotated[str, Field(max_length=50), AfterValidator(_phone)] | None = None
    email: Annotated[str, Field(max_length=254), AfterValidator(_email)] | None = None
    when: Annotated[Text, Field(max_length=500)] = ""


class DeskMessage(Body):
    """POST /desk/conversations/{id}/messages"""

    client_id: str = Field(pattern=UUID)
    text: SpokenText


class Note(Body):
    """POST /desk/conversations/{id}/note"""

    text: SpokenText


class Forward(Body):
    """POST /desk/conversations/{id}/forward: a colleague's name, or a queue's id"""

    to: Annotated[SpokenText, Field(max_length=64)]


class Promise(Body):
    """An answer promised at the desk: day and time in Berlin."""

    until: datetime

    @field_validator("until", mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        """Read what a browser sends for a day and time: 2026-11-27T10:00."""
        try:
            return datetime.fromisoformat(value).replace(tzinfo=BERLIN)
        except (TypeError, ValueError):
            return value


class Closing(Body):
    """POST /desk/conversations/{id}/close"""

    reason: Literal["answered", "passed_on", "no_answer", "citizen_left", "abuse", "other"]


class CaseKey(Body):
    """POST /cases/…: the case number and its secret"""

    case: Annotated[SpokenText, Field(max_length=20)]
    secret: Annotated[SpokenText, Field(max_length=40)]
