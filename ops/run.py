"""`make run`: all set-up, then everything in one foreground command, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import time

from ops import chain, knowledge_base, ports, spacy_model
from ops.problem import Stopped, run_as_command
from ops.processes import Child, die_with_parent, stop_all, stop_on_signals
from ops.progress import Progress
from ops.settings import Settings, child_env, current
from ops.supervisor import Supervisor
from ops.train import set_up_and_train


def main() -> int:
    """Set up, start, watch; returns 0 when asked to stop. Problems are raised."""
    stop_on_signals()
    die_with_parent()
    settings, progress = current(), Progress()
    ports.require_free(settings)
    env = child_env(os.environ, settings)
    set_up_and_train(settings, env, progress)
    env["CLOCK_STARTED"] = os.environ.get("CLOCK_STARTED") or str(time.time())  # the clock of NOW starts with the processes
    knowledge_base.load(settings, env, progress)
    return serve(settings, chain.children(settings, env), progress)


def serve(settings: Settings, children: list[Child], progress: Progress) -> int:
    """Start the processes and watch over them until somebody asks to stop; leaves none behind."""
    try:
        progress.step("Rasa, Aktionen und Gateway starten")
        chain.start_all(children)
        chain.wait_until_ready(settings, children, progress)
        announce(settings, progress)
        Supervisor(children, progress).watch()
    except Stopped:
        progress.say("Wird beendet …")
    finally:
        stop_all(children)
    progress.say("Beendet.")
    return 0


def announce(settings: Settings, progress: Progress) -> None:
    """Say where everything is, and which language model is in use."""
    progress.say("Bereit.")
    print(f"  Chat        {settings.url}/", flush=True)
    print(f"  Zustand     {settings.url}/health/ready", flush=True)
    print(f"  Sprache     {spacy_model.in_use(settings.models)}", flush=True)
    print(f"  Protokolle  {settings.logs}", flush=True)
    print("  Beenden mit Strg-C", flush=True)


if __name__ == "__main__":
    sys.exit(run_as_command(main))
