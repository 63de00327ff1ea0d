"""A server of the kind that the second reader asks, on loopback: it answers as a test scripts it, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """One HTTP response: a status other than 200 with its body, a body of its own, a pause, or an end before the end."""

    content: Any = None
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    finish: str = "stop"
    usage: dict[str, int] | None = field(default_factory=lambda: {"prompt_tokens": 900, "completion_tokens": 100})
    cut: int | None = None  # bytes after which the connection closes
    drip: bool = False  # bytes without end


class Server:
    """What was asked, and what is answered: ``script`` is called with the request's body and its number, from 0."""

    def __init__(self, script: Callable[[dict[str, Any], int], Any]) -> None:
        self.script = script
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length))
                with server._lock:
                    number = len(server.asked)
                    server.asked.append(body)
                    server.headers.append({k.lower(): v for k, v in self.headers.items()})
                    server._now += 1
                    server.most_at_once = max(server.most_at_once, server._now)
                try:
                    self._answer(server.script(body, number), body)
                finally:
                    with server._lock:
                        server._now -= 1

            def _answer(self, told: Any, body: dict[str, Any]) -> None:
                reply = told if isinstance(told, Reply) else Reply(told)
                time.sleep(reply.pause)
                data = reply.body if reply.body is not None else _completion(reply, body)
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Type", "application/json")
                    if reply.drip:
                        self.end_headers()
                        for _ in range(100_000):
                            self.wfile.write(b" " * 65_536)
                        return
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data if reply.cut is None else data[: reply.cut])
                except OSError:
                    pass  # who asked has gone away
                if reply.cut is not None or reply.drip:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def said(self, number: int = -1) -> str:
        """The text that the model was handed with a request: what its user message holds."""
        return "\n".join(m["content"] for m in self.asked[number]["messages"] if m["role"] == "user")


def _completion(reply: Reply, body: dict[str, Any]) -> bytes:
    content = reply.content if isinstance(reply.content, str) else json.dumps(reply.content)
    answer: dict[str, Any] = {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "finish_reason": reply.finish, "message": {"role": "assistant", "content": content}}],
    }
    if reply.usage is not None:
        answer["usage"] = {**reply.usage, "total_tokens": sum(reply.usage.values())}
    return json.dumps(answer).encode()


@contextmanager
def serving(script: Callable[[dict[str, Any], int], Any] | Any) -> Iterator[Server]:
    """A server that answers by a function, or always with the same."""
    server = Server(script if callable(script) else lambda _, __: script)
    try:
        yield server
    finally:
        server.close()


def claim(quote: str, type: str = "air_strike", **more: Any) -> dict[str, Any]:
    """A claim as a model that keeps to the schema tells it."""
    return {
        "quote": quote,
        "also": [],
        "type": type,
        "certainty": "asserted",
        "trigger": None,
        "sources": [],
        "actors": [],
        "targets": [],
        "places": [],
        "date": None,
        "counts": [],
        "confidence": 0.8,
        **more,
    }
