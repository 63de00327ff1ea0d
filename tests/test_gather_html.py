"""HTML pages: the article, its passages, what the page says of itself, charsets."""

from __future__ import annotations

import collections
import gzip
import json
import re
from pathlib import Path

import pytest

from tadmor.errors import Empty
from tadmor.gather import from_html

PARAGRAPHS = (
    "The road to the north was closed by the army on Friday morning, a lorry driver and two residents said by telephone.",
    "Soldiers had put up a barrier of concrete blocks near the bridge and turned back everybody who came from the town.",
    "The mayor said that the closure would last for two weeks, and that bread would be brought in by another way until then.",
    "A spokesman for the army declined to give a reason, but said that shelling in the hills had come closer to the road.",
)


def page(head: str = "", extra: str = "", title: str = "Road to the north closed") -> str:
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[1:])
    return f"""<!DOCTYPE html><html lang="en"><head><title>{title} - Valley Herald</title>{head}</head><body>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav>
    <div class="clock">Tuesday, March 3, 2026, 08:15 AM</div></header>
    <main><article><h1>{title}</h1><p>{PARAGRAPHS[0]}</p>{extra}{body}</article></main>
    <aside><h3>Most popular</h3><ul><li><a href="/1">Ten things to do</a></li></ul></aside>
    <footer><p>Copyright 2026 Valley Herald. All rights reserved.</p></footer></body></html>"""


def test_article_without_the_page_around_it() -> None:
    report = from_html(page())
    assert report.text.split("\n")[0] == report.title == "Road to the north closed"
    assert report.publisher == "Valley Herald"
    kinds = [p.kind for p in report.passages]
    assert kinds == ["headline", "lead", "body", "body", "body"]
    assert [report.text[p.start : p.end] for p in report.passages[1:]] == list(PARAGRAPHS)
    assert (report.published, report.published_basis) == (None, "none")


def test_captions_credits_and_subheads() -> None:
    extra = """<figure><img src="x.jpg"><figcaption>Concrete blocks on the bridge, seen from the town on Friday.
        <span class="credit">Jo Doe/Some Agency</span></figcaption></figure><h2>Two weeks without a road</h2>"""
    report = from_html(page(extra=extra))
    found = {report.text[p.start : p.end]: p.kind for p in report.passages}
    assert found["Concrete blocks on the bridge, seen from the town on Friday."] == "caption"
    assert found["Jo Doe/Some Agency"] == "credit"
    assert found["Two weeks without a road"] == "subhead"


@pytest.mark.parametrize(
    ("head", "extra", "day"),
    [
        ('<meta property="article:published_time" content="2016-12-11T22:30:00-05:00">', "", "2016-12-11"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2016-12-11"}</script>',
            "",
            "2016-12-11",
        ),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "datePublished": "2001-01-01"},'
            '{"@type": ["Article"], "datePublished": "11 December 2016"}]}</script>',
            "",
            "2016-12-11",
        ),
        (
            '<script type="application/ld+json">{broken</script><meta name="date" content="2016-12-11">',
            "",
            "2016-12-11",
        ),
        ("", '<time datetime="2016-12-11T10:00">Sunday</time>', "2016-12-11"),
        ('<link rel="canonical" href="https://example.org/2016/12/11/road.html">', "", "2016-12-11"),
        ('<meta property="article:modified_time" content="2017-01-01">', "", None),
        ("", '<time datetime="2016-12-11">a</time><time datetime="2015-12-11">b</time>', None),
        ('<meta name="date" content="2/10/2016">', "", None),
    ],
)
def test_date_of_the_page(head: str, extra: str, day: str | None) -> None:
    report = from_html(page(head, extra))
    assert (report.published, report.published_basis) == (day, "metadata" if day else "none")


def test_the_dateline_of_the_article_wins() -> None:
    html = page('<meta property="article:published_time" content="2016-12-14">').replace(
        f"<p>{PARAGRAPHS[0]}", f"<p>DAMASCUS, Dec 11 (Wire) - {PARAGRAPHS[0]}"
    )
    report = from_html(html)
    assert (report.published, report.published_basis) == ("2016-12-11", "dateline")


def test_what_is_given_wins_over_the_page() -> None:
    report = from_html(
        page(), title="Another title", publisher="Another", url="https://example.org/", id="x", published="2016"
    )
    assert (report.title, report.publisher, report.url, report.id) == (
        "Another title",
        "Another",
        "https://example.org/",
        "x",
    )
    assert (report.published, report.published_basis) == ("2016", "given")


def test_address_and_site_of_the_page() -> None:
    head = '<link rel="canonical" href="https://example.org/road"><meta property="og:site_name" content="The Herald">'
    report = from_html(page(head))
    assert (report.url, report.publisher) == ("https://example.org/road", "The Herald")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("iso-8859-1", "cp1252"), ("windows-1252", "cp1252"), ("nonsense", "utf-8")],
)
def test_declared_charset(charset: str, encoding: str) -> None:
    html = page(
        f'<meta charset="{charset}">',
        "<p>The café owner’s son said that naïve visitors still came to see the façade every day.</p>",
    )
    assert "café owner’s son" in from_html(html.encode(encoding)).text


@pytest.mark.parametrize(
    "html", ["", "<html>", "<p>", "<html><body><script>x</script></body></html>", "<!-- only -->", "\x00"]
)
def test_no_article_is_empty(html: str) -> None:
    with pytest.raises(Empty):
        from_html(html)


def test_broken_markup_is_read() -> None:
    broken = page().replace("</p>", "").replace("</article>", "<div><span>").replace("</h1>", "</h2>")
    assert PARAGRAPHS[1] in from_html(broken).text
    deep = from_html("<div>" * 200 + f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>")
    assert PARAGRAPHS[1] in deep.text
    with pytest.raises(Empty):
        from_html("<div>" * 30_000 + f"<p>{PARAGRAPHS[0]}</p>")


@pytest.mark.parametrize(
    "body",
    [
        "Two soldiers were killed near the bridge on Tuesday.<br><br>Nobody claimed the attack.",
        "<p>Two soldiers were killed near the bridge on Tuesday.</p><p>Nobody claimed the attack.</p>",
        "<nav><a href='/'>Home</a></nav><table><tr><td>Two soldiers were killed near the bridge on Tuesday."
        "<tr><td>Nobody claimed the attack.</table>",
    ],
)
def test_a_very_short_page_is_read_whole(body: str) -> None:
    report = from_html(f"<html><title>Bridge attacked</title><body>{body}</body></html>")
    assert [report.text[p.start : p.end] for p in report.passages] == [
        "Bridge attacked",
        "Two soldiers were killed near the bridge on Tuesday.",
        "Nobody claimed the attack.",
    ]


@pytest.mark.slow
def test_article_extraction_on_the_public_benchmark(shared: Path) -> None:
    def grams(text: str) -> collections.Counter[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return collections.Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))

    gold = [json.loads(line) for line in (shared / "corpora/pages/gold.jsonl").read_text(encoding="utf-8").splitlines()]
    total = 0.0
    for row in gold:
        report = from_html(gzip.decompress((shared / f"corpora/pages/html/{row['id']}.html.gz").read_bytes()))
        kept = [p for p in report.passages if p.kind not in ("headline", "caption", "credit")]
        want, got = grams(row["body"]), grams("\n".join(report.text[p.start : p.end] for p in kept))
        total += 2 * sum((want & got).values()) / (sum(want.values()) + sum(got.values()))
    assert total / len(gold) >= 0.96
