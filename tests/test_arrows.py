"""The arrows between the folders, read from the source: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"knowledge", "gateway", "actions", "nlu", "ops", "bench", "tests"}
MAY_IMPORT = {
    "knowledge": set(),
    "gateway": {"knowledge"},
    "actions": {"knowledge"},
    "nlu": {"knowledge"},
}
RASA_LIVES_IN = ("nlu", "ops/bot", "bench/bot")  # bench/bot measures its parts within the bot's environment
SDK_LIVES_IN = ("actions", *RASA_LIVES_IN)  # the SDK of the action server is another package than Rasa


def modules(folder: str) -> Iterator[Path]:
    """Yield the source files of a folder, as paths from the project's root."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        yield file.relative_to(ROOT)


def imports(file: Path) -> set[str]:
    """Return the full names of all modules that a file imports, wherever the statement stands in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = file.parent.parts[: len(file.parent.parts) - node.level + 1] if node.level else ()
            found.add(".".join([*package, *([node.module] if node.module else [])]))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "import_module", "importlib.import_module"):
            found |= {str(value.value) for value in node.args[:1] if isinstance(value, ast.Constant)}
    return found


def top(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(file)}


def lives_in(file: Path, folders: tuple[str, ...]) -> bool:
    return any(file.as_posix().startswith(f"{folder}/") for folder in folders)


def everything() -> list[Path]:
    return [file for folder in sorted(OURS - {"tests"}) for file in modules(folder)]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_imports_only_what_its_arrow_points_to(folder):
    assert list(modules(folder))
    forbidden = OURS - MAY_IMPORT[folder] - {folder}
    assert {str(file): found for file in modules(folder) if (found := top(file) & forbidden)} == {}


def test_nobody_imports_the_tests():
    assert [file for file in everything() if "tests" in top(file)] == []


def test_rasa_is_imported_by_its_components_its_starter_and_their_benchmark_only():
    assert [file for file in everything() if "rasa" in top(file) and not lives_in(file, RASA_LIVES_IN)] == []


def test_the_action_servers_sdk_is_imported_by_the_actions_only():
    assert [file for file in everything() if "rasa_sdk" in top(file) and not lives_in(file, SDK_LIVES_IN)] == []


def test_within_knowledge_only_the_store_knows_the_database():
    assert [file for file in modules("knowledge") if "sqlalchemy" in top(file) and file.as_posix() != "knowledge/store.py"] == []


def test_knowledge_serves_nothing_over_http():
    servers = {"fastapi", "starlette", "uvicorn", "sanic", "aiohttp", "requests", "httpx", "http", "socketserver"}
    assert {str(file): found for file in modules("knowledge") if (found := top(file) & servers)} == {}


def test_the_start_before_set_up_needs_only_the_standard_library_and_ops():
    """`make run` begins with any Python 3.9 on a machine on which nothing is installed yet."""
    import sys

    reached, waiting = set(), [Path("ops/run.py"), Path("ops/test.py"), Path("ops/setup.py"), Path("ops/train.py")]
    strange: dict[str, set[str]] = {}
    while waiting:
        file = waiting.pop()
        reached.add(file)
        if foreign := {name for name in top(file) if name not in sys.stdlib_module_names and name not in ("ops", "__future__")}:
            strange[str(file)] = foreign
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names = {name for name in imports(file) if name.startswith("ops")}
        names |= {f"ops.{a.name}" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "ops" for a in n.names}
        candidates = {Path(name.replace(".", "/") + ".py") for name in names}
        waiting += [one for one in candidates if (ROOT / one).exists() and one not in reached]
    assert strange == {}
