"""What stands for the method by which accounts are put into incidents, for those who keep what it made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_METHOD = "edtf.py taxonomy.toml".split() + [
    f"reconcile/{name}"
    for name in (
        "blocking.py cluster.py constraints.py days.py incidents.py lexicon.py linkage.py names.py pairing.py regroup.py "
        "similarity.py sources.py traits.py wording.py data/countries.txt data/kindred.toml data/pairing.json data/rarity.json"
    ).split()
]


@cache
def method() -> str:
    """What stands for the way in which accounts are put together: groups made by another one are out of date.

    A digest of the code and the tables that decide, so that no change of either can be forgotten.
    """
    return digest(_METHOD)[:16]


def digest(names: Iterable[str]) -> str:
    """What stands for files and folders of the package, in hexadecimal."""
    out = hashlib.sha256()
    for name in names:
        for found in _files(files("tadmor").joinpath(name)):
            out.update(found.name.encode() + b"\0" + found.read_bytes())
    return out.hexdigest()


def _files(at: Traversable) -> Iterator[Traversable]:
    if at.is_file():
        yield at
        return
    for below in sorted(at.iterdir(), key=lambda x: x.name):
        if below.name != "__pycache__":
            yield from _files(below)
