"""Messages (EML) and mailboxes (MBOX): the best body of each as a report, attachments of known forms as reports of their own.

Of several bodies that say the same, the plain text is read, unless it says much less than the HTML. What a message quotes of an
earlier one at its end, and its signature, are left out. Its date is that of its head; who sent it is the publisher.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import BinaryIO

from tadmor.errors import Empty, InputError, TooLarge
from tadmor.gather import forms
from tadmor.gather.build import from_html, from_text
from tadmor.gather.clean import clean, fold, short
from tadmor.gather.transfer import gunzipped
from tadmor.model import Failure, Original, Report

Item = Report | Failure

MOST_PARTS = 200  # of one message
MOST_DEPTH = 4  # messages within messages
_HEAD = 20_000  # characters of a header that are looked at
_REPLY = re.compile(
    r"(?:On\b.{5,200}\bwrote|Le\b.{5,200}\ba écrit|Am\b.{5,200}\bschrieb|El\b.{5,200}\bescribió|.{5,200}\bпиш(?:ет|е)|"
    r"-{2,}\s?(?:Original Message|Forwarded message)\s?-{2,})\s*:?\s*$"
)
_SIGNATURE = re.compile(r"\n-- ?\n")


def read_eml(data: bytes, path: str, max_bytes: int, *, depth: int = 0) -> Iterator[Item]:
    """The reports of a message: its body and its attachments. Raises InputError when nothing of it can be read."""
    message = _parse(data)
    if not message.keys():
        raise InputError("no message: it has no head")
    parts = list(_leaves(message))
    body = _body(parts)
    found = False
    problem: InputError | None = None
    if body is not None:
        try:
            yield _report(message, body, path, data)
            found = True
        except InputError as error:
            problem = error
    for number, part in enumerate(parts, 1):
        form = _attached(part, body)
        if form is None:
            continue
        name = f"{path}#{_filename(part) or f'part {number}'}"
        found = True
        yield from _attachment(part, form, name, max_bytes, depth)
    if problem is not None and not (found and isinstance(problem, Empty)):
        raise problem
    if not found:
        raise Empty("the message has no text and no attachment of a known form")


def read_mbox(raw: BinaryIO, path: str, max_bytes: int) -> Iterator[Item]:
    """The reports of every message of a mailbox (mboxo, mboxrd); one message that fails gives one failure.

    Raises InputError when it is no mailbox, or holds no message.
    """
    number = 0
    for number, data in enumerate(_messages(raw, max_bytes), 1):
        name = f"{path}#{number}"
        try:
            if data is None:
                raise TooLarge.above(max_bytes)
            yield from read_eml(data, name, max_bytes)
        except InputError as error:
            yield Failure(None, name, short(error, 400))
    if not number:
        raise Empty("the file holds no message")


def body_of(data: bytes) -> Report:
    """The report of a message's body, as :func:`read_eml` gives it first. Raises InputError."""
    message = _parse(data)
    body = _body(list(_leaves(message)))
    if body is None:
        raise Empty("the message has no text")
    return _report(message, body, None, data)


