"""Stamps: the hash of what something was made from. Where it still fits, nothing is made again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterable

NOT_INPUT = ("__pycache__",)


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Return a hash over names and contents of these files and folders, and over further words. Missing files count too."""
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for path in paths:
        digest.update(path.name.encode() + b"\0")
        for file in _files(path):
            digest.update(file.relative_to(path.parent).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = (file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")
        return sorted(file for file in found if not set(NOT_INPUT) & set(file.parts))
    return [path] if path.is_file() else []


def fits(stamp: Path, wanted: str) -> bool:
    """Say whether the stamp holds the wanted value."""
    try:
        return stamp.read_text(encoding="utf-8") == wanted
    except OSError:
        return False


def write(stamp: Path, value: str) -> None:
    """Set the stamp; only after the work is done."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    new = stamp.with_name(stamp.name + ".new")
    new.write_text(value, encoding="utf-8")
    new.replace(stamp)
