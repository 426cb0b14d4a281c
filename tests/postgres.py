"""A PostgreSQL cluster of a test's own, which may be killed: on a free port, with every commit on disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg2

from ops.ports import free_ports

USER = "postgres"


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL programs, None where they cannot be run here (they refuse to run as root)."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    usable = os.geteuid() != 0 or shutil.which("runuser") is not None
    return found[-1] if found and usable else None


class Cluster:
    """One server with one database `tests`."""

    def __init__(self, bin_folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # a test's own folder is closed to other users
        self._bin, self._data, self.port = bin_folder, self._folder / "data", free_ports(1)[0]
        if os.geteuid() == 0:
            shutil.chown(self._folder, USER)
        self._run("initdb", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "tests", data=False)

    @property
    def url(self) -> str:
        """The database's address."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/tests"

    def start(self) -> None:
        """Start the server and wait until it answers; after a kill it first repairs itself."""
        options = ("-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=")
        ends = time.monotonic() + 60
        self._server = self._begun(*options)
        while not self.is_up():
            assert time.monotonic() < ends, (self._folder / "log").read_text()
            if self._server.poll() is not None:  # a child of the killed one still holds its memory; it ends by itself
                self._server = self._begun(*options)
            time.sleep(0.05)

    def _begun(self, *options: str) -> subprocess.Popen[bytes]:
        """Start the server as our child, so that a killed one is reaped and its lock file counts as stale."""
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(self._command("postgres", *options), cwd="/", stdout=log, stderr=log)

    def kill(self) -> None:
        """Kill the server and everything it has started, all at once, and wait until they are gone."""
        server = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for pid in (server, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait(30)

    def close(self) -> None:
        """Stop the server at once and delete what it kept."""
        self._run("pg_ctl", "-m", "immediate", "stop")
        self._server.wait(30)
        shutil.rmtree(self._folder)

    def is_up(self) -> bool:
        """Say whether the server takes connections."""
        try:
            psycopg2.connect(self.url.removesuffix("tests") + "postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str, data: bool = True) -> None:
        done = subprocess.run(
            self._command(program, *arguments, data=data), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert done.returncode == 0, done.stderr

    def _command(self, program: str, *arguments: str, data: bool = True) -> list[str]:
        command = [str(self._bin / program), *(("-D", str(self._data)) if data else ()), *arguments]
        return ["runuser", "-u", USER, "--", *command] if os.geteuid() == 0 else command
