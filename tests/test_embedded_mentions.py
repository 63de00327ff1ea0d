"""Mentions by the network and the rules together: what the labelling makes of both, with logits set by hand."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Mention, MentionType, Report
from tadmor.reading.embedded import mentions as network
from tadmor.reading.embedded.mentions import TYPES, Labelled, labelled, merge, trimmed
from tadmor.reading.embedded.session import Encoded
from tadmor.reading.text import sentences

LABELS = 1 + 2 * len(TYPES)
TEXT = "The commander of the River Brigade told Reuters that 40 fighters left northern Lorvia. They went to Lorvia on Friday."


def encoded(text: str, sure: Sequence[tuple[str, MentionType]] = (), by: float = 5.0, other: int = 0) -> Encoded:
    """A text in pieces of at most four letters; the network is ``by`` sure of the mentions and of everything else."""
    spans = [m.span() for m in re.finditer(r"[A-Za-z]{1,4}|\d+|[^\w\s]", text)]
    starts, ends = (np.array([s[k] for s in spans], dtype=np.int64).reshape(-1) for k in (0, 1))
    logits = np.zeros((len(spans), LABELS), dtype=np.float32)
    logits[:, 0] = by
    for phrase, kind in sure:
        at = text.index(phrase)
        inside = [i for i in range(len(spans)) if starts[i] < at + len(phrase) and ends[i] > at]
        logits[inside, 0] = 0
        for k, i in enumerate(inside):
            logits[i, 1 + 2 * TYPES.index(kind) + (k > 0)] = by
    ids = np.arange(len(spans), dtype=np.int64)
    heads = {"names": np.zeros((len(spans), other), dtype=np.float32), "mentions": logits}
    return Encoded(starts, ends, np.zeros((len(spans), 2), dtype=np.float32), heads, ids, np.zeros_like(ids))


def rule(phrase: str, kind: MentionType, level: str = "name", entity: str | None = None, text: str = TEXT) -> Mention:
    at = text.index(phrase)
    return Mention(f"m{at}", at, at + len(phrase), phrase, kind, level, entity)  # type: ignore[arg-type]


def merged(found: Sequence[Mention], sure: Sequence[tuple[str, MentionType]], text: str = TEXT, by: float = 5.0):
    report = Report("r", text)
    return merge(report, sentences(report), found, encoded(text, sure, by))


def texts(mentions: Sequence[Mention]) -> list[tuple[str, str]]:
    return [(m.text, m.type) for m in mentions]


def test_mentions_of_the_network_are_found_with_levels_and_ids_in_text_order():
    found = merged((), [("They", "actor"), ("Reuters", "actor"), ("The commander of the River Brigade", "person")])
    assert [(m.id, m.text, m.type, m.level) for m in found] == [
        ("m1", "The commander of the River Brigade", "person", "nominal"),
        ("m2", "Reuters", "actor", "name"),
        ("m3", "They", "actor", "pronoun"),
    ]


def test_a_sure_network_overrules_an_actor_of_the_rules_and_an_unsure_one_does_not():
    found = [rule("40 fighters", "actor", "nominal")]
    assert texts(merged(found, [("fighters", "actor")], by=5.0)) == [("fighters", "actor")]
    assert texts(merged(found, [("fighters", "actor")], by=0.3)) == [("40 fighters", "actor")]


@pytest.mark.parametrize(("phrase", "kind"), [("Friday", "time"), ("40", "quantity")])
def test_times_and_amounts_of_the_grammars_stand_against_a_network_that_doubts_them(phrase: str, kind: MentionType):
    assert texts(merged([rule(phrase, kind)], [], by=2.0)) == [(phrase, kind)]
    assert texts(merged([rule(phrase, "equipment")], [], by=2.0)) == []


def test_identity_and_level_come_from_the_rules_by_span_or_by_head():
    brigade = rule("River Brigade", "actor", "name", "actor:river-brigade")
    whole = merged([brigade], [("the River Brigade", "actor")])
    assert [(m.text, m.entity) for m in whole] == [("the River Brigade", "actor:river-brigade")]
    other_head = merged([brigade], [("The commander of the River Brigade", "actor")])
    assert [(m.text, m.entity) for m in other_head] == [("The commander of the River Brigade", None)]


def test_named_places_of_the_gazetteer_stay_and_nominal_ones_go():
    found = [rule("Lorvia", "place"), rule("the River", "place", "nominal")]
    assert texts(merged(found, [])) == [("Lorvia", "place")]


def test_a_place_keeps_its_direction_but_not_a_description_around_its_name():
    assert texts(merged([rule("Lorvia", "place")], [("northern Lorvia", "place")])) == [("northern Lorvia", "place")]
    text = "They shelled the old town of Lorvia at night."
    found = [rule("Lorvia", "place", text=text)]
    assert texts(merged(found, [("the old town of Lorvia", "place")], text)) == [("Lorvia", "place")]
    assert texts(merged((), [("the old town of Lorvia", "place")], text)) == [("the old town of Lorvia", "place")]


def test_places_joined_by_and_are_two_places():
    text = "Rain fell on Lorvia and Karsten Province."
    found = [rule("Lorvia", "place", text=text), rule("Karsten Province", "place", text=text)]
    assert texts(merged(found, [("Lorvia and Karsten Province", "place")], text)) == [
        ("Lorvia", "place"),
        ("Karsten Province", "place"),
    ]


def test_a_place_inside_an_actor_stays_beside_it():
    text = "Residents of Lorvia fled."
    found = merged([rule("Lorvia", "place", text=text)], [("Residents of Lorvia", "actor")], text)
    assert texts(found) == [("Residents of Lorvia", "actor"), ("Lorvia", "place")]


@pytest.mark.parametrize(
    ("sure", "want"),
    [
        ("The commander of", ["The commander"]),
        ("of the River Brigade", ["the River Brigade"]),
        ("Lorvia.", ["Lorvia"]),
        ("the", []),
    ],
)
def test_words_that_only_lead_to_a_mention_are_no_part_of_it(sure: str, want: list[str]):
    assert [m.text for m in merged((), [(sure, "actor")])] == want


def test_an_abbreviation_keeps_its_full_stop():
    text = "Officials of the U.S. met."
    assert [m.text for m in merged((), [("the U.S", "actor")], text)] == ["the U.S."]


def test_no_mention_crosses_a_sentence_or_is_cut_inside_a_word():
    report = Report("r", TEXT)
    split = sentences(report)
    e = encoded(TEXT, [("northern Lorvia. They", "place")])
    spans = labelled(TEXT, split, (), e)
    assert all(any(s.start <= x.start and x.end <= s.end for s in split) for x in spans)
    e = encoded(TEXT)
    half = next(i for i in range(len(e.starts)) if TEXT[: e.ends[i]].endswith("Reuters"))
    e.logits["mentions"][half, 1 + 2 * TYPES.index("actor")] = 30.0
    e.logits["mentions"][half, 2 + 2 * TYPES.index("actor")] = 30.0
    assert [TEXT[x.start : x.end] for x in labelled(TEXT, split, (), e)] == ["Reuters"]


def test_a_text_without_pieces_has_no_mentions():
    report = Report("r", " ")
    assert merge(report, (), (), encoded(" ")) == ()


def _legal(labels: Sequence[int], glued: Sequence[bool]) -> bool:
    for i, label in enumerate(labels):
        before = labels[i - 1] if i else 0
        inside = label > 0 and label % 2 == 0
        if inside and before not in (label, label - 1):
            return False
        if i and glued[i] and not (inside or label == before == 0):
            return False
    return True


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(-40, 40), min_size=5, max_size=5), min_size=1, max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_the_labelling_is_the_best_of_all_legal_ones(rows: list[list[int]], flags: list[bool]):
    scores = np.array(rows, dtype=np.float32) / 8 + np.arange(5, dtype=np.float32) / 1000
    glued = np.array([False, *flags[1 : len(rows)]])
    every = (x for x in itertools.product(range(5), repeat=len(rows)) if _legal(x, glued))
    best = max(sum(float(scores[i, y]) for i, y in enumerate(x)) for x in every)
    labels = [0] * len(rows)
    for low, high, kind in network._best(scores, glued):
        labels[low] = 1 + 2 * kind
        labels[low + 1 : high] = [2 + 2 * kind] * (high - low - 1)
    assert _legal(labels, glued)
    assert sum(float(scores[i, y]) for i, y in enumerate(labels)) == pytest.approx(best, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_mentions_of_one_type_never_overlap_and_stand_in_order(data: st.DataObject):
    report = Report("r", TEXT)
    e = encoded(TEXT)
    seed = data.draw(st.integers(0, 10**6))
    e.logits["mentions"][:] = np.random.default_rng(seed).normal(0, 3, e.logits["mentions"].shape)
    found = []
    for kind in TYPES:
        cuts = data.draw(st.lists(st.integers(0, len(TEXT)), max_size=6, unique=True).map(sorted))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False):
            if TEXT[a:b].strip():
                found.append(Mention("", a, b, TEXT[a:b], kind))
    out = merge(report, sentences(report), found, e)
    assert [m.id for m in out] == [f"m{i}" for i in range(1, len(out) + 1)]
    assert [(m.start, -m.end) for m in out] == sorted((m.start, -m.end) for m in out)
    assert all(report.text[m.start : m.end] == m.text for m in out)
    for kind in TYPES:
        same = [m for m in out if m.type == kind]
        assert all(a.end <= b.start for a, b in itertools.pairwise(same))


def test_a_person_is_no_place_that_only_the_network_sees() -> None:
    text = "Khalid Lorvian spoke. Many support Lorvian."
    report = Report("r", text)
    person = [
        Mention("m1", 0, 14, "Khalid Lorvian", "person", "name"),
        Mention("m2", 35, 42, "Lorvian", "person", "name"),
    ]
    found = merge(report, sentences(report), person, encoded(text, [("Lorvian", "place")]))
    assert all(m.type == "person" for m in found if m.text.endswith("Lorvian"))
    place = Mention("m3", 35, 42, "Lorvian", "place", "name", entity="geonames:1")
    found = merge(report, sentences(report), [*person, place], encoded(text, [("Lorvian", "place")]))
    assert any(m.type == "place" and m.start == 35 for m in found)  # a place that is known may be meant


def test_a_mention_ends_before_a_bracket_that_closes_what_opened_before_it() -> None:
    text = "Norland Liberation Army (NLA) fighters and the Guard (NG) of Sarn"
    start = text.index("NLA")
    assert trimmed(text, Labelled(start, text.index(" and"), "actor")) == Labelled(start, start + 3, "actor")
    begin, end = text.index("the Guard"), text.index(" of")
    assert trimmed(text, Labelled(begin, end, "actor")) == Labelled(begin, end, "actor")


def test_a_nationality_that_is_part_of_a_name_is_no_mention_of_its_own():
    text = "The Lorvian Red Crescent met Lorvian soldiers."
    nationality = [rule("Lorvian", "nationality", text=text)]
    second = text.rindex("Lorvian")
    nationality.append(Mention("m9", second, second + 7, "Lorvian", "nationality", "name"))
    found = merged(nationality, [("The Lorvian Red Crescent", "actor"), ("Lorvian soldiers", "actor")], text)
    assert [m.start for m in found if m.type == "nationality"] == [second]
