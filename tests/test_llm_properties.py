"""Whatever a model answers, in form or not, the reading that comes of it holds together and is made of the report's own words."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pydantic_ai", reason="the second reader needs the extra tadmor[llm]")

from tests.llm_checks import check

from tadmor import pipeline, taxonomy
from tadmor.gather import from_text
from tadmor.model import ReaderInfo, Reading, Report
from tadmor.reading.document import Document, analyse
from tadmor.reading.llm import building, located, parts
from tadmor.reading.llm.answer import COUNTED, Answer
from tadmor.reading.llm.quotes import Verbatim
from tadmor.reading.llm.reader import named_only
from tadmor.resolve.resolve import resolve

ENGLISH = from_text(
    "Rebels take Marjeh\n\nRebels captured the town of Marjeh on Sunday, the Northern Observatory said. Its head, a doctor, told "
    "the state agency that 14 air strikes had killed at least 30 fighters near Aleppo. The army denied it.\n\n"
    "Rebels captured the town of Marjeh on Sunday, the Northern Observatory said.",
    published="2016-12-12",
)
OTHER = from_text(
    "Войска взяли город Северодонецк в субботу, сообщило министерство обороны. Погибли 12 человек, сказал врач.",
    published="2022-06-26",
)
DOCUMENTS: dict[str, Document] = {}


def document(report: Report) -> Document:
    if report.id not in DOCUMENTS:
        recognisers = pipeline.resources().recognisers()
        english = report.language in (None, "en")
        DOCUMENTS[report.id] = (analyse if english else named_only)(report, recognisers)
    return DOCUMENTS[report.id]


@st.composite
def words(draw: st.DrawFn, text: str) -> str:
    """A piece of the text at words, or something else."""
    split = text.split()
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.text(max_size=20))
    if kind == 1:
        return "an invented name"
    start = draw(st.integers(0, len(split) - 1))
    return " ".join(split[start : start + draw(st.integers(1, 12))]).strip(draw(st.sampled_from(["", ".,"])))


def answers(text: str) -> st.SearchStrategy[Any]:
    some = words(text)
    names = st.one_of(st.lists(some, max_size=3), some, st.none())
    number = st.one_of(st.none(), st.integers(-5, 5000), st.floats(), st.booleans())
    count = st.fixed_dictionaries(
        {"what": st.sampled_from([*COUNTED, "martians"]), "number": some, "min": number, "max": number},
        optional={"approx": st.booleans(), "of": some},
    )
    told = st.fixed_dictionaries(
        {
            "quote": some,
            "type": st.sampled_from([*taxonomy.types(), "victory"]),
            "certainty": st.sampled_from([*taxonomy.CERTAINTIES, "sure"]),
        },
        optional={
            "also": names,
            "trigger": some,
            "sources": st.lists(names, max_size=3),
            "actors": names,
            "targets": names,
            "places": names,
            "date": st.sampled_from(
                ["2016-12-11", "2016-12", "2030", "Sunday", "", "2016-12-10/2016-12-11", "..", "٢٠١٦"]
            ),
            "counts": st.one_of(st.lists(count, max_size=3), count, some),
            "confidence": number,
        },
    )
    return st.lists(told, max_size=8)


@pytest.mark.parametrize("report", [ENGLISH, OTHER], ids=["english", "russian"])
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_gives_a_reading_that_holds_together(report: Report, data: st.DataObject) -> None:
    told = data.draw(answers(report.text))
    try:
        answer = Answer.model_validate_json(json.dumps({"claims": told}))
    except ValueError:
        return  # no claim is in form: asked again, and a failure in the end
    doc = document(report)
    left: Counter[str] = Counter()
    found = []
    for part in parts.parts(report, doc.sentences, data.draw(st.sampled_from([40, 5000]))):
        found += located.locate(answer.claims, part, Verbatim(report.text), doc.sentences, left)
    merged = located.merged(found, report.text)
    claims, mentions, attributions = building.claims(doc, merged, Verbatim(report.text), left)
    reading = resolve(Reading(report, ReaderInfo("llm", "x"), mentions, attributions, claims), pipeline.resources())
    check(reading)
    assert all(0 < c.score < 1 for c in reading.claims)
    assert all(n.min is None or n.max is None or 0 <= n.min <= n.max for c in reading.claims for n in c.counts)
    allowed = f"{report.text} Russia Syria rebels government army the"
    for c in reading.claims:
        for name in (*c.actor_names, *c.target_names, *c.place_names, *(n for chain in c.source_names for n in chain)):
            assert set(name.lower().split()) <= {w.strip('.,"').lower() for w in allowed.split()} | set(
                allowed.lower().split()
            ), name
