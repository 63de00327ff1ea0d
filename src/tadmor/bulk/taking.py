"""Readings that were made in parts, taken into a ledger: as they were read, without reading anything again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from tadmor.api import Kept, Ledger
from tadmor.bulk import kept
from tadmor.errors import InputError
from tadmor.gather.undated import undated
from tadmor.model import UNREAD, Failure


def adding(ledger: Ledger, inputs: Sequence[str | os.PathLike[str]], **settings: Any) -> Iterator[Kept | Failure]:
    """As ``Ledger.adding``, in the order of the inputs; a folder that ``tadmor read --out`` wrote gives its readings.

    ``settings`` are those of ``Ledger.adding``, and matter to what must be read. A file of readings that is damaged is one
    failure; the others are taken.
    """
    plain: list[str | os.PathLike[str]] = []
    for given in inputs:
        name = os.fspath(given)
        if not kept.is_corpus(name):
            plain.append(given)
            continue
        if plain:
            yield from ledger.adding(plain, **settings)
            plain = []
        yield from take(ledger, name)
    if plain:
        yield from ledger.adding(plain, **settings)


def take(ledger: Ledger, address: str) -> Iterator[Kept | Failure]:
    """Keep the readings of a folder, one transaction each; what the ledger has already is known by its content."""
    for file in kept.files(address):
        try:
            for item in kept.read_file(file):
                if isinstance(item, Failure):
                    yield item
                elif ledger.store.known(item.report, item.reader):
                    yield Kept(item.report.id, False, 0)
                else:
                    unread = item.reader.version if item.reader.name == UNREAD else None
                    why = next(iter(item.warnings), None) if unread else None
                    remark = undated(item.report)
                    yield Kept(item.report.id, ledger.store.add(item), len(item.claims), unread, why, remark)
        except InputError as error:
            yield Failure(None, file, str(error))
