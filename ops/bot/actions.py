"""Starts the action server on loopback with discreet logs. `python -m ops.bot.actions`."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from ops.bot import discreet


def main() -> int:
    """Serve until SIGTERM. The knowledge base is opened before the first call, not by it."""
    discreet.configure()
    from rasa_sdk.endpoint import create_app  # after the logging, since it warns while it is imported

    app = create_app("actions", cors_origins="")

    @app.listener("before_server_start")
    async def warm_up(_app: Any, _loop: Any) -> None:
        discreet.tame_sanic()
        from actions.library import library

        library().current()
        gc.collect()
        gc.freeze()  # the knowledge stays: the collector need not walk it during turns

    app.run(host="127.0.0.1", port=int(os.environ["ACTIONS_PORT"]), workers=1, access_log=False, debug=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
