"""Those who mean ill: stored scripts, odd paths, forged headers, queries in text, bombs, and pages of other origins."""

from __future__ import annotations

import gzip
import io
import re
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tadmor.gather import MAX_BYTES
from tadmor.ledger import Store
from team_made import Client, cheap, client, made, team_app
from test_web_made import API, BASE, WHO, fill, refused, told, war
from test_web_made import client as local

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'-->\u2028</textarea>{{7*7}}${7*7}"
SQL = ("' OR '1'='1", "'; DROP TABLE report; --", '" UNION SELECT password FROM team_member --', "%' ESCAPE '!", "\\", "%", "_",
       "0 OR 1=1", "1; ATTACH DATABASE 'x' AS y", "\x00", "') OR withheld = 1 --", "ｅｖｉｌ＇")  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        path = made(tmp_path_factory.mktemp("team") / "team.db")
        with Store(path) as store:
            hostile = told(
                "x<script>", "Palmyra", "2016-12-11", agency=SCRIPT, group=SCRIPT, title=SCRIPT, extra=SCRIPT,
                publisher=SCRIPT, url="javascript:alert(1)",
            )  # fmt: skip
            store.add(hostile)
        with team_app(path) as found:
            yield found


@pytest.fixture(scope="module")
def admin(app: FastAPI) -> Client:
    return client(app, "admin")


def safe(answer: Any) -> None:
    """No browser takes the answer for a page, and its text for a script."""
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in (
        "application/json", "application/problem+json", "application/geo+json", "application/x-ndjson", "text/csv",
        "application/ld+json", "application/zip", "text/event-stream",
    ), kind  # fmt: skip
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy


def test_stored_scripts_leave_as_data_alone(admin: Client) -> None:
    sent = {"name": SCRIPT, "role": "viewer"}
    for where, body in (
        ("/members", {"name": "<script>alert(3)</script>", "role": "viewer"}),
        ("/members", sent),
        ("/tokens", {"name": "<script>alert(4)</script>", "scopes": ["read"]}),
        ("/withheld", {"kind": "person", "name": "<b>Nobody</b>", "why": SCRIPT}),
        ("/sources/Northern%20Agency/rating", {"letter": "B", "why": SCRIPT}),
        ("/claims/r5/c1/correct", {"fields": {"actors": [{"name": "<svg onload=1>", "entity": None}]}, "why": SCRIPT}),
        ("/claims/r7/c1/reject", {"why": SCRIPT}),
        ("/reports", {"text": SCRIPT + " took Idlib.", "title": SCRIPT}),
    ):
        safe(admin.post(API + where, json=body))
    for where in (
        "/info", "/audit", "/members", "/tokens", "/withheld?lifted=true", "/reports", "/reports/x%3Cscript%3E", "/sources",
        "/incidents",
        "/places", "/search?q=alert", f"/search?q={SCRIPT[:60]}", "/review/queue", "/export?form=jsonl", "/export?form=geojson",
        "/export?form=csv", "/export?form=annotations", "/control/timelines", "/sources/%3Cscript%3E", "/nothing/%3Cscript%3E",
        "/incidents/%3Cscript%3E", "/reports?cursor=%3Cscript%3E", "/review/gold?partial=true",
    ):  # fmt: skip
        answer = admin.get(API + where)
        assert answer.status_code in (200, 404, 422), (where, answer.text)
        safe(answer)
        if "/export" in where:
            assert answer.headers["content-disposition"].startswith("attachment")
    whole = admin.get(f"{API}/reports/x%3Cscript%3E").json()
    assert SCRIPT in whole["report"]["text"]  # nothing is lost on the way
    assert admin.get(f"{API}/reports").text.count("javascript:") == 0  # an address of a report becomes a link


