"""The form for a callback without JavaScript: its fields as the contract's model, or what is wrong with each of them.

Contact details stay in these fields: they are never part of a message, an event or a log line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway.contract import Callback, Feedback
from gateway.conversation import Language
from gateway.texts import text

FIELDS = ("name", "phone", "email", "when")


@dataclass(frozen=True)
class Sent:
    """A form as it was sent, to be shown again: what was typed, and the sentences beside the fields."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """Return the first field with an error; the focus goes there."""
        return next((name for name in FIELDS if name in self.errors), "")


def read(fields: dict[str, str], language: Language = "de") -> Callback | Sent:
    """Return the wish for a callback, or the form with its errors; an empty field is one that was not given."""
    values = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    given = {name: value for name, value in values.items() if value}
    try:
        callback, wrong = Callback.model_validate(given), {}
    except ValidationError as failed:
        found = failed.errors(include_url=False, include_input=False)
        callback, wrong = None, {str(error["loc"][0]): text(_key(error), language) for error in found}
    if not given.keys() & {"phone", "email"}:
        wrong["phone"] = text("errors.phone_or_email", language)
    return callback if callback and not wrong else Sent(values, wrong)


def read_rating(fields: dict[str, str], language: Language = "de") -> Feedback | Sent:
    """Return the rating of the whole conversation, or the form with its error."""
    rating, comment = fields.get("rating", ""), fields.get("comment", "").replace("\r\n", "\n").strip()
    try:
        return Feedback.model_validate({"rating": int(rating) if rating in tuple("12345") else "", "comment": comment})
    except ValidationError as failed:
        at = str(failed.errors(include_url=False, include_input=False)[0]["loc"][0])
        key = "chat.callback.too_long" if at == "comment" else "chat.rating.none"
        return Sent({"rating": rating, "comment": comment}, {at: text(key, language)})


def _key(error: ErrorDetails) -> str:
    kind = getattr((error.get("ctx") or {}).get("error"), "kind", None)
    if error["type"] == "missing" or kind == "empty":
        return "chat.callback.no_name"
    if kind in ("no_phone", "no_email"):
        return f"errors.{kind}"
    return "chat.callback.too_long" if kind == "text_too_long" or "too_long" in error["type"] else "errors.wrong_type"
