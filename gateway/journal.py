"""The log: one JSON object per line, with ids, words of ours and numbers. Never a citizen's words.

Messages and exception texts of libraries may quote what was sent (a database's parameters, a validator's input), so of
foreign records only place and kind of error are kept.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from types import TracebackType
from typing import Any

from knowledge import clock

LOGGER = logging.getLogger("gateway")
QUOTED = ("gateway", "uvicorn.error")  # their messages are fixed sentences


def note(event: str, level: str = "INFO", error: BaseException | None = None, **facts: Any) -> None:
    """Write one line; `facts` are ids and numbers, `error` is kept without its text."""
    number = logging.getLevelNamesMapping()[level]
    if LOGGER.isEnabledFor(number):
        LOGGER.log(number, event, extra={"facts": facts}, exc_info=error)


def set_up(level: str) -> None:
    """Send all logging of the process to standard error in this form; access logs are off."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.captureWarnings(True)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.getMessage() if record.name in QUOTED and not record.exc_info else _where(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= {"error": type(record.exc_info[1]).__name__, "trace": _frames(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(record: logging.LogRecord) -> str:
    return str(record.msg) if record.name == "gateway" else f"{record.name}:{record.module}:{record.lineno}"


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-12:]]
