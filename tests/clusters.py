"""A PostgreSQL server of one test's own, which may be killed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, where this machine has them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return debian[-1].parent if debian else None


class Cluster:
    """A server on a free port of the loopback, with its data in a folder of its own."""

    def __init__(self, folder: Path, bin: Path, user: str | None) -> None:
        self._folder, self._bin, self._user = folder, bin, user
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        with (folder / "data/postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}'\n"
                "fsync = on\nmax_connections = 20\nshared_buffers = 16MB\n"
            )

    @property
    def url(self) -> str:
        """Of its first database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, also when what a killed one left is still being cleared away."""
        for _ in range(60):
            try:
                self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "start")
                return
            except subprocess.CalledProcessError:
                time.sleep(0.5)
        raise AssertionError((self._folder / "log").read_text()[-2000:])

    def stop(self, mode: str) -> None:
        """Stop it: fast, or immediate, without a word to whoever uses it and without writing what is in memory."""
        self._run("pg_ctl", "-D", "data", "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """SIGKILL to all of its processes at once."""
        first = int((self._folder / "data/postmaster.pid").read_text().split()[0])
        children = [int(p) for p in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
        for process in (first, *children):
            os.kill(process, signal.SIGKILL)

    def _run(self, program: str, *arguments: str) -> None:
        with tempfile.TemporaryFile() as said:  # a pipe would stay open as long as the server runs
            subprocess.run(
                [self._bin / program, *arguments],
                cwd=self._folder, user=self._user, check=True, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            )  # fmt: skip


@contextmanager
def cluster() -> Iterator[Cluster | None]:
    """A running server; None where this machine has no PostgreSQL, or root has nobody to run it as."""
    bin, user = programs(), None
    if os.geteuid() == 0:
        user = next((p.pw_name for p in pwd.getpwall() if p.pw_name == "postgres"), "")
    if bin is None or user == "":
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="tadmor-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        found = Cluster(folder, bin, user)
        found.start()
        try:
            yield found
        finally:
            found.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
