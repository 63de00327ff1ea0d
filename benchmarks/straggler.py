"""A small simulation of a long run on a cluster: stragglers, machines that fail, and what small parts and copies do against them.

    python -m benchmarks.straggler [MACHINES] [REPORTS IN MILLIONS] [REPORTS A SECOND AND CORE]

Each machine has 16 cores and reads parts as its cores are free. How long a part takes is drawn: the reports in it, each core by
nature a little slower or faster, one part in two hundred held up for some reason (a page of a megabyte, a slow disk) by three to
thirty times, and one machine in twenty slow throughout (by two). Machines fail at random, on average once in thirty days of one
machine, and are away for ten minutes; what they were reading is read again, what was finished is kept. With copies, a part that
is still out when nothing else is left to give is read by a second core as well, and the first to finish counts: outputs are named
by their content, so that the second changes nothing. Given are the hours, and what share of them perfect spreading of the same
work over the same cores would take. (Tadmor makes no copies: this tells that small parts do as well.)
"""

from __future__ import annotations

import heapq
import random
import statistics
import sys
from dataclasses import dataclass

CORES = 16
HELD_UP, SLOW_MACHINES = 1 / 200, 1 / 20
BETWEEN_FAILURES = 30 * 86_400.0  # seconds of one machine
AWAY = 600.0
START = 20.0  # seconds until a core reads: the process and the reader's weights


@dataclass(frozen=True, slots=True)
class Ran:
    """Hours in all, the share of it that perfect spreading would take, parts read twice after a failure, copies, failures."""

    hours: float
    share: float
    again: int
    copies: int
    failures: int


def simulate(machines: int, reports: int, rate: float, part: int, *, copies: bool, seed: int = 1) -> Ran:
    """One run: ``rate`` reports a second and core, ``part`` reports in a part."""
    dice = random.Random(seed)
    parts = -(-reports // part)
    slow = [2.0 if dice.random() < SLOW_MACHINES else 1.0 for _ in range(machines)]
    pace = [slow[m] * dice.uniform(0.9, 1.1) for m in range(machines) for _ in range(CORES)]
    # What holds a part up is with even chance in the part itself, so that a copy is held up, too, or where it is read.
    hold = [dice.uniform(3, 30) if dice.random() < HELD_UP else 1.0 for _ in range(parts)]
    perfect = part / rate * sum(hold) / sum(1 / p for p in pace)
    down = [_failures(dice, 5 * perfect) for _ in range(machines)]
    todo = list(range(parts - 1, -1, -1))
    done = bytearray(parts)
    out: dict[int, int] = {}  # by part, how many cores read it
    idle: list[int] = []
    events: list[tuple[float, int, int, bool]] = [(START, core, -1, True) for core in range(len(pace))]
    heapq.heapify(events)
    again = copied = 0
    last = 0.0

    def give(core: int, now: float) -> int:
        """The next part for a core that is free; whether it is a copy."""
        if todo:
            at, copy = todo.pop(), 0
        elif copies and (late := [p for p, n in out.items() if n == 1 and not done[p]]):
            at, copy = late[0], 1  # the one that is out for the longest time
        else:
            idle.append(core)
            return 0
        out[at] = out.get(at, 0) + 1
        end = now + part / rate * pace[core] * (1.0 if copy and at % 2 else hold[at])
        machine = core // CORES
        fails = next((t for t in down[machine] if t > now), float("inf"))
        heapq.heappush(events, (min(end, fails), core, at, end <= fails))
        return copy

    left = parts
    while left:
        now, core, at, whole = heapq.heappop(events)
        if at < 0:
            copied += give(core, now)
            continue
        out[at] -= 1
        if not out[at]:
            del out[at]
        if whole and not done[at]:
            done[at], last = 1, now
            left -= 1
        elif not whole and not done[at] and at not in out:
            again += 1
            todo.append(at)
        heapq.heappush(events, (now if whole else now + AWAY + START, core, -1, True))
        while idle and todo:
            copied += give(idle.pop(), now)
    return Ran(last / 3600, perfect / last, again, copied, sum(t < last for times in down for t in times))


def _failures(dice: random.Random, end: float) -> list[float]:
    """When a machine fails, up to a time (seconds)."""
    times: list[float] = []
    now = dice.expovariate(1 / BETWEEN_FAILURES)
    while now < end:
        times.append(now)
        now += AWAY + dice.expovariate(1 / BETWEEN_FAILURES)
    return times


def main() -> None:
    """Print how sizes of parts and copies do."""
    given = [float(n) for n in sys.argv[1:]]
    machines, millions, rate = (given + [10.0, 100.0, 1.0][len(given) :])[:3]
    machines = int(machines)
    print(f"{machines} machines of {CORES} cores, {millions:g} million reports, {rate:g} reports a second and core")
    for part in (500, 5_000, 50_000, 200_000):
        for copies in (False, True):
            ran = [simulate(machines, int(millions * 1e6), rate, part, copies=copies, seed=n) for n in range(3)]
            hours = statistics.mean(r.hours for r in ran)
            share = statistics.mean(r.share for r in ran)
            again = statistics.mean(r.again for r in ran)
            print(
                f"parts of {part:6} {'with' if copies else 'without':7} copies: {hours:7.1f} hours, {100 * share:5.1f} % of "
                f"perfect spreading, {again:6.0f} parts begun again, {statistics.mean(r.failures for r in ran):4.0f} failures"
            )


if __name__ == "__main__":
    main()
