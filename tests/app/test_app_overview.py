"""The overview: the day on which it opens, and all that is chosen in its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from driving import Server, open_at, ready
from playwright.sync_api import Page, Route, expect

Window = Callable[..., tuple[Page, Any]]


@contextmanager
def answered_last(page: Page, part: str) -> Iterator[None]:
    """What is asked of a part of the API waits for its answer until the end."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/api/v1/{part}*", hold)
    yield
    assert held, part
    for route in held:
        route.continue_()
    page.unroute(f"**/api/v1/{part}*", hold)


def test_overview_opens_on_the_last_day_told_of_and_every_day_is_reached_on_a_phone(
    demo: Server, window: Window
) -> None:
    for last in ("info", "control/timelines", "reports"):  # whichever answer comes last
        page, _ = window(demo, phone=True)
        with answered_last(page, last):
            page.goto(demo.address)
            page.wait_for_timeout(700)
        ready(page)
        expect(page.locator("p.day")).to_have_text("13 December 2016")
    day = page.get_by_label("Go to a day")
    expect(day).to_be_visible()
    day.fill("2016-12-11")
    expect(page).to_have_url(re.compile("on=2016-12-11"))


def test_overview_tells_in_its_address_what_is_chosen(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}/?on=2016-12-12")
    page.get_by_role("tab", name="Incidents").click()
    spot = page.locator(".names span", has_text="Palmyra").bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"], spot["y"])
    card = page.get_by_role("region", name="Chosen place")
    expect(card).to_contain_text("Palmyra")
    expect(page).to_have_url(re.compile("list=incidents"))
    expect(page).to_have_url(re.compile("chosen="))
    everything = page.get_by_role("tab", name="Incidents").inner_text()

    other, _ = window(demo)
    open_at(other, page.url)
    expect(other.get_by_role("region", name="Chosen place")).to_contain_text("Palmyra")
    expect(other.get_by_role("tab", name="Incidents")).to_have_attribute("aria-selected", "true")

    # one source alone: the incidents are those that it tells of, and the list says so
    other.get_by_label("According to").select_option(label="Russian Defense Ministry alone")
    panel = other.get_by_role("tabpanel")
    expect(panel).to_contain_text("told by Russian Defense Ministry")
    expect(other.get_by_role("tab", name="Incidents")).not_to_have_text(everything)
    other.get_by_role("region", name="Chosen place").get_by_role("button").click()
    expect(other).not_to_have_url(re.compile("chosen="))
    other.get_by_role("tab", name="Places").click()
    expect(other).not_to_have_url(re.compile("list="))


def test_signs_on_the_map_have_names_and_are_come_to_by_keyboard(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}/?on=2016-12-12")
    signs = page.get_by_role("list", name="Signs on the map: what happened").get_by_role("link")
    names = signs.all_inner_texts()
    assert names
    told = re.compile(r"[a-z ]+, \S.*, .*2016, \d+ accounts?")
    assert [name for name in names if not told.fullmatch(name)] == []
    signs.first.focus()
    tip = page.locator(".tip p")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text(names[0])
    expect(tip).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    expect(signs.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/incident/"))


def test_the_foot_tells_how_many_reports_have_no_date(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    page.route("**/api/v1/info", lambda route: route.fulfill(json=route.fetch().json() | {"undated": 3}))
    open_at(page, demo.address)
    expect(page.locator(".foot")).to_contain_text("reports (3 without a date), ")


def test_filters_are_the_same_on_the_overview_and_in_the_search(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    asked = []
    for screen in ("", "search"):
        open_at(page, f"{demo.address}/{screen}?side=government&credibility=3&reviewed=false")
        fields = [
            page.get_by_label(label, exact=True) for label in ("Side", "Credibility of incidents", "Reviewed by people")
        ]
        asked.append([(f.input_value(), f.locator("option").all_inner_texts()) for f in fields])
    assert [value for value, _ in asked[0]] == ["government", "3", "false"]
    assert asked[0] == asked[1]
