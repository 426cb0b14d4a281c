"""Logging that cannot contain a citizen's words.

Rasa and its SDK put message texts into log lines, into exception messages, and (structlog's traceback renderer) into dumps of local
variables: `rest.message.received.failure`, "Exception occurred during execution of request", "Encountered an exception while running
action". Filtering single loggers would hold only until the next release, so a line says *where* something happened and of which type,
never *what* was said: time, level, logger, file and line, and the types and places of the exception. Messages are kept for the loggers
below, which speak before the first citizen does or are written in this project under the rule not to log words.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

SPEAKING = ("rasa.core.agent", "rasa.core.run", "rasa.server", "ops")
FRAMES = 12


class DiscreetFormatter(logging.Formatter):
    """Writes where a record comes from; its message only for loggers that hold no words of citizens."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and one more per exception and frame."""
        place = f"{Path(record.pathname).name}:{record.lineno}"
        said = record.getMessage() if record.name in SPEAKING else getattr(record, "event_key", "")
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {place} {said}".rstrip()
        return "\n".join([line, *told(record.exc_info[1] if record.exc_info else None)])


def told(error: BaseException | None) -> list[str]:
    """Return type and places of an exception and its causes, without any message or value."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        lines += [f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or error.__context__
    return lines


def configure(level: int = logging.WARNING) -> None:
    """Route everything that this process may say through the formatter: logging, structlog, warnings, uncaught exceptions."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(DiscreetFormatter())
    handler.setLevel(level)  # some libraries set their own loggers to DEBUG
    logging.basicConfig(handlers=[handler], level=level, force=True)
    structlog.configure(
        processors=[_event_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    warnings.showwarning = lambda *_arguments, **_options: None  # filters do not last: libraries reset them
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def tame_sanic() -> None:
    """Take Sanic's own handlers away, so that its errors come to ours."""
    for name in ("sanic.root", "sanic.error", "sanic.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _event_only(_logger: Any, method: str, event: dict[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    """structlog's last step: the event's constant key, no value of it."""
    failed = method == "exception" or bool(event.get("exc_info"))
    return ("",), {"exc_info": failed, "extra": {"event_key": str(event.get("event", ""))}}


def _uncaught(_type: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
    print("\n".join(["uncaught:", *told(error)]), file=sys.stdout, flush=True)
