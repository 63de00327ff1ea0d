"""Sentences and tokens: offsets hold for any text, ranks and passages do not break sentences wrongly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from syntok import segmenter  # type: ignore[import-untyped]

from tadmor.model import Passage, Report
from tadmor.reading import text
from tadmor.reading.mention_words import words
from tadmor.reading.text import sentences, tokens


def _split(text: str) -> list[str]:
    return [s.text for s in sentences(Report("r", text))]


def test_a_military_rank_does_not_end_a_sentence() -> None:
    assert len(_split("The convoy was led by Lt. Gen. Adel Haddad near the bridge. It turned back.")) == 2


def test_sentences_stay_inside_their_line_and_passage() -> None:
    text = "Rebels left\nThe army came in"
    report = Report("r", text, passages=(Passage(0, 11, "headline"), Passage(12, len(text), "body")))
    assert [(s.text, s.passage) for s in sentences(report)] == [("Rebels left", 0), ("The army came in", 1)]


def test_words_keep_hyphens_abbreviations_and_split_the_possessive() -> None:
    text = "U.S.-led forces near al-Bab's edge met Gen. Haddad"
    assert [w.text for w in words(text, 0, len(text))] == [
        "U.S.-led", "forces", "near", "al-Bab", "'s", "edge", "met", "Gen.", "Haddad",
    ]  # fmt: skip


def test_words_join_doubled_apostrophes_as_a_quotation_mark() -> None:
    text = "''We left,'' he said"
    assert [w.text for w in words(text, 0, len(text))][:4] == ["''", "We", "left", ","]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_offsets_of_any_text_hold(text: str) -> None:
    for s in sentences(Report("r", text)):
        assert text[s.start : s.end] == s.text
        assert all(text[t.start : t.end] == t.text for t in s.tokens)
    assert all(text[t.start : t.end] == t.text for t in tokens(text))
    assert all(text[w.start : w.end] == w.text and w.text for w in words(text, 0, len(text)))


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="aB1 Dr’,.!?;:-_\"“”'%/(\u00a0\u200b—", max_size=14))
def test_lines_that_are_not_handed_to_the_splitter_are_what_it_would_make_of_them(line: str) -> None:
    found = [s for paragraph in segmenter.analyze(line) for s in paragraph if s]
    spans = [(s[0].offset, s[-1].offset + len(s[-1].value)) for s in found]
    whole = [line[a:b].strip() for a, b in spans if line[a:b].strip()]
    if text._UNDIVIDED.fullmatch(line):
        assert _split(line) == whole
