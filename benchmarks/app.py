"""The app's first view on a ledger of 50,000 claims about 5,000 places, and its slider, in Chromium on this machine.

``python -m benchmarks.app [claims] [places]``. The ledger is made (``benchmarks.join``) and kept under ``out/bench``.

``rows`` is the time from asking for the page to the list of who holds what; ``picture`` to the first picture of the
map, with coasts and all marks; ``map`` to the map that can be moved, at rest. ``first`` is asked at a start of the
server that finds nothing kept and works out all timelines, ``cold`` right after a later start, ``fresh`` in new
windows that keep nothing, ``again`` with the browser's cache: medians of five. A step of the slider is a day: the
time from the key to the next picture. Without a graphics card the processor draws it.

``browser_cpu`` and ``server_cpu`` are seconds of the processor: the browser's of all its processes, up to the picture
and up to the map at rest, and milliseconds for a step; the server's from its start until the map is at rest.
``fixed_work_ms`` is what a fixed piece of work takes here and now, beside the measuring: on a machine with other
work, everything grows with it.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import sys
import time
from pathlib import Path

from benchmarks.join import readings, towns

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/app"))
ROUNDS, DAYS = 5, 60
ROWS = "() => document.querySelector('[role=tabpanel] a.row') && performance.now()"
PICTURE = "() => document.querySelector('.overview .map [data-pictured]') && performance.now()"
MAP = "() => document.querySelector('.overview .map [aria-busy=\"false\"]') && performance.now()"
WHAT = {"rows": ROWS, "picture": PICTURE, "map": MAP}
SCRUB = """async (days) => {
  const slider = document.querySelector('input[type=range]');
  const taken = [];
  for (let n = 0; n < days; n++) {
    await new Promise((next) => requestAnimationFrame(next));
    const begin = performance.now();
    slider.value = Number(slider.value) - 1;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    taken.push(performance.now() - begin);
  }
  return taken;
}"""


def made(claims: int, places: int) -> Path:
    """The ledger, which is made once."""
    from tadmor.ledger import Store

    path = ROOT / f"out/bench/app-{claims}-{places}.db"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        for left in path.parent.glob(f"{fresh.name}*"):
            left.unlink()
        rng = random.Random(7)
        with Store(fresh) as store:
            for reading in readings(towns(places, rng), claims, rng):
                store.add(reading)
        fresh.replace(path)
    return path


def forget(ledger: Path) -> None:
    """Have the timelines worked out anew that an earlier start has kept."""
    from tadmor.ledger import Store, database, timelines

    with Store(ledger) as store, database.writing(store.engine, str(ledger)) as connection:
        timelines.forget(connection)


def fixed_work() -> float:
    """Milliseconds that a fixed piece of work takes."""
    begin = time.perf_counter()
    hashlib.sha256(bytes(16_000_000)).digest()
    return (time.perf_counter() - begin) * 1000


def processor_seconds(process: int) -> float:
    """What a process has taken of the processor so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(claims: int = 50_000, places: int = 5_000) -> dict[str, float]:
    """Seconds and milliseconds, by what they are of."""
    from driving import WEBGL, chromium, context_of, serving
    from playwright.sync_api import Page, sync_playwright

    found = chromium()
    if found is None:
        raise SystemExit("no chromium on this machine: apt-get install chromium, or name one in TADMOR_CHROMIUM")
    ledger = made(claims, places)
    forget(ledger)
    out: dict[str, float] = {}
    works = [fixed_work()]

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*WEBGL, "--no-sandbox"])
        inspector = browser.new_browser_cdp_session()

        def cpu() -> float:
            return float(sum(p["cpuTime"] for p in inspector.send("SystemInfo.getProcessInfo")["processInfo"]))

        def view(page: Page, address: str) -> dict[str, float]:
            works.append(fixed_work())
            before = cpu()
            page.goto(address, wait_until="commit")
            taken: dict[str, float] = {}
            for name, there in WHAT.items():
                taken[f"{name}_seconds"] = page.wait_for_function(there, timeout=300_000).json_value() / 1000
                taken[f"{name}_browser_cpu"] = cpu() - before
            return taken

        for start in ("first", "cold"):  # the second finds what the first has kept when it ended
            begin = time.perf_counter()
            with serving(ledger) as server:
                out[f"{start}_server_starts_seconds"] = time.perf_counter() - begin
                taken = view(context_of(browser).new_page(), server.address)
                out |= {f"{start}_{what}": t for what, t in taken.items()}
                out[f"{start}_server_cpu"] = processor_seconds(server.process.pid)
        with serving(ledger) as server:
            fresh = [view(context_of(browser).new_page(), server.address) for _ in range(ROUNDS)]
            page = context_of(browser).new_page()
            view(page, server.address)
            again = [view(page, server.address) for _ in range(ROUNDS)]
            for name, views in (("fresh", fresh), ("again", again)):
                for what in views[0]:
                    out[f"{name}_{what}"] = statistics.median(v[what] for v in views)
            page.wait_for_load_state("networkidle")
            before = cpu()
            steps = sorted(page.evaluate(SCRUB, DAYS))
            out["step_browser_cpu_ms"] = (cpu() - before) / DAYS * 1000
            out["step_median_ms"] = statistics.median(steps)
            out["step_95th_ms"] = steps[int(len(steps) * 0.95)]
        browser.close()
    out["fixed_work_ms"] = statistics.median(works)
    return out


if __name__ == "__main__":
    for title, figure in measure(*(int(n) for n in sys.argv[1:])).items():
        print(f"{title:24} {figure:.3f}")
