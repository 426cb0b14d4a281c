"""The knowledge base over HTTP, and its renewal in the running service."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import knowledge

SOURCE = Path(knowledge.__file__).parent
RENEWED_S = 60


def run(service, *command: str, where: Path = SOURCE.parent) -> None:
    """Run `python -m knowledge` of a copy on the running service's database."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"DATA_DIR": str(service.data_dir)}
    done = subprocess.run([sys.executable, "-m", "knowledge", *command], cwd=where, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of knowledge/ that a test may change."""
    return Path(shutil.copytree(SOURCE, tmp_path / "knowledge", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture
def restored(service):
    """The service, with the real knowledge base loaded again afterwards."""
    yield service
    run(service, "load")


def test_search_finds_ranked_entries(service):
    found = service.get("/api/v1/entries", q="Quartiersimpulse", limit=3).json()["entries"]
    assert found[0]["id"] == "quartiersimpulse" and len(found) <= 3
    assert set(found[0]) >= {"id", "area", "title", "summary", "url", "as_of", "score"}
    assert [hit["score"] for hit in found] == sorted((hit["score"] for hit in found), reverse=True)


@pytest.mark.parametrize("area", ["beratung", "vernetzung", "qualifizierung", "foerderung", "faq", "glossar"])
def test_search_stays_in_the_area_asked_for(service, area):
    found = service.get("/api/v1/entries", q="Quartier", area=area).json()["entries"]
    assert found and {hit["area"] for hit in found} == {area}


def test_one_entry_comes_with_its_sources(service):
    entry = service.get("/api/v1/entries/quartiersimpulse").json()
    assert entry["id"] == "quartiersimpulse" and entry["sources"] and all(source["url"] for source in entry["sources"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/entries/gibt-es-nicht", 404),
        ("/api/v1/entries/..%2f..%2fetc%2fpasswd", 404),
        ("/api/v1/entries?area=hotel", 422),
        ("/api/v1/entries?limit=0", 422),
        ("/api/v1/entries?q=%00", 422),
    ],
)
def test_a_wrong_request_for_entries_is_refused(service, path, status):
    refused = service.get(path)
    assert refused.status_code == status and set(refused.json()) == {"error", "field", "message"}


def test_ready_names_the_language_model_in_use(service):
    health = service.get("/health/ready")
    model = health.json()["components"]["language_model"]
    assert health.status_code == 200 and model["ok"] and model["model"] in {"de_core_news_sm", "blank-de-lookups"} and model["version"]
    assert health.json()["components"]["knowledge"]["version"] >= 1


def test_a_changed_knowledge_base_changes_the_answer_without_a_restart(restored, copy, wait_until):
    file = copy / "entries" / "foerderung" / "beteiligungstaler.yml"
    question = "Wie viel Geld gibt es beim Beteiligungstaler?"
    assert "2.000" in restored.citizen().ask(question)["text"]
    for changed in (file, copy / "questions" / "foerderung" / file.name):
        changed.write_text(changed.read_text(encoding="utf-8").replace("2.000", "2.345").replace(" 2000", " 2345"), encoding="utf-8")
    run(restored, "load", where=copy.parent)
    wait_until(lambda: "2.345" in restored.citizen().ask(question)["text"], RENEWED_S)
    wait_until(lambda: "2345" in restored.get("/api/v1/entries/beteiligungstaler").text, RENEWED_S)


def test_a_withdrawn_entry_leaves_all_answers_without_a_restart_and_comes_back(restored, wait_until):
    def offered() -> bool:
        return "beteiligungstaler" in restored.citizen().ask("Wie viel Geld gibt es beim Beteiligungstaler?")["answer"]["entries"]

    def served() -> int:
        return restored.get("/api/v1/entries/beteiligungstaler").status_code

    assert offered() and served() == 200
    run(restored, "withdraw", "beteiligungstaler")
    try:
        wait_until(lambda: not offered() and served() == 404, RENEWED_S)
    finally:
        run(restored, "restore", "beteiligungstaler")
    wait_until(lambda: offered() and served() == 200, RENEWED_S)


def test_a_broken_file_leaves_the_old_knowledge_in_service(restored, copy):
    (copy / "entries" / "foerderung" / "beteiligungstaler.yml").write_text("id: [", encoding="utf-8")
    with pytest.raises(AssertionError, match="beteiligungstaler"):
        run(restored, "load", where=copy.parent)
    assert "2.000" in restored.citizen().ask("Wie viel Geld gibt es beim Beteiligungstaler?")["text"]