def test_the_situation_report_escapes_what_reports_say(tmp_path: Path) -> None:
    from tadmor import Ledger

    path = tmp_path / "a.db"
    reading = told("x", "Palmyra", "2016-12-11", agency=SCRIPT, group=SCRIPT, title=SCRIPT, publisher=SCRIPT)
    fill(path, [reading])
    with Ledger(path) as ledger:
        page = ledger.sitrep(title=SCRIPT)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_pages_of_the_server_escape_the_document(admin: Client) -> None:
    page = admin.get(f"{API}/")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert "'sha256-" in page.headers["content-security-policy"]


def test_the_app_never_takes_text_for_html() -> None:
    found = [
        f"{p.relative_to(ROOT)}: {m.group(0)}"
        for p in (ROOT / "ui/src").rglob("*")
        if p.suffix in (".svelte", ".ts", ".mjs", ".html")
        for m in re.finditer(
            r"\{@html|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|srcdoc=|setHTML\(",
            p.read_text(),
        )
    ]
    assert found == []


def test_the_app_asks_no_other_server() -> None:
    found = [
        f"{p.relative_to(ROOT)}: {m.group(0)}"
        for p in [*(ROOT / "ui/src").rglob("*"), ROOT / "ui/index.html"]
        if p.suffix in (".svelte", ".ts", ".html", ".css")
        for m in re.finditer(
            r"""(?:src|href)=["']https?://|url\(\s*["']?https?://|fetch\(\s*["'`]https?://""", p.read_text()
        )
    ]
    assert found == []


@pytest.mark.parametrize("value", SQL)
def test_queries_in_text_are_text(admin: Client, app: FastAPI, value: str) -> None:
    before = admin.get(f"{API}/info").json()["reports"]
    for where, name in (
        ("/search", "q"), ("/reports", "q"), ("/places", "q"), ("/sources", "q"), ("/incidents", "place"),
        ("/incidents", "source"), ("/incidents", "side"), ("/reports", "cursor"), ("/export", "place"), ("/control", "on"),
        ("/control", "according_to"), ("/audit", "since"), ("/review/queue", "not_by"), ("/review/queue", "place"),
    ):  # fmt: skip
        answer = admin.get(API + where, params={name: value})
        assert answer.status_code in (200, 422), (where, name, answer.text)
        assert "argon2" not in answer.text
    for part in ("reports", "places", "sources", "incidents"):
        answer = admin.get(f"{API}/{part}/{value.encode().hex()}{value}".replace("%", "%25").replace("\x00", "%00"))
        assert answer.status_code in (200, 404, 422), answer.text
    refused(client(app).sign_in(value, value), 401)
    refused(admin.post(f"{API}/withheld", json={"kind": "report", "name": value}), 409)
    assert admin.get(f"{API}/info").json()["reports"] == before


@pytest.mark.parametrize(
    "where",
    [
        "/reports/..%2f..%2fetc%2fpasswd", "/reports/../../etc/passwd", "/places/%2e%2e/%2e%2e/etc/passwd", "/jobs/..%2f..%2fx",
        "/sources/....//....//etc/passwd", "/reports/C:%5cwindows%5cwin.ini", "/reports/%00", "/incidents/%2fetc%2fpasswd",
        "/claims/..%2f..%2fetc/passwd/reviews",
    ],
)  # fmt: skip
def test_paths_lead_nowhere_else(admin: Client, where: str) -> None:
    answer = admin.get(API + where)
    assert answer.status_code in (200, 404)
    assert "root:" not in answer.text


