"""The app in team mode: who has signed in sees what the role lets, and nobody else anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from driving import PHONE, Server, copied, faults, open_at, ready, serving, too_wide
from playwright.sync_api import Page, expect

Window = Callable[..., tuple[Page, Any]]
PASSWORD = "a long sentence that nobody guesses"


@pytest.fixture(scope="module")
def team(browser: Any, demo_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in team mode with an admin and a viewer."""
    ledger = copied(demo_db, tmp_path_factory.mktemp("team") / "palmyra.db")
    for name, role in (("Ana", "admin"), ("Vera", "viewer")):
        command = [
            sys.executable,
            "-m",
            "tadmor",
            "members",
            "add",
            name,
            "--role",
            role,
            "--stdin",
            "--ledger",
            str(ledger),
        ]
        subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True, env=os.environ)
    with serving(ledger, "--team") as server:
        yield server


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_nobody_looks_without_signing_in_and_comes_to_where_the_link_leads(team: Server, window: Window) -> None:
    page, seen = window(team)
    seen.expected += ["401"]
    page.goto(f"{team.address}/report/arabic-bulletin?claim=c1")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "تدمر" not in page.content()
    assert not faults(page)
    sign_in(page, "Ana", "not that one")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    sign_in(page, "Ana")
    ready(page)
    expect(page.locator(".chosen")).to_contain_text("Claim 1 of 2")


def test_an_admin_has_the_members_at_hand(team: Server, window: Window) -> None:
    page, seen = window(team)
    seen.expected += ["401"]
    page.goto(f"{team.address}/members")
    sign_in(page, "Ana")
    expect(page.get_by_role("heading", name="Team", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("Vera")
    ready(page)
    assert not faults(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    ready(page)
    assert not too_wide(page)
    assert not faults(page)


def test_a_viewer_looks_and_is_offered_nothing_else(team: Server, window: Window) -> None:
    page, seen = window(team)
    seen.expected += ["401"]
    page.goto(f"{team.address}/sources")
    sign_in(page, "Vera")
    ready(page)
    expect(page.get_by_role("link", name="Russian Defense Ministry")).to_be_visible()
    menu = page.get_by_role("navigation", name="Screens")
    expect(menu.get_by_role("link", name="Search")).to_be_visible()
    expect(menu.get_by_role("link", name=re.compile("Add|Review"))).to_have_count(0)
    open_at(page, f"{team.address}/review")
    expect(page.locator("main")).to_contain_text("Coders review")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/report/{report}", "this report"),
        ("/place/geonames%3A163808", "Palmyra"),
        ("/source/Talal%20Barazi", "Talal Barazi"),
    ],
)
def test_an_editor_withholds_from_the_screen_itself_and_lifts_it(
    team: Server, window: Window, path: str, name: str
) -> None:
    page, seen = window(team)
    other, theirs = window(team)
    seen.expected += ["401"]
    theirs.expected += ["401", "404"]
    page.goto(team.address)
    sign_in(page, "Ana")
    ready(page)
    report = page.evaluate("fetch('/api/v1/reports?limit=1').then((a) => a.json())")["items"][0]["id"]
    address = team.address + path.format(report=report)
    open_at(page, address)
    page.get_by_role("button", name="Withhold…").click()
    dialog = page.get_by_role("dialog", name=f"Withhold {name}")
    expect(dialog).to_contain_text("out of exports")
    send = dialog.get_by_role("button", name="Withhold", exact=True)
    expect(send).to_be_disabled()
    dialog.get_by_label("Why").fill("A family asked for it")
    assert not faults(page)
    send.click()
    expect(page.locator("main")).to_contain_text("A family asked for it")
    expect(page.get_by_role("status").filter(has_text="withheld from now on")).to_be_visible()

    other.goto(address)
    sign_in(other, "Vera")
    expect(other.get_by_role("alert")).to_contain_text("does not know")
    expect(other.get_by_role("button", name=re.compile("Withhold"))).to_have_count(0)

    page.reload()  # it is known when somebody comes back later
    page.get_by_role("button", name="Withhold no longer…").click()
    page.get_by_role("dialog").get_by_role("button", name="Withhold no longer").click()
    expect(page.get_by_role("status").filter(has_text="withheld no longer")).to_be_visible()
    expect(page.get_by_role("button", name="Withhold…")).to_be_visible()
    open_at(other, address)
    expect(other.get_by_role("heading", level=1).first).to_be_visible()
    expect(other.get_by_role("button", name=re.compile("Withhold"))).to_have_count(0)
