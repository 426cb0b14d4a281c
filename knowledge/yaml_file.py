"""The one YAML reader of the project: YAML 1.2 scalars, so that `no`, `1:30` and `01097` stay text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, whose resolvers are those of the YAML 1.2 core schema; dates stay text."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))


def read(path: Path) -> Any:
    """Read a YAML file.

    Raises `OSError` where it cannot be read and `yaml.YAMLError` where it is no YAML.
    """
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=Loader)
