"""The contract as OpenAPI: request bodies are read by hand (limits, German messages), so they are declared here."""

from __future__ import annotations

from typing import Any

from gateway.contract import Body


def body(model: type[Body]) -> dict[str, Any]:
    """Return the OpenAPI part that describes a JSON body."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}
