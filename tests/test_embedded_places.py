"""Where claims happen: names of the whole report, weighed together."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tadmor.errors import MissingResource
from tadmor.model import Mention, Report
from tadmor.reading.arguments import place_name
from tadmor.reading.beside import Beside
from tadmor.reading.beside import stored as network
from tadmor.reading.document import analyse
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.embedded.places import likeliest
from tadmor.reading.embedded.toponyms import Toponyms, core, folded
from tadmor.reading.embedded.whereabouts import FEATURES, Choice, Name
from tadmor.reading.embedded.wording import wording
from tadmor.reading.forest import forest, stored
from tadmor.reading.scene import Scene
from tadmor.reading.weighing import stated
from tadmor.resolve.resolve import Resources

TABLE = {"none": 1.0, "listed": 0.3, "more": 0.7}


def _choice(*names: str, mates: tuple[str, ...] = ()) -> Choice:
    keys = frozenset(map(folded, mates))
    found = [
        Name(
            folded(n), Mention(f"m{i}", 10 * i, 10 * i + 5, n, "place", "name"), n, keys if n in mates else frozenset()
        )
        for i, n in enumerate(names)
    ]
    return Choice(found, [[0.0] * len(FEATURES) for _ in range(len(names) + 1)])


def _kept(choice: Choice, *scores: float) -> list[str]:
    return [n.printed for n in likeliest(choice, scores, TABLE)]


def test_trees_add_up() -> None:
    branch = [[0, 0.5, 1, 2], [-1.0], [1, 2.0, 3, 4], [0.25], [3.0]]
    trees = forest(("a", "b"), 0.5, [branch, [[1.0]]])
    got = trees.log_odds([[0.5, 9.0], [0.6, 2.0], [0.6, 2.1]])
    assert [round(float(x), 4) for x in got] == [0.5, 1.75, 4.5]


def test_the_trees_that_ship_know_the_features_and_none_is_out_of_bounds() -> None:
    trees, table = stored("whereabouts.json")
    assert trees.features == FEATURES
    assert set(table) == set(TABLE)
    low, high = trees.log_odds([[-100.0] * len(FEATURES), [100.0] * len(FEATURES)])
    assert all(math.isfinite(float(x)) and abs(float(x)) < 30 for x in (low, high))


def test_the_likeliest_name_stays_unless_none_is_likelier() -> None:
    choice = _choice("Sarmada", "Syria")
    assert _kept(choice, 0.5, 0.2, 0.1) == ["Sarmada"]
    assert _kept(choice, 0.3, 0.2, 0.6) == []
    assert likeliest(Choice([], [[0.0] * len(FEATURES)]), [0.1], TABLE) == []


def test_a_name_of_the_same_list_needs_less() -> None:
    alone, together = _choice("Sarmada", "Binnish"), _choice("Sarmada", "Binnish", mates=("Sarmada", "Binnish"))
    assert _kept(alone, 0.6, 0.3, 0.1) == ["Sarmada"]
    assert _kept(together, 0.6, 0.3, 0.1) == ["Sarmada", "Binnish"]
    assert _kept(alone, 0.6, 0.5, 0.1) == ["Sarmada", "Binnish"]


def test_a_form_or_a_part_of_a_place_is_no_second_place() -> None:
    assert _kept(_choice("Idlib", "Idlib province"), 0.5, 0.6, 0.1) == ["Idlib province"]
    assert _kept(_choice("eastern Aleppo", "Aleppo"), 0.6, 0.6, 0.1) == ["eastern Aleppo"]
    assert core(folded("the town of al-Bab")) == core(folded("Al Bab")) == "bab"


def test_a_report_says_what_lies_in_what_and_what_stands_in_one_list() -> None:
    text = (
        "Shells fell on Sarmin in Idlib province on Monday.\n"
        "Jets later hit Binnish, Saraqib and Maarrat Misrin. Two people died in Binnish."
    )
    recognisers = Resources.open().recognisers()
    places = Toponyms(Scene(analyse(Report("r", text=text), recognisers)))
    assert places.holds["idlib province"] == {"sarmin"}
    assert places.count["binnish"] == 2
    binnish = places.named["binnish"]
    assert {"binnish", "saraqib"} <= places.mates[binnish[0].id]
    assert binnish[1].id not in places.mates
    assert places.nearest("binnish", len(text)) == binnish[1]
    assert places.nearest("binnish", 0) == binnish[0]


def test_a_part_of_the_city_is_a_part_of_the_city_that_was_named() -> None:
    text = "Shells fell on Sarmada on Monday. Rebels hold the western districts of the city. Trucks left the city."
    scene = Scene(analyse(Report("r", text=text), Resources.open().recognisers()))
    part = scene.propose(text.index("the western"), text.index(". Trucks"), "place")
    draft = next(d for d in stated(lines(scene.report, scene.document.sentences), {m.start for m in scene.places}))
    assert place_name(scene, draft, part) == "the western districts of Sarmada"


def _told(text: str, trigger: str, name: str, events: dict[str, float] | None = None) -> dict[str, float]:
    scene = Scene(analyse(Report("r", text=text), ()))
    line = lines(scene.report, scene.document.sentences)[0]
    at = [w.text for w in line.words].index(trigger)
    draft = Draft("armed_clash", line, 0, len(line.words), at, at, trigger, 0.9)
    start = text.index(name)
    seen = [(events or {}).get(w.text, -3.0) for w in line.words]
    return wording(draft, Mention("m1", start, start + len(name), name, "place", "name"), seen)


def test_the_words_around_a_name_say_whether_something_happened_there() -> None:
    inside = _told("Two men were killed in the northern town of Lorvia.", "killed", "Lorvia")
    assert (inside["led in"], inside["led from"], inside["clause between"], inside["modifier"]) == (1.0, 0.0, 0.0, 0.0)
    fallen = _told("Two men were killed as Lorvia fell.", "killed", "Lorvia", {"killed": 2.0, "fell": 3.0})
    assert (fallen["led in"], fallen["clause between"], fallen["event between"]) == (0.0, 1.0, -3.0)
    whose = _told("Rebels captured after leaving Lorvia's suburbs.", "captured", "Lorvia")
    assert (whose["possessive"], whose["led from"]) == (1.0, 1.0)
    crisis = _told("Many were killed in the Lorvia crisis.", "killed", "Lorvia")
    assert crisis["modifier"] == 1.0


def test_another_event_between_trigger_and_name_is_seen_from_both_sides() -> None:
    events = {"arrested": 1.0, "bombed": 3.0}
    after = _told("A man arrested said he bombed Lorvia.", "arrested", "Lorvia", events)
    before = _told("In Lorvia he bombed a bridge and was arrested.", "arrested", "Lorvia", events)
    assert (after["event between"], after["event lead"]) == (3.0, 2.0)
    assert (before["event between"], before["event lead"]) == (3.0, 2.0)


def test_the_network_sees_what_stands_beside() -> None:
    one = np.ones((1, 1), dtype=np.float32)
    zero = np.zeros(1, dtype=np.float32)
    # what is more than the mean of its list by itself: relu(x - mean) with x >= 0
    net = Beside(zero, zero + 1, one, zero, one, zero, -one, zero + 1, zero)
    assert net.log_odds([[1.0], [3.0], [3.0]], [2, 1]).tolist() == [0.0, 1.0, 0.0]
    assert net.log_odds([[9.0], [0.0]], [2]).tolist() == [2.5, 0.0]  # beyond five deviations nothing is told apart
    assert net.log_odds([], []).tolist() == []


def test_a_missing_network_is_named() -> None:
    with pytest.raises(MissingResource, match=r"nothing\.npz"):
        network("nothing.npz")


def test_the_files_of_the_choice_are_of_one_shape() -> None:
    trees, _ = stored("whereabouts.json")
    net = network("whereabouts.npz")
    assert trees.features == FEATURES
    assert net.first.shape == (len(FEATURES), len(net.last))
