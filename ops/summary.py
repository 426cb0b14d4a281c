"""Adds up what the test runners say at their end."""

from __future__ import annotations

import re
from dataclasses import dataclass

COUNTED = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")
CLOSING = re.compile(r"\b\d+ (passed|failed|skipped|errors?)\b.* in [\d.]+s")


@dataclass
class Summary:
    """Tests that passed, failed (errors count as failed) and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add_closing_line(self, line: str) -> None:
        """Count the last line of a pytest run."""
        for count, word in COUNTED.findall(line):
            name = word if word in ("passed", "skipped") else "failed"
            setattr(self, name, getattr(self, name) + int(count))

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def closing_line(lines: list[str]) -> str:
    """Return pytest's last line of counts, "" where the run has none."""
    return next((line for line in reversed(lines) if CLOSING.search(line)), "")
