"""Child processes that never outlive us: each in its own group, ended as a group, and by the kernel when we die."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Iterable, List, Mapping, Optional, Sequence, Union

from ops.problem import FULL_DISK, Problem, Stopped
from ops.progress import Progress
from ops.settings import ROOT

GRACE_S = 5.0
LOOK_S = 0.1
PR_SET_PDEATHSIG = 1
LOG_LIMIT = 20 * 1024 * 1024


def die_with_parent() -> None:
    """Ask the kernel to send us SIGTERM when our parent dies (Linux; elsewhere nothing happens)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Child:
    """One process of ours: how it is started, where it logs, how it ends."""

    def __init__(self, name: str, command: Sequence[Union[str, Path]], env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = [str(part) for part in command]
        self._env = dict(env)
        self._process: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> None:
        """Start the process; its output goes to the end of its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = start(self._command, self._env, log)

    @property
    def pid(self) -> int:
        """Process id, 0 while not started."""
        return self._process.pid if self._process else 0

    def ended(self) -> Optional[int]:
        """Return the exit status, None while it runs or was never started."""
        return self._process.poll() if self._process else None

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process and everything that it started."""
        if self._process:
            signal_group(self._process, signal.SIGTERM)

    def finish(self, deadline: float) -> None:
        """Wait until it has ended; at the deadline (monotonic) it is killed. Nothing of its group remains."""
        if self._process:
            end_group(self._process, deadline)

    def last_words(self) -> str:
        """Return the last line of the log, "" where there is none."""
        return last_line(self.log)

    def keep_log_small(self) -> None:
        """Empty a log that has grown over 20 MB; the process goes on writing at its end."""
        try:
            if self.log.stat().st_size > LOG_LIMIT:
                os.truncate(self.log, 0)
        except OSError:
            pass


def start(command: Sequence[str], env: Mapping[str, str], output: Union[int, IO[bytes]]) -> subprocess.Popen[bytes]:
    """Start a process in its own group, without standard input; it gets SIGTERM when we die."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def stop_all(children: Iterable[Child]) -> None:
    """Stop all children at the same time and wait for them."""
    listed = list(children)
    for child in listed:
        child.ask_to_stop()
    deadline = time.monotonic() + GRACE_S
    for child in listed:
        child.finish(deadline)


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to a process group; that it is gone already is fine."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def end_group(process: subprocess.Popen[bytes], deadline: float) -> None:
    """Wait for a process until the deadline, then kill what is left of its group."""
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        pass
    signal_group(process, signal.SIGKILL)
    process.wait()


def run_step(command: Sequence[Union[str, Path]], env: Mapping[str, str], log: Path, progress: Progress) -> None:
    """Run one command of the set-up to its end, with its output in a log; raises `Problem` where it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = start([str(part) for part in command], env, output)
        try:
            while process.poll() is None:
                progress.tick()
                time.sleep(LOOK_S)
        except BaseException:
            signal_group(process, signal.SIGTERM)
            end_group(process, time.monotonic() + GRACE_S)
            raise
    if process.returncode:
        raise failure(command, log)


def failure(command: Sequence[Union[str, Path]], log: Path) -> Problem:
    """Return the problem that a failed command's log tells."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if "No space left on device" in text or "os error 28" in text:
        return Problem(FULL_DISK)
    last = last_line(log)
    if is_german_sentence(last):
        return Problem(last)
    return Problem(f"Der Schritt „{_short(command)}“ ist gescheitert ({last[:200]}). Bitte das Protokoll ansehen: {log}")


def last_line(log: Path) -> str:
    """Return the last line with text in a log."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def is_german_sentence(line: str) -> bool:
    """Say whether a log's last line is a sentence for people, as our own programs end with one."""
    return line.startswith(("Der ", "Die ", "Das ", "Den ", "Bitte "))


def _short(command: Sequence[Union[str, Path]]) -> str:
    words: List[str] = [Path(str(command[0])).name, *map(str, command[1:4])]
    return " ".join(words)


def stop_on_signals() -> None:
    """Turn SIGINT, SIGTERM and SIGHUP into `Stopped`, once; while we stop, further ones are ignored."""

    def stop(_number: int, _frame: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays in force
            signal.signal(number, stop)
