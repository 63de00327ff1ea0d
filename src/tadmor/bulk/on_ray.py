"""A Ray cluster: each item is a task of one core, given to whichever machine has one free.

Ray is asked at RAY_ADDRESS, or started on this machine where that is not set. All machines need tadmor in the same version, and
read and write the same addresses: a shared folder, or S3-compatible storage.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tadmor.bulk.engines import Attempt, WorkersLost, attempt

_AHEAD = (
    4  # tasks a core that are handed to the cluster: enough for no core to wait, few enough for a corpus of any size
)


@dataclass(frozen=True, slots=True)
class Ray:
    """A Ray cluster, or one of so many processes on this machine."""

    jobs: int
    name: str = "ray"

    def run(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Attempt[Any]]:
        """See ``Engine``. A worker that dies costs the item that it had."""
        import ray
        from ray.exceptions import RayError, RayTaskError

        # One thread a task: a task is told one core, and so many of them run on a machine as it has.
        task: Any = ray.remote(num_cpus=1, max_retries=0, runtime_env={"env_vars": {"TADMOR_THREADS": "1"}})(_task)
        shared = ray.put(work)
        todo = iter(enumerate(items))
        open_: dict[Any, int] = {}
        cores = max(self.jobs, int(ray.cluster_resources().get("CPU", self.jobs)))
        try:
            while True:
                for index, item in islice(todo, cores * _AHEAD - len(open_)):
                    open_[task.remote(shared, index, item)] = index
                if not open_:
                    return
                ready, _ = ray.wait(list(open_), num_returns=1)
                for ref in ready:
                    index = open_.pop(ref)
                    try:
                        got: Attempt[Any] = ray.get(ref)
                    except RayTaskError as error:
                        got = Attempt(index, error=str(error.cause)[:300])
                    except RayError as error:
                        got = Attempt(index, error=f"its process broke: {str(error).splitlines()[0][:300]}")
                    yield got
        except ConnectionError as error:
            raise WorkersLost(f"the cluster cannot be reached: {error}") from error
        finally:
            for ref in open_:
                ray.cancel(ref, force=True)


def _task(work: Callable[[Any], Any], index: int, item: Any) -> Attempt[Any]:
    return attempt(work, index, item)


def make(jobs: int) -> Ray:
    """The engine: the cluster at RAY_ADDRESS, or so many processes here."""
    import ray

    if not ray.is_initialized():
        here = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": jobs, "include_dashboard": False}
        ray.init(logging_level="ERROR", log_to_driver=False, **here)
    return Ray(jobs)
