"""DOCX: what a reader of the document sees, with tracked changes accepted; bombs and broken packages fail by themselves."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from made_forms import FIRST, SECOND, THIRD, TITLE, docx
from tadmor.errors import InputError, TooLarge
from tadmor.gather import docx as docx_module
from tadmor.gather import gather
from tadmor.gather.docx import read_docx
from tadmor.model import Failure, Report


def said(report: Report, kind: str | None = None) -> list[str]:
    return [report.text[p.start : p.end] for p in report.passages if kind is None or p.kind == kind]


def with_body(xml: str, data: bytes | None = None) -> bytes:
    """A document whose body is this XML."""
    source = zipfile.ZipFile(io.BytesIO(data or docx()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                head = part[: part.index(b"<w:body>")]
                part = head + f"<w:body>{xml}</w:body></w:document>".encode()
            target.writestr(name, part)
    return out.getvalue()


def p(text: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_title_paragraphs_table_and_day() -> None:
    report = read_docx(docx(paragraphs=(FIRST, SECOND), table=[["District", "Killed"], ["Marun", "12"]]))
    assert report.title == TITLE
    assert said(report) == [TITLE, FIRST, SECOND]
    assert "District\tKilled\nMarun\t12" in report.text
    assert (report.published, report.published_basis) == ("2016-12-13", "metadata")


def test_a_dateline_counts_before_the_day_of_making() -> None:
    report = read_docx(docx(paragraphs=("11 December 2016", FIRST)))
    assert (report.published, report.published_basis) == ("2016-12-11", "dateline")


def test_insertions_are_text_and_deletions_are_not() -> None:
    tracked = (
        "<w:p><w:r><w:t xml:space='preserve'>Shells killed </w:t></w:r><w:del><w:r><w:delText>nine</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>twelve</w:t></w:r></w:ins><w:r><w:t xml:space='preserve'> people, </w:t></w:r>"
        "<w:hyperlink><w:r><w:t>a doctor</w:t></w:r></w:hyperlink><w:r><w:t xml:space='preserve'> said.</w:t></w:r></w:p>"
    )
    assert said(read_docx(with_body(tracked))) == ["Shells killed twelve people, a doctor said."]


def test_headings_captions_frames_and_content_controls() -> None:
    body = (
        p("Overview", "Heading1")
        + p(FIRST)
        + f"<w:tbl><w:tr><w:tc>{p(THIRD)}</w:tc></w:tr></w:tbl>"
        + f"<w:sdt><w:sdtContent>{p(SECOND)}</w:sdtContent></w:sdt>"
        + p("A market in Marun after the shelling", "Caption")
    )
    report = read_docx(with_body(body))
    assert said(report, "subhead") == ["Overview"]
    assert [s for s in said(report) if s in (FIRST, THIRD, SECOND)] == [FIRST, THIRD, SECOND]
    assert said(report, "caption") == ["A market in Marun after the shelling"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p(THIRD)}</w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f"<w:p><w:r><w:t>{FIRST}</w:t></w:r><w:r><mc:AlternateContent xmlns:mc='{mc}'><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert said(read_docx(with_body(body))) == [FIRST, THIRD]


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    data = with_body(p("&x; and nothing else, a driver said."))
    source = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    doctype = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'.encode()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                part = re.sub(rb"(<w:document)", doctype + rb"\1", part, count=1)
            target.writestr(name, part)
    try:
        assert "secret" not in read_docx(out.getvalue()).text
    except InputError:
        return


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_module, "MOST_PART", 100_000)
    with pytest.raises(TooLarge):
        read_docx(with_body(p("a" * 200_000)))


def test_nested_and_laughing_xml_fails_by_itself() -> None:
    with pytest.raises(InputError):
        read_docx(with_body("<w:sdt>" * 5000 + p(FIRST) + "</w:sdt>" * 5000))
    lol = "<!DOCTYPE w [" + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(12)) + "]>"
    source = zipfile.ZipFile(io.BytesIO(docx()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                part = part.replace(b"<w:document", lol.encode() + b"<w:document", 1).replace(FIRST.encode(), b"&a11;")
            target.writestr(name, part)
    try:
        assert len(read_docx(out.getvalue()).text) < 10_000
    except InputError:
        return


def test_broken_packages_fail_with_their_reason(tmp_path: Path) -> None:
    good = docx()
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as target:
        target.writestr("content.xml", "<x/>")
    for data, says in (
        (b"", "empty"),
        (good[:-50], "ZIP"),
        (b"PK\x03\x04 nothing", "ZIP"),
        (other.getvalue(), "no DOCX"),
        (with_body(""), "no text"),
        (with_body("<w:p><w:r>"), "damaged"),
    ):
        (tmp_path / "x.docx").write_bytes(data)
        (item,) = gather([tmp_path / "x.docx"])
        assert isinstance(item, Failure)
        assert says in item.error


def test_a_table_within_a_cell_is_read_once() -> None:
    def table(*cells: str) -> str:
        return f"<w:tbl>{''.join(f'<w:tr><w:tc>{c}</w:tc></w:tr>' for c in cells)}</w:tbl>"

    report = read_docx(with_body(table(p(FIRST) + table(p(SECOND), p(THIRD)) + p(""))))
    assert [report.text.count(t) for t in (FIRST, SECOND, THIRD)] == [1, 1, 1]
