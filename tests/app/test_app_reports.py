"""The app on a ledger of the 782 dated reports of the data folder, with all that such reports bring of names and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from driving import PHONE, Server, copied, faults, kept, open_at, ready, serving, too_wide
from playwright.sync_api import Page, expect

from tadmor import Ledger

pytestmark = pytest.mark.slow
Window = Callable[..., tuple[Page, Any]]


@pytest.fixture(scope="module")
def server(browser: Any, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on them. Reading them by rules takes three minutes of a processor, once: the ledger is kept under ``out/app``."""
    reports = shared / "corpora/reports/fa-kes.jsonl"
    if not reports.is_file():
        pytest.skip(f"the dated reports are not at {reports}")

    def make(path: Path) -> None:
        with Ledger(path, reader="rules") as ledger:
            ledger.add(reports)

    with serving(copied(kept("dated", [reports], make), tmp_path_factory.mktemp("dated") / "syria.db")) as found:
        yield found


def addresses(server: Server) -> dict[str, str]:
    """A screen each of the places, incidents, reports and sources of which most is told."""
    place = max(server.get("/places?limit=200")["items"], key=lambda p: p["claims"])
    incident = max(server.get("/incidents?limit=500")["items"], key=lambda i: (len(i["disputes"]), len(i["claims"])))
    report = max(server.get("/reports?limit=200")["items"], key=lambda r: r["claims"])
    source = max(server.get("/sources?limit=100")["items"], key=lambda s: s["claims"])
    return {
        "overview": "/?on=2016-08-10",
        "place": f"/place/{quote(place['key'], safe='')}",
        "incident": f"/incident/{incident['id']}",
        "report": f"/report/{quote(report['id'], safe='')}",
        "source": f"/source/{quote(source['name'], safe='')}",
        "sources": "/sources",
        "search": "/search?q=aleppo",
        "review": "/review?order=disputed",
        "export": "/export",
    }


def test_screens_hold_what_many_reports_bring(server: Server, window: Window) -> None:
    page, _ = window(server)
    for name, path in addresses(server).items():
        page.set_viewport_size({"width": 1360, "height": 860})
        open_at(page, server.address + path)
        assert not faults(page), name
        page.set_viewport_size(PHONE)
        ready(page)
        assert not too_wide(page), name


def test_a_year_is_gone_through_and_a_place_followed_to_a_sentence(server: Server, window: Window) -> None:
    page, _ = window(server)
    open_at(page, f"{server.address}/?year=2016&on=2016-01-10")
    places = page.get_by_role("list", name="Places, the latest change first").get_by_role("listitem")
    expect(places.first).to_be_visible()
    day = page.get_by_label("Day", exact=True)
    day.focus()
    for month in range(2, 13):
        day.press("PageUp")
        expect(page.locator(".day")).to_contain_text(re.compile(r"2016"))
        expect(page).to_have_url(re.compile(f"on=2016-{month:02}-10"))
    page.get_by_label("Find a place").fill("aleppo")
    expect(places.first).to_contain_text(re.compile("aleppo", re.IGNORECASE))
    places.first.get_by_role("link").click()
    ready(page)
    page.get_by_role("region", name="The part that is chosen").locator(".told a").first.click()
    ready(page)
    expect(page.locator(".chosen h2")).to_be_visible()
    expect(page.locator("article.reading :focus")).to_be_in_viewport()
