"""A site that the tests serve from this machine, and a clock that they set."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What the site answers at a path."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # before it answers
    etag: str | None = None


@dataclass
class Site:
    """Paths with their replies; ``asked`` is every request, with its headers in lower case."""

    url: str
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(p == path for p, _ in self.asked)

    def page(self, path: str, title: str, *paragraphs: str) -> None:
        """Put a page there."""
        body = "".join(f"<p>{p}</p>" for p in paragraphs)
        html = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
        self.replies[path] = Reply(html, headers={"Content-Type": "text/html; charset=utf-8"})

    def feed(self, path: str, *items: str, title: str = "North Wire", etag: str | None = None, head: str = "") -> None:
        """Put an RSS feed there, of items made by ``item``."""
        body = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>
            <link>{self.url}/</link><description>d</description>{head}{"".join(items)}</channel></rss>"""
        self.replies[path] = Reply(body, headers={"Content-Type": "application/rss+xml"}, etag=etag)


def item(
    link: str, title: str, *, guid: str | None = None, date: str = "Mon, 12 Dec 2016 08:00:00 GMT", text: str = ""
) -> str:
    """An item of an RSS feed."""
    return (
        f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid or link}</guid>"
        f"<pubDate>{date}</pubDate><description><![CDATA[{text}]]></description></item>"
    )


@contextmanager
def serving() -> Iterator[Site]:
    """A site on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            reply = site.replies.get(self.path, Reply("not here", 404))
            time.sleep(reply.seconds)
            status, body = reply.status, reply.body if isinstance(reply.body, bytes) else reply.body.encode()
            if reply.etag and self.headers.get("If-None-Match") == reply.etag:
                status, body = 304, b""
            try:
                self.send_response(status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.etag:
                    self.send_header("ETag", reply.etag)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: dt.datetime = dt.datetime(2016, 12, 12, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.at

    def move(self, **by: float) -> None:
        """Go on by so much."""
        self.at += dt.timedelta(**by)
