"""Finding interpreters."""

import os
from pathlib import Path

import pytest

from ops import python
from ops.problem import Problem


def interpreter(path: Path, version: str | None) -> Path:
    """Make a program that answers like an interpreter of a version, or fails like a pyenv shim."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n" if version else "#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
    path.chmod(0o755)
    return path


def env(path: Path, home: Path) -> dict[str, str]:
    return {"PATH": f"{path}{os.pathsep}/usr/bin{os.pathsep}/bin", "HOME": str(home), "PYENV_ROOT": ""}


def test_an_interpreter_on_the_path_is_found(tmp_path):
    wanted = interpreter(tmp_path / "bin" / "python4.7", "4.7")
    assert python.find(("4.7",), env(tmp_path / "bin", tmp_path)) == str(wanted)


def test_a_pyenv_shim_that_fails_does_not_count_but_pyenvs_version_does(tmp_path):
    interpreter(tmp_path / "shims" / "python4.7", None)
    wanted = interpreter(tmp_path / ".pyenv" / "versions" / "4.7.13" / "bin" / "python", "4.7")
    assert python.find(("4.7",), env(tmp_path / "shims", tmp_path)) == str(wanted)


def test_the_newest_patch_release_of_pyenv_comes_first(tmp_path):
    for patch in (9, 13, 2):
        interpreter(tmp_path / ".pyenv" / "versions" / f"4.7.{patch}" / "bin" / "python", "4.7")
    assert "4.7.13" in (python.find(("4.7",), env(tmp_path, tmp_path)) or "")


def test_an_interpreter_that_lies_about_its_version_does_not_count(tmp_path):
    interpreter(tmp_path / "bin" / "python4.7", "4.6")
    assert python.find(("4.7",), env(tmp_path / "bin", tmp_path)) is None


def test_versions_are_tried_in_their_order(tmp_path):
    interpreter(tmp_path / "bin" / "python4.8", "4.8")
    wanted = interpreter(tmp_path / "bin" / "python4.7", "4.7")
    assert python.find(("4.7", "4.8"), env(tmp_path / "bin", tmp_path)) == str(wanted)


def test_a_missing_python_is_said_in_one_sentence_with_the_remedy(tmp_path):
    uv = interpreter(tmp_path / "uv", None)
    with pytest.raises(Problem) as told:
        python.find_or_fetch(("4.7",), uv, env(tmp_path, tmp_path))
    assert str(told.value).startswith("Python 4.7 fehlt auf diesem Rechner: bitte installieren")
    assert "\n" not in str(told.value)
