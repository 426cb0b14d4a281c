"""(c) The NLU pipeline of `config.yml` on MASSIVE-de through Rasa's graph, beside stock Rasa's pipeline.

Stock DIET on these data is quoted, not measured again: its training takes more than an hour. For orientation the same stock pipeline is
timed here as the bot of `rasa init` has it, trained on 70 sentences instead of 13,382, which makes it faster.
"""

from __future__ import annotations

import csv
import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bench import stock, workplace
from bench.figures import Requirement, ratio, spread
from bench.report import Report
from ops.problem import Problem
from ops.progress import Progress
from ops.settings import BOT_PYTHON, ROOT, current

QUOTED: dict[str, Any] = {"accuracy": 0.811, "ms": 10.0, "training_s": 78 * 60.0, "source": "PEERS.md (b), 2026-11-22, gleiche Daten, dev"}
LEAST_ACCURACY = 0.835
Examples = list[tuple[str, str]]


def measure(progress: Progress) -> Report:
    """Train on MASSIVE-de train, score on dev; then time stock Rasa's pipeline."""
    title = "(c) Verstehen: Pipeline aus config.yml auf MASSIVE-de"
    data = workplace.shared() / "data" / "massive_de"
    if not data.is_dir():
        return Report(title, skipped=f"MASSIVE-de fehlt ({data}; SHARED_DIR nennt den Ordner)")
    reference = stock.trained(progress)
    place = workplace.folder() / "massive"
    place.mkdir(parents=True, exist_ok=True)
    progress.step("Die Pipeline wird auf MASSIVE-de trainiert und geprüft")
    dev = read(data / "massive_de_dev.csv")
    (place / "nlu.yml").write_text(rasa_yaml(read(data / "massive_de_train.csv")), encoding="utf-8")
    (place / "config.yml").write_text(pipeline_only((ROOT / "config.yml").read_text(encoding="utf-8")), encoding="utf-8")
    _, env = workplace.private(current(), place)
    job = {"config": str(place / "config.yml"), "data": str(place / "nlu.yml"), "out": str(place / "models"), "examples": dev}
    found = _parsed(place / "job.json", job, env)
    progress.step("Stock-Pipeline: Zeit je Nachricht")
    compared = _parsed(place / "stock.json", {"model": str(reference.model), "examples": dev[:300]}, workplace.stock_env())
    return _report(title, found, compared, len(dev))


def read(file: Path) -> Examples:
    """Return (sentence, intent) of a CSV file of the data set."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["text"], row["intent"]) for row in csv.DictReader(lines)]


def rasa_yaml(examples: Examples) -> str:
    """Return training data in Rasa's form. Square brackets would be entities; the data set has none that matter."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in examples:
        by_intent[intent].append(" ".join(text.replace("[", "(").replace("]", ")").split()))
    blocks = [{"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in sorted(by_intent.items())]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True)


def pipeline_only(config: str) -> str:
    """Return a configuration with the pipeline alone: no policies, and no sentences from the knowledge base."""
    given = yaml.safe_load(config)
    kept = {key: given[key] for key in ("recipe", "assistant_id", "language", "pipeline")}
    return yaml.safe_dump({**kept, "importers": [{"name": "RasaFileImporter"}], "policies": []}, sort_keys=False)


def _parsed(file: Path, job: dict[str, Any], env: Mapping[str, str]) -> dict[str, Any]:
    file.write_text(json.dumps(job), encoding="utf-8")
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "bench.bot.parse", str(file)], capture_output=True, text=True, cwd=ROOT, env=dict(env), check=False
    )
    file.with_suffix(".log").write_text(done.stderr, encoding="utf-8")
    if done.returncode:
        raise Problem(f"Die Messung der Pipeline ist gescheitert. Bitte das Protokoll ansehen: {file.with_suffix('.log')}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _report(title: str, found: dict[str, Any], compared: dict[str, Any], size: int) -> Report:
    accuracy, ours, other = found["right"] / size, spread(found["times_ms"]), spread(compared["times_ms"])
    report = Report(
        title,
        {
            "accuracy": accuracy,
            "sentences": size,
            "ms": ours,
            "training_s": found["training_s"],
            "stock_ms": other,
            "quoted_diet": QUOTED,
            "time_to_stock_of_rasa_init": ratio(ours["p50"], other["p50"]),
        },
    )
    head = ("", "unsere Pipeline", "Rasa, gemessen", "DIET, zitiert")
    report.add_table(
        head,
        [
            (f"Genauigkeit auf dev ({size} Sätze)", accuracy, None, QUOTED["accuracy"]),
            ("ms je Nachricht, p50", ours["p50"], other["p50"], QUOTED["ms"]),
            ("  p95", ours["p95"], other["p95"], None),
            ("Training, s", found["training_s"], None, QUOTED["training_s"]),
        ],
    )
    report.tables.append(f"zitiert: {QUOTED['source']}; gemessen: Stock-Pipeline des Bots von „rasa init“ (kleines Modell)")
    report.requirements = [
        Requirement("Genauigkeit auf MASSIVE-de dev", accuracy, LEAST_ACCURACY, least=True),
        Requirement("Zeit je Nachricht, Verhältnis zu DIET (zitiert)", ratio(ours["p50"], QUOTED["ms"]), 0.1),
    ]
    return report
