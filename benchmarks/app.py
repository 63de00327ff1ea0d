"""The app's first view on a ledger of 50,000 claims about 5,000 places, and its slider, in Chromium on this machine.

``python -m benchmarks.app [claims] [places]``. The ledger is made (``benchmarks.join``) and kept under ``out/bench``. ``rows`` is
the time from asking for the page to the list of who holds what, ``map`` to the map with all its marks at rest; ``cold`` right
after the server has said where it is, ``fresh`` in new windows that keep nothing, ``again`` with the browser's cache. Medians of
five. A step of the slider is a day: the time from the key to the next picture. Without a graphics card the processor draws it.
"""

from __future__ import annotations

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
MAP = "() => document.querySelector('.overview .map [aria-busy=\"false\"]') && performance.now()"
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


def measure(claims: int = 50_000, places: int = 5_000) -> dict[str, float]:
    """Seconds and milliseconds, by what they are of."""
    from driving import WEBGL, chromium, context_of, serving
    from playwright.sync_api import Page, sync_playwright

    found = chromium()
    if found is None:
        raise SystemExit("no chromium on this machine: apt-get install chromium, or name one in TADMOR_CHROMIUM")
    ledger = made(claims, places)
    out: dict[str, float] = {}

    def view(page: Page, address: str) -> tuple[float, float]:
        page.goto(address, wait_until="commit")
        rows = page.wait_for_function(ROWS, timeout=120_000).json_value()
        return rows / 1000, page.wait_for_function(MAP, timeout=120_000).json_value() / 1000

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*WEBGL, "--no-sandbox"])
        begin = time.perf_counter()
        with serving(ledger) as server:
            out["server_starts_seconds"] = time.perf_counter() - begin
            out["cold_rows_seconds"], out["cold_map_seconds"] = view(context_of(browser).new_page(), server.address)
            fresh = [view(context_of(browser).new_page(), server.address) for _ in range(ROUNDS)]
            page = context_of(browser).new_page()
            view(page, server.address)
            again = [view(page, server.address) for _ in range(ROUNDS)]
            for name, taken in (("fresh", fresh), ("again", again)):
                for k, what in enumerate(("rows", "map")):
                    out[f"{name}_{what}_seconds"] = statistics.median(t[k] for t in taken)
            page.wait_for_load_state("networkidle")
            steps = sorted(page.evaluate(SCRUB, DAYS))
            out["step_median_ms"] = statistics.median(steps)
            out["step_95th_ms"] = steps[int(len(steps) * 0.95)]
        browser.close()
    return out


if __name__ == "__main__":
    for title, figure in measure(*(int(n) for n in sys.argv[1:])).items():
        print(f"{title:24} {figure:.3f}")
