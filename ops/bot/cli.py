"""Rasa's own command line, started like our server: `python -m ops.bot.cli train …`."""

from __future__ import annotations

import warnings
from pathlib import Path

from ops.bot import without_tensorflow

CONFIG = Path(__file__).resolve().parent.parent.parent / "config.yml"


def main() -> None:
    """Hand over to Rasa; it exits by itself."""
    without_tensorflow.install(CONFIG)
    warnings.showwarning = lambda message, category, *_where, **_options: _show(message, category)
    from rasa.__main__ import main as rasa

    rasa()


def _show(message: object, category: type[Warning]) -> None:
    """Show what Rasa warns of in our training data; what libraries say about each other is noise."""
    if issubclass(category, UserWarning):
        print(f"Warnung: {message}")


if __name__ == "__main__":
    main()
