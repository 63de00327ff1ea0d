"""A thousand malformed inputs over all forms: none breaks a run or hangs, and each gives a report or an error line."""

from __future__ import annotations

import gzip
import io
import random
import signal
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from made_forms import good
from tadmor.gather import gather
from tadmor.model import Failure, Report

GOOD = good()
MOST = 2_000_000  # bytes of one item
SECONDS = 10  # of this process's own time, after which an input counts as hanging
ODD = (
    b"\x00",
    b"\xff\xfe",
    b"\r\n\r\n",
    b"<",
    b"]]>",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"%PDF-",
    b"{",
    b'"',
    b"=?utf-8?b?",
    b"-1",
)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes after one to four changes of the kinds that damage does."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(out) + 1)
        some = chance.choice((1, 2, 4, 16, 64, 400))
        kind = chance.randrange(9)
        if kind == 0:
            del out[at:]
        elif kind == 1:
            del out[at : at + some]
        elif kind == 2:
            out[at:at] = chance.randbytes(some)
        elif kind == 3:
            out[at : at + some] = chance.randbytes(len(out[at : at + some]))
        elif kind == 4:
            out[at : at + some] = bytes(len(out[at : at + some]))
        elif kind == 5:
            out[at:at] = out[at : at + 40 * some]
        elif kind == 6:
            out[at:at] = chance.choice(ODD) * chance.choice((1, 3, 1000))
        elif kind == 7:
            for place in (chance.randrange(len(out)) for _ in range(some) if out):
                out[place] ^= 1 << chance.randrange(8)
        else:
            other = chance.choice(sorted(GOOD))
            out[at : at + some] = GOOD[other][: 8 * some]
        if not out:
            out += chance.randbytes(3)
    return bytes(out)


def inner(form: str, data: bytes, chance: random.Random) -> bytes:
    """The same with what is packed inside damaged, so that the damage is not stopped by a checksum."""
    if form.endswith(".gz"):
        return gzip.compress(mutated(gzip.decompress(data), chance), mtime=0)
    if form in (".docx", ".wacz"):
        source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
        hit = chance.choice(source.namelist())
        with zipfile.ZipFile(out, "w") as target:
            for name in source.namelist():
                part = source.read(name)
                if name == hit:
                    part = (
                        inner(name, part, chance)
                        if name.endswith(".gz") and chance.random() < 0.7
                        else mutated(part, chance)
                    )
                target.writestr(name, part)
        return out.getvalue()
    return mutated(data, chance)


def malformed(form: str, number: int) -> Iterator[bytes]:
    for seed in range(number):
        chance = random.Random(f"{form} {seed}")
        yield (inner if chance.random() < 0.5 else lambda _, d, c: mutated(d, c))(form, GOOD[form], chance)


@contextmanager
def no_hang() -> Iterator[None]:
    def ended(*_: object) -> None:
        raise AssertionError(f"it took more than {SECONDS} seconds")

    before = signal.signal(signal.SIGPROF, ended)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def check(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with no_hang():
        items = list(gather([path], max_bytes=MOST))
    assert items, "an input was passed over in silence"
    for item in items:
        assert (item.path or "").startswith(str(path).removesuffix(".gz"))
        if isinstance(item, Failure):
            assert item.error.strip()
            assert "\n" not in item.error
            assert len(item.error) < 1000
        else:
            assert isinstance(item, Report)
            assert item.text.strip()
            ends = [0]
            for p in item.passages:
                assert ends[-1] <= p.start < p.end <= len(item.text)
                ends.append(p.end)


@pytest.mark.parametrize("form", sorted(GOOD))
def test_malformed_inputs_give_a_report_or_an_error_line(tmp_path: Path, form: str) -> None:
    for data in malformed(form, 4 if form == ".pdf" else 12):
        check(tmp_path / f"x{form}", data)


@pytest.mark.slow
@pytest.mark.parametrize("form", sorted(GOOD))
def test_a_thousand_malformed_inputs_give_a_report_or_an_error_line(tmp_path: Path, form: str) -> None:
    for data in malformed(form, 40 if form == ".pdf" else 80):
        check(tmp_path / f"x{form}", data)


@pytest.mark.parametrize("form", sorted({f.removesuffix(".gz") for f in GOOD}))
def test_every_form_in_the_clothes_of_another(tmp_path: Path, form: str) -> None:
    for data in (
        b"",
        b"\n",
        b"\x00" * 50,
        *(GOOD[f] for f in (".txt", ".html", ".eml", ".docx", ".warc.gz", ".parquet")),
    ):
        check(tmp_path / f"x{form}", data)


def packed(times: int = 1) -> bytes:
    """A hundred megabytes of zeros in gzip, or that packed again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(packer.compress(bytes(10_000_000)) for _ in range(10)) + packer.flush()
    return data if times == 1 else gzip.compress(data)


def zipped(name: str) -> bytes:
    """A ZIP file whose only part of note has a hundred megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(10):
                part.write(bytes(10_000_000))
        archive.writestr("[Content_Types].xml", "<Types/>")
    return out.getvalue()


@pytest.mark.parametrize(
    "form", ["txt", "html", "eml", "mbox", "csv", "jsonl", "pdf", "docx", "parquet", "wacz", "warc"]
)
def test_packed_bombs_give_an_error_line(tmp_path: Path, form: str) -> None:
    check(tmp_path / f"x.{form}.gz", packed())


def test_a_bomb_in_a_bomb_gives_an_error_line(tmp_path: Path) -> None:
    check(tmp_path / "x.txt.gz", packed(2))


@pytest.mark.parametrize(
    ("name", "form"), [("word/document.xml", "docx"), ("archive/data.warc.gz", "wacz"), ("archive/data.warc", "wacz")]
)
def test_bombs_in_zip_files_give_an_error_line(tmp_path: Path, name: str, form: str) -> None:
    data = zipped(name)
    assert len(data) < 200_000
    check(tmp_path / f"x.{form}", data)


def test_a_zip_file_that_holds_itself_and_one_that_lies_about_sizes(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + bytes(3_000_000))
        archive.writestr("inner.wacz", GOOD[".wacz"])
    data = bytearray(out.getvalue())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")  # what the directory says the first file has, unpacked
    check(tmp_path / "x.docx", bytes(data))
    check(tmp_path / "x.wacz", bytes(data))
