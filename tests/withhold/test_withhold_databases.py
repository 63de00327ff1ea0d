"""What is withheld is out of sight, and what is purged gone, in both kinds of database."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import inspect, text

from databases import Where
from tadmor import Ledger
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.ledger.team_sessions import session, sign_in
from tadmor.ledger.team_tokens import make, used
from tadmor.model import ClaimRef
from team_made import PASSWORD, cheap
from test_web_made import told, war
from withhold_made import PERSON, SPOKEN, seen


def test_out_of_sight_and_gone(where: Where) -> None:
    with Store(where) as store:
        for reading in [
            *war(),
            told("spoken", "Idlib", "2016-12-14", killed=5, agency=SPOKEN, extra=f" {PERSON} fled."),
        ]:
            store.add(reading)
        store.review(ClaimRef("spoken", "c1"), "accept", who="Edda", why=f"as {SPOKEN} said")
        store.rate(SPOKEN, "B", who="Edda")
        mark = store.withhold("person", PERSON, who="Edda", why="asked to")
        store.withhold("place", "Aleppo", who="Edda")
        store.withhold("report", "r1", who="Edda")
        whole = seen(store)
        with store.public() as public:
            for _ in range(2):  # connections are used again
                told_ = seen(public)
                assert "hatib" not in told_.casefold()
                assert "Aleppo" not in told_
                assert "wire.example/1" not in told_
            with pytest.raises(LedgerError):
                public.reading("r1")
            for incident, _ in public.incidents():
                assert public.incident(incident.id)[0] == incident
            assert public.review(ClaimRef("r5", "c1"), "accept", who="Cora").told
            with public.engine.connect() as connection, pytest.raises(Exception, match=r"read.?only"):
                connection.execute(text("DELETE FROM audit" if "://" in str(where) else "DELETE FROM main.audit"))
        assert "hatib" in whole
        with Ledger(where) as ledger:
            stream = io.StringIO()
            ledger.export("jsonl", stream)
            assert "hatib" not in stream.getvalue()
        store.lift(mark.row, who="Edda")
        store.purge_name(PERSON, who="Ada", why="asked to")
        store.purge_report("r3", who="Ada", why="asked to")
        with store.engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                rows = repr(connection.execute(text(f'SELECT * FROM "{table}"')).all())
                assert "hatib" not in rows.casefold(), table
                assert "'r3'" not in rows, table
        assert len(list(store.incidents())) > 3
        assert len(store.tombstones()) == 2


def test_members_sessions_and_tokens(where: Where, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap(monkeypatch)
    with Store(where) as store:
        store.team.add("Ana", "admin", PASSWORD, who="t")
        assert sign_in(store.team, "ana", "wrong wrong wrong", "198.51.100.1") is None
        secret, member = sign_in(store.team, "ANA", PASSWORD, "198.51.100.1") or ("", None)
        assert member is not None
        found = session(store.team, secret)
        assert found is not None
        assert found.member == member
        token, _ = make(store.team, "Ana", "x", ["read"], days=1, who="Ana")
        assert used(store.team, token) == (member, ("read",))
        store.team.add("Ben", "admin", PASSWORD, who="Ana")
        store.team.disable("Ana", who="Ben")
        assert session(store.team, secret) is None
        assert used(store.team, token) is None
