"""What processes of ours use, from /proc: CPU time and memory of each with everything that it started."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
MB = 1024.0  # kB


@dataclass(frozen=True)
class Memory:
    """Resident memory in MB; `pss` shares what several processes map, so that it can be summed."""

    rss: float
    pss: float


def members(pid: int) -> list[int]:
    """Return the processes of a session: `ops.processes` starts every child as the leader of its own."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) and int(fields[3]) == pid:
            found.append(int(entry.name))
    return found


def cpu_s(pids: Mapping[str, int]) -> dict[str, float]:
    """Return CPU seconds (user and system) by name, ended children included."""
    return {name: sum(_cpu(member) for member in members(pid)) for name, pid in pids.items()}


def memory(pids: Mapping[str, int]) -> dict[str, Memory]:
    """Return memory by name."""
    return {name: _memory(members(pid)) for name, pid in pids.items()}


def memory_of(pid: int) -> Memory:
    """Return the memory of one process."""
    return _memory([pid])


def _memory(pids: list[int]) -> Memory:
    rollups = [_rollup(pid) for pid in pids]
    return Memory(sum(r.get("Rss", 0.0) for r in rollups) / MB, sum(r.get("Pss", 0.0) for r in rollups) / MB)


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS if fields else 0.0


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name, from the state on; empty for a process that is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _rollup(pid: int) -> dict[str, float]:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return {}
    return {line.split(":")[0]: float(line.split()[1]) for line in lines}


def age_s(pid: int) -> float:
    """Return the seconds since a process was started."""
    fields = _stat(pid)
    up = float((PROC / "uptime").read_text(encoding="utf-8").split()[0])
    return up - int(fields[19]) / TICKS if fields else 0.0
