"""Starts Rasa's server: the REST channel on loopback, nothing else, with discreet logs. `python -m ops.bot.rasa`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from ops.bot import discreet

ROOT = Path(__file__).resolve().parent.parent.parent
logger = logging.getLogger("ops")


def main() -> int:
    """Serve until SIGTERM; returns 1 where the model could not be loaded."""
    discreet.configure()
    from rasa.core.run import serve_application  # after the logging, since Rasa speaks while it is imported
    from rasa.core.utils import AvailableEndpoints

    loaded: list[bool] = []

    async def require_model(app: Any, _loop: asyncio.AbstractEventLoop) -> None:
        """Rasa serves on without a model when it cannot load one; we rather stop and say so."""
        discreet.tame_sanic()
        loaded.append(app.ctx.agent.is_ready())
        if not loaded[-1]:
            logger.error("Das trainierte Modell lässt sich nicht laden (siehe oben); bitte „make train“ ausführen.")
            os.kill(os.getpid(), signal.SIGTERM)

    serve_application(
        model_path=str(Path(os.environ["DATA_DIR"]) / "models" / "bot.tar.gz"),
        interface="127.0.0.1",
        port=int(os.environ["RASA_PORT"]),
        credentials=str(ROOT / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")),
        enable_api=False,
        server_listeners=[(require_model, "after_server_start")],
    )
    return 0 if loaded and loaded[-1] else 1


if __name__ == "__main__":
    sys.exit(main())
