"""The knowledge of this action server process: opened at the first turn, not at import."""

from __future__ import annotations

import os
from functools import lru_cache

from knowledge.library import Library
from knowledge.store import database_url


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the process's library."""
    return Library(database_url(os.environ))
