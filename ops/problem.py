"""What ends a start: one German sentence with cause and remedy, exit status 1, no traceback."""

from __future__ import annotations

import errno
import sys
from typing import Callable

FULL_DISK = "Die Festplatte ist voll: bitte Platz schaffen (die Einrichtung braucht etwa 5 GB) und den Befehl wiederholen."


class Problem(Exception):
    """The start cannot go on; the text is the sentence for the person at the keyboard."""


class Stopped(Exception):
    """Somebody asked to stop (Ctrl-C, SIGTERM); not an error."""


def run_as_command(command: Callable[[], int]) -> int:
    """Run a command and return its exit status; problems become one sentence on standard error."""
    try:
        return command()
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
    except (Stopped, KeyboardInterrupt):
        print("\nAbgebrochen.", file=sys.stderr, flush=True)
        return 130
    except OSError as error:
        print(f"\n{sentence_for(error)}", file=sys.stderr, flush=True)
    return 1


def sentence_for(error: OSError) -> str:
    """Return the sentence for a failure of the operating system."""
    if error.errno == errno.ENOSPC:
        return FULL_DISK
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"Hier darf nicht geschrieben werden: {error.filename}. Bitte die Rechte prüfen oder DATA_DIR anders setzen."
    return f"Das Betriebssystem meldet: {error.strerror or error} ({error.filename or 'ohne Datei'})."
