"""Messages and mailboxes: the best body, attachments as reports of their own, each failing alone."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from made_forms import FIRST, SECOND, THIRD, TITLE, docx, eml, mbox, page, pdf
from tadmor.gather import gather
from tadmor.model import Failure, Report


def of(path: Path, data: bytes, **options: int) -> list[Report | Failure]:
    path.write_bytes(data)
    return list(gather([path], **options))  # type: ignore[arg-type]


def one(path: Path, data: bytes) -> Report:
    (item,) = of(path, data)
    assert isinstance(item, Report), item
    return item


def test_a_message_has_its_subject_sender_and_day(tmp_path: Path) -> None:
    report = one(tmp_path / "x.eml", eml(subject=f"[sitrep] Fwd: Re: {TITLE}"))
    assert (report.title, report.publisher) == (TITLE, "Northern Relief Office")
    assert (report.published, report.published_basis) == ("2016-12-13", "metadata")
    assert report.metadata == {"from": "desk@relief.example", "message_id": "1@relief.example"}
    assert report.text == f"{TITLE}\n{FIRST}\n\n{SECOND}"


def test_of_two_bodies_the_plain_one_is_read_unless_it_says_much_less(tmp_path: Path) -> None:
    both = one(tmp_path / "x.eml", eml(html=page(paragraphs=(FIRST, SECOND)).decode()))
    assert FIRST in both.text
    stub = one(tmp_path / "x.eml", eml("See the HTML version.", html=page(paragraphs=(FIRST, SECOND, THIRD)).decode()))
    assert THIRD in stub.text
    assert "See the HTML" not in stub.text
    assert THIRD in one(tmp_path / "x.eml", eml(None, html=page(paragraphs=(FIRST, THIRD)).decode())).text


def test_what_is_quoted_of_an_earlier_message_and_the_signature_are_left_out(tmp_path: Path) -> None:
    text = f"{FIRST}\n\nOn Mon, 12 Dec 2016, Ana <a@b.example> wrote:\n> {THIRD}\n> He said so.\n"
    assert THIRD not in one(tmp_path / "x.eml", eml(text)).text
    signed = one(tmp_path / "x.eml", eml(f"{FIRST}\n\n-- \nThe desk\nPhone 12345\n"))
    assert "Phone" not in signed.text
    forwarded = one(tmp_path / "x.eml", eml(f"> {FIRST}\n> {THIRD}\n"))
    assert THIRD in forwarded.text
    inline = one(tmp_path / "x.eml", eml(f"> Was the bridge hit?\n\n{FIRST}\n"))
    assert FIRST in inline.text


def test_attachments_of_known_forms_are_reports_of_their_own(tmp_path: Path) -> None:
    attached = [
        ("bulletin.pdf", pdf([[(56, 100, THIRD)]]), "application/octet-stream"),
        ("note.docx", docx(paragraphs=(f"{THIRD} Again.",)), "application/octet-stream"),
        (
            "rows.jsonl",
            b'{"text": "The road was closed by the army on Friday, he said."}\n',
            "application/octet-stream",
        ),
        ("packed.txt.gz", gzip.compress(SECOND.encode()), "application/gzip"),
        ("logo.png", b"\x89PNG", "image/png"),
        ("earlier.eml", eml("The bridge was hit by a strike, the mayor said."), "message/rfc822"),
        ("broken.pdf", b"%PDF-1.4 nothing", "application/pdf"),
    ]
    data = eml(attached=[a for a in attached if a[2] != "message/rfc822"])
    items = of(tmp_path / "x.eml", data)
    names = [(i.path or "").rpartition("#")[2] for i in items[1:]]
    assert names == ["bulletin.pdf", "note.docx", "rows.jsonl", "packed.txt.gz", "broken.pdf"]
    assert [type(i) for i in items] == [Report] * 5 + [Failure]
    assert items[1].original.form == "pdf"  # type: ignore[union-attr]


def test_a_message_in_a_message_is_read_down_to_a_bound(tmp_path: Path) -> None:
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    data = eml("The innermost: a bridge was hit, the mayor said.")
    for level in range(7):
        outer = EmailMessage()
        outer["From"], outer["Subject"], outer["To"] = "a@b.example", f"Level {level}", "c@d.example"
        outer.set_content(f"A forwarded message of level {level}, the desk said.")
        outer.add_attachment(message_from_bytes(data, policy=policy.default))
        data = outer.as_bytes()
    items = of(tmp_path / "x.eml", data)
    assert sum(isinstance(i, Report) for i in items) == 5
    assert isinstance(items[-1], Failure)
    assert "deep" in items[-1].error


def test_every_message_of_a_mailbox_is_read_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    good = [eml(), eml(f"From the bridge nothing is left.\nFrom here on the road is closed, a driver said.\n{THIRD}")]
    box = mbox([good[0], b"no head at all\n", good[1], eml("x" * 5000)])
    items = of(tmp_path / "x.mbox", box, max_bytes=3000)
    assert [type(i) for i in items] == [Report, Failure, Report, Failure]
    assert [(i.path or "").rpartition("#")[2] for i in items] == ["1", "2", "3", "4"]
    assert "From here on the road" in items[2].text  # type: ignore[union-attr]
    assert ">From" not in items[2].text  # type: ignore[union-attr]


def test_a_damaged_attachment_stops_no_other_message(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(THIRD.encode() * 20))
    packed[20] ^= 0xFF
    box = mbox([eml(), eml(attached=[("notes.txt.gz", bytes(packed), "application/gzip")]), eml("The road is closed.")])
    items = of(tmp_path / "x.mbox", box)
    assert [type(i) for i in items] == [Report, Report, Failure, Report]
    assert "compression" in items[2].error  # type: ignore[union-attr]


def test_a_comma_in_an_encoded_name_parts_no_two_senders(tmp_path: Path) -> None:
    sender = b"From: =?utf-8?Q?UNHCR=2C_Press?= <press@relief.example>"
    data = eml().replace(b"From: Northern Relief Office <desk@relief.example>", sender)
    report = one(tmp_path / "x.eml", data)
    assert (report.publisher, report.metadata["from"]) == ("UNHCR, Press", "press@relief.example")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("x.eml", b"", "empty"),
        ("x.eml", b"\n\n\n", "empty"),
        ("x.eml", b"just a line without a head", "no message"),
        ("x.eml", eml(None, html="<html></html>"), ""),
        ("x.mbox", b"", "no message"),
        ("x.mbox", b"This is no mailbox.\n", "no mailbox"),
    ],
)
def test_broken_messages_fail_with_their_reason(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    (item,) = of(tmp_path / name, data)
    assert isinstance(item, Failure)
    assert says in item.error


@pytest.mark.parametrize(
    "head",
    [
        "Subject: =?utf-8?b?!!!!?=",
        "Subject: =?no-such-charset?q?x?=",
        "Date: yesterday, as it were",
        "Date: Tue, 99 Foo 9999999999 99:99:99 +9999",
        "From: " + "<" * 500,
        "From: " + ", ".join(f"a{i}@b" for i in range(5000)),
        'Content-Type: text/plain; charset="no-such"; =;;;=',
        "Content-Type: multipart/mixed",
        "Content-Type: multipart/mixed; boundary=x",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: x-uuencode",
        "Content-Disposition: attachment; filename*=no-such''%ff%ff",
    ],
)
def test_odd_heads_never_break_a_run(tmp_path: Path, head: str) -> None:
    data = f"From: a@b.example\nTo: c@d.example\n{head}\n\n{FIRST}\n".encode()
    assert len(of(tmp_path / "x.eml", data)) == 1


def test_a_message_is_known_by_its_look(tmp_path: Path) -> None:
    for name in ("message", "box"):
        data = eml() if name == "message" else mbox([eml(), eml(THIRD)])
        items = of(tmp_path / name, data)
        assert [i.title for i in items if isinstance(i, Report)] == [TITLE] * (1 if name == "message" else 2)