def _parse(data: bytes) -> Message:
    try:
        return email.message_from_bytes(data, policy=policy.compat32)
    except (MessageError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(f"no message: {short(error)}") from error


def _messages(raw: BinaryIO, max_bytes: int) -> Iterator[bytes | None]:
    """The bytes of each message; None for one above ``max_bytes``. Lines that begin ">From " lose their mark."""
    lines: list[bytes] | None = None
    size, blank = 0, True
    while line := raw.readline(max_bytes + 1):
        if blank and line.startswith(b"From "):
            if lines is not None:
                yield b"".join(lines) if size <= max_bytes else None
            lines, size, blank = [], 0, False
            continue
        if lines is None:
            if line.strip():
                raise InputError("no mailbox: its first line does not begin with “From ”")
            continue
        blank = not line.strip()
        size += len(line)
        if size > max_bytes:
            lines.clear()
        else:
            lines.append(line[1:] if re.match(rb">+From ", line) else line)
    if lines is not None:
        yield b"".join(lines) if size <= max_bytes else None


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a message within the message is one of them. Raises TooLarge."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise TooLarge(f"the message has more than {MOST_PARTS} parts")
        inner = part.get_payload()
        if isinstance(inner, list) and (part is message or part.get_content_type() != "message/rfc822"):
            waiting = [p for p in inner if isinstance(p, Message)] + waiting
        else:
            yield part


def _body(parts: list[Message]) -> Message | None:
    """The part to read: plain text, unless the HTML beside it says twice as much."""
    shown = [p for p in parts if not _is_attached(p)]
    plain = next((p for p in shown if p.get_content_type() == "text/plain" and _text(p).strip()), None)
    page = next((p for p in shown if p.get_content_type() == "text/html" and _text(p).strip()), None)
    if plain is None or page is None:
        return plain or page
    said = len(re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]*>|\s+", "", _text(page)[:2_000_000], flags=re.S))
    return page if said > 2 * len(re.sub(r"\s+", "", _text(plain))) else plain


def _report(message: Message, body: Message, path: str | None, data: bytes) -> Report:
    name, address = _sender(message)
    archived = _header(message, "Archived-At").strip("<> ")
    subject = _header(message, "Subject")
    metadata = {"from": address, "message_id": _header(message, "Message-ID").strip("<> ")}
    text = _text(body)
    page = body.get_content_type() == "text/html"
    build = from_html if page else from_text
    return build(
        text if page else _unquoted(clean(text)),
        title=re.sub(r"^(?:(?:re|fwd?|aw|wg|tr)\s*:\s*|\[[^\]]{1,40}\]\s*)+", "", subject, flags=re.I) or None,
        publisher=name or address.rpartition("@")[2] or None,
        row_published=_date(message),
        url=archived if archived.startswith(("http://", "https://")) else None,
        path=path,
        metadata={k: v for k, v in metadata.items() if v},
        original=Original(data, "eml"),
    )


def _unquoted(text: str) -> str:
    """The text without its signature and without what it quotes of an earlier message at its end.

    A message that is nothing but a quotation is left whole: it was forwarded.
    """
    own = _SIGNATURE.split(text, maxsplit=1)[0]
    lines = own.rstrip().split("\n")
    at = len(lines)
    while at and (not lines[at - 1].strip() or lines[at - 1].startswith(">")):
        at -= 1
    if at < len(lines) and at and _REPLY.match(lines[at - 1].strip()):
        at -= 1
    kept = "\n".join(lines[:at])
    return kept if any(c.isalnum() for c in kept) else "\n".join(re.sub(r"^(?:> ?)+", "", line) for line in lines)


def _text(part: Message) -> str:
    """The text of a part, whatever its charset says of it."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    named = part.get_content_charset()
    for charset in (named, "utf-8"):
        try:
            if charset:
                return data.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_filename(part))


def _attached(part: Message, body: Message | None) -> str | None:
    """The form of an attachment that is read; None for the body itself, its other versions, and what is of no known form."""
    if part is body:
        return None
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return ".eml"
    if not _is_attached(part):
        return None
    name = _filename(part)
    by_name = forms.form_of(name) if name else None
    return by_name or (None if kind == "application/octet-stream" else forms.of_media_type(kind))


def _attachment(part: Message, form: str, name: str, max_bytes: int, depth: int) -> Iterator[Item]:
    if depth + 1 > MOST_DEPTH:
        yield Failure(None, name, f"not read: messages are more than {MOST_DEPTH} deep in each other")
        return
    try:
        data = _data(part)
        if name.lower().endswith(".gz"):
            data = gunzipped(data, max_bytes)
        if len(data) > max_bytes:
            raise TooLarge.above(max_bytes)
        if form in forms.DOCUMENTS:
            yield from forms.document(form, data, name, max_bytes, depth=depth + 1)
        else:
            import io

            yield from forms.read(form, io.BytesIO(data), name, max_bytes)
    except InputError as error:
        yield Failure(None, name, short(error, 400))
    except (EOFError, OSError, ValueError) as error:
        yield Failure(None, name, f"cannot be read: {short(error)}")


def _data(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):  # a message within the message is parsed already
        return inner[0].as_bytes() if inner and isinstance(inner[0], Message) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _filename(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError, AttributeError):
        return ""
    return fold(clean(_decoded(name))).replace("/", "_")[-200:]


def _header(message: Message, name: str) -> str:
    """A header as one line of text; empty when it is not there."""
    value = message.get(name)
    return fold(clean(_decoded(str(value)[:_HEAD]))) if value is not None else ""


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):
        return value


def _sender(message: Message) -> tuple[str, str]:
    """Name and address of who sent the message, each empty when it is not said."""
    try:
        # not decoded before: a comma within an encoded name parts no two senders
        found = getaddresses([str(message.get("From") or "")[:1000]])
    except (ValueError, IndexError, TypeError):
        return "", ""
    name, address = found[0] if found else ("", "")
    return fold(clean(_decoded(name))), fold(clean(_decoded(address)))


def _date(message: Message) -> str | None:
    """The day of the head's date (ISO, in the sender's own time zone); as it stands where it is in no form of messages."""
    value = _header(message, "Date")
    try:
        return parsedate_to_datetime(value).date().isoformat() if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return value
