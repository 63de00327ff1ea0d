"""Adding reports over the API: texts, files and addresses, and how far it has come."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tadmor.web import uploads
from tadmor.web.errors import Problem
from test_web_made import API, WHO, client, fill, refused

TEXT = "Rebels seized the town of Idlib on Saturday, the Syrian Observatory for Human Rights said. Shelling killed 12 people."


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client(fill(tmp_path_factory.mktemp("web") / "new.db", [])) as found:
        yield found


def finished(api: TestClient, answer: Any) -> dict[str, Any]:
    """How the job of an answer went."""
    assert answer.status_code == 202, answer.text
    job = answer.json()["job"]
    assert answer.headers["location"] == f"{API}/jobs/{job}"
    for _ in range(600):
        told = api.get(f"{API}/jobs/{job}").json()
        if told["state"] == "finished":
            return dict(told)
        time.sleep(0.05)
    raise AssertionError(told)


def test_a_text_is_read_and_told_of_as_it_goes(api: TestClient) -> None:
    before = api.get(f"{API}/info").headers["etag"]
    body = {"text": TEXT, "title": "Idlib falls", "published": "2015-03-28"}
    answer = api.post(f"{API}/reports", json=body, headers=WHO)
    job = answer.json()["job"]
    events = []
    with api.stream("GET", f"{API}/jobs/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        for line in stream.iter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
            elif line.startswith("id: "):
                last = line.removeprefix("id: ")
    assert events[-1]["state"] == "finished"
    assert (events[-1]["done"], events[-1]["of"], events[-1]["failed"]) == (1, 1, [])
    assert all(e["done"] < e["of"] for e in events[:-1])
    kept = events[-1]["kept"][0]
    assert kept["added"]
    assert kept["claims"] > 0
    assert kept["title"] == "Idlib falls"
    again = api.get(f"{API}/jobs/{job}/events", headers={"Last-Event-ID": last})
    assert again.status_code == 204
    assert api.get(f"{API}/info").headers["etag"] != before
    report = api.get(f"{API}/reports/{kept['report']}").json()
    assert report["report"]["published"] == "2015-03-28"
    assert report["report"]["published_basis"] == "given"
    told = finished(api, api.post(f"{API}/reports", json=body, headers=WHO))
    assert [k["added"] for k in told["kept"]] == [False]


def test_dates_that_are_none_and_files_of_no_known_form_are_told_as_at_the_shell(api: TestClient) -> None:
    rows = f'title,text,published\nOne,"{TEXT} (1)",03/04/2017\nTwo,"{TEXT} (2)",2017-04-03\n'
    files = [
        ("rows.csv", rows.encode()),
        ("map.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9),
        ("plan.pdf", b"%PDF-"),
    ]
    sent = [("files", file) for file in files]
    told = finished(api, api.post(f"{API}/reports", files=sent, headers=WHO))
    assert {k["title"]: k.get("remark") for k in told["kept"]} == {
        "One": "rows.csv: line 2: published '03/04/2017' can be 2017-04-03 or 2017-03-04: write the one that is meant,"
        " or give it as the date of publication; the report has no date",
        "Two": None,
    }
    assert {f["name"]: f.get("left_out", False) for f in told["failed"]} == {"map.jpg": True, "plan.pdf": False}
    assert told["left_out"] == "1 file of no known form was left out: map.jpg"
    again = finished(api, api.post(f"{API}/reports", files=sent[:1], headers=WHO))
    assert [k.get("remark") for k in again["kept"]] == [None, None]
    assert again["left_out"] is None


def test_files_fail_one_by_one_under_their_own_names(api: TestClient) -> None:
    rows = "".join(
        json.dumps(
            {"id": f"row-{n}", "text": f"Shelling hit Aleppo in wave {n}, activists said.", "published": "2016-12-11"}
        )
        + "\n"
        for n in range(3)
    )
    files = [
        ("files", ("../../etc/one.txt", f"{TEXT} One.".encode(), "text/plain")),
        ("files", ("rows.jsonl", rows.encode(), "application/jsonl")),
        ("files", ("C:\\papers\\page.html", b"<html><p>Shells hit Homs on Sunday, SANA said.</p></html>", "text/html")),
        ("files", ("packed.txt.gz", gzip.compress(f"{TEXT} Two.".encode()), "application/gzip")),
        ("files", ("empty.txt", b"", "text/plain")),
        ("files", ("damaged.txt.gz", b"\x1f\x8b\x08 nothing", "application/gzip")),
        ("files", ("picture.txt", bytes(range(256)) * 40, "image/png")),
    ]  # fmt: skip
    told = finished(api, api.post(f"{API}/reports", files=files, data={"published": "2016-12-12"}, headers=WHO))
    kept = {k["report"]: k["name"] for k in told["kept"]}
    assert list(kept.values()) == [
        "one.txt",
        "rows.jsonl",
        "rows.jsonl",
        "rows.jsonl",
        "page.html",
        "packed.txt",
    ]
    assert {"row-0", "row-1", "row-2"} <= kept.keys()
    assert {f["name"] for f in told["failed"]} == {"empty.txt", "damaged.txt.gz", "picture.txt"}
    assert (told["done"], told["of"]) == (9, 9)
    assert "/tmp" not in json.dumps(told)
    for id, name in kept.items():
        report = api.get(f"{API}/reports/{id}").json()["report"]
        assert report["path"] == name
        assert report["published"] == ("2016-12-11" if id.startswith("row") else "2016-12-12")


def test_sizes_of_files(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tadmor.gather.MAX_BYTES", 100_000)
    bomb = gzip.compress(b"a " * 40_000_000)
    assert len(bomb) < 100_000
    files = [
        ("files", ("long.txt", b"word " * 30_000, "text/plain")),
        ("files", ("bomb.txt.gz", bomb, "application/gzip")),
        ("files", ("short.txt", f"{TEXT} Three.".encode(), "text/plain")),
    ]
    told = finished(api, api.post(f"{API}/reports", files=files, headers=WHO))
    assert [k["name"] for k in told["kept"]] == ["short.txt"]
    assert {f["name"]: "above" in f["error"] for f in told["failed"]} == {"long.txt": True, "bomb.txt.gz": True}
    refused(api.post(f"{API}/reports", json={"text": "x" * 100_001}, headers=WHO), 413)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8765/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest", "http://10.0.0.1/",
        "http://0x7f000001/", "http://2130706433/", "HTTP://127.1/",
    ],
)  # fmt: skip
def test_addresses_go_through_the_guards_of_gather(api: TestClient, url: str) -> None:
    told = finished(api, api.post(f"{API}/reports", json={"url": url}, headers=WHO))
    assert told["kept"] == []
    assert len(told["failed"]) == 1
    assert "public" in told["failed"][0]["error"] or "resolved" in told["failed"][0]["error"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": TEXT, "url": "http://example.org/"},
        {"text": ""},
        {"text": TEXT, "published": "yesterday"},
        {"text": 7},
        {"url": "file:///etc/passwd"},
        {"url": "/etc/passwd"},
        {"url": "-"},
        {"url": "ftp://example.org/a.txt"},
        {"text": TEXT, "path": "/etc/passwd"},
        [],
    ],
)
def test_what_cannot_be_added(api: TestClient, body: Any) -> None:
    refused(api.post(f"{API}/reports", json=body, headers=WHO), 422)


def test_what_is_no_json_or_no_form(api: TestClient) -> None:
    headers = {**WHO, "content-type": "application/json"}
    refused(api.post(f"{API}/reports", content=b"{", headers=headers), 422)
    refused(api.post(f"{API}/reports", json={"text": TEXT}), 400)
    form = {**WHO, "content-type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb", b"--x\r\n\r\nb\r\n--x--"):
        refused(api.post(f"{API}/reports", content=body, headers=form), 400)
    refused(api.post(f"{API}/reports", content=b"--x--\r\n", headers=form), 422)
    refused(api.post(f"{API}/reports", content=b"", headers={**WHO, "content-type": "multipart/form-data"}), 400)


def test_an_empty_text_is_told_of(api: TestClient) -> None:
    told = finished(api, api.post(f"{API}/reports", json={"text": " ... "}, headers=WHO))
    assert told["kept"] == []
    assert "nothing to read" in told["failed"][0]["error"]


async def _taken(body: bytes, mark: bytes, folder: Path, step: int, most: int = 10_000) -> uploads.Form:
    async def stream() -> AsyncIterator[bytes]:
        for at in range(0, len(body), step):
            yield body[at : at + step]

    return await uploads.receive(stream(), mark, folder, most=most)


@given(
    files=st.lists(
        st.tuples(st.binary(max_size=60) | st.just(b"\r\n--mark\r") | st.just(b"\r\n--mar"), st.integers(0, 3)),
        max_size=4,
    ),
    step=st.integers(1, 70),
)
def test_files_arrive_as_they_were_sent_however_they_are_cut(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[bytes, int]], step: int
) -> None:
    files = [(data, n) for data, n in files if b"\r\n--mark0" not in data]
    body = b"preamble"
    for n, (data, kind) in enumerate(files):
        name = ("a.txt", "../b.HTML", "c.exe", "d.jsonl.gz")[kind]
        head = f'\r\n--mark0\r\nContent-Disposition: form-data; name="files"; filename="{n}{name}"\r\nX: y\r\n\r\n'
        body += head.encode() + data
    body += b'\r\n--mark0\r\nContent-Disposition: form-data; name="published"\r\n\r\n2016\r\n--mark0--\r\nepilogue'
    folder = tmp_path_factory.mktemp("form")
    form = asyncio.run(_taken(body, b"mark0", folder, step))
    assert [f.path.read_bytes() for f in form.files] == [data for data, _ in files]
    assert form.fields == {"published": "2016"}
    assert {p.parent for p in folder.rglob("*")} <= {folder}
    assert all(f.path.suffix in ("", ".txt", ".html", ".gz") for f in form.files)


@given(body=st.binary(max_size=200), step=st.integers(1, 50))
def test_any_bytes_are_a_form_or_a_problem(tmp_path_factory: pytest.TempPathFactory, body: bytes, step: int) -> None:
    folder = tmp_path_factory.mktemp("form")
    for start in (b"", b"--m\r\nContent-Disposition: form-data; name=f; filename=a.txt\r\n\r\n", b"--m\r\n"):
        for end in (b"", b"\r\n--m--"):
            with suppress(Problem):
                form = asyncio.run(_taken(start + body + end, b"m", folder, step))
                assert len(form.files) == len(list(folder.iterdir()))
            for file in folder.iterdir():
                file.unlink()
