"""Web Annotations and ClaimReviews: form by hand-written schemas, selectors that find their clause, and no verdicts."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor import Ledger
from tadmor.model import Count, Report, Span
from tadmor.publish import annotations, claimreview
from tadmor.publish.identifiers import parts, urn
from tadmor.reconcile import incidents
from test_export_make import READINGS, Draft, make, reading
from test_reconcile_make import ISIS, MONITOR, OFFICIAL, account, killed, voice


def schema(name: str) -> dict[str, Any]:
    text = files("tadmor.publish").joinpath(f"data/{name}.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@pytest.fixture(scope="module")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("jsonld") / "war.db")


def exported(path: Path, form: str, **options: Any) -> dict[str, Any]:
    stream = io.StringIO()
    with Ledger(path) as ledger:
        assert ledger.export(form, stream, **options) is None
    document: dict[str, Any] = json.loads(stream.getvalue())
    return document


def by_position(text: str, selector: dict[str, Any]) -> str:
    return text[selector["start"] : selector["end"]]


def by_quotation(text: str, selector: dict[str, Any]) -> list[int]:
    """Where the quotation stands, as the model says: the exact words between prefix and suffix."""
    before, exact, after = (selector[k] for k in ("prefix", "exact", "suffix"))
    return [m.start() + len(before) for m in re.finditer(f"(?={re.escape(before + exact + after)})", text)]


def test_annotations_fit_their_schema_and_there_is_one_for_each_claim(ledger_path: Path) -> None:
    document = exported(ledger_path, "annotations")
    jsonschema.validate(document, schema("annotations"))
    claims = {(r.report.id, c.id) for r in READINGS for c in r.claims}
    bodies = [a["body"] for a in document["first"]["items"]]
    assert {(b["report"], b["claim"]) for b in bodies} == claims
    assert document["total"] == len(bodies) == len(claims)


def test_both_selectors_find_the_clause(ledger_path: Path) -> None:
    texts = {r.report.id: r.report.text for r in READINGS}
    clauses = {(r.report.id, c.id): c.text for r in READINGS for c in r.claims}
    for item in exported(ledger_path, "annotations")["first"]["items"]:
        body = item["body"]
        text, clause = texts[body["report"]], clauses[body["report"], body["claim"]]
        position, quotation = item["target"][0]["selector"]
        assert by_position(text, position) == clause == quotation["exact"]
        assert by_quotation(text, quotation) == [position["start"]]


def test_positions_count_code_points_not_code_units() -> None:
    text = "🙂🙂 ISIS took Palmyra"
    made = reading("r", text, [Draft("territory_taken", "ISIS took Palmyra")])
    (target,) = annotations.annotation(made, made.claims[0])["target"]
    assert target["selector"][0] == {"type": "TextPositionSelector", "start": 3, "end": 20}


def test_the_source_is_the_page_or_a_name_that_gives_the_id_back(ledger_path: Path) -> None:
    found = {
        a["body"]["report"]: a["target"][0]["source"] for a in exported(ledger_path, "annotations")["first"]["items"]
    }
    assert found["r:1"] == "https://courier.example/palmyra"
    assert parts(found["r2"]) == ("report", "r2")
    assert urn("report", "r:1") == "urn:x-tadmor:report:r%3A1"


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1))
def test_any_id_comes_back_from_its_name(name: str) -> None:
    assert parts(urn("claim", name, "c1")) == ("claim", name, "c1")


def test_a_javascript_address_is_no_source() -> None:
    assert annotations.target(Report("r", "abc", url="javascript:alert(1)"), Span(0, 1, "a"))["source"].startswith(
        "urn:"
    )


@settings(max_examples=60, deadline=None)
@given(st.text("ab ", min_size=1, max_size=300), st.data())
def test_a_quotation_finds_one_place_even_where_words_repeat(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    _, quotation = annotations.target(Report("r", text), Span(start, end, text[start:end]))["selector"]
    assert start in by_quotation(text, quotation)
    if len(by_quotation(text, quotation)) > 1:  # only where the surroundings are all of the text on both sides
        pytest.fail(f"{quotation} stands in {text!r} more than once")


def test_clauses_that_repeat_the_claim_are_targets_too_and_wrong_ones_are_not() -> None:
    text = "ISIS took Palmyra. The town fell."
    made = reading("r", text, [Draft("territory_taken", "ISIS took Palmyra", also=["The town fell"])])
    claim = made.claims[0]
    assert [t["selector"][1]["exact"] for t in annotations.annotation(made, claim)["target"]] == [
        "ISIS took Palmyra",
        "The town fell",
    ]
    moved = replace(claim, start=claim.start + 1, end=claim.end + 1)
    assert [t["selector"][1]["exact"] for t in annotations.annotation(made, moved)["target"]] == ["The town fell"]
    with pytest.raises(ValueError, match="r:c1"):
        annotations.annotation(made, replace(moved, also=()))


def test_annotations_are_filtered_by_claim_and_not_by_report(ledger_path: Path) -> None:
    items = exported(ledger_path, "annotations", place="Idlib")["first"]["items"]
    assert sorted((a["body"]["report"], a["body"]["claim"]) for a in items) == [("r2", "c1"), ("r:1", "c2")]


def test_reviews_fit_their_schema_and_there_is_one_for_each_position(ledger_path: Path) -> None:
    document = exported(ledger_path, "claimreview", owner="The Record Project")
    jsonschema.validate(document, schema("claimreview"))
    with Ledger(ledger_path) as ledger:
        positions = [
            p for i in ledger.incidents().items for d in i.disputes if d.kind != "compatible" for p in d.positions
        ]
    assert len(document["@graph"]) == len(positions) > 0
    assert {r["author"]["name"] for r in document["@graph"]} == {"The Record Project"}
    assert len({r["@id"] for r in document["@graph"]}) == len(positions)
    (denial,) = [
        r for r in document["@graph"] if {"@type": "Person", "name": "Governor Badi"} in r["itemReviewed"]["author"]
    ]
    appearance = denial["itemReviewed"]["appearance"][0]
    assert appearance["url"] == "https://courier.example/palmyra"
    assert appearance["identifier"] == "r:1:c3"
    assert denial["itemReviewed"]["datePublished"] == "2016-12-12"


def review(*told: Any, **options: Any) -> list[dict[str, Any]]:
    (incident,) = incidents(told)
    return list(claimreview.reviews(incident, told, lambda _: None, **options))


def disputed() -> list[Any]:
    taken = account("r1", "c1", "territory_taken", actors=[ISIS], voices=[voice(ISIS)])
    admitted = account("r2", "c1", "territory_taken", actors=[ISIS], voices=[OFFICIAL])
    denied = account("r3", "c1", "territory_taken", actors=[ISIS], certainty="denied", voices=[MONITOR])
    return [taken, admitted, denied]


def test_a_review_says_how_a_claim_is_backed_and_gives_no_verdict() -> None:
    found = review(*disputed())
    assert len(found) == 2
    for one in found:
        words = json.dumps({k: one[k] for k in ("reviewRating", "reviewBody", "reviewAspect")}).casefold()
        assert not re.search(r"\b(true|false|fake|fact|lie|lies|wrong|correct|improbable|probably)\b", words)
        assert claimreview.NOTE in one["reviewBody"]
        assert one["author"]["name"] == "Tadmor"
    assert {r["reviewRating"]["ratingValue"] for r in found} <= set(range(1, 7))
    assert found[0]["reviewRating"]["ratingValue"] != found[1]["reviewRating"]["ratingValue"]


def test_the_letter_that_people_gave_a_source_counts() -> None:
    def rated(letter: str) -> list[int]:
        return [r["reviewRating"]["ratingValue"] for r in review(*disputed(), reliability={MONITOR.name: letter})]

    assert rated("A") != rated("E")


def test_figures_that_agree_are_no_dispute_and_an_update_is_not_held_against_the_first() -> None:
    first = account("r1", "c1", counts=[killed(5)], voices=[MONITOR], date="2016-12-11", published="2016-12-11")
    later = account("r2", "c1", counts=[killed(9)], voices=[MONITOR], date="2016-12-11", published="2016-12-12")
    (incident,) = incidents([first, later])
    kinds = {d.kind for d in incident.disputes}
    for one in review(first, later):
        assert "update" in one["reviewAspect"]
        assert "otherwise" not in one["reviewBody"]
    assert kinds == {"update"}
    vague = account("r1", "c1", counts=[Count("killed", 24, None)], voices=[MONITOR])
    exact = account("r2", "c1", counts=[killed(31)], voices=[OFFICIAL])
    (incident,) = incidents([vague, exact])
    assert {d.kind for d in incident.disputes} <= {"compatible"}
    assert review(vague, exact) == []


def test_an_uncertain_date_of_publication_is_not_given_as_a_date() -> None:
    told = [replace(a, published="2016-12~") for a in disputed()]
    for one in review(*told):
        assert "datePublished" not in one["itemReviewed"]
        assert "datePublished" not in one["itemReviewed"]["appearance"][0]
