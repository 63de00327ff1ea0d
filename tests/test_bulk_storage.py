"""Parts and readings in S3-compatible storage: a server of the test's own, and the storage being away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from s3_server import Storage, storage
from tadmor.bulk import corpus, folders, kept, parts
from tadmor.bulk.batch import Recipe
from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import run
from tadmor.errors import InputError
from tadmor.model import Reading
from test_bulk_make import parquet, rows

RULES = Recipe(reader="rules")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    with storage() as served:
        names = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"}
        for name, value in (names | {"AWS_ENDPOINT_URL": served.address}).items():
            monkeypatch.setenv(name, value)
        folders._storage.cache_clear()
        yield served
        folders._storage.cache_clear()


def test_a_corpus_in_a_storage_is_read_kept_and_known_again(tmp_path: Path, server: Storage) -> None:
    server.objects["corpus/in/a.parquet"] = parquet(tmp_path / "a.parquet", rows(10), 5).read_bytes()
    server.objects["corpus/in/.hidden.txt"] = b"not to be read"
    server.objects["corpus/in/note.txt"] = b"Rebels captured Azaz on Sunday, residents said."
    first = corpus.read(["s3://corpus/in"], "s3://corpus/out", jobs=1, recipe=RULES, rows=4)
    assert (first.read, first.reports, first.not_read) == (5, 11, 0)
    again = corpus.read(["s3://corpus/in"], "s3://corpus/out", jobs=1, recipe=RULES, rows=4)
    assert (again.read, again.known) == (0, 5)
    found = [r for r in kept.readings("s3://corpus/out") if isinstance(r, Reading)]
    assert {r.report.path for r in found} == {"s3://corpus/in/a.parquet", "s3://corpus/in/note.txt"}
    assert kept.is_corpus("s3://corpus/out")
    assert not kept.is_corpus("s3://corpus/in")

    told = run.incidents("s3://corpus/out", "s3://corpus/found", jobs=1)
    assert told.incidents == len(list(run.records("s3://corpus/found"))) > 5
    assert not [name for name in server.objects if "/work-" in name]


def test_what_a_storage_refuses_is_told_and_tried_again(tmp_path: Path, server: Storage) -> None:
    server.objects["corpus/in/note.txt"] = b"Rebels captured Azaz on Sunday, residents said."
    part = parts.Part("s3://corpus/in/note.txt", "file")
    server.refusals = 1
    with pytest.raises(InputError, match=r"s3://corpus/in/note\.txt"):
        parts.content(part)
    server.refusals = 1
    done = corpus.read(["s3://corpus/in"], str(tmp_path / "out"), jobs=1, recipe=RULES, pause=0)
    assert (done.reports, done.given_up) == (1, ())


def test_nothing_is_there_after_writing_failed(server: Storage, tmp_path: Path) -> None:
    for address in ("s3://corpus/out", str(tmp_path)):
        folder = Folder(address)

        def write(folder: Folder = folder) -> None:
            with folder.writing("kept/file") as stream:
                stream.write(b"half")
                raise RuntimeError("broken off")

        with pytest.raises(RuntimeError, match="broken off"):
            write()
        assert folder.read("kept/file") is None
        assert folder.names("kept") == []
        folder.write("kept/file", b"whole")
        assert folder.read("kept/file") == b"whole"
        assert folder.names("kept") == ["kept/file"]


def test_addresses_that_are_none(server: Storage) -> None:
    with pytest.raises(InputError, match="no bucket is named"):
        folders.find("s3://")
    with pytest.raises(InputError, match="holds no readings"):
        kept.files("s3://corpus/empty")
    assert folders.suffix("s3://b/x/pages.WARC.gz") == ".warc.gz"
    assert folders.suffix("folder/") == ""
