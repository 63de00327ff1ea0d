"""What fuzzing starts from: small good inputs of every target, and pieces that are put into them."""

from __future__ import annotations

import gzip
import json
import random
from functools import cache

FIRST = "The army said on Sunday that it had retaken Marun, killing 12 fighters and wounding some 40."
SECOND = 'Residents denied this: "They never left," one told the Northern Agency by telephone three weeks after the siege began.'
TEXT = f"Rival claims over Marun\n\nMARUN, Dec 11 (Northern Agency) - {FIRST}\n\n{SECOND}\n"
PAGE = (
    f"<!doctype html><html><head><title>Marun</title><meta property='article:published_time' content='2016-12-11T08:00:00Z'>"
    f"</head><body><article><h1>Rival claims</h1><p>{FIRST}</p><figure><figcaption>A road.</figcaption></figure>"
    f"<p>{SECOND}</p></article></body></html>"
)
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Agency</title><item><title>Marun</title>'
    f"<link>http://example.org/1</link><guid>1</guid><pubDate>Sun, 11 Dec 2016 08:00:00 GMT</pubDate>"
    f"<description>{FIRST}</description></item></channel></rss>"
)
MAIL = (
    "From: a@example.org\nTo: b@example.org\nSubject: Marun\nDate: Sun, 11 Dec 2016 08:00:00 +0000\n"
    f"Message-ID: <1@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{FIRST}\n\n{SECOND}\n"
)
ROW = {"id": "1", "title": "Marun", "text": f"{FIRST} {SECOND}", "published": "2016-12-11", "outlet": "x"}
ANSWER = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}"
ARCHIVE = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
    "WARC-Date: 2016-12-12T00:00:00Z\r\nWARC-Target-URI: http://example.org/1\r\n"
    f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(ANSWER.encode())}\r\n\r\n{ANSWER}\r\n\r\n"
)
PIECES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\n\n", b"\r", b'"', b"'", b"<", b"&#0;", b"<!--", b"</p>",
    b"<![CDATA[", b"{", b"[", b"null", b"1e999", b"-1", b"99999999999999999999", b"../../x", b"%s", b"WARC/1.0\r\n",
    b"Content-Length: 9999999\r\n", b"PK\x03\x04", b"%PDF-1.7", b"PAR1", b"\x1f\x8b", b"From ", b"--b\r\n", "٢٠١٦".encode(),
    "２０".encode(), "½".encode(), b"2016-13-41", b"0000", b"9999-12-31", b"1..", b"/..", b"~", b"five hundred thousand million",
    b"3,5,7", b"the 31st of February", b"last week", b"-0", b"\xe2\x80\x8f", b"\xcc\x81" * 9, b"said said said", b"(" * 40,
    b'!ENTITY a "&a;&a;"',
)  # fmt: skip


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Good inputs by target."""
    from tadmor.gather import from_text
    from tadmor.pipeline import default
    from tadmor.record import to_record

    reading = json.dumps(to_record(default("rules").read(from_text(TEXT, id="seed")))).encode()
    csv = f'id,title,text,published\n1,Marun,"{FIRST}",2016-12-11\n'.encode()
    made: dict[str, tuple[bytes, ...]] = {
        "edtf": (b"2016-12-11", b"2016-12/..", b"2016-22", b"2016-12~/2017-XX", b"../2016"),
        "times": (TEXT.encode(), b"late on Friday, three weeks after 11 December 2016, before the end of the month"),
        "quantities": (TEXT.encode(), b"some 40,000 of 1.2m people, scores, 700 of 4,500 hectares, twenty-two"),
        "record": (reading,),
        "report": (TEXT.encode(),),
        "anything": (TEXT.encode(), PAGE.encode(), json.dumps(ROW).encode(), csv, MAIL.encode()),
        "feed": (FEED.encode(), b"<opml><body><outline text='a' xmlUrl='http://example.org/feed'/></body></opml>"),
        "robots": (b"User-agent: *\nDisallow: /private\nCrawl-delay: 5\n",),
        "txt": (TEXT.encode(),),
        "html": (PAGE.encode(),),
        "jsonl": (json.dumps(ROW).encode() + b"\n",),
        "csv": (csv,),
        "eml": (MAIL.encode(),),
        "mbox": (f"From a@example.org Sun Dec 11 08:00:00 2016\n{MAIL}".encode(),),
        "warc": (ARCHIVE.encode(), gzip.compress(ARCHIVE.encode(), mtime=0)),
    }
    return made | _packed()


def _packed() -> dict[str, tuple[bytes, ...]]:
    """Forms that a library must write; the empty file stands in where that library is not installed."""
    import io
    import zipfile

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([ROW]), table, compression="none")
    wacz, docx = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(wacz, "w") as archive:
        archive.writestr("archive/data.warc.gz", gzip.compress(ARCHIVE.encode(), mtime=0))
        archive.writestr("datapackage.json", '{"profile": "data-package", "resources": []}')
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    words = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in (FIRST, "Residents denied this."))
    with zipfile.ZipFile(docx, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{words}</w:body></w:document>')
    return {
        "parquet": (table.getvalue(),),
        "wacz": (wacz.getvalue(),),
        "docx": (docx.getvalue(),),
        "pdf": (_pdf(FIRST),),
    }


def _pdf(line: str) -> bytes:
    """One page with one line."""
    stream = f"BT /F1 11 Tf 40 700 Td ({line}) Tj ET".encode("latin-1")
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        starts.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(bodies) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(out),
    )  # fmt: skip


def mutated(seed: bytes, dice: random.Random) -> bytes:
    """The seed with some bytes changed, taken out, doubled, cut off, or pieces put in."""
    data = bytearray(seed)
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        at = dice.randrange(len(data) + 1)
        act = dice.randrange(6)
        if act == 0 and data:
            data[at % len(data)] = dice.randrange(256)
        elif act == 1:
            del data[at : at + dice.choice((1, 2, 8, 64, 500))]
        elif act == 2:
            data[at:at] = dice.choice(PIECES)
        elif act == 3:
            data[at:at] = data[at : at + dice.choice((1, 8, 64, 500))] * dice.choice((1, 2, 40))
        elif act == 4:
            del data[at:]
        elif data:
            data[at % len(data)] ^= 1 << dice.randrange(8)
    return bytes(data)
