"""What a coder writes, and what answers a coder, gives nothing away of what is withheld."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.model import UNREAD, ClaimRef, ReaderInfo, Reading, Report
from tadmor.reconcile import control_statements
from team_made import client
from test_web_made import API, told
from withhold_made import PERSON


def at(text: str, words: str) -> int:
    return text.index(words)


def test_a_clause_is_given_in_the_words_that_are_seen(store: Store) -> None:
    text = store.report("named").text
    start = at(text, "watched")
    store.withhold("person", PERSON, who="Edda")
    with store.public() as public:
        for clause in ({"start": start - 12, "end": start + 7, "text": "zz"}, {"start": 0, "end": 10**6}):
            with pytest.raises(LedgerError) as said:
                public.add_claim("named", {"clause": clause, "type": "other"}, who="Cora")
            assert "hatib" not in str(said.value)
        guess = text[start - 10 : start + 7]
        with pytest.raises(LedgerError, match="does not stand in the report"):
            public.add_claim("named", {"clause": guess, "type": "other"}, who="Cora")
        trigger = {"start": start - 9, "end": start - 1}
        with pytest.raises(LedgerError, match=rf"trigger: {start - 9} to {start - 1} does not stand"):
            public.add_claim("named", {"clause": "house burnt", "type": "other", "trigger": trigger}, who="Cora")
        assert public.add_claim("named", {"clause": "house burnt", "type": "destruction"}, who="Cora").told


def test_what_names_somebody_withheld_is_kept_and_said_to_be_out_of_sight(store: Store) -> None:
    store.withhold("person", PERSON, who="Edda")
    with store.public() as public:
        with pytest.raises(LedgerError, match="it is kept, and out of your sight"):
            public.review(ClaimRef("r5", "c1"), "correct", who="Cora", fields={"targets": [PERSON]})
        assert [x["name"] for x in store.reviewed(ClaimRef("r5", "c1")).shown["targets"]] == [PERSON]
        taken = public.withdraw(who="Cora")
        assert PERSON not in repr(taken)
        assert "████" in repr(taken)


def test_who_holds_what_is_not_told_by_a_claim_that_is_hidden(store: Store) -> None:
    two = told("two", "Palmyra", "2016-12-11", type="territory_taken")
    store.add(replace(two, control=control_statements(two)))
    assert store.reading("two").control
    store.withhold("place", "geonames:163808", who="Edda")
    with store.public() as public:
        assert public.reading("two").claims == ()
        assert public.reading("two").control == ()
        assert public.reading("two").control == public.reading("two", as_read=True).control


def test_a_publisher_is_not_spelt_out_by_searching(path: Path, app: FastAPI) -> None:
    with Store(path) as store:
        store.add(told("diary", "Idlib", "2016-12-14", publisher=f"{PERSON} Diary"))
        store.withhold("person", PERSON, who="Edda")

    def found(role: str, q: str) -> set[str]:
        return {row["id"] for row in client(app, role).get(f"{API}/reports", params={"q": q}).json()["items"]}

    for letters in ("Ahm", "hati", PERSON):
        assert "diary" not in found("viewer", letters)
        assert "diary" in found("editor", letters)


def test_what_a_coder_has_read_is_kept_as_it_is(path: Path, app: FastAPI) -> None:
    text = f"{PERSON} told reporters that shells hit the market in Idlib on Monday."
    with Store(path) as store:
        report = Report("unread1", text, title=f"As {PERSON} says", published="2016-12-20")
        store.add(Reading(report, ReaderInfo(UNREAD, "relevance"), warnings=("set aside",)))
        store.withhold("person", PERSON, who="Edda")
    coder = client(app, "coder")
    job = coder.post(f"{API}/unread/read", json={"reports": ["unread1"]}).json()["job"]
    row: dict[str, Any] = {}
    for _ in range(200):
        row = coder.get(f"{API}/jobs/{job}").json()
        if row["state"] == "finished":
            break
        time.sleep(0.1)
    assert [kept["report"] for kept in row["kept"]] == ["unread1"]
    assert "hatib" not in repr(row)
    with Store(path) as store:
        assert store.report("unread1").text == text


def test_the_queue_tells_nothing_of_contradictions_by_what_is_hidden(store: Store) -> None:
    def contradictions(of: Store) -> int:
        (row,) = (q for q in of.queue() if q.ref.report == "r3")
        return row.contradictions

    store.weigh()
    assert contradictions(store)
    store.withhold("report", "r4", who="Edda")
    with store.public() as public:
        assert contradictions(public) == 0
        assert "r3" not in {q.ref.report for q in public.queue("disputed")}
    assert contradictions(store)
