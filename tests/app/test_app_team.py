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
