"""Daft's own runner: a table of items, one a batch, through a class that its processes keep.

Daft spreads the items over its processes as these become free. It ends the whole query when one of them dies, so that
``finish`` runs what is left again in halves.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tadmor.bulk.engines import Attempt, WorkersLost, attempt, threads


@dataclass(frozen=True, slots=True)
class Daft:
    """Daft's runner for one machine with so many processes."""

    jobs: int
    name: str = "daft"

    def run(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Attempt[Any]]:
        """See ``Engine``."""
        import daft

        binary = daft.DataType.binary()

        class Worker:
            def __init__(self, work: bytes, jobs: int) -> None:
                threads(jobs)
                self.work = pickle.loads(work)

            def do(self, column: Any) -> list[bytes]:
                given = (pickle.loads(cell) for cell in column.to_pylist())
                return [pickle.dumps(attempt(self.work, index, item)) for index, item in given]

            do = daft.method.batch(do, return_dtype=binary, batch_size=1)

        cells = [pickle.dumps((index, item)) for index, item in enumerate(items)]
        table = daft.from_pydict({"item": cells})
        worker = daft.cls(Worker, max_concurrency=self.jobs, use_process=True)(pickle.dumps(work), self.jobs)
        try:
            for row in table.select(worker.do(table["item"]).alias("done")).iter_rows(results_buffer_size=None):
                got: Attempt[Any] = pickle.loads(row["done"])
                yield got
        except (GeneratorExit, KeyboardInterrupt):
            raise
        except Exception as error:
            raise WorkersLost(f"{type(error).__name__}: {str(error)[:300]}") from error


def make(jobs: int) -> Daft:
    """The engine with so many processes."""
    import daft
    from daft.runners import get_or_infer_runner_type

    if get_or_infer_runner_type() != "native":  # it is chosen once a process
        daft.set_runner_native()
    return Daft(jobs)
