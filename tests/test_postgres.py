"""What a ledger in PostgreSQL has to take care of that one in a file has not."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, make_url

from databases import SERVER, WITHOUT, empty_database, on_server, server_url, sql
from tadmor.errors import LedgerError
from tadmor.ledger import Store, database, migrate, postgres, tables
from tadmor.model import ClaimRef
from test_ledger_made import made

pytestmark = pytest.mark.skipif(not SERVER, reason=WITHOUT)
DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture
def url() -> Iterator[str]:
    with empty_database() as found:
        yield found


def test_the_migrations_make_the_tables_of_the_code(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with Store(url) as store, store.engine.connect() as connection:
        differing = compare_metadata(MigrationContext.configure(connection), tables.metadata)
    assert [d for d in differing if d[0] != "remove_index" or d[1].name != postgres.TRIGRAMS] == []


def test_texts_sort_as_in_a_file_whatever_the_language_of_the_database(url: str) -> None:
    names = ["a", "B", "b", "Z", "_", "é", "ä", "z", "ب", "10", "9", "a b", "a-b", "ab"]
    other = f"{make_url(url).database}_icu"
    on_server(f"CREATE DATABASE {other} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    try:
        where = server_url(other).render_as_string(hide_password=False)
        assert [r for (r,) in sql(where, "SELECT * FROM (VALUES ('a'), ('B')) x ORDER BY 1")] == ["a", "B"]
        with Store(where) as store:
            for n, name in enumerate(names):
                store.add(made(n, id=name, claims=1, date=f"20{n + 10}"))
            assert [a.ref.report for a in store.accounts()] == sorted(names)
    finally:
        on_server(f"DROP DATABASE {other} WITH (FORCE)")


def test_a_ledger_that_is_not_there_is_not_made_where_none_is_asked_for(url: str) -> None:
    with pytest.raises(LedgerError, match=r"there is no ledger at .*: make one with `tadmor add"):
        Store(url, create=False)
    assert sql(url, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()") == [(0,)]
    Store(url).close()
    Store(url, create=False).close()


def test_the_tables_of_others_are_left_alone_and_those_of_extensions_are_not_in_the_way(url: str) -> None:
    sql(url, "CREATE TABLE places (url text)")
    with pytest.raises(LedgerError, match="is no ledger: it is the database of another program"):
        Store(url)
    assert sql(url, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()") == [("places",)]
    sql(url, "DROP TABLE places")
    if sql(url, "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'") == [(0,)]:
        pytest.skip("PostGIS is not installed")
    sql(url, "CREATE EXTENSION postgis")
    with Store(url) as store:
        assert store.add(made(1))


def test_making_the_tables_is_all_or_nothing_and_programs_that_start_at_once_make_them_once(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = migrate._upgrade

    def broken(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "_upgrade", broken)
        with pytest.raises(KeyboardInterrupt):
            Store(url)
    assert sql(url, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()") == [(0,)]
    failed: list[BaseException] = []

    def start() -> None:
        try:
            Store(url).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_writer_waits_for_another_and_says_so_when_it_has_waited_long_enough(url: str) -> None:
    with Store(url) as store, Store(url, timeout=0.1) as impatient:
        store.add(made(1))
        with database.writing(store.engine, store.name):
            with pytest.raises(LedgerError, match="is locked: another program is writing to it"):
                impatient.add(made(2))
            assert not impatient.add(made(1)), "what is known is known without a lock"
            assert len(list(impatient.accounts())) == 3
        assert impatient.add(made(2))


def test_who_waited_sees_what_the_one_before_did(url: str) -> None:
    """Two add what tells of one thing: the second must find the first, though it began before that was kept."""
    with Store(url) as one, Store(url) as two:
        one.add(made(1, claims=1))
        waiting = threading.Thread(target=lambda: two.add(made(3, claims=1)))
        with database.writing(one.engine, one.name):
            waiting.start()
            waiting.join(0.3)
            assert waiting.is_alive()
        waiting.join(30)
        (incident,) = (i for i, _ in one.incidents())
        assert {r.report for r in incident.claims} == {"r1", "r3"}


def test_what_is_kept_is_on_the_disk_though_the_database_is_set_to_write_behind(url: str) -> None:
    name = make_url(url).database
    on_server(f"ALTER DATABASE {name} SET synchronous_commit = off")
    on_server(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    with Store(url) as store, database.writing(store.engine, store.name) as connection:
        told = [
            connection.exec_driver_sql(f"SHOW {x}").scalar() for x in ("synchronous_commit", "transaction_isolation")
        ]
        assert told == ["on", "read committed"]


def test_a_search_for_words_goes_by_an_index(url: str) -> None:
    from sqlalchemy import select

    with Store(url) as store, store.engine.connect() as connection:
        store.add(made(1))
        connection.exec_driver_sql("SET enable_seqscan = off")
        r = tables.report.c
        stmt = select(r.id).where(r.text.icontains("NORTHERN", autoescape=True))
        asked: list[tuple[str, object]] = []
        event.listen(connection, "before_cursor_execute", lambda c, k, s, p, *_: asked.append((s, p)))
        assert connection.execute(stmt).all() == [("r1",)]
        statement, values = asked[0]
        plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))  # type: ignore[arg-type]
        assert postgres.TRIGRAMS in plan


def test_a_name_too_long_for_an_index_fails_by_itself(url: str) -> None:
    with Store(url) as store:
        long = "".join(chr(0x4E00 + n % 20_000) for n in range(0, 9_000, 1))
        with pytest.raises(LedgerError, match="does not take it"):
            store.add(made(1, id=long))
        assert store.add(made(2))
        assert store.counts().reports == 1


def test_what_is_wrong_with_a_server_is_said_with_what_to_do_and_without_the_password(url: str) -> None:
    given = make_url(url).set(password="s3cret")
    text = {"hide_password": False}
    cases = {
        given.set(port=1).render_as_string(**text): r"cannot be reached: .* see that the server runs",
        given.set(host="nowhere.invalid").render_as_string(**text): "cannot be reached",
        given.set(database="tadmor_none").render_as_string(**text): r"is not there: .* `createdb",
        given.set(username="nobody_here").render_as_string(**text): "lets nobody in",
        "mysql://me:s3cret@host/db": "is not supported: a ledger is a SQLite file or a PostgreSQL",
    }
    for where, message in cases.items():
        with pytest.raises(LedgerError, match=message) as caught:
            Store(where)
        assert "s3cret" not in str(caught.value)


def test_a_database_that_cannot_take_every_language_is_refused(url: str) -> None:
    other = f"{make_url(url).database}_ascii"
    on_server(f"CREATE DATABASE {other} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    try:
        with pytest.raises(LedgerError, match=r"keeps its texts as LATIN1.*--encoding=UTF8"):
            Store(server_url(other).render_as_string(hide_password=False))
    finally:
        on_server(f"DROP DATABASE {other} WITH (FORCE)")


def test_who_may_not_install_an_extension_does_without_and_who_may_only_read_is_told(url: str) -> None:
    name, role = make_url(url).database, f"reader_{make_url(url).database}"
    on_server(f"CREATE ROLE {role} LOGIN PASSWORD 'pw'")
    try:
        mine = make_url(url).set(username=role, password="pw").render_as_string(hide_password=False)
        with pytest.raises(LedgerError, match=r"cannot be used: .*; have its owner grant you"):
            Store(mine)
        sql(url, f"GRANT ALL ON SCHEMA public TO {role}")
        with Store(mine) as store:
            assert store.add(made(1))
        assert sql(url, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'") == [(0,)]
    finally:
        on_server(f"DROP DATABASE {name} WITH (FORCE)")
        on_server(f"DROP ROLE {role}")
        on_server(f"CREATE DATABASE {name}")


def test_the_recipe_of_the_docs_shows_places_to_a_map_program(url: str) -> None:
    if sql(url, "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'") == [(0,)]:
        pytest.skip("PostGIS is not installed")
    with Store(url) as store:
        store.add(made(1))
    block = next(b for b in re.findall(r"```sql\n(.*?)```", (DOCS / "ledger.md").read_text(), re.S) if "ST_Point" in b)
    made_by, asked = block.strip().rsplit("\n\n", 1)
    for statement in made_by.split(";\n"):
        sql(url, statement.strip().rstrip(";"))
    assert sql(url, asked.strip().rstrip(";")) == [("Palmyra", 3)]
    with Store(url) as store:
        assert store.add(made(2)), "the view is not in the way"


def test_members_marks_and_purges_are_as_in_a_file(url: str, tmp_path: Path) -> None:
    def told(where: str | Path) -> list[object]:
        with Store(where) as store:
            for n in (1, 2):
                store.add(made(n, town="Palmyra" if n == 1 else "Arak", town_entity=f"geonames:{n}", town_name=None))
            store.withhold("place", "Arak", who="Ana", why="safety")
            store.withhold("person", "Northern Agency", who="Ana")
            store.review(ClaimRef("r1", "c1"), "accept", who="Ana")
            with store.public() as public:
                seen: list[object] = [sorted(a.sentence for a in public.accounts()), public.counts(), public.sources()]
            store.purge_name("Group 1", who="Ana", why="asked for")
            seen += [[a.sentence for a in store.accounts()], [(s.who, s.why) for s in store.tombstones()]]
            store.purge_report("r2", who="Ana", why="asked for")
            seen += [
                sorted(i.id for i, _ in store.incidents()),
                store.counts(),
                len(store.audit()),
                len(store.withheld()),
            ]
        return seen

    found = told(url)
    assert found == told(tmp_path / "war.db")
    assert "Northern Agency" not in str(found[0])
    assert "Group 1" not in str(found[3:])
    dump = "".join(str(sql(url, f'SELECT * FROM "{name}"')) for name in tables.metadata.tables)
    assert "Group 1" not in dump


def test_more_questions_at_a_time_than_connections_stay_open_are_all_answered(url: str, tmp_path: Path) -> None:
    for where in (url, tmp_path / "war.db"):
        with Store(where) as store:
            store.add(made(1))
            asked = [store.accounts() for _ in range(25)]
            assert {next(a).ref.report for a in asked} == {"r1"}, "each holds a connection, and none waits for another"
            del asked
