"""Files in folders that are of no form that is read, so that nobody takes for read what was passed over."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from tadmor.gather import forms
from tadmor.gather.inputs import walk

# What nobody means to have read: what systems and programs leave behind, ledgers, what lies beside an archive, a page's looks.
_NOISE = frozenset(
    ".db .db-journal .db-shm .db-wal .sqlite .md5 .sha1 .sha256 .sha512 .sig .crc .cdx .cdxj .idx .lock .tmp .part "
    ".crdownload .bak .swp .css .js .map .ico .woff .woff2 .ttf".split()
)
_NAMES = frozenset(("desktop.ini", "icon\r", "_success"))


def left_out(inputs: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """The files below the folders among ``inputs`` that are of no known form, by their paths within the folder, in order.

    Hidden files are not told of, nor what no one means to have read (:data:`_NOISE`). Inputs that are no folder have none.
    """
    for given in inputs:
        folder = os.fsdecode(given)
        if not os.path.isdir(folder):  # noqa: PTH112 - a name may be no valid path at all
            continue
        for file, failure in walk(folder):
            within = Path(file).relative_to(folder)
            if failure is None and forms.form_of(file) is None and not _noise(within):
                yield str(within)


def _noise(path: PurePath) -> bool:
    name = path.name.lower()
    if name in _NAMES or name.startswith("~$") or name.endswith("~"):  # "~$brief.doc": a word processor has it open
        return True
    # browsers put what belongs to a saved page "x.html" into "x_files"
    if any(folder == "__MACOSX" or folder.endswith("_files") for folder in path.parts[:-1]):
        return True
    return PurePath(name.removesuffix(".gz")).suffix in _NOISE
