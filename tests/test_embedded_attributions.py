"""Attributions by the network's links: what is made of them, and that the scorer keeps its promises whatever its weights."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.errors import MissingResource
from tadmor.model import Attribution, Report
from tadmor.reading import mentions
from tadmor.reading.attributions_assembly import Draft, Said
from tadmor.reading.attributions_blocks import Block, blocks
from tadmor.reading.coreference import representatives
from tadmor.reading.embedded import attributions
from tadmor.reading.embedded.links import (
    BUCKETS,
    HEADS,
    LENGTHS,
    LOCAL,
    PAIR,
    POINTERS,
    Linked,
    Links,
    Pair,
    candidates,
    pair_features,
    words,
)
from tadmor.reading.embedded.session import Encoded
from tadmor.reading.text import sentences
from test_reading_mentions import recognise

WIDTH = 8


class _Told(Links):
    """Links that were told what to find, as texts of cue, source and content."""

    def __init__(self, *told: tuple[str, str | None, str | None]) -> None:
        self._told = told

    def link(self, block: Block, encoded: Encoded, rules: object) -> list[Linked]:
        found = []
        for cue, source, content in self._told:
            at = _words(block, cue)
            if at is not None:
                found.append(Linked(at, 0.9, _words(block, source), _words(block, content)))
        return found


def _words(block: Block, wanted: str | None) -> Pair | None:
    if wanted is None or not block.ws:
        return None
    (sought, *_) = blocks(wanted, sentences(Report("w", wanted)), ())
    n = len(sought.ws)
    for i in range(len(block.ws) - n + 1):
        if [w.text for w in block.ws[i : i + n]] == [w.text for w in sought.ws]:
            return i, i + n - 1
    return None


def _encoded(text: str, seed: int = 0) -> Encoded:
    """A piece for each run of letters or mark, with random states and logits."""
    rng = np.random.default_rng(seed)
    spans = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    n = len(spans)
    states = rng.normal(size=(n, WIDTH)).astype(np.float32)
    logits = {h: rng.normal(scale=2, size=(n, 3)).astype(np.float32) for h in HEADS}
    starts = np.array([a for a, _ in spans], dtype=np.int64)
    ends = np.array([b for _, b in spans], dtype=np.int64)
    nothing = np.zeros(n, dtype=np.int64)
    return Encoded(starts, ends, states, logits, nothing, nothing)


def _find(text: str, links: Links) -> Said:
    report = Report("r", text)
    split = sentences(report)
    found = mentions.find(report, split, [recognise])
    return attributions.find(report, split, found, representatives(report, split, found), _encoded(text), links)


def _parts(a: Attribution) -> tuple[str | None, str | None, list[str]]:
    return (a.source.text if a.source else None, a.cue.text if a.cue else None, [c.text for c in a.content])


def test_content_around_the_speaker_comes_in_two_pieces() -> None:
    said = _find("The town, he said, had fallen.", _Told(("said", "he", "The town, he said, had fallen")))
    assert [_parts(a) for a in said.attributions] == [("he", "said", ["The town", "had fallen"])]


def test_content_takes_its_quotation_marks() -> None:
    said = _find('"We left at noon," Omar Sabri said.', _Told(("said", "Omar Sabri", "We left at noon")))
    assert _parts(said.attributions[0]) == ("Omar Sabri", "said", ['"We left at noon,"'])


def test_what_stands_in_the_content_of_another_is_nested_in_it() -> None:
    said = _find(
        "The radio reported that rebels said the road was cut.",
        _Told(("reported", "The radio", "that rebels said the road was cut"), ("said", "rebels", "the road was cut")),
    )
    outer, inner = said.attributions
    assert (inner.via, outer.via) == (outer.id, None)
    assert said.speech == {outer.id, inner.id}


def test_two_speakers_of_one_cue_are_two_attributions() -> None:
    said = _find(
        "A government official and the Northern Front said Qarah had fallen.",
        _Told(("said", "A government official and the Northern Front", "Qarah had fallen")),
    )
    assert [a.source.text for a in said.attributions if a.source] == ["A government official", "the Northern Front"]


def test_an_attitude_is_no_account() -> None:
    text = "The army hopes to take the hill."
    said = _find(text, _Told(("hopes", "The army", "to take the hill")))
    assert len(said.attributions) == 1
    assert not said.speech


def test_a_cue_without_a_source_is_no_account() -> None:
    said = _find("It was said that the hill had fallen.", _Told(("was said", None, "that the hill had fallen")))
    assert [_parts(a)[0] for a in said.attributions] == [None]
    assert not said.speech


def test_hedges_are_kept_from_the_rules_where_the_network_is_silent() -> None:
    said = _find("The commander was reportedly killed on the road.", _Told())
    assert [a.cue.text for a in said.attributions if a.cue] == ["reportedly"]
    assert said.attributions[0].source is None


def test_nothing_is_found_by_a_silent_network_where_the_rules_would_speak() -> None:
    assert _find("Rebels said that the town had fallen.", _Told()).attributions == ()


def test_a_paragraph_that_goes_on_quoting_belongs_to_the_speaker_before() -> None:
    said = _find(
        '"We left at noon," Omar Sabri said.\n\n"The whole road was under fire and nobody came."',
        _Told(("said", "Omar Sabri", "We left at noon")),
    )
    last = said.attributions[-1]
    assert last.cue is None
    assert last.source is not None
    assert last.source.name == "Omar Sabri"


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingResource, match=r"links\.npz"):
        Links(tmp_path / "links.npz")


def _weights(folder: Path, seed: int) -> Path:
    rng = np.random.default_rng(seed)
    seen = 6
    shapes = {
        "word": (5, WIDTH + LOCAL), "near": (seen, 15), "cue1": (4, 3 * seen + LENGTHS + 2), "cue2": (1, 4),
        "ask": (seen, 2 * seen), "pair1": (4, 2 * seen + 3 + PAIR), "pair2": (len(POINTERS), 4),
        "none": (len(POINTERS), 2 * seen),
    }  # fmt: skip
    arrays = {f"{k}.weight": rng.normal(size=s) for k, s in shapes.items()}
    arrays |= {f"{k}.bias": rng.normal(size=s[0]) for k, s in shapes.items()}
    arrays["distance.weight"] = rng.normal(size=(BUCKETS, 3))
    arrays["threshold"] = np.array(0.3)
    np.savez(folder / "links.npz", **arrays)
    return folder / "links.npz"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='abc said. ,"\n“”’-é\u200b', max_size=120), st.integers(0, 5))
def test_spans_lie_in_the_text_and_cues_do_not_overlap(
    tmp_path_factory: pytest.TempPathFactory, text: str, seed: int
) -> None:
    links = Links(_weights(tmp_path_factory.mktemp("weights"), seed))
    said = _find(text, links)
    assert said == _find(text, links)
    for a in said.attributions:
        spans = [s for s in (a.source, a.cue, *a.content) if s is not None]
        assert all(text[s.start : s.end] == s.text and s.text for s in spans)
        assert a.via is None or any(a.via == other.id for other in said.attributions)
    report = Report("r", text)
    for block in blocks(text, sentences(report), ()):
        found = links.link(block, _encoded(text), [])
        for x, y in pairwise(found):
            assert x.cue[1] < y.cue[0]
        for x in found:
            assert all(0 <= s[0] <= s[1] < len(block.ws) for s in (x.cue, x.source, x.content) if s is not None)


def test_a_text_of_which_the_tokenizer_makes_nothing_has_no_cues(tmp_path: Path) -> None:
    text = "\u2063\u2063"
    (block,) = blocks(text, sentences(Report("r", text)), ())
    assert Links(_weights(tmp_path, 0)).link(block, _encoded(""), []) == []


def test_the_rules_cues_are_candidates_and_known_to_the_pointers() -> None:
    text = "Rebels said that the town had fallen."
    (block,) = blocks(text, sentences(Report("r", text)), ())
    draft = Draft(block, (0, 0), (1, 1), [(2, 6)], True)
    known = words(block, _encoded(text), [draft])
    assert (1, 1) in candidates(known, [draft])
    low, distance, told = pair_features(block, (1, 1), [draft])
    assert [told[0, 2], told[2, 5], told[6, 6], told[7, 5]] == [1, 1, 1, 0]
    assert low == 0
    assert distance[0] != distance[2]
    assert distance.max() < BUCKETS
