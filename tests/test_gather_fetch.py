"""Addresses: what is refused, what is capped, and that the checked address is the one that is asked."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tadmor.errors import InputError, Refused, TooLarge
from tadmor.gather import fetch as module
from tadmor.gather import gather
from tadmor.gather.fetch import fetch, is_public
from tadmor.gather.inputs import _gather
from tadmor.model import Failure, Report

TEXT = "The road to the north was closed by the army, a driver said."


class Handler(BaseHTTPRequestHandler):
    hosts: list[str]

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        path = self.path
        if path.startswith("/loop"):
            self._send(302, b"", location=f"/loop{int(path[5:] or 0) + 1}")
        elif path.startswith("/go?"):
            self._send(302, b"", location=path[4:])
        elif path == "/packed":
            self._send(200, gzip.compress(b"a " * 5_000_000), encoding="gzip")
        elif path == "/big":
            self._send(200, b"a " * 500_000)
        elif path == "/odd":
            self._send(200, b"x", encoding="br")
        elif path == "/damaged":
            self._send(200, b"no gzip", encoding="gzip")
        elif path == "/members":
            self._send(200, gzip.compress(TEXT.encode()) + gzip.compress(b" The second part."), encoding="gzip")
        elif path == "/short":
            self._send(200, gzip.compress(TEXT.encode() * 40)[:-20], encoding="gzip")
        elif path == "/latin":
            self._send(
                200,
                "The café owner said: naïve visitors came.".encode("latin-1"),
                kind="text/plain; charset=ISO-8859-1",
            )
        elif path == "/rows.jsonl":
            self._send(200, f'{{"id": "a", "text": "{TEXT}"}}\n{{"id": "b"}}\n'.encode(), kind="application/x-ndjson")
        elif path == "/page":
            body = "".join(f"<p>{TEXT} Paragraph {i} says it in other words once more.</p>" for i in range(4))
            self._send(
                200,
                f"<html><head><title>Road closed today</title></head><body><article>{body}</article></body></html>".encode(),
                kind="text/html",
            )
        elif path == "/gone":
            self._send(404, b"no")
        else:
            self._send(200, TEXT.encode(), kind="text/plain; charset=utf-8")

    def _send(self, status: int, body: bytes, location: str = "", encoding: str = "", kind: str = "text/plain") -> None:
        self.send_response(status)
        for name, value in (("Location", location), ("Content-Encoding", encoding), ("Content-Type", kind)):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.hosts = []
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}"
    http.shutdown()
    http.server_close()
    thread.join()


def here(address: module.Address) -> bool:
    return address.is_loopback


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "2001:db8::1"),
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/",
            "http://localhost/",
            "http://[::1]/",
            "http://0.0.0.0/",
            "http://2130706433/",
            "http://0x7f.1/",
        ),
        *(
            "http://169.254.169.254/latest/",
            "http://[::ffff:127.0.0.1]/",
            "http://user@127.0.0.1/",
            "HTTP://127.0.0.1/",
        ),
        *(
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
            "http:///x",
            "http://[bad/",
            "http://a:99999999/",
        ),
    ],
)
def test_refused_without_a_connection(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(Refused):
        fetch(url, max_bytes=1000)
    (item,) = gather([url])
    assert isinstance(item, Failure)
    assert item.path == url


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 80)) for a in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        fetch("http://example.org/", max_bytes=1000)


def test_the_checked_address_is_asked_and_the_name_is_resolved_once(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.rsplit(":", 1)[1])
    asked: list[str] = []

    def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "203.0.113.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(
        module.socket,
        "getaddrinfo",
        lambda host, *a, **k: resolve(host) if host == "news.example" else real(host, *a, **k),
    )
    got = fetch(f"http://news.example:{port}/", max_bytes=1000, _permit=here)
    assert got.data.decode() == TEXT
    assert asked == ["news.example"]
    assert Handler.hosts == [f"news.example:{port}"]


real = socket.getaddrinfo


def test_every_redirect_is_checked(server: str) -> None:
    assert fetch(f"{server}/go?{server}/x", max_bytes=1000, _permit=here).url == f"{server}/x"
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        fetch(f"{server}/go?http://10.0.0.1/", max_bytes=1000, _permit=here)
    with pytest.raises(Refused, match="only http"):
        fetch(f"{server}/go?file:///etc/passwd", max_bytes=1000, _permit=here)
    with pytest.raises(Refused, match=r"leads to http://\[bad/, which is no usable address"):
        fetch(f"{server}/go?http://[bad/", max_bytes=1000, _permit=here)


@pytest.mark.parametrize("url", ["http://[bad/feed", "file:///etc/passwd", "http:///x", "http://a:99999999/"])
def test_nobody_is_told_of_what_is_no_address(url: str) -> None:
    told: list[str] = []
    with pytest.raises(Refused):
        module.ask(url, max_bytes=1000, before=told.append)
    assert told == []


def test_redirects_end(server: str) -> None:
    with pytest.raises(InputError, match="redirects"):
        fetch(f"{server}/loop", max_bytes=1000, _permit=here)
    assert len(Handler.hosts) == module.MAX_REDIRECTS + 1


@pytest.mark.parametrize("path", ["/big", "/packed"])
def test_size_is_capped_while_it_comes_in(server: str, path: str) -> None:
    with pytest.raises(TooLarge):
        fetch(server + path, max_bytes=10_000, _permit=here)


@pytest.mark.parametrize(
    ("path", "says"), [("/gone", "404"), ("/odd", "br"), ("/damaged", "compression"), ("/short", "cut off")]
)
def test_answers_that_are_no_document(server: str, path: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        fetch(server + path, max_bytes=10_000, _permit=here)


def test_an_answer_packed_in_parts_is_read_whole(server: str) -> None:
    assert fetch(f"{server}/members", max_bytes=10_000, _permit=here).data.decode() == f"{TEXT} The second part."


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InputError):
        fetch(f"http://127.0.0.1:{port}/", max_bytes=1000, _permit=here)


def test_documents_become_reports(server: str) -> None:
    urls = [f"{server}/page", f"{server}/latin", f"{server}/rows.jsonl", f"{server}/gone"]
    items = list(_gather(urls, max_bytes=100_000, stdin=None, permit=here))
    page, latin, row, bad, gone = items
    assert isinstance(page, Report)
    assert (page.title, page.url, page.path) == ("Road closed today", urls[0], urls[0])
    assert isinstance(latin, Report)
    assert "café" in latin.text
    assert isinstance(row, Report)
    assert row.id == "a"
    assert isinstance(bad, Failure)
    assert isinstance(gone, Failure)
