"""One search measured in a process of its own, so that its memory can be told: `python -m bench.search_worker ours 50000`."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import sys
import time
from typing import Any

from bench import corpus, usage
from bench.engines import ENGINES
from bench.figures import spread
from knowledge.search import passages_of


def measure(engine: str, size: int) -> dict[str, Any]:
    """Index the real entries, enlarged to `size` (0: as they are), and ask what was held out."""
    searched = corpus.real()
    if size:
        searched = corpus.enlarged(searched, size)
    passages = sum(1 for number, entry in enumerate(searched.entries) for _ in passages_of(number, entry))
    before, begun = _memory_mb(), time.perf_counter()
    index = ENGINES[engine](searched.entries)
    index_s = time.perf_counter() - begun
    memory = _memory_mb() - before
    questions = searched.questions[:: 2 if size else 1]  # at 50,000 half of them: FTS5 takes a tenth of a second for each
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
        "peak_process_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / usage.MB,
    }


def _memory_mb() -> float:
    """Return what is in use, without what was freed but not given back to the system."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return usage.memory_of(os.getpid()).rss


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
