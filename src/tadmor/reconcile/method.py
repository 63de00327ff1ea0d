"""What stands for the method by which accounts are put into incidents, for those who keep what it made."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

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
    package = files("tadmor")
    digest = hashlib.sha256()
    for name in _METHOD:
        digest.update(package.joinpath(name).read_bytes())
    return digest.hexdigest()[:16]
