"""A small S3-compatible storage for tests: buckets in memory, served over HTTP on this machine. No signature is checked."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Storage(ThreadingHTTPServer):
    """The server with its ``objects`` by "bucket/key"; ``refusals`` counts down requests for objects that it answers with 503."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.buckets = {"corpus"}
        self.refusals = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def storage() -> Iterator[Storage]:
    """A storage that serves until the block is left."""
    server = Storage()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Storage

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""

    def _asked(self) -> tuple[str, str, dict[str, str]]:
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        query = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        return bucket, key, query

    def _answer(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _fault(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def _body(self) -> bytes:
        """The body, out of the chunks of HTTP and, within these, of the storage's own protocol."""
        if "chunked" in (self.headers.get("Transfer-Encoding") or ""):
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" not in (self.headers.get("Content-Encoding") or ""):
            return data
        out = b""
        while data:
            head, _, data = data.partition(b"\r\n")
            size = int(head.partition(b";")[0], 16)
            if not size:
                break
            out, data = out + data[:size], data[size + 2 :]
        return out

    def do_HEAD(self) -> None:
        bucket, key, _ = self._asked()
        data = self.server.objects.get(f"{bucket}/{key}")
        if (key and data is None) or (not key and bucket not in self.server.buckets):
            self._answer(404)
        else:
            self._answer(200, headers=_HEADERS, length=len(data or b""))

    def do_GET(self) -> None:
        bucket, key, query = self._asked()
        if bucket not in self.server.buckets:
            self._fault(404, "NoSuchBucket")
        elif not key:
            self._list(bucket, query)
        elif self.server.refusals > 0:
            self.server.refusals -= 1
            self._fault(403, "AccessDenied")
        elif (data := self.server.objects.get(f"{bucket}/{key}")) is None:
            self._fault(404, "NoSuchKey")
        elif asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
            first, last = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
            told = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
            self._answer(206, data[first : last + 1], _HEADERS | told)
        else:
            self._answer(200, data, _HEADERS)

    def _list(self, bucket: str, query: dict[str, str]) -> None:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        found: list[str] = []
        common: set[str] = set()
        for name, data in sorted(self.server.objects.items()):
            owner, _, key = name.partition("/")
            if owner != bucket or not key.startswith(prefix):
                continue
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                common.add(prefix + rest.partition(delimiter)[0] + delimiter)
                continue
            size, when = len(data), "2016-12-12T00:00:00.000Z"
            found.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{when}</LastModified><Size>{size}</Size></Contents>"
            )
        found += [f"<CommonPrefixes><Prefix>{escape(p)}</Prefix></CommonPrefixes>" for p in sorted(common)]
        body = (
            f'<?xml version="1.0"?><ListBucketResult><Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix>'
            f"<KeyCount>{len(found)}</KeyCount><IsTruncated>false</IsTruncated>{''.join(found)}</ListBucketResult>"
        )
        self._answer(200, body.encode(), {"Content-Type": "application/xml"})

    def do_PUT(self) -> None:
        bucket, key, query = self._asked()
        data = self._body()
        if "uploadId" in query:
            self.server.uploads[query["uploadId"]][int(query["partNumber"])] = data
        else:
            self.server.objects[f"{bucket}/{key}"] = data
        self._answer(200, headers={"ETag": '"made"'})

    def do_POST(self) -> None:
        bucket, key, query = self._asked()
        body = self._body()
        if "uploads" in query:
            id = f"u{len(self.server.uploads)}"
            self.server.uploads[id] = {}
            told = f"<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
        elif "uploadId" in query:
            parts = self.server.uploads.pop(query["uploadId"])
            self.server.objects[f"{bucket}/{key}"] = b"".join(parts[n] for n in sorted(parts))
            told = "<CompleteMultipartUploadResult><ETag>made</ETag></CompleteMultipartUploadResult>"
        else:
            for name in re.findall(r"<Key>(.*?)</Key>", body.decode()):
                self.server.objects.pop(f"{bucket}/{name}", None)
            told = "<DeleteResult></DeleteResult>"
        self._answer(200, told.encode(), {"Content-Type": "application/xml"})

    def do_DELETE(self) -> None:
        bucket, key, query = self._asked()
        if "uploadId" in query:
            self.server.uploads.pop(query["uploadId"], None)
        else:
            self.server.objects.pop(f"{bucket}/{key}", None)
        self._answer(204)


_HEADERS = {
    "Content-Type": "application/octet-stream",
    "ETag": '"made"',
    "Last-Modified": "Mon, 12 Dec 2016 00:00:00 GMT",
    "Accept-Ranges": "bytes",
}
