"""``python -m fuzz [--seconds N] [TARGET...]`` (``make fuzz``): every target for so long, from good inputs, changed at random.

With atheris (``pip install atheris``, Linux) inputs are led by what code they reach; without it they are changed blindly, and it
is said which. What breaks is made shorter and kept in fuzz/corpus, where a test replays it; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from fuzz.kept import FOLDER, keep, shorter
from fuzz.seeds import mutated, seeds
from fuzz.targets import TARGETS

SLOW = 10.0  # seconds for one input: what takes longer counts as broken


def main() -> int:
    """Run the targets one after the other."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--seconds", type=float, default=60.0, help="for each target")
    ap.add_argument("--seed", type=int, default=int(time.time()))
    ap.add_argument("--blind", action="store_true", help="without atheris, even where it is installed")
    ap.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all if none is named")
    a = ap.parse_args()
    unknown = set(a.targets) - set(TARGETS)
    if unknown:
        ap.error(f"no target is called {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    led = importlib.util.find_spec("atheris") is not None and not a.blind
    print("inputs led by coverage (atheris)" if led else "atheris is not used: inputs are changed blindly", flush=True)
    broken = 0
    for name in a.targets or TARGETS:
        broken += _led(name, a.seconds) if led else blind(name, a.seconds, a.seed)
    print(f"{broken} broken" + (f": the cases are in {FOLDER}" if broken else ""))
    return 1 if broken else 0


def blind(name: str, seconds: float, seed: int) -> int:
    """Change good inputs for so long; returns how many broke."""
    dice, target, known = random.Random(seed), TARGETS[name], seeds()[name]
    end, tried, broken = time.monotonic() + seconds, 0, 0
    seen: set[str] = set()
    while time.monotonic() < end:
        data = mutated(dice.choice(known), dice)
        tried += 1
        fault = breaks(name, data)
        if fault and fault not in seen:
            seen.add(fault)
            broken += 1
            least = shorter(data, lambda d, f=fault: breaks(name, d) == f)
            print(f"{name}: {fault}: {keep(name, least)}", flush=True)
    del target
    print(f"{name}: {tried} inputs, {broken} broken", flush=True)
    return broken


def breaks(name: str, data: bytes) -> str | None:
    """How an input breaks a target, in one line that is the same for the same fault; None when it does not."""
    begun = time.monotonic()
    try:
        TARGETS[name](data)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
    return f"over {SLOW:.0f} seconds" if time.monotonic() - begun > SLOW else None


def _led(name: str, seconds: float) -> int:
    """Run a target under atheris in a process of its own, since libFuzzer ends the process at the first break."""
    with tempfile.TemporaryDirectory() as folder:
        for n, data in enumerate(seeds()[name]):
            (Path(folder) / f"seed-{n}").write_bytes(data)
        found = Path(folder) / "found"
        found.mkdir()
        command = [
            *(
                sys.executable,
                "-m",
                "fuzz.led",
                name,
                folder,
                f"-artifact_prefix={found}/",
                f"-max_total_time={seconds:.0f}",
            ),
            *("-timeout=10", "-rss_limit_mb=4096", "-max_len=20000", "-print_final_stats=0", "-verbosity=0"),
        ]
        ran = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        cases = sorted(found.iterdir())
        for case in cases:
            print(f"{name}: {case.name.split('-')[0]}: {keep(name, case.read_bytes())}", flush=True)
        if ran.returncode and not cases:
            print(ran.stderr[-2000:], file=sys.stderr)
            return 1
        print(f"{name}: {len(cases)} broken", flush=True)
        return len(cases)


if __name__ == "__main__":
    sys.exit(main())
