"""Run every test in its environments and close with one line over all of them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from train import ROOT, environment, train

# (environment, folders): the knowledge base is tested in both.
RUNS = ((".venv", ("tests/knowledge", "tests/gateway", "tests/ops")), (".venv-bot", ("tests/knowledge", "tests/nlu", "tests/actions")))


def main() -> int:
    """Train, run all tests, print the sum; returns 1 where one failed."""
    train()
    total = {"passed": 0, "failed": 0, "skipped": 0, "error": 0}
    broken = False
    for folder, tests in RUNS:
        present = [test for test in tests if any((ROOT / test).glob("**/test_*.py"))]
        command = [str(ROOT / folder / "bin" / "python"), "-m", "pytest", *present, "-p", "no:cacheprovider"]
        print(f"— {folder}: {' '.join(present)}", flush=True)
        run = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        last = ""
        for line in run.stdout:
            print(line, end="", flush=True)
            last = line if re.search(r"\d+ (passed|failed|error|skipped)", line) else last
        broken |= run.wait() != 0
        for count, word in re.findall(r"(\d+) (passed|failed|skipped|error)", last):
            total[word] += int(count)
    print(f"{total['passed']} passed, {total['failed'] + total['error']} failed, {total['skipped']} skipped")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
