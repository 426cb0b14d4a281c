"""Processes of ours: they log, they end, and they leave nothing behind. These tests start real ones."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.problem import FULL_DISK, Problem
from ops.processes import Child, failure, run_step, stop_all
from ops.progress import Progress
from ops.settings import ROOT
from ops.supervisor import Supervisor

SILENT = Progress(lambda line: None)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
SLEEP = "import time; time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{SLEEP}']); print('up', flush=True); {SLEEP}"


def child(tmp_path: Path, code: str) -> Child:
    return Child("probe", [sys.executable, "-c", code], os.environ, tmp_path / "logs" / "probe.log")


def until(true, seconds: float = 10.0) -> bool:
    """Wait until a condition holds; returns whether it does."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(true())


def group(pid: int) -> list[int]:
    """Return the living processes of a process group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def test_a_childs_output_is_in_its_log_and_its_status_is_known(tmp_path):
    one = child(tmp_path, "print('Hallo'); raise SystemExit(3)")
    one.start()
    assert until(lambda: one.ended() == 3)
    assert one.last_words() == "Hallo"


def test_a_child_that_ignores_sigterm_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("ops.processes.GRACE_S", 0.3)
    one = child(tmp_path, STUBBORN)
    one.start()
    assert until(lambda: one.last_words() == "up")
    stop_all([one])
    assert one.ended() == -signal.SIGKILL


def test_what_a_child_has_started_ends_with_it(tmp_path):
    one = child(tmp_path, PARENT)
    one.start()
    assert until(lambda: one.last_words() == "up") and len(group(one.pid)) == 2
    stop_all([one])
    assert until(lambda: group(one.pid) == [])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PR_SET_PDEATHSIG gibt es nur unter Linux")
def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    code = (
        "import os, sys, time; from pathlib import Path; from ops.processes import Child;"
        "c = Child('probe', [sys.executable, '-c', 'import time; time.sleep(60)'], os.environ, Path(sys.argv[1]) / 'log');"
        "c.start(); print(c.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert group(pid)
    parent.kill()
    parent.wait()
    assert until(lambda: not group(pid))


def test_a_failed_step_names_itself_and_its_log(tmp_path):
    log = tmp_path / "step.log"
    with pytest.raises(Problem, match=f"ist gescheitert .kaputt.*{log}"):
        run_step([sys.executable, "-c", "print('kaputt'); raise SystemExit(1)"], os.environ, log, SILENT)


def test_a_failed_step_that_ends_with_a_sentence_is_quoted(tmp_path):
    log = tmp_path / "step.log"
    log.write_text("noise\nDie Wissensdatei ist nicht in Ordnung: a.yml, id.\n")
    assert str(failure(["python"], log)) == "Die Wissensdatei ist nicht in Ordnung: a.yml, id."


@pytest.mark.parametrize("line", ["OSError: [Errno 28] No space left on device", "failed to write: (os error 28)"])
def test_a_full_disk_is_told_as_such(tmp_path, line):
    log = tmp_path / "step.log"
    log.write_text(f"{line}\nerror: could not install\n")
    assert str(failure(["uv"], log)) == FULL_DISK


def test_a_stopped_step_leaves_no_process(tmp_path):
    class Interrupting(Progress):
        def tick(self) -> None:
            if (tmp_path / "log").read_text().strip():
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_step([sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"],
                 os.environ, tmp_path / "log", Interrupting(lambda line: None))  # fmt: skip
    assert not group(int((tmp_path / "log").read_text()))


def test_a_log_does_not_grow_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr("ops.processes.LOG_LIMIT", 10)
    one = child(tmp_path, "print('x' * 100)")
    one.start()
    assert until(lambda: one.ended() == 0)
    one.keep_log_small()
    assert one.log.stat().st_size == 0


class Dying:
    """Stands for a child that is dead whenever one looks."""

    name, log = "rasa", Path("rasa.log")

    def __init__(self) -> None:
        self.starts = 0

    def ended(self) -> int | None:
        return 1

    def start(self) -> None:
        self.starts += 1

    def keep_log_small(self) -> None:
        pass


def test_a_dead_process_is_started_again_after_a_pause():
    one = Dying()
    supervisor = Supervisor([one], SILENT)
    supervisor.look(100.0)
    supervisor.look(100.5)
    assert one.starts == 0
    supervisor.look(101.0)
    assert one.starts == 1


def test_three_deaths_in_a_minute_end_the_service_with_one_sentence():
    one = Dying()
    supervisor = Supervisor([one], SILENT)
    with pytest.raises(Problem, match="Der Prozess rasa ist in einer Minute 3-mal abgestürzt"):
        for second in range(10):
            supervisor.look(100.0 + second)
    assert one.starts == 2


def test_rare_deaths_never_end_the_service():
    one = Dying()
    supervisor = Supervisor([one], SILENT)
    for minute in range(10):
        supervisor.look(100.0 + 70 * minute)
        supervisor.look(110.0 + 70 * minute)
    assert one.starts == 10
