"""WACZ: a web archive in a ZIP file. The pages are those that its own list of pages names; each is read from its WARC files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from tadmor.errors import Empty, InputError
from tadmor.gather.clean import short
from tadmor.gather.packed import FAULTS, members, opened
from tadmor.gather.warc import read_warc
from tadmor.model import Failure, Report

_MOST_LIST = 50_000_000  # bytes of the list of pages


def read_wacz(file: BinaryIO, path: str, max_bytes: int) -> Iterator[Report | Failure]:
    """A report or a failure for each page of the archive, in the order of its WARC files. Raises InputError.

    Without a list of pages, or when none of those that it names is there, every page that was captured is read. WARC files in
    which nothing can be read are passed over, as long as there is something in another.
    """
    with opened(file) as archive:
        inside = members(archive)
        archives = sorted(n for n in inside if n.lower().endswith((".warc", ".warc.gz")))
        if not archives:
            nested = [n for n in inside if n.lower().endswith(".wacz")]
            raise Empty(
                f"it holds other WACZ files ({short(', '.join(nested), 200)}): unpack it and give these"
                if nested
                else "no WACZ file: it holds no WARC file"
            )
        listed = _pages(archive, inside)
        found = False
        for only in (listed, None) if listed else (None,):
            for name in archives:
                for item in _archive(archive, name, path, max_bytes, only):
                    found = found or isinstance(item, Report) or only is None
                    yield item
            if found:
                return
        raise Empty("the archive holds no page that can be read")


def _archive(
    archive: zipfile.ZipFile, name: str, path: str, max_bytes: int, only: frozenset[str] | None
) -> Iterator[Report | Failure]:
    try:
        with archive.open(name) as raw:
            size = archive.getinfo(name).compress_size
            yield from read_warc(raw, path, max_bytes, only=only, size=size)  # type: ignore[arg-type]
    except Empty:
        return
    except InputError as error:
        yield Failure(None, f"{path}#{name}", short(error, 400))
    except FAULTS as error:
        yield Failure(None, f"{path}#{name}", f"cannot be unpacked: {short(error)}")


def _pages(archive: zipfile.ZipFile, inside: dict[str, zipfile.ZipInfo]) -> frozenset[str]:
    """The addresses that the lists of pages name; none where there is no list, or none that can be read."""
    found: set[str] = set()
    for name in ("pages/pages.jsonl", "pages/extraPages.jsonl"):
        if name not in inside or inside[name].file_size > _MOST_LIST:
            continue
        try:
            with archive.open(name) as lines:
                for line in lines:
                    row = json.loads(line) if line.strip() else None
                    if isinstance(row, dict) and isinstance(row.get("url"), str):
                        found.add(row["url"])
        except (*FAULTS, RecursionError):
            continue  # without the list, every page is read
    return frozenset(found)
