"""Who acts and who suffers: parties of the whole report, weighed together for each claim."""

from __future__ import annotations

import math

import pytest

from tadmor.model import Claim, Mention, Report
from tadmor.reading import arguments
from tadmor.reading.document import analyse
from tadmor.reading.drafts import lines
from tadmor.reading.embedded.involvement import FEATURES, OF_ROLE, ROLES, after_actors, casts
from tadmor.reading.embedded.participants import FILES, choose, heard_by_rule, likeliest, telling, told
from tadmor.reading.embedded.parties import Cast, Parties, Party, Told, kind_of
from tadmor.reading.forest import stored
from tadmor.reading.people import key
from tadmor.reading.scene import Scene
from tadmor.reading.weighing import stated
from tadmor.resolve.resolve import Resources

TABLE = {"none": 1.0, "listed": 0.3, "more": 0.7, "apart": 1.1}
TEXT = (
    "Farid's Brigade shelled Sarmada on Monday, killing two shepherds.\n"
    "Government troops answered with mortars. The Valley Watch network said that Farid's Brigade and the Hill Front shelled"
    " Binnish later. A witness saw the smoke."
)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(analyse(Report("r", text=TEXT), Resources.open().recognisers()))


def _cast(*names: str, mates: tuple[str, ...] = (), apart: tuple[str, ...] = ()) -> Cast:
    listed = frozenset(" ".join(key(n)) for n in mates)
    parties = [
        Party(
            " ".join(key(n)),
            Mention(f"m{i}", 40 * i, 40 * i + 9, n, "actor", "name"),
            n,
            listed if n in mates else frozenset(),
        )
        for i, n in enumerate(names)
    ]
    return Cast(parties, {}, {}, [n not in apart for n in names])


def _kept(cast: Cast, *scores: float, taken: tuple[str, ...] = ()) -> list[str]:
    return [p.printed for p in likeliest(cast, scores, TABLE, taken)]


def _told(scene: Scene) -> list[Told]:
    """The claims of the rules' clauses, a clause each."""
    mentions = scene.mention | scene.unnamed
    out = []
    for i, d in enumerate(stated(lines(scene.report, scene.document.sentences), {m.start for m in scene.places}), 1):
        linked = arguments.link(scene, d)
        claim = Claim(
            f"c{i}",
            d.type,
            "asserted",
            d.start,
            d.end,
            scene.report.text[d.start : d.end],
            actors=tuple(m.id for m in linked.actors),
            targets=tuple(m.id for m in linked.targets),
        )
        out.append(told(claim, [telling(d, heard_by_rule(scene, d), linked)], mentions))
    return out


@pytest.mark.parametrize("role", ROLES)
def test_the_trees_that_ship_know_the_features_and_none_is_out_of_bounds(role: str) -> None:
    trees, table = stored(FILES[role])
    assert trees.features == OF_ROLE[role]
    assert set(table) == set(TABLE)
    low, high = trees.log_odds([[x] * len(OF_ROLE[role]) for x in (-100.0, 100.0)])
    assert all(math.isfinite(float(x)) and abs(float(x)) < 30 for x in (low, high))


def test_the_likeliest_party_stays_unless_nobody_is_likelier() -> None:
    cast = _cast("Farid's Brigade", "Norland")
    assert _kept(cast, 0.5, 0.2, 0.1) == ["Farid's Brigade"]
    assert _kept(cast, 0.3, 0.2, 0.6) == []
    assert likeliest(Cast([], {}, {}, []), [0.1], TABLE) == []


def test_who_is_taken_for_one_role_is_not_weighed_for_the_other() -> None:
    cast = _cast("Farid's Brigade", "Norland")
    assert _kept(cast, 0.5, 0.2, 0.1, taken=(" ".join(key("Farid's Brigade")),)) == ["Norland"]


def test_one_of_the_same_list_needs_less_and_one_of_another_sentence_more() -> None:
    names = ("Farid's Brigade", "the Hill Front")
    assert _kept(_cast(*names), 0.6, 0.3, 0.1) == ["Farid's Brigade"]
    assert _kept(_cast(*names, mates=names), 0.6, 0.3, 0.1) == list(names)
    assert _kept(_cast(*names), 0.6, 0.5, 0.1) == list(names)
    assert _kept(_cast(*names, apart=names[1:]), 0.6, 0.59, 0.1) == ["Farid's Brigade"]


def test_another_form_of_a_name_is_no_second_party() -> None:
    assert _kept(_cast("Hill Front", "Hill Front fighters"), 0.6, 0.6, 0.1) == ["Hill Front"]
    assert _kept(_cast("Hill", "Hill Front Eagles"), 0.5, 0.6, 0.1) == ["Hill Front Eagles"]


