"""A map of one's own under the marks: who is asked then, and that nobody is where nothing was set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tadmor.errors import InputError
from tadmor.web.app import create_app
from tadmor.web.tiles import FILE_AT, policy, tiles
from test_web_made import API, BASE, fill, war

PATTERN = "https://tiles.example.org:8443/osm/{z}/{x}/{y}.png?key=abc"


def archive(path: Path, kind: int = 2) -> Path:
    head = bytearray(127)
    head[:8] = b"PMTiles\x03"
    head[99] = kind
    path.write_bytes(bytes(head) + bytes(range(256)))
    return path


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("tiles") / "war.db", war())


def served(ledger: Path, given: str | None) -> TestClient:
    return TestClient(create_app(ledger, reader="rules", tiles=given), base_url=BASE)


def sources(answer: object, directive: str) -> list[str]:
    found = re.search(rf"{directive} ([^;]*)", answer.headers["content-security-policy"])  # type: ignore[attr-defined]
    assert found is not None
    return found[1].split()


def test_where_nothing_is_set_nobody_else_may_be_asked(ledger: Path) -> None:
    with served(ledger, None) as api:
        answer = api.get(f"{API}/info")
        assert answer.json()["tiles"] is None
        assert sources(answer, "connect-src") == ["'self'"]
        assert "http" not in answer.headers["content-security-policy"]
        assert api.get(FILE_AT).status_code in (404, 503) or b"PMTiles" not in api.get(FILE_AT).content[:7]


@pytest.mark.parametrize("given", [PATTERN, "https://tiles.example.org:8443/world.pmtiles"])
def test_one_other_server_is_let_in_for_pictures_and_data_alone(ledger: Path, given: str) -> None:
    with served(ledger, None) as plain:
        before = plain.get(f"{API}/info")
    with served(ledger, given) as api:
        answer = api.get(f"{API}/info")
        assert answer.json() == before.json() | {"tiles": given}
        for directive in ("connect-src", "img-src"):
            assert sources(answer, directive).count("https://tiles.example.org:8443") == 1
        for directive in ("default-src", "script-src", "style-src", "worker-src", "form-action"):
            assert "https://tiles.example.org:8443" not in sources(answer, directive)
        assert answer.headers["etag"] != before.headers["etag"], "what a browser has kept is no longer so"
        again = api.get(f"{API}/info", headers={"If-None-Match": before.headers["etag"]})
        assert again.status_code == 200
        assert api.get(f"{API}/info", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_an_archive_on_this_machine_is_given_out_in_parts_by_its_own_server(ledger: Path, tmp_path: Path) -> None:
    path = archive(tmp_path / "world.pmtiles")
    with served(ledger, str(path)) as api:
        answer = api.get(f"{API}/info")
        assert answer.json()["tiles"] == FILE_AT
        assert sources(answer, "connect-src") == ["'self'"]
        part = api.get(FILE_AT, headers={"Range": "bytes=0-6"})
        assert (part.status_code, part.content) == (206, b"PMTiles")
        assert api.get(FILE_AT, headers={"Range": "bytes=127-130"}).content == bytes(range(4))
        assert FILE_AT not in api.get(f"{API}/openapi.json").text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("https://tiles.example.org/{z}/{x}.png", "neither an archive"),
        ("https://tiles.example.org/", "neither an archive"),
        ("https://a.example;script-src *//{z}/{x}/{y}.png", "no address"),
        ("https://user:secret@tiles.example.org/{z}/{x}/{y}.png", "no address"),
        ("https://*/{z}/{x}/{y}.png", "no address"),
        ("https:///{z}/{x}/{y}.png", "no address"),
        ("https://tiles.example.org:port/{z}/{x}/{y}.png", "no address"),
        ("https://tiles.example.org/{z}/{x}/{y}.png\r\nx: y", "no address"),
        ("/no/such/file.pmtiles", "cannot be opened"),
    ],
)
def test_what_cannot_be_shown_is_said_before_the_server_starts(given: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        tiles(given)


def test_archives_that_the_app_cannot_show(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="vector tiles"):
        tiles(str(archive(tmp_path / "v.pmtiles", kind=1)))
    (tmp_path / "x.pmtiles").write_bytes(b"PMTiles\x02" + bytes(200))
    with pytest.raises(InputError, match="version 3"):
        tiles(str(tmp_path / "x.pmtiles"))
    (tmp_path / "short.pmtiles").write_bytes(b"PMTiles\x03")
    with pytest.raises(InputError, match="version 3"):
        tiles(str(tmp_path / "short.pmtiles"))


def test_no_policy_is_loosened_by_a_file(tmp_path: Path) -> None:
    assert policy(tiles(str(archive(tmp_path / "w.pmtiles")))) == policy(None)
