"""Rasa without TensorFlow, for pipelines that have no neural component.

Rasa imports TensorFlow whatever its pipeline is, which costs 3 of the 6 seconds of a start and 350 MB of memory. In our processes a
stand-in takes its place: it can be imported, named and subclassed, and does nothing. Nothing of the installed packages is changed. A
component that needs the real one makes `needed_by` true, and then the real one is imported as ever.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

REPLACED = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text")
# spaCy's thinc looks for this one to find out whether TensorFlow is there; not finding it, it goes its own way.
ABSENT = ("tensorflow.experimental.dlpack",)
NEURAL = re.compile(r"name:\s*\W?\S*(DIET|TED|ResponseSelector|LanguageModelFeaturizer|ConveRT|tensorflow)")


def needed_by(config: Path) -> bool:
    """Say whether a pipeline names a component that needs TensorFlow."""
    return bool(NEURAL.search(config.read_text(encoding="utf-8")))


class _Named(type):
    """A class whose every attribute is such a class again."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _Named(name, (), {"__module__": cls.__module__})
        setattr(cls, name, found)
        return found


class _StandIn(ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _decorator if name == "function" else _Named(name, (), {"__module__": self.__name__})
        setattr(self, name, found)
        return found


def _decorator(*arguments: Any, **_options: Any) -> Any:
    """`@tf.function` with and without options."""
    return arguments[0] if arguments and callable(arguments[0]) else _decorator


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] not in REPLACED:
            return None
        if name in ABSENT:
            raise ModuleNotFoundError(name, name=name)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install(config: Path) -> bool:
    """Put the stand-in in TensorFlow's place where the pipeline allows it; before Rasa is imported. Returns whether it did."""
    if "tensorflow" in sys.modules or needed_by(config):
        return False
    sys.meta_path.insert(0, _Finder())
    return True
