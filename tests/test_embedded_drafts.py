"""Which words state a claim: what the lexicon proposes is cut to what the network marks."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest

from tadmor import taxonomy
from tadmor.gather import from_text
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.embedded.drafts import candidates
from tadmor.reading.embedded.session import Encoded
from tadmor.reading.text import sentences
from tadmor.reading.weighing import weighed

TYPES = tuple(taxonomy.types())
TEXT = "Fighter jets shelled the old bakery in Saraqib while thousands of residents were fleeing towards the border."


def encoded(text: str, marked: Mapping[str, str], begins: Mapping[str, tuple[str, ...]] | None = None) -> Encoded:
    """A text of whole words as pieces; the network takes ``marked`` words for clauses, by type."""
    spans = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    starts, ends = (np.array(x, dtype=np.int64) for x in zip(*spans, strict=True))
    inside = np.full((len(spans), len(TYPES) + 1), -4.0, dtype=np.float32)
    start = np.full_like(inside, -4.0)
    for kind, words in marked.items():
        at = text.index(words)
        within = (starts >= at) & (ends <= at + len(words))
        inside[within, TYPES.index(kind)] = inside[within, -1] = 4.0
    for kind, firsts in (begins or {}).items():
        for word in firsts:
            start[starts == text.index(word), TYPES.index(kind)] = 4.0
    logits = {"inside": inside, "start": start, "trigger": np.zeros((len(spans), 3), dtype=np.float32)}
    nothing = np.zeros(len(spans), dtype=np.int64)
    return Encoded(starts, ends, np.zeros((len(spans), 2), dtype=np.float32), logits, nothing, nothing)


def found(text: str, given: Encoded) -> list[Draft]:
    report = from_text(text)
    told = lines(report, sentences(report))
    return [c.draft for c in candidates(given, told, frozenset(), TYPES)]


def said(d: Draft, text: str = TEXT) -> str:
    return text[d.start : d.end]


def of(drafts: list[Draft], kind: str) -> list[Draft]:
    return [d for d in drafts if d.type == kind]


def test_the_lexicon_proposes_more_words_than_state_the_claim() -> None:
    report = from_text(TEXT)
    proposed = [d for d in weighed(lines(report, sentences(report)), frozenset()) if d.type == "shelling"]
    assert [said(d) for d in proposed] == ["Fighter jets shelled the old bakery in Saraqib"]


def test_a_clause_of_the_lexicon_has_the_words_that_the_network_marks() -> None:
    (draft,) = of(found(TEXT, encoded(TEXT, {"shelling": "shelled the old bakery"})), "shelling")
    assert said(draft) == "shelled the old bakery"
    assert draft.line.words[draft.first].text == "shelled"


def test_it_keeps_its_own_words_where_the_network_marks_none() -> None:
    (draft,) = of(found(TEXT, encoded(TEXT, {"displacement": "thousands of residents were fleeing"})), "shelling")
    assert said(draft) == "Fighter jets shelled the old bakery in Saraqib"


def test_words_marked_for_another_type_do_not_count() -> None:
    drafts = found(
        TEXT, encoded(TEXT, {"displacement": "thousands of residents were fleeing", "shelling": "jets shelled"})
    )
    assert [said(d) for d in of(drafts, "shelling")] == ["jets shelled"]
    assert [said(d) for d in of(drafts, "displacement")] == ["thousands of residents were fleeing"]


def test_a_trigger_outside_of_the_marked_words_gives_way_to_one_of_them() -> None:
    (draft,) = of(found(TEXT, encoded(TEXT, {"shelling": "the old bakery in Saraqib"})), "shelling")
    assert said(draft) == "the old bakery in Saraqib"
    assert draft.low <= draft.first <= draft.last < draft.high


def test_words_that_join_clauses_belong_to_none() -> None:
    (draft,) = of(
        found(TEXT, encoded(TEXT, {"displacement": "while thousands of residents were fleeing"})), "displacement"
    )
    assert said(draft) == "thousands of residents were fleeing"
    (draft,) = of(found(TEXT, encoded(TEXT, {"shelling": "jets shelled the old bakery in Saraqib while"})), "shelling")
    assert said(draft) == "jets shelled the old bakery in Saraqib"


@pytest.mark.parametrize(("begins", "clauses"), [((), 1), (("Aden",), 2)])
def test_two_clauses_of_a_type_side_by_side_are_told_apart_where_the_second_begins(
    begins: tuple[str, ...], clauses: int
) -> None:
    text = "Warships sat idle near Mocha before noon Aden waters saw frigates drift past."
    given = encoded(text, {"deployment": text[:-1]}, {"deployment": begins})
    assert len(of(found(text, given), "deployment")) == clauses
