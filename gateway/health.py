"""Is everything there? One look at each component, for people and for the machine that restarts us."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import aiohttp
import sqlalchemy as sa

from gateway.database import Database
from gateway.library import Shelf
from gateway.settings import Settings

LOOK_S = 2.0
FRESH_S = 1.0
Component = dict[str, Any]


class Probe:
    """Looks at the components; the last look counts for a second, so that nobody can make us ask too often."""

    def __init__(self, settings: Settings, database: Database, shelf: Shelf) -> None:
        self._settings = settings
        self._database = database
        self._shelf = shelf
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LOOK_S))
        self._lock = asyncio.Lock()
        self._seen: dict[str, Component] = {}
        self._looked = float("-inf")

    async def look(self) -> dict[str, Component]:
        """Return each component with `ok` and what is known of it."""
        async with self._lock:
            if time.monotonic() - self._looked > FRESH_S:
                looks = (self._database_look(), self._rasa_look(), self._actions_look())
                database, rasa, actions = await asyncio.gather(*looks)
                self._seen = {"database": database, "knowledge": self._knowledge_look(), "rasa": rasa}
                self._seen |= {"actions": actions, "language_model": self._model_look()}
                self._looked = time.monotonic()
            return self._seen

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _database_look(self) -> Component:
        try:
            async with asyncio.timeout(LOOK_S):
                await self._database.read(lambda connection: connection.execute(sa.select(1)).scalar())
        except Exception as error:  # whatever is wrong with it, it is not ready
            return {"ok": False, "error": type(error).__name__}
        return {"ok": True, "kind": "sqlite" if self._database.is_sqlite else "postgresql"}

    def _knowledge_look(self) -> Component:
        served = self._shelf.served()
        return {"ok": served is not None, "version": served.version if served else None}

    async def _rasa_look(self) -> Component:
        """Rasa's /status names the model file; where its API is off, the REST channel's own health counts."""
        status = await self._get(f"{self._settings.rasa_url}/status")
        if status is not None and "model_file" in status:
            return {"ok": True, "model_file": str(status["model_file"]).rsplit("/", 1)[-1]}
        channel = await self._get(f"{self._settings.rasa_url}/webhooks/rest/")
        return {"ok": bool(channel and channel.get("status") == "ok"), "model_file": self._newest_model()}

    async def _actions_look(self) -> Component:
        answer = await self._get(f"{self._settings.actions_url}/health")
        return {"ok": answer is not None}

    def _model_look(self) -> Component:
        """Which German language model the bot was trained with, as written at training."""
        try:
            chosen = json.loads((self._settings.data_dir / "models" / "language_model.json").read_text("utf-8"))
            return {"ok": True, "model": str(chosen["model"]), "version": str(chosen["version"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {"ok": False, "model": None, "version": None}

    def _newest_model(self) -> str | None:
        models = sorted((self._settings.data_dir / "models").glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
        return models[-1].name if models else None

    async def _get(self, url: str) -> dict[str, Any] | None:
        """Return the JSON object behind an address, None where there is no 200 with one."""
        try:
            async with self._session.get(url) as response:
                body = await response.json(content_type=None) if response.status == 200 else None
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError):
            return None
        return body if isinstance(body, dict) else None