def test_file_names_of_uploads_lead_nowhere_else(admin: Client, app: FastAPI, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    names = (
        f"../../../../{outside}",
        str(outside),
        "..\\..\\x.txt",
        "a/../../b.txt",
        "\u202etxt.exe",
        "x" * 400,
        "con.txt",
    )
    for name in names:
        files = {"files": (name, b"Rebels took Idlib on Saturday, the Observatory said.", "text/plain")}
        answer = admin.post(f"{API}/reports", files=files)
        assert answer.status_code in (202, 400), answer.text
    assert not outside.exists()


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:25/x", "javascript:alert(1)", "//127.0.0.1/x", "http:/x",
        "data:text/html,x", "dict://127.0.0.1:11211/stat", "HTTP\t://x", "jar:http://127.0.0.1!/x",
    ],
)  # fmt: skip
def test_addresses_that_are_none_of_the_web(admin: Client, url: str) -> None:
    refused(admin.post(f"{API}/reports", json={"url": url}), 422)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost:8765/api/v1/members", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/", "http://[fd00::1]/", "http://100.64.0.1/", "http://127.1/",
    ],
)  # fmt: skip
def test_addresses_within_the_house_are_not_fetched(admin: Client, app: FastAPI, url: str) -> None:
    job = admin.post(f"{API}/reports", json={"url": url}).json()["job"]
    for _ in range(400):
        told_ = admin.get(f"{API}/jobs/{job}").json()
        if told_["state"] == "finished":
            break
        time.sleep(0.02)
    assert told_["kept"] == []
    (failed,) = told_["failed"]
    assert "no public address" in failed["error"] or "cannot be resolved" in failed["error"]


