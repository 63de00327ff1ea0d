"""Web archives: pages with their addresses, whatever packing; what is damaged, cut off or a bomb fails alone."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pyarrow as pa
import pytest

from made_forms import FIRST, THIRD, page, pdf, wacz, warc
from tadmor.gather import gather
from tadmor.gather.transfer import body
from tadmor.model import Failure, Report

BODY = page()


def of(path: Path, data: bytes, **options: int) -> list[Report | Failure]:
    path.write_bytes(data)
    return list(gather([path], **options))  # type: ignore[arg-type]


def chunked(data: bytes) -> bytes:
    parts = [data[i : i + 100] for i in range(0, len(data), 100)]
    return b"".join(b"%x;x=1\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "as it is": (BODY, []),
    "gzip": (gzip.compress(BODY), [("Content-Encoding", "gzip")]),
    "gzip in chunks": (chunked(gzip.compress(BODY)), [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]),
    "chunks": (chunked(BODY), [("Transfer-Encoding", "chunked")]),
    "deflate": (zlib.compress(BODY), [("Content-Encoding", "deflate")]),
    "deflate without head": (raw_deflate(BODY), [("Content-Encoding", "deflate")]),
    "brotli": (pa.Codec("brotli").compress(BODY, asbytes=True), [("Content-Encoding", "br")]),
    "zstd": (pa.Codec("zstd").compress(BODY, asbytes=True), [("Content-Encoding", "zstd")]),
    "unpacked by the crawler": (BODY, [("Content-Encoding", "br"), ("Transfer-Encoding", "chunked")]),
}


@pytest.mark.parametrize("packed", [True, False])
def test_pages_are_read_in_whatever_packing_they_were_sent(tmp_path: Path, packed: bool) -> None:
    records = [
        {"url": f"http://news.example/{i}", "body": data, "headers": heads}
        for i, (data, heads) in enumerate(PACKED.values())
    ]
    items = of(tmp_path / ("x.warc.gz" if packed else "x.warc"), warc(records, packed=packed))
    assert len(items) == len(PACKED)
    for item, name in zip(items, PACKED, strict=True):
        assert isinstance(item, Report), name
        assert FIRST in item.text
        assert item.original is not None
        assert item.original.data == BODY


def test_a_page_has_its_address_and_the_time_of_capture_and_that_is_not_its_date(tmp_path: Path) -> None:
    (item,) = of(tmp_path / "x.warc.gz", warc([{"url": "http://news.example/a", "body": BODY}]))
    assert isinstance(item, Report)
    assert (item.url, item.published) == ("http://news.example/a", None)
    assert item.metadata["captured"] == "2016-12-12T10:00:00+00:00"
    assert item.path == f"{tmp_path}/x.warc#http://news.example/a"


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    rest = [
        {"url": "http://news.example/logo.png", "body": b"\x89PNG", "media": "image/png"},
        {"url": "http://news.example/gone", "body": BODY, "status": "404 Not Found"},
        {"url": "http://news.example/moved", "body": b"", "status": "301 Moved Permanently"},
        {"url": "http://news.example/style.css", "body": b"p {}", "media": "text/css"},
        {"url": "http://news.example/a", "body": BODY, "type": "metadata", "media": "application/warc-fields"},
    ]
    document = pdf([[(56, 100, FIRST), (56, 114, THIRD)]])
    read = [
        {"url": "http://news.example/a", "body": BODY},
        {"url": "http://news.example/b.pdf", "body": document, "media": "application/pdf"},
        {"url": "http://news.example/c", "body": THIRD.encode(), "type": "conversion", "media": "text/plain"},
        {"url": "urn:page:d", "body": BODY, "type": "resource", "media": "text/html"},
    ]
    items = of(tmp_path / "x.warc.gz", warc([*rest, *read]))
    assert [i.url for i in items if isinstance(i, Report)] == [r["url"] for r in read]
    (only,) = of(tmp_path / "y.warc.gz", warc(rest))
    assert isinstance(only, Failure)
    assert "image/png" in only.error


def test_a_record_that_fails_stops_no_other(tmp_path: Path) -> None:
    records = [
        {"url": "http://news.example/large", "body": b"a" * 30_000, "media": "text/plain"},
        {
            "url": "http://news.example/bomb",
            "body": gzip.compress(b"a" * 3_000_000),
            "headers": [("Content-Encoding", "gzip")],
        },
        {"url": "http://news.example/cut", "body": gzip.compress(BODY)[:-9], "headers": [("Content-Encoding", "gzip")]},
        {"url": "http://news.example/odd", "body": BODY, "headers": [("Content-Encoding", "rot13")]},
        {"url": "http://news.example/none", "body": b""},
        {"url": "http://news.example/menu", "body": b"<html><body></body></html>"},
        {"url": "http://news.example/good", "body": BODY},
    ]
    items = of(tmp_path / "x.warc.gz", warc(records), max_bytes=20_000)
    assert [type(i) for i in items] == [Failure] * 6 + [Report]
    assert all(r["url"] in i.path for i, r in zip(items, records, strict=True))  # type: ignore[operator]
    assert "above 20000 bytes" in items[1].error  # type: ignore[union-attr]


def test_a_damaged_archive_gives_what_stands_before_the_damage_and_one_failure(tmp_path: Path) -> None:
    one, two = ({"url": f"http://news.example/{i}", "body": BODY} for i in (1, 2))
    whole = warc([one, two])
    first = whole.index(b"\x1f\x8b\x08", 10)
    torn = bytearray(whole)
    torn[first + (len(whole) - first) // 2] ^= 0xFF
    for data in (bytes(torn), whole[: first + 40], whole[:-30], whole[:first] + b"no record" * 9):
        items = of(tmp_path / "x.warc.gz", data)
        assert isinstance(items[0], Report)
        assert items[1:]
        assert all(isinstance(i, Failure) for i in items[1:])
    plain = warc([one, two], packed=False)
    items = of(tmp_path / "x.warc", plain[:-60])
    assert [type(i) for i in items] == [Report, Failure]
    assert "cut off" in items[1].error  # type: ignore[union-attr]


def test_a_record_that_cannot_be_as_long_as_it_says_ends_the_archive_at_once(tmp_path: Path) -> None:
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://b.example/\r\nWARC-Date: 2016-12-12T10:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: 99000000000\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
    )
    (item,) = of(tmp_path / "x.warc.gz", gzip.compress(head + bytes(5_000_000)))
    assert isinstance(item, Failure)
    assert "cannot hold" in item.error


def test_of_a_wacz_file_its_own_pages_are_read(tmp_path: Path) -> None:
    records = [
        {"url": f"http://news.example/{n}", "body": page(f"Page {n} of the week", (FIRST, f"{THIRD} {n}"))}
        for n in "abc"
    ]
    data = warc(records)
    listed = of(tmp_path / "x.wacz", wacz({"data.warc.gz": data}, ["http://news.example/b"]))
    assert [i.url for i in listed if isinstance(i, Report)] == ["http://news.example/b"]
    for pages in ((), ("http://news.example/other",)):
        assert len(of(tmp_path / "x.wacz", wacz({"data.warc.gz": data}, pages))) == 3
    several = of(tmp_path / "x.wacz", wacz({"b.warc.gz": data, "a.warc": warc(records[:1], packed=False)}))
    assert [i.url for i in several] == [f"http://news.example/{n}" for n in "aabc"]  # type: ignore[union-attr]


def test_a_broken_wacz_file_fails_with_its_reason(tmp_path: Path) -> None:
    good = wacz({"data.warc.gz": warc([{"url": "http://news.example/a", "body": BODY}])})
    for data, says in (
        (b"", "ZIP"),
        (good[:-40], "ZIP"),
        (wacz({}), "no WARC"),
        (wacz({"inner.wacz": good}), "other WACZ"),
        (wacz({"data.warc.gz": b"junk"}), "damaged"),
    ):
        items = of(tmp_path / "x.wacz", data)
        assert len(items) == 1
        assert isinstance(items[0], Failure)
        assert says in items[0].error


def test_bodies_are_unpacked_no_further_than_their_bound() -> None:
    bomb = gzip.compress(gzip.compress(bytes(40_000_000)))
    with pytest.raises(Exception, match="above 1000 bytes"):
        body(bomb, "", "gzip, gzip", 1000)
    with pytest.raises(Exception, match="above 1000 bytes"):
        body(pa.Codec("brotli").compress(bytes(5_000_000), asbytes=True), "", "br", 1000)
    with pytest.raises(Exception, match="more than"):
        body(b"x", "", ",".join(["gzip"] * 50), 1000)
    assert body(chunked(BODY), "chunked", "", 10**6) == BODY
