"""Every screen, by day and by night, wide and on a phone: fit for everybody, nothing beside the window, and what it looks like.

``TADMOR_SCREENS=1`` writes the pictures of the docs to ``docs/screens``; a folder instead gets every screen in every form.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from driving import PHONE, ROOT, Server, context_of, faults, open_at, ready, too_wide

SCREENS = [
    "overview",
    "incidents",
    "place",
    "incident",
    "report",
    "arabic",
    "long",
    "sources",
    "source",
    "search",
    "found",
    "filtered",
    "review",
    "figures",
    "export",
    "add",
    "none",
    "gone",
    "nowhere",
]
SHOWN = {  # the pictures that the docs have
    "overview": ["light-wide", "dark-wide", "light-phone"],
    "place": ["light-wide", "light-phone"],
    "incident": ["light-wide", "dark-wide"],
    "report": ["light-wide", "dark-phone"],
    "arabic": ["light-wide"],
    "sources": ["light-wide"],
    "found": ["light-wide"],
    "review": ["light-wide", "dark-phone"],
    "export": ["light-wide"],
    "add": ["light-wide"],
}
MOST = 250_000  # bytes of a picture


def disputed(server: Server) -> str:
    """The incident of Palmyra that its accounts differ on most."""
    found = [i for i in server.get("/incidents?limit=200")["items"] if i["place"] and i["place"]["name"] == "Palmyra"]
    return str(max(found, key=lambda i: (len(i["disputes"]), len(i["claims"])))["id"])


def fullest(server: Server) -> str:
    """The report with most claims."""
    return str(max(server.get("/reports?limit=100")["items"], key=lambda r: r["claims"])["id"])


def address(server: Server, name: str) -> str:
    """Where a screen is on the demo's ledger."""
    paths: dict[str, Callable[[], str]] = {
        "overview": lambda: "/?on=2016-12-12",
        "incidents": lambda: "/?on=2016-12-12&credibility=3",
        "place": lambda: "/place/geonames%3A163808?on=2016-12-12",
        "incident": lambda: f"/incident/{disputed(server)}",
        "report": lambda: f"/report/{quote(fullest(server), safe='')}?claim=c2",
        "arabic": lambda: "/report/arabic-bulletin?claim=c1",
        "long": lambda: "/report/long-names?claim=c1",
        "sources": lambda: "/sources",
        "source": lambda: "/source/Russian%20Defense%20Ministry",
        "search": lambda: "/search",
        "found": lambda: "/search?q=castle",
        "filtered": lambda: "/search?type=air_strike",
        "review": lambda: "/review",
        "figures": lambda: "/review?view=figures",
        "export": lambda: "/export",
        "add": lambda: "/add",
        "none": lambda: "/search?q=nothingofthekind",
        "gone": lambda: "/report/gone",
        "nowhere": lambda: "/nowhere",
    }
    return server.address + paths[name]()


def prepare(page: Any, name: str) -> None:
    """What is done on a screen before it is looked at."""
    if name == "incidents":
        page.get_by_role("tab", name="Incidents").click()
        ready(page)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_fit_for_everybody(demo: Server, window: Callable[..., Any], name: str) -> None:
    page, seen = window(demo)
    if name == "gone":
        seen.expected.append("/reports/gone")
    open_at(page, address(demo, name))
    prepare(page, name)
    assert page.locator("main h1").count() == 1, "a screen has one heading that says what it is"
    assert page.title().endswith("· Tadmor")
    assert not faults(page), "by day"
    page.emulate_media(color_scheme="dark")
    ready(page)
    assert not faults(page), "by night"
    page.set_viewport_size(PHONE)
    ready(page)
    assert not too_wide(page)
    assert not faults(page), "on a phone"


def test_faults_would_be_seen(browser: Any) -> None:
    context = context_of(browser)
    page = context.new_page()
    page.set_content(
        '<html lang="en"><title>t</title><p style="color:#ccc">pale words</p><button></button><pre>' + "x" * 900
    )
    found = " ".join(faults(page))
    wide = too_wide(page)
    context.close()
    assert "color-contrast" in found
    assert "button-name" in found
    assert wide


def _wanted() -> Path | None:
    told = os.environ.get("TADMOR_SCREENS")
    return None if not told else ROOT / "docs/screens" if told == "1" else Path(told)


@pytest.fixture
def folder() -> Path:
    found = _wanted()
    if found is None:
        pytest.skip("pictures are made when TADMOR_SCREENS asks for them")
    found.mkdir(parents=True, exist_ok=True)
    return found


@pytest.mark.parametrize("form", ["light-wide", "dark-wide", "light-phone", "dark-phone"])
def test_pictures(demo: Server, browser: Any, folder: Path, form: str) -> None:
    """Written when asked for, so that tests leave the tree as it is."""
    all_of_them = folder != ROOT / "docs/screens"
    context = context_of(browser, dark="dark" in form, phone="phone" in form)
    try:
        page = context.new_page()
        for name in SCREENS:
            if not all_of_them and form not in SHOWN.get(name, []):
                continue
            open_at(page, address(demo, name))
            prepare(page, name)
            path = folder / f"{name}-{form}.png"
            page.screenshot(path=path)
            assert path.stat().st_size < MOST, path.name
    finally:
        context.close()
