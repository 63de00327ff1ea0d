"""Review by the keyboard alone, two coders on one claim, and an export that is what it was said to be."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from driving import Server, faults, open_at, ready
from playwright.sync_api import Page, Route, expect

Window = Callable[..., tuple[Page, Any]]
SELECT = """(words) => {
  const walk = document.createTreeWalker(document.querySelector('.reading.review'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  throw new Error(`${words} stands nowhere`);
}"""


def signed(window: Window, server: Server, name: str) -> Page:
    """A page of somebody whose name is known to the browser."""
    page, _ = window(server)
    page.add_init_script(f"localStorage.setItem('tadmor.who', {json.dumps(name)})")
    return page


def decide(server: Server, who: str, ref: dict[str, str], verb: str, **body: Any) -> Any:
    """What somebody decides of a claim by another program."""
    path = f"{server.address}/api/v1/claims/{quote(ref['report'], safe='')}/{ref['claim']}/{verb}"
    headers = {"Content-Type": "application/json", "X-Tadmor-Who": who}
    with urllib.request.urlopen(urllib.request.Request(path, json.dumps(body).encode(), headers), timeout=60) as answer:
        return json.load(answer)


def test_the_queue_is_gone_through_by_the_keyboard(own: Server, window: Window) -> None:
    queue = own.get("/review/queue?reviewed=false&limit=5")["items"]
    page = signed(window, own, "Ana")
    open_at(page, f"{own.address}/review")
    progress = page.get_by_role("progressbar", name="Claims reviewed")
    expect(progress).to_have_attribute("aria-valuenow", "0")
    toast = page.locator(".toast")
    current = page.locator(".list [aria-current]")
    expect(current).to_contain_text(re.compile("%"))

    page.keyboard.press("a")
    expect(toast).to_contain_text("Accepted")
    expect(progress).to_have_attribute("aria-valuenow", "1")
    expect(page).to_have_url(re.compile(quote(f"{queue[1]['ref']['report']}:{queue[1]['ref']['claim']}", safe="")))
    ready(page)
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_label("Why").fill("it is said of something else")
    assert not faults(page)
    page.keyboard.press("Enter")
    expect(toast).to_contain_text("Rejected")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("u")
    expect(toast).to_contain_text("Undone: a rejection")
    expect(current).not_to_contain_text("rejected")
    expect(page).to_have_url(re.compile(quote(f"{queue[1]['ref']['report']}:{queue[1]['ref']['claim']}", safe="")))
    ready(page)

    # the second claim again: words of its report say whom it befell, and another day is written by hand
    text = own.get(f"/reports/{quote(queue[1]['ref']['report'], safe='')}")["report"]["text"]
    words = queue[1]["coding"]["text"].split()[0]
    assert words in text
    page.evaluate(SELECT, words)
    expect(page.get_by_role("toolbar", name="What the selected words are")).to_contain_text("Target")  # it was noticed
    page.keyboard.press("2")
    form = page.get_by_role("form", name="Correct the claim")
    expect(form).to_contain_text("Changed: to whom")
    form.get_by_label("When").fill("2016-12~")
    expect(form).to_contain_text("about December 2016")
    assert not faults(page)
    page.keyboard.press("Control+Enter")
    expect(toast).to_contain_text("Corrected")
    ref = queue[1]["ref"]
    told = own.get(f"/claims/{quote(ref['report'], safe='')}/{ref['claim']}/reviews")
    assert [r["what"] for r in told["reviews"]] == ["reject", "withdraw", "correct"]
    assert told["shown"]["date"] == "2016-12~"
    assert words in [n["name"] for n in told["shown"]["targets"]]
    assert {r["who"] for r in told["reviews"]} == {"Ana"}

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.keyboard.press("k")
    ready(page)
    page.get_by_text(re.compile(r"^What people did")).click()
    expect(page.locator("article")).to_contain_text("corrected to whom and when")


def holding_back(own: Server, window: Window) -> tuple[Page, list[Route], str, str]:
    """The queue as Ana goes through it, where the second claim does not come until it is let go; the first two claims."""
    queue = own.get("/review/queue?reviewed=false&limit=5")["items"]
    first, second = (f"{q['ref']['report']}/{q['ref']['claim']}" for q in queue[:2])
    page = signed(window, own, "Ana")
    open_at(page, f"{own.address}/review")
    held: list[Route] = []
    page.route(f"**/claims/{second}/reviews", lambda route: held.append(route))
    return page, held, first, second


def test_nothing_is_decided_of_a_claim_that_is_not_here_yet(own: Server, window: Window) -> None:
    """Somebody quick steps on and goes on pressing keys: none of it may come to the claim that was in view before."""
    page, held, first, second = holding_back(own, window)
    words = own.get(f"/claims/{first}/reviews")["shown"]["text"].split()[0]
    page.keyboard.press("j")
    article = page.locator("article")
    expect(article).to_have_attribute("aria-busy", "true")
    form = page.get_by_role("form", name="Correct the claim")
    for key in ("a", "e", "r"):
        page.keyboard.press(key)
    page.evaluate(SELECT, words)
    page.keyboard.press("2")
    page.get_by_role("button", name="Correct", exact=True).click()
    expect(form).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_hidden()

    held[0].continue_()
    expect(article).to_have_attribute("aria-busy", "false")
    page.keyboard.press("e")
    form.get_by_label("When").fill("2016-12~")
    expect(form).to_contain_text("Changed: when")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Corrected")
    assert own.get(f"/claims/{first}/reviews")["reviews"] == []
    told = own.get(f"/claims/{second}/reviews")
    assert told["shown"] == {**told["read"], "date": "2016-12~"}


def test_an_undo_leads_back_even_while_the_next_claim_is_on_its_way(own: Server, window: Window) -> None:
    page, held, first, second = holding_back(own, window)
    page.keyboard.press("a")
    toast, article = page.locator(".toast"), page.locator("article")
    expect(toast).to_contain_text("Accepted")
    expect(article).to_have_attribute("aria-busy", "true")
    page.keyboard.press("u")
    expect(toast).to_contain_text("Undone: an acceptance")
    held[0].continue_()
    expect(article).to_have_attribute("aria-busy", "false")
    expect(page).to_have_url(re.compile(quote(first.replace("/", ":"), safe="")))
    page.keyboard.press("e")
    page.get_by_role("form", name="Correct the claim").get_by_label("When").fill("2016-12~")
    page.keyboard.press("Control+Enter")
    expect(toast).to_contain_text("Corrected")
    assert [r["what"] for r in own.get(f"/claims/{first}/reviews")["reviews"]] == ["accept", "withdraw", "correct"]
    assert own.get(f"/claims/{second}/reviews")["reviews"] == []


def test_two_coders_stand_side_by_side_and_somebody_settles(own: Server, window: Window) -> None:
    ref = own.get("/review/queue?limit=1")["items"][0]["ref"]
    decide(own, "Ana", ref, "correct", fields={"type": "agreement", "date": "2015"})
    page = signed(window, own, "Ben")
    open_at(page, f"{own.address}/review?show=second&blind=1")
    expect(page.locator("article .chip").first).to_have_text("by the reader alone")
    expect(page.locator("article")).not_to_contain_text("Ana")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".toast")).to_contain_text("Accepted")

    open_at(page, f"{own.address}/review?order=coders")
    sides = page.get_by_role("table", name="What each coder has")
    expect(sides).to_contain_text("Agreement")
    assert not faults(page)
    sides.get_by_role("button", name="Settle as Ana has it").click()
    expect(page.locator("article .chip").first).to_contain_text("who settled it")
    told = own.get(f"/claims/{quote(ref['report'], safe='')}/{ref['claim']}/reviews")
    assert (told["shown"]["type"], told["settled"], sorted(told["coders"])) == ("agreement", True, ["Ana", "Ben"])
    open_at(page, f"{own.address}/review?view=figures")
    expect(page.get_by_role("row", name=re.compile("^What"))).to_contain_text("0 %")


def test_the_file_is_what_was_said(own: Server, window: Window) -> None:
    page, _ = window(own)
    open_at(page, f"{own.address}/export?place=Palmyra")
    page.get_by_role("radio", name=re.compile("^GeoJSON")).check()
    page.get_by_role("radio", name="Claims").check()
    told = page.get_by_role("region", name="What will be in the file")
    expect(told).to_contain_text("No person has reviewed any of these claims")
    size = told.get_by_text(re.compile("^GeoJSON, ")).inner_text()
    with page.expect_download() as download:
        told.get_by_role("link", name="Take the file").click()
    path = download.value.path()
    rows = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert rows
    claims = int(re.findall(r"(\d+) claims", told.inner_text())[0])
    assert len({(f["properties"]["report"], f["properties"]["claim"]) for f in rows}) <= claims
    assert size == f"GeoJSON, {round(path.stat().st_size / 1000)} kB"


def test_no_field_with_the_focus_is_under_the_bar(demo: Server, window: Window) -> None:
    page = signed(window, demo, "Ana")
    open_at(page, f"{demo.address}/review")
    page.keyboard.press("e")
    form = page.get_by_role("form", name="Correct the claim")
    form.locator("select").first.focus()
    bottoms = """async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const bar = document.querySelector('form[aria-label="Correct the claim"] .end');
      const at = document.activeElement;
      return !bar.parentElement.contains(at) || bar.contains(at) ? null
        : [at.id || at.ariaLabel, at.getBoundingClientRect().bottom, bar.getBoundingClientRect().top];
    }"""
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(bottoms)
        if found is None:
            break
        seen += 1
        assert found[1] <= found[2], found
    assert seen > 8
