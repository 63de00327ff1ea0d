"""Each screen's main path, played in a browser on the demo's ledger: what people come for, by mouse and by keyboard."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from driving import Server, faults, open_at, ready, serving
from playwright.sync_api import Page, expect

from tadmor.ledger import Store

Window = Callable[..., tuple[Page, Any]]
PALMYRA = "/place/geonames%3A163808"


def row(page: Page, name: str) -> Any:
    """A line of the list of places."""
    return page.get_by_role("tabpanel").get_by_role("link", name=re.compile(f"^{name}"))


def test_overview_moves_map_list_and_address_with_the_day(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}/?on=2016-12-09")
    expect(row(page, "Palmyra")).to_contain_text("Syrian government")
    day = page.get_by_label("Day", exact=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    day.focus()
    for _ in range(3):
        day.press("ArrowRight")
    expect(page).to_have_url(re.compile("on=2016-12-12"))
    expect(row(page, "Palmyra")).to_contain_text("ISIS")
    page.wait_for_timeout(600)
    assert not asked, "the incidents of the month are here, and are not asked for again when the day changes"
    page.get_by_label("According to").select_option(label="Russian Defense Ministry alone")
    expect(page).to_have_url(re.compile("as=Russian"))
    expect(row(page, "Palmyra")).to_contain_text("contested")
    day.press("PageDown")
    expect(page).to_have_url(re.compile("on=2016-11-12"))


def test_overview_filters_incidents_and_a_mark_opens_its_place(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}/?on=2016-12-12")
    page.get_by_role("tab", name="Incidents").click()
    incidents = page.get_by_role("list", name="Incidents, the latest first").get_by_role("listitem")
    expect(incidents.first).to_be_visible()
    everything = incidents.count()
    page.locator("summary", has_text="Filters").click()
    page.get_by_role("button", name="Strikes and bombing").click()
    expect(page).to_have_url(re.compile("type=air_strike"))
    expect(incidents.first).to_contain_text(re.compile("Air strike|Bombing|Chemical attack"))
    expect(incidents).not_to_have_count(everything)
    assert incidents.count()
    page.get_by_role("button", name="Clear the filters").click()
    expect(incidents).to_have_count(everything)

    ready(page)
    card = page.get_by_role("region", name="Chosen place")
    spot = page.locator(".names span", has_text="Palmyra").bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"], spot["y"])
    expect(card).to_contain_text("Palmyra")
    assert not faults(page)
    card.get_by_role("link", name="Its whole record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Palmyra")


def test_a_date_that_is_none_is_told_of_in_plain_words(demo: Server, window: Window) -> None:
    page, seen = window(demo)
    seen.expected.append("422")
    open_at(page, f"{demo.address}/search?from=yesterday")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("That is no date")
    expect(told).to_contain_text("not 'yesterday'")
    expect(told.get_by_text(re.compile("[Ww]rite .*[Ww]rite"))).to_have_count(0)


def test_what_a_source_says_beside_the_others_is_told_in_its_words(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    name = "Syrian Observatory for Human Rights"
    source = next(s for s in demo.get("/places/geonames%3A163808")["sources"] if s["name"] == name)
    part = next(n for n, i in enumerate(source["intervals"]) if i["status"] == "contested")
    open_at(page, f"{demo.address}{PALMYRA}?ribbon={name.replace(' ', '+')}&part={part}")
    evidence = page.get_by_role("region", name="The part that is chosen")
    expect(evidence.locator("blockquote")).to_have_count(len(source["intervals"][part]["claims"]))
    expect(evidence).not_to_contain_text("A sentence in report")


def test_a_change_of_control_is_one_click_from_its_sentences(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}{PALMYRA}")
    ribbon = page.get_by_role("group", name="As Russian Defense Ministry tells it")
    ribbon.get_by_role("button").last.click()
    evidence = page.get_by_role("region", name="The part that is chosen")
    expect(evidence).to_contain_text("As Russian Defense Ministry tells it")
    expect(page).to_have_url(re.compile("ribbon=Russian"))
    evidence.locator("blockquote").first.wait_for()
    said = evidence.locator("blockquote").first.inner_text()
    evidence.locator(".told a").first.click()
    ready(page)
    expect(page.get_by_role("article", name="Text of the report")).to_contain_text(said.split(",")[0][:40])
    expect(page.locator(".chosen h2")).to_be_visible()


def test_ribbons_are_walked_by_keyboard(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}{PALMYRA}")
    parts = page.get_by_role("group", name="As all sources tell it together").get_by_role("button")
    parts.first.focus()
    page.keyboard.press("End")
    expect(parts.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("button.segment:focus")).to_have_count(1)
    expect(parts.last).not_to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("button.segment:focus")).to_have_attribute("aria-pressed", "true")


def test_accounts_of_an_incident_stand_side_by_side(demo: Server, window: Window) -> None:
    from test_app_screens import disputed

    page, _ = window(demo)
    open_at(page, f"{demo.address}/incident/{disputed(demo)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Palmyra")
    expect(page.locator("main .chip").first).to_have_text(
        re.compile(r"^\s*\d\s*(confirmed|fair|weak|contested|discounted)")
    )
    differ = page.get_by_role("region", name="What they differ on")
    expect(differ.get_by_text("They contradict each other").first).to_be_visible()
    page.get_by_role("button", name="By source").click()
    expect(page.get_by_role("region", name="Talal Barazi")).to_be_visible()
    page.get_by_role("region", name="Talal Barazi").get_by_role("link", name="in the report").first.click()
    ready(page)
    expect(page.locator(".chosen h2")).to_be_visible()


def test_an_account_that_tells_of_something_else_is_split_off_and_brought_back(own: Server, window: Window) -> None:
    from test_app_screens import disputed

    page, _ = window(own)
    open_at(page, f"{own.address}/incident/{disputed(own)}")
    page.get_by_role("button", name="By source").click()
    before = page.get_by_text(re.compile(r"^\d+ accounts by")).inner_text()
    page.get_by_role("button", name="Put the grouping right").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Split off").click()
    dialog = page.get_by_role("dialog").filter(has=page.get_by_role("heading", name=re.compile("[Ss]plit")))
    assert not faults(page)
    dialog.get_by_role("textbox").last.fill("It is about the castle, not about the city.")
    dialog.locator("button[type=submit]").click()
    who = page.get_by_role("dialog", name="Who decides?")
    who.get_by_label("Your name").fill("Ana")
    assert not faults(page)
    who.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status").filter(has_text="Kept.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+ accounts? by"))).not_to_have_text(before)
    decided = page.get_by_role("region", name="What people decided")
    expect(decided).to_contain_text("Ana")
    expect(decided).to_contain_text("It is about the castle")
    decided.get_by_role("button", name="Undo").click()
    page.get_by_role("dialog").locator("button[type=submit]").last.click()
    expect(page.get_by_text(re.compile(r"^\d+ accounts by"))).to_have_text(before)


def test_a_report_is_stepped_through_by_its_claims(demo: Server, window: Window) -> None:
    from test_app_screens import fullest

    page, _ = window(demo)
    open_at(page, f"{demo.address}/report/{fullest(demo)}")
    page.keyboard.press("j")
    expect(page.locator(".chosen")).to_contain_text("Claim 1 of")
    page.keyboard.press("j")
    expect(page.locator(".chosen")).to_contain_text("Claim 2 of")
    expect(page).to_have_url(re.compile("#c"))
    link = page.url
    assert page.locator("article.reading .who, article.reading [data-begin]").count() > 3
    page.keyboard.press("Escape")
    expect(page.locator(".chosen")).to_have_count(0)

    # the link is all that somebody else needs: it lands on the sentence, with the focus there
    other, _ = window(demo)
    open_at(other, link)
    expect(other.locator(".chosen")).to_contain_text("Claim 2 of")
    expect(other.locator("article.reading :focus")).to_have_count(1)
    expect(other.locator("article.reading :focus")).to_be_in_viewport()


def test_text_from_right_to_left_runs_that_way(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}/report/arabic-bulletin?claim=c1")
    text = page.locator("article.reading")
    ways = text.locator("[dir=auto]").evaluate_all("all => all.map((e) => getComputedStyle(e).direction)")
    assert ways
    assert set(ways) == {"rtl"}
    # in its own language, so that it is read aloud rightly
    expect(text.locator("[lang=ar]").first).to_be_attached()
    first, last = (text.get_by_text(word, exact=True).first.bounding_box() for word in ("قال", "يوم السبت"))
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]


def test_sources_are_narrowed_and_rated_and_the_rating_stays(own: Server, window: Window) -> None:
    page, _ = window(own)
    open_at(page, f"{own.address}/sources")
    page.get_by_label("Name", exact=True).fill("defense")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("q=defense"))
    rows.get_by_role("button", name=re.compile("Rate Russian Defense Ministry")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=re.compile("^D")).check()
    assert not faults(page)
    dialog.locator("button[type=submit]").click()
    who = page.get_by_role("dialog", name="Who decides?")
    who.get_by_label("Your name").fill("Ana")
    who.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status").filter(has_text="is rated D")).to_be_visible()
    page.get_by_role("link", name="Russian Defense Ministry").click()
    expect(page.get_by_text(re.compile("Reliability D"))).to_be_visible()
    page.get_by_role("link", name="The map as it tells it").click()
    expect(page.get_by_label("According to")).to_have_value("Russian Defense Ministry")


def test_a_source_stands_once_and_a_monitor_has_no_side_on_any_screen(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}/sources?q=observatory")
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("monitor")
    expect(row).to_contain_text("No side")
    row.get_by_role("link", name="Syrian Observatory for Human Rights").click()
    expect(page.locator("header .chips").first).to_contain_text("No side")
    expect(page.locator("main")).not_to_contain_text("Its side over time")
    open_at(page, f"{demo.address}/report/r-05a8454a0a7bdf00?claim=c1")
    says = page.get_by_role("region", name=re.compile("^Claim")).locator("dd").first
    expect(says).to_contain_text("Syrian Observatory for Human Rights")
    expect(says).to_contain_text("monitor")
    expect(says).not_to_contain_text("Opposition")


def test_search_leads_to_the_sentence(demo: Server, window: Window) -> None:
    page, _ = window(demo)
    open_at(page, f"{demo.address}/search")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("castle")
    found = page.get_by_role("list", name="Sentences").get_by_role("link")
    expect(found.first).to_contain_text("castle")
    expect(found.first.locator("mark")).to_have_text("castle")
    found.first.click()
    ready(page)
    expect(page.locator("article.reading :focus")).to_be_in_viewport()
    page.go_back()
    expect(box).to_have_value("castle")


def test_text_is_added_read_and_led_to_and_what_is_no_report_says_why(
    own: Server, window: Window, tmp_path: Path
) -> None:
    page, _ = window(own)
    open_at(page, f"{own.address}/add")
    page.get_by_role("tab", name="Text").click()
    page.get_by_label("Title").fill("Rebels shell Idlib")
    page.get_by_role("textbox", name="Text", exact=True).fill(
        "Rebels shelled the northern quarter of Idlib on Tuesday, killing four people, the governor said."
    )
    page.get_by_label("Date of publication").fill("2016-12-14")
    assert not faults(page)
    page.get_by_role("button", name="Read and keep").click()
    who = page.get_by_role("dialog", name="Who decides?")
    who.get_by_label("Your name").fill("Ana")
    who.get_by_role("button", name="Keep").click()
    run = page.get_by_role("region", name="Rebels shell Idlib")
    expect(run.locator("li")).to_contain_text(re.compile(r"\d+ claim"), timeout=60_000)

    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    page.get_by_role("tab", name="Files").click()
    page.locator("input[type=file]").set_input_files(picture)
    failed = page.get_by_role("region", name="picture.png")
    expect(failed.locator("li")).to_contain_text("Not read", timeout=60_000)

    # in the words of the shell: what has no date, and what is of no known form
    rows = tmp_path / "rows.csv"
    rows.write_text("text,published\nRebels shelled the northern quarter of Homs and killed six people.,03/04/2017\n")
    page.locator("input[type=file]").set_input_files([rows, picture])
    both = page.get_by_role("region", name="2 files")
    expect(both).to_contain_text("1 report without a date, for what is said of it is none.", timeout=60_000)
    expect(both).to_contain_text("1 file of no known form was left out: picture.png.")
    expect(both.locator("li").first).to_contain_text("can be 2017-04-03 or 2017-03-04: write the one that is meant")

    run.get_by_role("link").click()
    ready(page)
    expect(page.get_by_role("article", name="Text of the report")).to_contain_text("northern quarter of Idlib")
    expect(page.locator("main")).to_contain_text("published 14 December 2016")


def test_claims_are_reviewed_by_keyboard_and_exported_as_reviewed(own: Server, window: Window, tmp_path: Path) -> None:
    page, _ = window(own)
    open_at(page, f"{own.address}/review")
    progress = page.get_by_text(re.compile(r"\d+ of 63 claims reviewed"))
    expect(progress).to_contain_text("0 of 63")
    title = page.locator("#claim-title")
    before = page.url
    page.keyboard.press("a")
    who = page.get_by_role("dialog", name="Who decides?")
    who.get_by_label("Your name").fill("Ana")
    who.get_by_role("button", name="Keep").click()
    expect(progress).to_contain_text("1 of 63")
    expect(page).not_to_have_url(before)
    expect(title).to_be_visible()
    title.focus()
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog").filter(has=page.locator("#reject-title"))
    assert not faults(page)
    dialog.get_by_role("textbox").fill("It tells of no event of the conflict")
    dialog.locator("button[type=submit]").click()
    expect(progress).to_contain_text("2 of 63")

    page.get_by_role("link", name="Export").click()
    page.get_by_role("radio", name=re.compile("^CSV")).check()
    expect(page.locator("main")).to_contain_text("62 claims")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take the file").click()
    taken.value.save_as(tmp_path / "claims.csv")
    with (tmp_path / "claims.csv").open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 62, "what was rejected is not handed on"


def test_the_frame_on_a_phone_and_by_keyboard(demo: Server, window: Window) -> None:
    page, _ = window(demo, phone=True)
    open_at(page, f"{demo.address}/sources")
    page.get_by_role("button", name=re.compile("all screens")).click()
    menu = page.get_by_role("navigation", name="Screens")
    expect(menu.get_by_role("link", name="Sources")).to_have_attribute("aria-current", "page")
    assert not faults(page)
    menu.get_by_role("link", name="Search").click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    expect(menu).to_be_hidden()

    wide, _ = window(demo)
    open_at(wide, f"{demo.address}/sources")
    wide.keyboard.press("Tab")
    expect(wide.get_by_role("link", name="Skip to the content")).to_be_focused()
    wide.keyboard.press("Enter")
    expect(wide.locator("main")).to_be_focused()
    colours = wide.get_by_role("button", name=re.compile("^Colours"))
    before = wide.evaluate("getComputedStyle(document.body).color")
    colours.click()
    colours.click()
    assert wide.evaluate("document.documentElement.dataset.theme") == "dark"
    wide.wait_for_function("before => getComputedStyle(document.body).color !== before", arg=before)
    wide.reload()
    ready(wide)
    assert wide.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_server_that_has_gone_is_told_of_in_words(own: Server, window: Window) -> None:
    page, seen = window(own)
    open_at(page, f"{own.address}/sources")
    own.process.terminate()
    own.process.wait(20)
    seen.expected.append("ERR_CONNECTION_REFUSED")
    page.get_by_role("link", name="Russian Defense Ministry").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("server"))
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_an_empty_ledger_says_what_to_do(window: Window, tmp_path: Path) -> None:
    Store(tmp_path / "empty.db").close()
    with serving(tmp_path / "empty.db") as server:
        page, _ = window(server)
        for path in ("/", "/sources", "/search"):
            open_at(page, server.address + path)
            expect(page.locator("main").get_by_role("link", name="Add reports")).to_be_visible()
            assert not faults(page), path
