"""What the outside may send: strict models of the request bodies. Unknown fields and wrong types are refused."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

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


class Feedback(Body):
    """POST /conversations/{id}/feedback: about one message (with seq), or 1-5 about the whole (without)."""

    seq: int = Field(default=0, ge=1, le=2**31 - 1)
    rating: Literal["up", "down", "outdated", 1, 2, 3, 4, 5]
    comment: Text = ""

    @field_validator("rating", mode="before")
    @classmethod
    def _no_boolean(cls, value: Any) -> Any:
        """Python counts True as 1; the contract does not."""
        return "" if isinstance(value, bool) else value

    def fits(self) -> bool:
        """Say whether the kind of rating fits: words for a message, a number for the conversation."""
        return isinstance(self.rating, str) == ("seq" in self.model_fields_set)
