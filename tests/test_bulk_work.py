"""Work for the tests of engines: it fails on purpose. It imports little, since every process that works imports it."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def square(n: int) -> int:
    """Work that never fails."""
    return n * n


class Flaky:
    """Work that fails the first ``times`` times for the numbers of ``on``; counted in files, which processes share."""

    def __init__(self, folder: Path, on: tuple[int, ...], times: int, how: str = "raise") -> None:
        self.folder, self.on, self.times, self.how = str(folder), on, times, how

    def __call__(self, n: int) -> int:
        tries = Path(self.folder) / f"{n}.tries"
        with tries.open("a") as stream:
            stream.write("x")
        if n in self.on and len(tries.read_text()) <= self.times:
            if self.how == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            raise RuntimeError(f"number {n} is not to be had")
        return n * n
