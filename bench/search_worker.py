"""One search measured in a process of its own, so that its memory can be told: `python -m bench.search_worker ours 50000`."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from typing import Any

from bench import corpus, usage
from bench.engines import ENGINES
from bench.figures import spread
from knowledge.search import passages_of

QUESTIONS = 1_000


def measure(engine: str, size: int) -> dict[str, Any]:
    """Index the real entries, enlarged to `size` (0: as they are), and ask what was held out."""
    searched = corpus.real()
    if size:
        searched = corpus.enlarged(searched, size)
    passages = sum(1 for number, entry in enumerate(searched.entries) for _ in passages_of(number, entry))
    gc.collect()
    before, begun = _memory_mb(), time.perf_counter()
    index = ENGINES[engine](searched.entries)
    index_s = time.perf_counter() - begun
    gc.collect()
    memory = _memory_mb() - before
    questions = searched.questions[:: max(1, len(searched.questions) // QUESTIONS)]
    for text, _ in questions[::10]:
        index.find(text)
    times, spent, first, three = list[float](), list[float](), 0, 0
    for text, wanted in questions:
        begun, cpu = time.perf_counter(), time.process_time()
        found = index.find(text)
        spent.append((time.process_time() - cpu) * 1000)
        times.append((time.perf_counter() - begun) * 1000)
        first += found[:1] == [wanted]
        three += wanted in found[:3]
    return {
        "entries": len(searched.entries),
        "passages": passages,
        "questions": len(questions),
        "ms": spread(times),
        "cpu_ms": spread(spent),
        "recall_1": first / len(questions),
        "recall_3": three / len(questions),
        "index_s": index_s,
        "memory_mb": memory,
    }


def _memory_mb() -> float:
    return usage.memory_of(os.getpid()).rss


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
