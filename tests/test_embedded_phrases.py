"""How far the name of a place reaches where the network looks at a clause."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.model import Mention
from tadmor.reading.arguments import Arguments
from tadmor.reading.date_forms import FORMS
from tadmor.reading.document import analyse
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.phrases import joined, of_event
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
    return of_event(scene, Arguments((), (), (mention,), (printed or name,)), views).place_names


def together(text: str, *names: str, territory: bool = True) -> tuple[str, ...]:
    """The places of a claim for which these mentions were chosen."""
    scene = Scene(analyse(from_text(text), pipeline.resources().recognisers()))
    spans = [(text.index(name), name) for name in names]
    chosen = tuple(
        Mention(f"x{at}", at, at + len(n), n, "place", "name" if n[0].isupper() else "nominal") for at, n in spans
    )
    return joined(scene, Arguments((), (), chosen, tuple(m.text for m in chosen)), territory=territory).place_names


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


def test_a_common_noun_and_the_name_that_tells_which_one_are_one_place() -> None:
    text = "Rebels reached the old junction of Palmyra and stormed a hospital in Homs on Monday."
    assert together(text, "the old junction", "Palmyra") == ("old junction of Palmyra",)
    assert together(text, "a hospital", "Homs") == ("hospital in Homs",)
    assert together(text, "the old junction", "Homs") == ("the old junction", "Homs")


def test_a_row_of_nouns_is_one_place_from_the_first_on() -> None:
    text = "They seized a checkpoint at the old junction of Shaddadi."
    names = ("a checkpoint", "the old junction", "Shaddadi")
    assert together(text, *names) == ("checkpoint at the old junction of Shaddadi",)


def test_what_is_near_a_name_is_a_place_by_itself_only_where_territory_is_told_of() -> None:
    text = "Rebels seized the checkpoints outside Palmyra on Monday."
    assert together(text, "the checkpoints", "Palmyra") == ("checkpoints outside Palmyra",)
    assert together(text, "the checkpoints", "Palmyra", territory=False) == ("the checkpoints", "Palmyra")


@pytest.mark.parametrize("text", ["Rebels seized the town of Palmyra.", "Rebels seized the checkpoints and Palmyra."])
def test_a_noun_that_says_what_the_name_is_or_another_place_is_not_joined(text: str) -> None:
    noun = "the town" if "town" in text else "the checkpoints"
    assert together(text, noun, "Palmyra") == (noun, "Palmyra")


def test_a_raid_on_a_neighbourhood_is_a_raid_on_its_name() -> None:
    text = "Jets struck Barzeh neighbourhood on Monday."
    scene = Scene(analyse(from_text(text), pipeline.resources().recognisers()))
    assert of_event(scene, Arguments((), (), (), ("the Barzeh neighbourhood",)), ()).place_names == ("Barzeh",)
    assert of_event(scene, Arguments((), (), (), ("a rebel-held neighbourhood",)), ()).place_names == (
        "a rebel-held neighbourhood",
    )
