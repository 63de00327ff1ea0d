"""The pure function from a part of a corpus to its readings, and how they are kept: the same on every engine.

A part's readings are one Parquet file, named by what was read (the hash of its bytes) and how (reader, version, options); a mark
beside it says that it is whole. Who meets the mark need not read: not in a second run, and not where two parts are the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadmor import gather, pipeline
from tadmor.bulk.folders import Folder
from tadmor.bulk.parts import Form, Part, content, reports
from tadmor.errors import TadmorError
from tadmor.model import Failure, Reading
from tadmor.pipeline import Pipeline
from tadmor.publish.jsonl import line
from tadmor.publish.rows import utf8
from tadmor.reading.reader import READERS
from tadmor.record import failure_to_record, to_record

if TYPE_CHECKING:
    import pyarrow

READINGS, MARKS = "readings", "done"
RECIPE = "recipe_digest"  # under this key a mark, and what describes a folder, have ``Recipe.digest``
LAYOUT = 1  # of the files that are written; another number has everything read again


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a corpus is read: what of it changes a reading is in the names of the files.

    ``version`` is that of the reader on the machine that began: one that has another says so instead of mixing the two.
    """

    reader: str = READERS[0]
    version: str = ""
    actors: str | None = None
    gazetteer: str | None = None
    published: str | None = None
    max_bytes: int = gather.MAX_BYTES

    def line(self) -> Pipeline:
        """The pipeline of this recipe, opened once a process. Raises MissingResource, InputError."""
        actors, places = (Path(p) if p else None for p in (self.actors, self.gazetteer))
        return pipeline.default(self.reader, actors, places)

    @property
    def digest(self) -> str:
        """What tells this recipe from others (hex), in marks and in what describes a folder."""
        return _hashed([LAYOUT, *self._how()])

    def named(self, content: str, form: Form) -> str:
        """What the files of a part are called, by the SHA-256 of what it holds.

        Its address is not in it: a corpus that was moved is not read again. Nor are those of actors and gazetteer, whose
        content is in the version.
        """
        # Of single files, the date given once overrode their own: what was read so has another name, and is read anew.
        undated = ["undated"] if form == "file" and self.published is not None else []
        return _hashed([content, LAYOUT, form, *self._how(), *undated])

    def _how(self) -> list[object]:
        return [self.reader, self.version, self.published, self.max_bytes]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a part: its file, how many reports were read, claims found, reports not read; ``known`` from before."""

    part: str
    name: str
    reports: int
    claims: int
    failures: int
    seconds: float = 0.0
    known: bool = False


def schema() -> pyarrow.Schema:
    """The columns of a file of readings: what tells a report, then ``reading``, its record as JSON.

    An input that could not be read has its failure there and ``error``. ``text_hash`` is that of ``Report.text_hash``;
    ``original`` are the bytes that the report was read from, which a ledger keeps with it.
    """
    import pyarrow as pa

    text = pa.string()
    names = ("id", "path", "title", "publisher", "published", "url", "language", "text", "text_hash", "error")
    fields = [*((name, text) for name in names), ("claims", pa.int32()), ("reader", text), ("version", text)]
    original = pa.struct([("data", pa.binary()), ("form", text), ("given", pa.map_(text, text))])
    return pa.schema(
        [*fields, ("reading", pa.large_string()), ("original", original)], metadata={"tadmor.readings": str(LAYOUT)}
    )


def read_batch(items: Iterable[Any], line: Pipeline) -> Iterator[Reading | Failure]:
    """The readings of reports, in order; a pure function. Failures are handed on."""
    for item in items:
        yield item if isinstance(item, Failure) else line.attempt(item)


def row(item: Reading | Failure) -> dict[str, Any]:
    """A reading or a failure as a row of :func:`schema`."""
    if isinstance(item, Failure):
        return {
            "id": item.id and utf8(item.id), "path": utf8(item.path), "error": utf8(item.error), "claims": 0,
            "reading": line(failure_to_record(item)),
        }  # fmt: skip
    r = item.report
    told = {
        key: None if (value := getattr(r, key)) is None else utf8(value)
        for key in ("id", "path", "title", "publisher", "published", "url", "language", "text")
    }
    return told | {
        "text_hash": r.text_hash, "error": None, "claims": len(item.claims), "reader": item.reader.name,
        "version": item.reader.version, "reading": line(to_record(item)),
        "original": None if (o := r.original) is None else {"data": o.data, "form": o.form, "given": list(o.given.items())},
    }  # fmt: skip


def work(part: Part, recipe: Recipe, out: str) -> Done:
    """Read one part and keep its readings under ``out``, unless they are there. Raises TadmorError, or what broke."""
    begun = time.monotonic()
    folder, found = Folder(out), content(part)
    name = recipe.named(found.digest, part.form)
    mark = folder.read(f"{MARKS}/{name}.json")
    if mark is not None and (kept := _kept(mark, part)) is not None and folder.has(f"{READINGS}/{name}.parquet"):
        return kept
    line = recipe.line()
    if recipe.version and line.info.version != recipe.version:
        raise TadmorError(
            f"this machine reads with {recipe.reader} {line.info.version}, the run began with {recipe.version}: "
            "have the same version of tadmor, and the same files of actors and places, on all machines"
        )
    items = list(read_batch(reports(found, published=recipe.published, max_bytes=recipe.max_bytes), line))
    folder.write(f"{READINGS}/{name}.parquet", encoded(items))
    failures = sum(isinstance(item, Failure) for item in items)
    claims = sum(len(item.claims) for item in items if isinstance(item, Reading))
    done = Done(str(part), name, len(items) - failures, claims, failures, round(time.monotonic() - begun, 3))
    told = {"digest": found.digest, RECIPE: recipe.digest} | asdict(done)
    folder.write(f"{MARKS}/{name}.json", json.dumps(told).encode())
    return done


def encoded(items: Iterable[Reading | Failure]) -> bytes:
    """The rows of these items as one Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    table = pa.Table.from_pylist([row(item) for item in items], schema=schema())
    pq.write_table(table, sink, compression="zstd", row_group_size=1000)
    return sink.getvalue()


def _hashed(told: list[object]) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _kept(mark: bytes, part: Part) -> Done | None:
    """What a mark says; None when it is damaged, so that the part is read again."""
    try:
        told = json.loads(mark)
        counts = {key: int(told[key]) for key in ("reports", "claims", "failures")}
        return Done(str(part), str(told["name"]), seconds=float(told["seconds"]), known=True, **counts)
    except (ValueError, KeyError, TypeError):
        return None
