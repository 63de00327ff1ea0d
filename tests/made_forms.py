"""Good files of every form, made by the libraries that write them, for the tests of gathering. All words are the tests' own."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from typing import Any

TITLE = "Shelling closes the market of Marun"
FIRST = "Shells killed twelve people in the town of Marun on Tuesday, a doctor at the hospital said."
SECOND = "The army denied that it had fired on the market. Families left the eastern districts on foot."
THIRD = "Rebels captured the village of Tell Asfar near the river on Monday, residents told reporters."


def page(title: str = TITLE, paragraphs: Sequence[str] = (FIRST, SECOND), head: str = "") -> bytes:
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def warc(records: Iterable[Mapping[str, Any]], *, packed: bool = True) -> bytes:
    """``url`` and ``body`` of each, and maybe ``type``, ``media``, ``status``, ``headers`` and ``date``."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for r in records:
        kind, media = r.get("type", "response"), r.get("media", "text/html; charset=utf-8")
        more: dict[str, Any] = {"warc_headers_dict": {"WARC-Date": r.get("date", "2016-12-12T10:00:00Z")}}
        if kind == "response":
            heads = [("Content-Type", media), *r.get("headers", ())]
            more["http_headers"] = StatusAndHeaders(r.get("status", "200 OK"), heads, protocol="HTTP/1.1")
        else:
            more["warc_content_type"] = media
        writer.write_record(writer.create_warc_record(r["url"], kind, payload=io.BytesIO(r["body"]), **more))
    return out.getvalue()


def wacz(archives: Mapping[str, bytes], pages: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in archives.items():
            archive.writestr(f"archive/{name}", data)
        if pages:
            rows = [{"format": "json-pages-1.0", "id": "pages"}, *({"url": url, "title": "x"} for url in pages)]
            archive.writestr("pages/pages.jsonl", "".join(json.dumps(r) + "\n" for r in rows))
        archive.writestr("datapackage.json", '{"profile": "data-package", "wacz_version": "1.1.1"}')
    return out.getvalue()


def parquet(rows: Sequence[Mapping[str, Any]], **options: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(r) for r in rows]), out, **options)
    return out.getvalue()


def eml(
    text: str | None = f"{FIRST}\n\n{SECOND}\n",
    *,
    html: str | None = None,
    subject: str = TITLE,
    sender: str = "Northern Relief Office <desk@relief.example>",
    date: str | None = "Tue, 13 Dec 2016 09:30:00 +0200",
    attached: Sequence[tuple[str, bytes, str]] = (),
) -> bytes:
    """A message; ``attached`` are names, bytes and media types."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "list@relief.example", subject
    message["Message-ID"] = "<1@relief.example>"
    if date:
        message["Date"] = date
    if text is not None:
        message.set_content(text)
        if html is not None:
            message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    for name, data, media in attached:
        main, _, sub = media.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def mbox(messages: Iterable[bytes]) -> bytes:
    out = []
    for data in messages:
        lines = [b">" + line if line.startswith(b"From ") else line for line in data.splitlines(keepends=True)]
        out.append(b"From desk@relief.example Tue Dec 13 09:30:00 2016\n" + b"".join(lines) + b"\n")
    return b"".join(out)


def docx(title: str = TITLE, paragraphs: Sequence[str] = (FIRST, SECOND), table: Sequence[Sequence[str]] = ()) -> bytes:
    import datetime as dt

    from docx import Document

    document = Document()
    document.core_properties.created = dt.datetime(2016, 12, 13, 8, 0)
    document.core_properties.title = ""
    document.add_heading(title, 0)
    for p in paragraphs:
        document.add_paragraph(p)
    if table:
        made = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(made.add_row().cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(
    pages: Sequence[Sequence[tuple[float, float, str]]], *, size: float = 11, title: str = "", **heads: str
) -> bytes:
    """Pages of lines, each at points from the left and from the top; ``**Bold**`` lines are bold, ``# `` ones large."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    drawn = canvas.Canvas(out, pagesize=A4, invariant=1)
    drawn.setTitle(title)
    drawn.setCreator(heads.get("creator", "A word processor"))
    for lines in pages:
        for x, y, text in lines:
            large, bold = text.startswith("# "), text.startswith("**")
            drawn.setFont("Helvetica-Bold" if large or bold else "Helvetica", size * 1.8 if large else size)
            drawn.drawString(x, A4[1] - y, text.removeprefix("# ").strip("*"))
        drawn.showPage()
    drawn.save()
    return out.getvalue()


def good() -> dict[str, bytes]:
    """A good file of each form by its suffix, with one report in it at least."""
    row = {"id": "1", "title": TITLE, "text": f"{FIRST} {SECOND}", "published": "2016-12-13", "outlet": "x"}
    captured = {"url": "http://news.example/2016/marun", "body": page()}
    lines = [(56.0, 80.0, f"# {TITLE}"), *((56.0, 120.0 + 14 * i, t) for i, t in enumerate((FIRST, SECOND, THIRD)))]
    return {
        ".txt": f"{TITLE}\n\n{FIRST}\n{SECOND}\n".encode(),
        ".html": page(),
        ".jsonl": (json.dumps(row) + "\n").encode() * 3,
        ".csv": b"id,title,text\n1,%s,%s\n" % (TITLE.encode(), FIRST.replace(",", "").encode()),
        ".txt.gz": gzip.compress(FIRST.encode(), mtime=0),
        ".pdf": pdf([lines]),
        ".docx": docx(table=[["District", "Killed"], ["Marun", "12"]]),
        ".eml": eml(html=page().decode(), attached=[("note.txt", THIRD.encode(), "text/plain")]),
        ".mbox": mbox([eml(), eml(THIRD)]),
        ".parquet": parquet([row, row | {"id": "2"}]),
        ".warc": warc([captured], packed=False),
        ".warc.gz": warc([captured, captured | {"url": "http://news.example/2"}]),
        ".wacz": wacz({"data.warc.gz": warc([captured])}, ["http://news.example/2016/marun"]),
    }
