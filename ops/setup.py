"""`make setup`: environments and trained model, nothing started."""

from __future__ import annotations

import os
import sys

from ops.problem import run_as_command
from ops.processes import die_with_parent, stop_on_signals
from ops.progress import Progress
from ops.settings import child_env, current
from ops.train import set_up_and_train


def main() -> int:
    """Bring everything up to date that `make run` would, short of starting."""
    stop_on_signals()
    die_with_parent()
    settings = current()
    set_up_and_train(settings, child_env(os.environ, settings), Progress())
    return 0


if __name__ == "__main__":
    sys.exit(run_as_command(main))
