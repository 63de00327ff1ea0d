"""A ledger, its server and a browser for the tests of the app: what they share."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request

import tadmor

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo/reports"
PACKAGE = Path(tadmor.__file__).parent
KEPT = ROOT / "out/app"
"""Ledgers that take long to make, by what they are made from."""
WIDE, PHONE = {"width": 1360, "height": 860}, {"width": 390, "height": 844}
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-compositing"]
"""WebGL by the processor, and pages put together as a browser without a graphics card does: not by WebGL's way round, too."""


def chromium() -> str | None:
    """Where Debian's browser is, or another that is made of the same; None where there is none."""
    named = os.environ.get("TADMOR_CHROMIUM")
    if named:
        return named
    return next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)


def kept(name: str, sources: list[Path], make: Callable[[Path], None]) -> Path:
    """A ledger that ``make`` writes, kept under ``out/app`` until its sources or the package change."""
    digest = hashlib.sha256()
    rooms = ("gather", "ledger", "reading", "reconcile", "resolve")
    code = [p for r in rooms for p in sorted((PACKAGE / r).rglob("*")) if p.suffix in (".py", ".toml", ".json")]
    for path in [*sources, *code, *sorted(Path(__file__).parent.glob("made*.py"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    found = KEPT / f"{name}-{digest.hexdigest()[:16]}.db"
    if not found.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            fresh = Path(folder, "new.db")
            make(fresh)
            copied(fresh, Path(folder, "whole.db")).replace(
                found
            )  # two workers may make it at once: the last one stays
        for old in KEPT.glob(f"{name}-{'?' * 16}.db"):
            if old != found:
                old.unlink(missing_ok=True)
    return found


def copied(ledger: Path, to: Path) -> Path:
    """A copy of a ledger in one file, with what stands in its log."""
    import sqlite3

    with sqlite3.connect(ledger) as source, sqlite3.connect(to) as target:
        source.backup(target)
    target.close()
    source.close()
    return to


@dataclass
class Server:
    """A running ``tadmor serve``."""

    address: str
    process: subprocess.Popen[str]

    def get(self, path: str) -> Any:
        """What the API answers to a path behind ``/api/v1``."""
        with urllib.request.urlopen(f"{self.address}/api/v1{path}", timeout=30) as answer:
            return json.load(answer)


@contextmanager
def serving(ledger: Path, *more: str) -> Iterator[Server]:
    """The command line's server on a ledger, at a port that is free."""
    command = [
        sys.executable,
        "-m",
        "tadmor",
        "serve",
        "--ledger",
        str(ledger),
        "--port",
        "0",
        "--reader",
        "rules",
        *more,
    ]
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        assert process.stderr is not None
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                found = next((w for w in line.split() if w.startswith("http://127.0.0.1:")), None)
                if found:
                    break
            else:
                raise AssertionError(f"tadmor serve ended: {''.join(said)}")
            yield Server(found.rstrip("/.,;"), process)
        finally:
            process.terminate()
            process.wait(20)


@dataclass
class Seen:
    """What a page did that it must not: errors, failed requests, and requests to anybody else."""

    address: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of addresses for which an error is what the test is about."""

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", lambda told: told.type == "error" and self.note(f"console: {told.text} {told.location}"))
        page.on("request", self.request)

    def request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("blob", "data"):
            return
        if not request.url.startswith(self.address + "/"):
            self.faults.append(f"asked of somebody else: {request.url}")

    def note(self, fault: str) -> None:
        if not any(part in fault for part in self.expected):
            self.faults.append(fault)


def context_of(browser: Browser, *, dark: bool = False, phone: bool = False, still: bool = True) -> BrowserContext:
    """A window: wide or of a phone, light or dark; without motion, so that nothing is caught half way."""
    return browser.new_context(
        viewport=PHONE if phone else WIDE,  # type: ignore[arg-type]
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        is_mobile=phone,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if still else "no-preference",
        locale="en-GB",
        timezone_id="UTC",
    )


def ready(page: Page) -> None:
    """Wait until the screen says what it has to say: nothing on its way, no spinner, the map drawn."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        """() => !document.querySelector('.spinner:not(.small), main [aria-busy="true"]')
          && document.querySelector('main :is(h1, .title)')
          && (!document.querySelector('.overview') || document.querySelector('.overview .map [aria-busy="false"]'))"""
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def open_at(page: Page, address: str) -> None:
    """Go to an address and wait for its screen."""
    page.goto(address)
    ready(page)


def too_wide(page: Page) -> list[str]:
    """What sticks out of the window sideways, where nobody can scroll to it on a phone."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll('body *')].filter((e) => {
            const box = e.getBoundingClientRect();
            const shown = getComputedStyle(e);
            const end = shown.overflowX === 'visible' ? Math.max(box.right, box.left + e.scrollWidth) : box.right;
            return box.width && end > innerWidth + 1 && shown.position !== 'fixed';
          }).map((e) => `${e.tagName}.${e.className}`).slice(-8)"""
    )
    return found


def faults(page: Page) -> list[str]:
    """What axe finds of serious or critical faults in how the page can be used by everybody, each with where it is."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{v['impact']} {v['id']}: {[n['target'] for n in v['nodes']][:4]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