@pytest.fixture(scope="module")
def redirecting() -> Iterator[str]:
    """A server on this machine that sends on: /2?to=X to /1?to=X, and that to X."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from urllib.parse import parse_qs, urlsplit

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            to, left = parse_qs(parts.query)["to"][0], int(parts.path[1:])
            self.send_response((301, 302, 303, 307, 308)[left])
            self.send_header("location", f"/{left - 1}?to={quote(to)}" if left > 1 else to)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("hops", [1, 4])
@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]:1/", "//192.168.1.1/", "file:///etc/passwd",
        "gopher://127.0.0.1:25/_x", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0:1/", "http://user@172.16.0.1/",
    ],
)  # fmt: skip
def test_every_redirect_is_looked_at_anew(redirecting: str, to: str, hops: int) -> None:
    from tadmor.errors import Refused
    from tadmor.gather.fetch import fetch

    asked: list[str] = []

    def permit(address: Any) -> bool:
        asked.append(str(address))
        return str(address) == "127.0.0.1"  # the server that redirects, and nobody else

    with pytest.raises(Refused):
        fetch(f"{redirecting}/{hops}?to={quote(to, safe='')}", max_bytes=1000, _permit=permit)
    assert asked.count("127.0.0.1") >= hops


def test_the_app_fetches_in_no_other_way() -> None:
    fetching = [
        str(p.relative_to(ROOT / "src/tadmor"))
        for p in (ROOT / "src/tadmor").rglob("*.py")
        if re.search(
            r"^\s*(?:import|from) (?:httpx|requests|urllib\.request|http\.client|aiohttp)\b", p.read_text(), re.M
        )
    ]
    assert [name for name in fetching if name.startswith(("web/", "publish/", "ledger/", "cli/"))] == []
    assert "gather/fetch.py" in fetching


def finished(here: Any, job: str) -> dict[str, Any]:
    for _ in range(600):
        found: dict[str, Any] = here.get(f"{API}/jobs/{job}").json()
        if found["state"] == "finished":
            return found
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def test_bombs_are_not_unpacked(admin: Client) -> None:
    packed = gzip.compress(b"\0" * (MAX_BYTES * 3), 9)
    assert len(packed) < 100_000
    inner = gzip.compress(gzip.compress(b"Rebels took Idlib. " * 200_000, 9), 9)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("a.txt", b"A" * 5_000_000)
        zipped.writestr("../../etc/cron.d/x", b"evil")
    for name, body in (
        ("bomb.txt.gz", packed),
        ("twice.txt.gz", inner),
        ("a.zip", archive.getvalue()),
        ("x.warc.gz", packed),
    ):
        job = admin.post(f"{API}/reports", files={"files": (name, body, "application/octet-stream")}).json()["job"]
        told_ = finished(admin, job)
        assert told_["kept"] == [], name
        assert told_["failed"], name
    assert admin.get(f"{API}/info").status_code == 200


def test_deep_and_wide_json_is_refused_in_words(admin: Client) -> None:
    headers = {"content-type": "application/json"}
    for body in (
        b"[" * 100_000, b'{"a":' * 50_000, b'{"letter": "B", "letter": "C", "x": ' + b"9" * 10_000 + b"}", b"\xff\xfe", b"NaN",
        b'{"letter": 1e999}', b"", b"null", b'"\\ud800"',
    ):  # fmt: skip
        answer = admin.post(f"{API}/sources/Northern%20Agency/rating", content=body, headers=headers)
        assert answer.status_code in (400, 422), (body[:20], answer.text)
        answer = admin.post(f"{API}/reports", content=body, headers=headers)
        assert answer.status_code in (400, 422), (body[:20], answer.text)


def test_bodies_above_the_cap_are_refused(app: FastAPI, admin: Client) -> None:
    for where in ("/session", "/members", "/withheld", "/purges", "/tokens"):
        refused(
            admin.post(
                API + where, content=b'"' + b"x" * 1_100_000 + b'"', headers={"content-type": "application/json"}
            ),
            413,
        )
    refused(client(app).sign_in("x" * 301), 422)
    refused(client(app).sign_in("Ada", "x" * 1001), 422)


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=1", "a\nX: 1", "a%0d%0aX-Evil:%201", "\u560d\u560aX: 1"])
def test_headers_cannot_be_put_in(admin: Client, tmp_path: Path, value: str) -> None:
    for where in ("/export?form=csv&place=", "/search?q=", "/reports/", "/jobs/"):
        answer = admin.get(API + where + value.replace("\r", "%0d").replace("\n", "%0a"))
        assert "x-evil" not in answer.headers
        assert "set-cookie" not in answer.headers
        assert not any("\n" in v or "\r" in v for v in answer.headers.values())
    answer = admin.post(f"{API}/members", json={"name": value, "role": "viewer"})
    assert "set-cookie" not in answer.headers
    with local(fill(tmp_path / "a.db", war())) as api:
        sent = value.replace("\r", "%0D").replace("\n", "%0A").encode()
        named = api.post(
            f"{API}/sources/Northern%20Agency/rating", json={"letter": "B"}, headers={**WHO, "X-Tadmor-Who": sent}
        )
        if named.status_code == 200:
            assert "\n" not in named.json()["who"]
        assert "set-cookie" not in named.headers


def test_no_other_host_is_answered_in_team_mode(tmp_path: Path) -> None:
    path = made(tmp_path / "team.db")
    with team_app(path, hosts={"tadmor.example"}) as app, TestClient(app, base_url="https://tadmor.example") as here:
        assert here.get(f"{API}/session").status_code == 200
        for host in ("evil.example", "tadmor.example.evil.example", "127.0.0.1", "tadmor.example@evil"):
            refused(here.get(f"{API}/session", headers={"Host": host}), 403)
        for origin in ("https://evil.example", "http://tadmor.example", "null", "https://tadmor.example:444"):
            refused(here.post(f"{API}/session", json={}, headers={"Origin": origin}), 403)
        refused(here.post(f"{API}/session", json={}, headers={"Origin": "https://tadmor.example"}), 422)


def test_forwarded_headers_are_believed_of_nobody(app: FastAPI) -> None:
    here = client(app, base=BASE)
    answer = here.post(
        f"{API}/session", json={"name": "Ada", "password": "wrong wrong wrong"},
        headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.9"},
    )  # fmt: skip
    refused(answer, 401)
    with Store(Path(app.state.opened.name)) as store, store.engine.connect() as connection:
        from tadmor.ledger.team_tables import team_try

        assert "203.0.113.9" not in {row.address for row in connection.execute(team_try.select())}


def test_nothing_of_the_team_is_in_exports_or_pages(admin: Client, app: FastAPI) -> None:
    secrets_ = ["argon2", admin.cookies["tadmor"]]
    for where in ("/info", "/audit", "/members", "/tokens", "/session", "/export?form=jsonl", "/openapi.json"):
        text = admin.get(API + where).text
        assert not [s for s in secrets_ if s in text], where
