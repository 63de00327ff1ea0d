"""Who is answered: hosts, origins, sizes, files; and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tadmor import Ledger
from tadmor.errors import LedgerError
from tadmor.web.app import create_app
from tadmor.web.security import host_of
from test_web_made import API, BASE, WHO, client, fill, refused, war

RATING = f"{API}/sources/Northern%20Agency/rating"
LETTER = {"letter": "B"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("web") / "war.db", war())


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("front")
    (folder / "secret.txt").write_text("outside")
    static = folder / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<title>the app</title>")
    (static / "assets" / "app-1a2b.js").write_text("export {}")
    (static / "assets" / "land-3c4d.json").write_text("[0.25, 0.5]" * 2000)
    (static / "icon.svg").write_text("<svg/>")
    (static / ".hidden").write_text("hidden")
    (static / "link.txt").symlink_to(folder / "secret.txt")
    return static


@pytest.fixture(scope="module")
def api(path: Path, front: Path) -> Iterator[TestClient]:
    with client(path, static=front) as found:
        yield found


@pytest.mark.parametrize("where", ["/", f"{API}/info", f"{API}/nothing", f"{API}/incidents?limit=0", "/assets/none.js"])
def test_every_answer_carries_the_headers(api: TestClient, where: str) -> None:
    headers = api.get(where).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    refusal = api.get(where, headers={"Host": "evil.example"}).headers
    assert {"content-security-policy", "x-content-type-options", "referrer-policy"} <= refusal.keys()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "127.0.0.2", "", "[::1", "localhost:x"]
)
def test_foreign_hosts_are_refused(api: TestClient, host: str) -> None:
    for where in (f"{API}/info", "/"):
        refused(api.get(where, headers={"Host": host}), 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:8765"])
def test_the_names_of_this_machine_are_answered(api: TestClient, host: str) -> None:
    assert api.get(f"{API}/info", headers={"Host": host}).status_code == 200


def test_the_name_of_a_host_header() -> None:
    assert host_of("Example.org:80") == "example.org"
    assert host_of("[::1]:80") == "::1"
    for odd in ("", "a/b", "a@b", "a b", "a:b", "[::1", "a#b", "a,b"):
        assert host_of(odd) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "https://127.0.0.1:8765"},
        {"Origin": "http://localhost:8765"},
        {"Origin": f"{BASE}.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_comes_from_another_origin_changes_nothing(api: TestClient, headers: dict[str, str]) -> None:
    refused(api.post(RATING, json=LETTER, headers={"X-Tadmor-Who": "Eve", **headers}), 403)
    assert api.get(f"{API}/audit").json()["items"] == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_forms_that_pages_cannot_send_unasked(api: TestClient, kind: str) -> None:
    headers = {**WHO, "content-type": kind}
    refused(api.post(RATING, content=b'{"letter": "B"}', headers=headers), 415)


def test_preflights_are_not_granted(api: TestClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = api.options(RATING, headers=asked)
    assert answer.status_code >= 400
    assert not [h for h in answer.headers if h.startswith("access-control")]


def test_bodies_are_capped(api: TestClient) -> None:
    long = {"letter": "B", "why": "x" * 1_100_000}
    refused(api.post(RATING, json=long, headers=WHO), 413)

    def chunks() -> Iterator[bytes]:  # without a length that is told before
        yield b'{"letter": "B", "why": "'
        for _ in range(30):
            yield b"x" * 50_000
        yield b'"}'

    refused(api.post(RATING, content=chunks(), headers={**WHO, "content-type": "application/json"}), 413)
    refused(api.post(RATING, json={"letter": "B", "why": "x" * 4001}, headers=WHO), 422)
    headers = {**WHO, "content-type": "application/json", "content-length": "999999999999"}
    refused(api.post(f"{API}/reports", content=b"{}", headers=headers), 413)
    assert api.get(f"{API}/audit").json()["items"] == []


@pytest.mark.parametrize("name", ["", " ", "%20", "a\tb\x7f", "x" * 300, "a%0D%0Ab%00"])
def test_names_that_are_none(api: TestClient, name: str) -> None:
    refused(api.post(RATING, json=LETTER, headers={"X-Tadmor-Who": name}), 422 if len(name) > 600 else 400)


def test_the_front_end(api: TestClient) -> None:
    for where in ("/", "/index.html", "/place/geonames:1", "/incident/i0123", "/report/a%2Fb.html"):
        answer = api.get(where)
        assert answer.text == "<title>the app</title>"
        assert answer.headers["cache-control"] == "no-cache"
    asset = api.get("/assets/app-1a2b.js")
    assert asset.headers["content-type"].startswith("text/javascript")
    assert "immutable" in asset.headers["cache-control"]
    assert api.get("/assets/app-1a2b.js", headers={"If-None-Match": asset.headers["etag"]}).status_code == 304
    assert api.get("/icon.svg").headers["cache-control"] == "no-cache"
    for packed in (True, False):
        land = api.get("/assets/land-3c4d.json", headers={"Accept-Encoding": "gzip" if packed else "identity"})
        assert (land.headers.get("content-encoding") == "gzip") is packed
        assert len(land.text) == 22_000
    assert "content-encoding" not in api.get(f"{API}/openapi.json", headers={"Accept-Encoding": "gzip"}).headers
    refused(api.get("/assets/none.js"), 404)
    refused(api.get(f"{API}/nothing"), 404)
    refused(api.get("/api"), 404)
    refused(api.get("/api/v2/info"), 404)
    refused(api.post("/", json={}, headers=WHO), 405)


@pytest.mark.parametrize(
    "where",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/%2fetc/passwd",
        "/.hidden",
        "/link.txt",
        "/secret.txt%00.html",
        "/static/%252e%252e/secret.txt",
    ],
)
def test_nothing_outside_the_folder_is_served(api: TestClient, where: str) -> None:
    answer = api.get(where)
    assert "outside" not in answer.text
    assert "hidden" not in answer.text
    assert "root:" not in answer.text
    assert answer.status_code in (200, 404)


def test_without_a_front_end_a_page_says_so(path: Path, tmp_path: Path) -> None:
    with client(path, static=tmp_path) as api:
        page = api.get("/")
        assert "not built" in page.text
        assert f'href="{API}/"' in page.text
        assert not re.findall(r'(?:src|href)="(?!/)', page.text)
        assert api.get("/place/x").status_code == 200
        refused(api.get("/assets/app.js"), 404)


def test_faults_of_the_app_are_not_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the password is 1234")

    with client(path) as api:
        monkeypatch.setattr("tadmor.web.place_list.places", broken)
        answer = api.get(f"{API}/places")
        refused(answer, 500)
        assert "1234" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_ledger_that_is_none(tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_text("no ledger at all, but words")
    with pytest.raises(LedgerError, match="no ledger"):
        create_app(bad)


def test_an_open_ledger_stays_open(path: Path) -> None:
    with Ledger(path) as ledger:
        with TestClient(create_app(ledger), base_url=BASE) as api:
            assert api.get(f"{API}/info").json()["reports"] == 9
        assert len(ledger.sources()) == 3


def test_many_ask_and_write_at_once(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path = fill(tmp_path / "war.db", war())
    with client(path) as api:
        places = (
            "/info",
            "/incidents",
            "/control/timelines",
            "/places/geonames:163808",
            "/search?q=struck",
            "/sources",
        )

        def ask(n: int) -> int:
            if n % 5 == 0:
                return api.post(RATING, json={"letter": "ABCDEF"[n % 6]}, headers=WHO).status_code
            return api.get(API + places[n % len(places)]).status_code

        with ThreadPoolExecutor(12) as pool:
            assert set(pool.map(ask, range(60))) == {200}
        assert len(api.get(f"{API}/audit").json()["items"]) == 12
