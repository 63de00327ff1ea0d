"""Fixtures of the app's tests: one browser, one server on the demo's ledger, and a page that must not misbehave."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from driving import Seen, Server
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; WebGL is worked out by the processor."""
    pytest.importorskip("playwright", reason="Playwright is not installed: it is a development dependency")
    from driving import PACKAGE, WEBGL, chromium
    from playwright.sync_api import expect, sync_playwright

    found = chromium()
    if found is None:
        pytest.skip("no chromium on this machine: apt-get install chromium, or name one in TADMOR_CHROMIUM")
    if not (PACKAGE / "web/static/index.html").is_file():
        pytest.skip("the app is not built: make ui")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    expect.set_options(timeout=20_000)  # other work goes on beside the tests
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=[*WEBGL, *sandbox])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo_db() -> Path:
    """The demo reports as the rules read them, and two more; kept until they or the package change."""
    import made
    from driving import DEMO, kept

    return kept("demo", sorted(DEMO.iterdir()), lambda path: made.fill(path, DEMO))


@pytest.fixture(scope="session")
def demo(browser: Browser, demo_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the demo's ledger, for tests that change nothing."""
    from driving import copied, serving

    with serving(copied(demo_db, tmp_path_factory.mktemp("demo") / "palmyra.db")) as server:
        yield server


@pytest.fixture
def own(browser: Browser, demo_db: Path, tmp_path: Path) -> Iterator[Server]:
    """A server on the test's own copy of it, for tests that decide or add."""
    from driving import copied, serving

    with serving(copied(demo_db, tmp_path / "palmyra.db")) as server:
        yield server


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., tuple[Page, Seen]]]:
    """To open pages with; the test fails for whatever they did that they must not.

    ``page, seen = window(server, dark=True)``.
    """
    from driving import Seen, context_of

    opened: list[tuple[Page, Seen]] = []

    def open_(server: Server, **how: bool) -> tuple[Page, Seen]:
        page = context_of(browser, **how).new_page()
        page.set_default_timeout(20_000)
        seen = Seen(server.address)
        seen.watch(page)
        opened.append((page, seen))
        return page, seen

    yield open_
    for page, _ in opened:
        page.context.close()
    faults = [fault for _, seen in opened for fault in seen.faults]
    assert not faults, faults
