"""Any text and any bytes: reports or failures, valid spans, the same answer twice."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadmor import edtf
from tadmor.errors import Empty, InputError
from tadmor.gather import from_html, from_text, gather
from tadmor.gather.dates import normalise
from tadmor.model import Failure, Report

FAST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANY = st.text(st.characters(), max_size=400)
PIECES = st.sampled_from(
    [
        *(
            "The army closed the road on Friday, a driver said. ",
            "Home | News | Login",
            "World",
            "-3°C",
            "\n",
            "\n\n",
            " ",
        ),
        *(
            "Published: 11 December 2016",
            "Wed 05 Apr 2017 ",
            "DAMASCUS, Dec 11 (SANA) - ",
            "Road closed - Herald",
            "Road closed",
        ),
        *(
            "This image shows the road. ",
            "(Jo Doe/AP)",
            "By A. Writer",
            "# ",
            "## Next",
            "- ",
            "\ud800",
            "\x00",
            "5/5/2016 ",
        ),
        "The army closed the road on Friday, a driver and the mayor said by telephone. ",
    ]
)
PATCHWORK = st.lists(PIECES, max_size=25).map("".join)


def sound(report: Report) -> None:
    before = 0
    for i, p in enumerate(report.passages):
        assert before <= p.start < p.end <= len(report.text)
        assert report.text[p.start : p.end] == report.text[p.start : p.end].strip()
        assert p.repeats is None or (p.repeats != i and report.passages[p.repeats].repeats is None)
        before = p.end
    if report.title:
        folded = " ".join(report.text.split()).lower()
        assert folded.startswith(" ".join(report.title.split()).lower())
    assert [i for i, p in enumerate(report.passages) if p.kind == "headline" and p.repeats is None] in ([], [0])
    assert report.published is None or edtf.valid(report.published)
    assert (report.published is None) == (report.published_basis == "none")
    report.text.encode("utf-8")
    json.dumps([report.title, dict(report.metadata), report.publisher, report.url], ensure_ascii=False).encode("utf-8")


@FAST
@given(text=ANY | PATCHWORK, title=st.none() | ANY | st.sampled_from(["Road closed", "Road closed - Herald"]))
def test_any_text(text: str, title: str | None) -> None:
    try:
        report = from_text(text, title=title, row_published="2016-12-12")
    except Empty:
        assert not any(c.isalnum() for c in text)
        return
    sound(report)
    assert report == from_text(text, title=title, row_published="2016-12-12")


@FAST
@given(text=PATCHWORK)
def test_no_character_is_changed(text: str) -> None:
    try:
        report = from_text(text)
    except Empty:
        return
    rest = iter("".join(text.replace("\ud800", "\ufffd").replace("\x00", " ").split()).lower())
    for passage in report.passages[1:]:
        for c in "".join(report.text[passage.start : passage.end].split()).lower():
            assert any(c == d for d in rest)


@FAST
@given(
    html=ANY
    | PATCHWORK
    | st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "<h1>",
                "<table><tr><td>",
                "<figure><figcaption>",
                "<script>",
                "<!--",
                "The road was closed on Friday. ",
                "&#0;",
                "<time datetime='2016-12-11'>",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_any_page(html: str) -> None:
    with contextlib.suppress(InputError):
        sound(from_html(html))


@FAST
@given(
    data=st.binary(max_size=400) | ANY.map(lambda t: t.encode("utf-8", "surrogatepass")),
    suffix=st.sampled_from([".txt", ".html", ".jsonl", ".csv", ".md", ""]),
    packed=st.booleans(),
)
def test_any_bytes_in_any_file(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str, packed: bool
) -> None:
    path: Path = tmp_path_factory.getbasetemp() / f"any{suffix}{'.gz' if packed else ''}"
    path.write_bytes(gzip.compress(data) if packed else data)
    items = list(gather([path]))
    assert items
    for item in items:
        if isinstance(item, Report):
            sound(item)
        else:
            assert item.error
            assert item.path.startswith(str(path).removesuffix(".gz"))
    assert items == list(gather([path]))
    assert list(gather(["-"], stdin=io.BytesIO(data)))


@FAST
@given(
    rows=st.lists(
        st.dictionaries(
            st.sampled_from(["id", "title", "text", "published", "url", "x"]),
            st.none() | st.booleans() | st.integers() | st.floats() | ANY | st.lists(ANY, max_size=2),
            max_size=5,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_rows(rows: list[dict[str, object]]) -> None:
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    items = list(gather(["-"], stdin=io.BytesIO(data)))
    assert len(items) == len(rows)
    for item, row in zip(items, rows, strict=True):
        if isinstance(item, Report):
            sound(item)
        else:
            assert isinstance(item, Failure)
            assert "line" in item.error or row == {}


@FAST
@given(value=ANY | st.dates().map(str) | st.datetimes().map(str))
def test_any_date(value: str) -> None:
    day = normalise(value)
    assert day is None or edtf.valid(day)
