"""A ledger is moved whole and exactly, from either kind of database to either, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from databases import Places, Where, content, empty_database, needs_server, server_url, sql
from tadmor.errors import LedgerError
from tadmor.ledger import Store, database, moving, tables
from tadmor.model import ClaimRef, ReaderInfo
from test_ledger_made import made


def full(where: Where) -> dict[str, object]:
    """A ledger with a row in nearly every table: another id, text, reader, a decision, reviews, a rating; what it answers."""
    with Store(where) as store:
        for n in range(6):
            store.add(made(n, town="Palmyra" if n % 2 else "al-Bāb", date=f"2016-1{n % 3}-05"))
        store.add(made(1, id="a copy \udc80"))
        store.add(made(2, tail="Corrected: حلب, \0 and 日本."))
        store.add(made(3, reader=ReaderInfo("made", "2")))
        store.review(ClaimRef("r4", "c1"), "correct", who="Ana", fields={"date": "2016-12-01"}, why="it says so")
        store.review(ClaimRef("r5", "c2"), "reject", who="Ben", why="no claim")
        store.rate("Northern Agency", "C", who="Ana")
        ids = sorted(i.id for i, _ in store.incidents())
        store.merge(ids[:2], who="Ben", why="one raid")
        store.queue("disputed")
        return told(store)


def told(store: Store) -> dict[str, object]:
    return {
        "readings": list(store.readings(superseded=True)),
        "accounts": list(store.accounts()),
        "incidents": sorted((i.id, i) for i, _ in store.incidents()),
        "aliases": store.aliases(),
        "audit": store.audit(),
        "ratings": store.ratings(),
        "reviewed": store.reviewed(ClaimRef("r4", "c1")),
        "counts": store.counts(),
    }


def test_into_the_other_kind_of_database_and_back_nothing_changes(places: Places, tmp_path: Path) -> None:
    source = places.new("source")
    before = full(source)
    kept = content(source)
    seen: list[tuple[int, int]] = []
    first = moving.move(source, tmp_path / "moved.db", progress=lambda *n: seen.append(n))
    assert seen[-1][0] == seen[-1][1] == sum(first.rows.values())
    assert content(tmp_path / "moved.db") == kept
    if isinstance(source, str):
        with empty_database() as other:
            again = moving.move(tmp_path / "moved.db", other)
            assert content(other) == kept
            goes_on(other, before)
    else:
        again = moving.move(tmp_path / "moved.db", tmp_path / "again.db")
        goes_on(tmp_path / "again.db", before)
    assert again.digest == first.digest
    assert again.rows == first.rows
    assert content(source) == kept, "the one that was moved is as it was"


def goes_on(where: Where, before: dict[str, object]) -> None:
    """The moved ledger answers as the first, knows what it knew, and takes more."""
    with Store(where, create=False) as store:
        assert told(store) == before
        assert not store.add(made(1))
        lines = len(store.audit())
        assert store.add(made(7))
        store.review(ClaimRef("r7", "c1"), "accept", who="Cem")
        assert store.add(made(0, tail="Another text."))
        assert len(store.audit()) == lines + 2
    assert sql(where, "SELECT count(*) - count(DISTINCT row) FROM member") == [(0,)]


def test_a_place_that_holds_anything_is_refused_and_left_alone(places: Places, tmp_path: Path) -> None:
    source, target = tmp_path / "source.db", places.new("target")
    with Store(source) as store:
        store.add(made(1))
    with Store(target) as store:
        store.add(made(2))
    before = content(target)
    with pytest.raises(LedgerError, match=r"is there already|is not empty"):
        moving.move(source, target)
    assert content(target) == before
    with pytest.raises(LedgerError, match="there is no ledger at"):
        moving.move(tmp_path / "nothing.db", tmp_path / "new.db")
    assert sorted(p.name for p in tmp_path.iterdir() if "ledger" not in p.name) == sorted(
        {"source.db", *([target.name] if isinstance(target, Path) else [])}
    )


@needs_server
def test_the_same_database_is_no_target(places: Places) -> None:
    where = places.new()
    if isinstance(where, Path):
        pytest.skip("a file that is there is refused as such")
    Store(where).close()
    with pytest.raises(LedgerError, match="name another place"):
        moving.move(where, where)


def test_broken_off_or_not_the_same_it_leaves_nothing(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "source.db", places.new("target")
    full(source)
    copy = moving._copy

    def broken(*given: object) -> int:
        if given[2].name == "claim_source":  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return copy(*given)  # type: ignore[arg-type]

    def short(here: object, there: object, table: object, tell: object) -> int:
        found = copy(here, there, table, tell)  # type: ignore[arg-type]
        if table.name == "audit":  # type: ignore[attr-defined]
            there.exec_driver_sql("DELETE FROM audit WHERE row = 1")  # type: ignore[attr-defined]
        return found

    for fault, error in ((broken, KeyboardInterrupt), (short, LedgerError)):
        with monkeypatch.context() as patched:
            patched.setattr(moving, "_copy", fault)
            with pytest.raises(error):
                moving.move(source, target)
        if isinstance(target, Path):
            assert [p.name for p in tmp_path.iterdir()] == ["source.db"]
        else:
            assert sql(target, "SELECT count(*) FROM report") == [(0,)]
    assert moving.move(source, target).rows["report"] == 7
    assert content(target) == content(source)


def test_tables_that_would_be_left_behind_are_named(tmp_path: Path) -> None:
    source = tmp_path / "source.db"
    Store(source).close()
    sql(source, "CREATE TABLE notes (text TEXT)")
    with pytest.raises(LedgerError, match=r"none of Tadmor's \(notes\)"):
        moving.move(source, tmp_path / "target.db")
    assert not (tmp_path / "target.db").exists()


def test_every_table_of_the_database_is_known_to_be_moved(tmp_path: Path) -> None:
    Store(tmp_path / "a.db").close()
    there = {row[0] for row in sql(tmp_path / "a.db", "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert there == {*tables.metadata.tables, "alembic_version"}


@needs_server
def test_the_command(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from tadmor.cli import cli

    source = tmp_path / "war.db"
    with Store(source) as store:
        store.add(made(1))
    with empty_database() as url:
        done = CliRunner().invoke(cli, ["migrate", "--ledger", str(source), "--to", url])
        assert done.exit_code == 0, done.output
        assert "1 text of a report, 1 reading, 3 claims" in done.output
        told = CliRunner().invoke(cli, ["sources", "--format", "csv", "--ledger", url])
        assert "Northern Agency" in told.output
        missing = server_url("tadmor_nowhere").render_as_string(hide_password=False)
        refused = CliRunner().invoke(cli, ["sources", "--ledger", missing])
        assert "createdb" in str(refused.exception)
        engine, name = database.connect(url, timeout=1, create=False)
        engine.dispose()
        assert "@" in name
