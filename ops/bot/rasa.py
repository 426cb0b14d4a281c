"""Starts Rasa's server: the REST channel on loopback, nothing else, with discreet logs. `python -m ops.bot.rasa`."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from ops.bot import action_client, action_schema, direct_graph, discreet, empty_domain, rule_lookup, without_tensorflow

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_LOADED = "Das trainierte Modell lässt sich nicht laden: bitte „make train“ ausführen."


def main() -> int:
    """Serve until SIGTERM; returns 1 where the model could not be loaded."""
    discreet.configure()
    without_tensorflow.install(ROOT / "config.yml")
    failures: list[BaseException] = []
    logging.getLogger("rasa.core.agent").addFilter(lambda record: _remember(record, failures))
    from rasa.core.run import serve_application  # after the logging, since Rasa speaks while it is imported
    from rasa.core.utils import AvailableEndpoints

    action_schema.check_once()
    action_client.keep_connection()
    direct_graph.run_directly()
    rule_lookup.by_intent()
    empty_domain.keep()
    loaded: list[bool] = []

    async def require_model(app: Any, _loop: asyncio.AbstractEventLoop) -> None:
        """Rasa serves on without a model when it cannot load one; we rather stop and say so."""
        discreet.tame_sanic()
        loaded.append(app.ctx.agent.is_ready())
        gc.collect()
        gc.freeze()  # what was loaded stays: the collector need not walk it during turns
        if not loaded[-1]:
            print(_sentence(failures), flush=True)
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


def _remember(record: logging.LogRecord, failures: list[BaseException]) -> bool:
    if record.exc_info and record.exc_info[1]:
        failures.append(record.exc_info[1])
    return True


def _sentence(failures: list[BaseException]) -> str:
    """Return what a component of ours says about why it cannot be loaded, else the general remedy."""
    error: BaseException | None = failures[-1] if failures else None
    while error is not None:
        if type(error).__module__.startswith("nlu."):
            return str(error)
        error = error.__cause__ or error.__context__
    return NOT_LOADED


if __name__ == "__main__":
    sys.exit(main())
