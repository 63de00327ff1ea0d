"""How far the name of a place reaches where the network looks at a clause."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.reading.arguments import Arguments
from tadmor.reading.date_forms import FORMS
from tadmor.reading.document import analyse
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.phrases import phrased
from tadmor.reading.embedded.session import View, between
from tadmor.reading.scene import Scene

TEXT = "Jets struck a hangar in the hills of northern Syria on Monday. Shells fell on Damascus Aleppo and Homs."


def looked(text: str, marked: str, sure: float = 4.0) -> View:
    """A look at the whole text, its pieces being words and marks; the network takes the ``marked`` words for the place."""
    spans = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    starts, ends = (np.array(x, dtype=np.int64) for x in zip(*spans, strict=True))
    roles = np.full((len(spans), len(ROLES)), -4.0, dtype=np.float32)
    at = text.index(marked)
    low, high = between(starts, ends, at, at + len(marked))
    roles[low:high, ROLES.index("place")] = sure
    return View(starts, ends, roles, np.zeros(4, dtype=np.float32), 0.0, np.zeros(len(FORMS), dtype=np.float32))


def told(name: str, *views: View, text: str = TEXT, printed: str | None = None) -> tuple[str, ...]:
    scene = Scene(analyse(from_text(text), pipeline.resources().recognisers()))
    mention = next(m for m in scene.places if m.text == name)
    return phrased(scene, Arguments((), (), (mention,), (printed or name,)), views).place_names


def test_the_words_that_the_network_marks_around_a_name_belong_to_it() -> None:
    assert told("Syria", looked(TEXT, "northern Syria")) == ("northern Syria",)
    assert told("Syria", looked(TEXT, "hills of northern Syria")) == ("hills of northern Syria",)


@pytest.mark.parametrize("marked", ["Syria", "hangar", "Monday"])
def test_a_name_stays_where_nothing_is_marked_beside_it(marked: str) -> None:
    assert told("Syria", looked(TEXT, marked)) == ("Syria",)
    assert told("Syria") == ("Syria",)


def test_of_several_looks_the_surest_counts() -> None:
    sure, less = looked(TEXT, "northern Syria", 5.0), looked(TEXT, "hills of northern Syria", 2.0)
    assert told("Syria", less, sure) == told("Syria", sure, less) == ("northern Syria",)


def test_names_in_a_row_are_no_phrase() -> None:
    assert told("Damascus", looked(TEXT, "Damascus Aleppo")) == ("Damascus",)
    assert told("Homs", looked(TEXT, "Aleppo and Homs")) == ("Homs",)


def test_a_run_that_begins_within_a_word_is_none() -> None:
    text = "Jets struck the rebel-held north of Syria on Monday."
    assert told("Syria", looked(text, "held north of Syria"), text=text) == ("Syria",)
    assert told("Syria", looked(text, "rebel-held north of Syria"), text=text) == ("rebel-held north of Syria",)


def test_a_place_that_has_another_mention_s_name_keeps_it() -> None:
    assert told("Syria", looked(TEXT, "northern Syria"), printed="Idlib") == ("Idlib",)
