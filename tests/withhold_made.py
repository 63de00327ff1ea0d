"""A ledger that names somebody who is to be withheld or purged, and what of it can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from tadmor.ledger import Store
from team_made import cheap, made, team_app
from test_web_made import told

PERSON = "Ahmad al-Khatib"
SPOKEN = "Ahmad Khatib"  # as an agency writes him


def named(folder: Path) -> Path:
    """A ledger of some reports, two of which name PERSON, one of them as SPOKEN."""
    found = made(folder / "war.db")
    with Store(found) as store:
        store.add(
            told(
                "named", "Idlib", "2016-12-14", killed=4, title="Aḥmad Al Khatib at Idlib",
                extra=" Ahmad al-Khatib\nwatched, and AHMAD KHATIB's house burnt.", url="https://wire.example/ahmad-al-khatib",
            )
        )  # fmt: skip
        store.add(told("spoken", "Idlib", "2016-12-14", killed=5, agency=SPOKEN))
    return found


@contextmanager
def served(path: Path) -> Iterator[FastAPI]:
    """The app of a team on a ledger."""
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        with team_app(path) as found:
            yield found


def seen(store: Store) -> str:
    """Everything that a store tells, as one text."""
    out: list[Any] = [store.sources(), store.places(), store.audit(), store.ratings(), store.aliases(), store.counts()]
    out += [(r.report, r.mentions, r.attributions, r.claims, r.control) for r in store.readings()]
    out += [*store.accounts(), *store.incidents(), store.queue(), store.coders_differ(), store.reviewed_reports()]
    return repr(out)


def on_disk(path: Path, *words: str) -> list[str]:
    """The words that the ledger's files have, in any of them, the write-ahead log too."""
    raw = b"".join(p.read_bytes() for p in path.parent.iterdir() if p.is_file()).lower()
    return [w for w in words if w.lower().encode() in raw]