def test_the_nationality_of_a_force_is_no_second_party() -> None:
    nation = Party("norland", Mention("m1", 10, 19, "Norlandic", "nationality"), "Norland", frozenset())
    army, rebels = (
        Party("army", Mention("m2", at, at + 4, "army", "actor", "nominal"), "the army", frozenset()) for at in (20, 24)
    )
    assert [p.key for p in likeliest(Cast([nation, army], {}, {}, [True, True]), (0.6, 0.7, 0.1), TABLE)] == ["army"]
    apart = likeliest(Cast([nation, rebels], {}, {}, [True, True]), (0.6, 0.7, 0.1), TABLE)
    assert [p.key for p in apart] == ["norland", "army"]


def test_the_last_word_that_tells_it_says_of_what_kind_a_party_is() -> None:
    assert kind_of("the Norland health ministry") == "state"
    assert kind_of("Norland army helicopters") == "armed"
    assert kind_of("two shepherds and their families") == "harmed"
    assert kind_of("Zamira") == ""


def test_a_report_says_who_is_named_how_often_and_who_stands_in_one_list(scene: Scene) -> None:
    parties = Parties(scene)
    brigade = [m for m in parties.among if "Farid" in m.text]
    assert len({parties.group(parties.key(m)) for m in brigade}) == 1
    assert parties.count[parties.group(parties.key(brigade[0]))] == len(brigade) == 2
    front = next(m for m in parties.among if "Hill Front" in m.text)
    assert parties.key(brigade[0]) in parties.mates[front.id]
    assert parties.speaks[parties.key(next(m for m in parties.among if "Watch" in m.text))] == 1


def test_parties_of_other_claims_are_weighed_and_nobody_is_weighed_last(scene: Scene) -> None:
    claims = _told(scene)
    found = casts(Parties(scene), claims)
    assert len(found) == len(claims) >= 2
    at = FEATURES.index
    for cast in found:
        assert any("Farid" in p.printed for p in cast.parties)
        for rows in cast.known.values():
            assert [row[at("none")] for row in rows] == [0.0] * (len(rows) - 1) + [1.0]
            assert all(len(row) == len(FEATURES) and all(map(math.isfinite, row)) for row in rows)


def test_the_values_of_a_row_stand_at_their_names(scene: Scene) -> None:
    claims = _told(scene)
    k = next(k for k, told in enumerate(claims) if told.chosen["actor"])
    parties, cast = Parties(scene), casts(Parties(scene), claims)[k]
    acts = {parties.key(m) for m in claims[k].chosen["actor"]}
    rows = {
        role: {
            cast.parties[j].key: dict(zip(FEATURES, row, strict=True))
            for j, row in zip(cast.weighed[role][:-1], cast.known[role][:-1], strict=True)
        }
        for role in ROLES
    }
    assert acts & rows["actor"].keys()
    for name, row in rows["actor"].items():
        assert row["chosen"] == (name in acts)
        assert row["no odds"] == (row["odds"] == 0.0)
        assert row[f"type:{claims[k].claim.type}"] == 1.0
        assert row["here"] == float(int(row["here"])) > 0
        if (against := rows["target"].get(name)) is not None:
            assert row["odds, other role"] == against["odds"]
            assert row["place share, other role"] == against["place share"]


def test_nobody_is_actor_and_target_of_one_claim(scene: Scene) -> None:
    parties = Parties(scene)
    chosen = choose(scene, _told(scene))
    assert any(parts["actor"] for parts in chosen)
    for parts in chosen:
        assert not {parties.key(m) for m in parts["actor"]} & {parties.key(m) for m in parts["target"]}


def test_a_report_without_claims_has_nobody_to_choose(scene: Scene) -> None:
    assert choose(scene, []) == []


def test_targets_are_weighed_with_how_likely_each_party_acts() -> None:
    row = [0.0] * len(FEATURES)
    cast = Cast(_cast("Farid's Brigade", "Norland").parties, {"target": [0, 1, 2]}, {"target": [row] * 3}, [True, True])
    got = [known[len(FEATURES) :] for known in after_actors(cast, [0.7, 0.2, 0.1])]
    assert got == [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.0, 0.7, 0.1]]


def test_a_party_for_which_nothing_speaks_is_not_weighed() -> None:
    other = " ".join(f"The envoy of Ward{i} met Mayor Emil Tarn{i} in Norland." for i in range(12))
    text = f"Farid's Brigade shelled Sarmada on Monday. {other}"
    far = Scene(analyse(Report("r", text=text), Resources.open().recognisers()))
    cast = casts(Parties(far), _told(far))[0]
    assert 0 < len(cast.weighed["actor"]) - 1 < len(cast.parties)
    assert len(cast.known["actor"]) == len(cast.weighed["actor"])
