"""How forms are told apart, and that whatever bytes come in, what reads them raises nothing but its own errors."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_forms import FIRST, docx, eml, good, parquet, pdf, wacz, warc
from tadmor.errors import InputError
from tadmor.gather import forms, gather
from tadmor.gather.addresses import address_key
from tadmor.gather.docx import read_docx
from tadmor.gather.mail import read_eml
from tadmor.gather.transfer import body
from tadmor.model import Report

GOOD = good()
SNIPPETS = (
    *(b"From: a@b\n", b"Subject: =?utf-8?q?x", b"\n\n", b"--x\n", b"\r\n", b"=\xff", b"charset=\x00"),
    *(b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Type: message/rfc822\n"),
    b"Content-Transfer-Encoding: base64\n",
)
PIECES = st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(SNIPPETS)), max_size=12).map(b"".join)


@pytest.mark.parametrize("form", sorted(f for f in GOOD if not f.endswith(".gz")))
def test_a_form_is_known_by_its_look(tmp_path: Path, form: str) -> None:
    path = tmp_path / "no-suffix"
    path.write_bytes(GOOD[form])
    named = tmp_path / f"x{form}"
    named.write_bytes(GOOD[form])
    if form == ".csv":
        pytest.skip("a CSV file looks like text")
    by_look, by_name = ([i.text for i in gather([p]) if isinstance(i, Report)] for p in (path, named))
    assert by_look == by_name


def test_a_form_is_known_by_its_media_type() -> None:
    for media, form in (
        ("text/html", ".html"),
        ("application/pdf", ".pdf"),
        ("message/rfc822", ".eml"),
        ("application/x-ndjson", ".jsonl"),
        ("application/octet-stream", None),
        ("image/png", None),
    ):
        assert forms.of_media_type(media) == form


def test_standard_input_is_read_by_its_look() -> None:
    for data in (
        pdf([[(56, 100, FIRST)]]),
        docx(),
        eml(),
        parquet([{"text": FIRST}]),
        wacz({"a.warc": warc([], packed=False)}),
    ):
        items = list(gather(["-"], stdin=io.BytesIO(data)))
        assert len(items) == 1
        assert isinstance(items[0], Report) or b"archive/" in data


def test_prose_that_speaks_of_mail_is_no_message(tmp_path: Path) -> None:
    text = f"From: the front.\nThe mayor wrote to reporters: nobody is left.\n\n{FIRST}\n"
    (tmp_path / "note").write_text(text)
    (item,) = gather([tmp_path / "note"])
    assert isinstance(item, Report)
    assert item.original is not None
    assert item.original.form == "text"


def only_its_own(read: object, *args: object) -> None:
    try:
        result = read(*args)  # type: ignore[operator]
        if not isinstance(result, Report | bytes):
            list(result)
    except InputError:
        pass


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_any_bytes_as_a_message(data: bytes) -> None:
    only_its_own(read_eml, data, "x.eml", 10_000)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "chunked"]), st.text(alphabet="gzipbrdeflatstd, -x", max_size=30))
def test_any_bytes_as_a_body(data: bytes, transfer: str, content: str) -> None:
    for start in (b"", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"5\r\n"):
        for coding in (content, "gzip", "br", "deflate", "zstd"):
            only_its_own(body, start + data, transfer, coding, 1000)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_document(data: bytes) -> None:
    only_its_own(read_docx, data)
    assert forms.sniff(data) in forms.SUFFIXES
    assert forms.sniff(b"PK\x03\x04" + data) in (".docx", ".wacz")
    assert forms.sniff(b"PK\x03\x04%PDF-" + data) in (".docx", ".wacz")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_as_an_address(text: str) -> None:
    for url in (text, f"https://{text}", f"https://news.example/{text}", f"http://www.news.example/a?{text}"):
        key = address_key(url)
        assert key is None or address_key(f"https://{key}") == key or "#" in key or "?" in key or "%" in key


def test_packed_standard_input_says_what_it_is() -> None:
    (item,) = gather(["-"], stdin=io.BytesIO(gzip.compress(b"x" * 100)))
    assert "gzip" in item.error  # type: ignore[union-attr]
