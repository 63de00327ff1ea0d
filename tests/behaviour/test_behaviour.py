"""The behavioural suite: minimal pairs in ``cases/`` (their language is documented in ``tadmor.evaluate.behaviour``)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tadmor import pipeline
from tadmor.errors import InputError
from tadmor.evaluate import behaviour
from tadmor.gather import from_text
from tadmor.model import Claim, Count, ReaderInfo, Reading
from tadmor.reading.reader import READERS

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floor.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cases() -> list[behaviour.Case]:
    return behaviour.load(HERE / "cases")


def test_the_case_files_are_well_formed_and_many(cases: list[behaviour.Case]) -> None:
    assert len(cases) >= 120
    assert len({c.id for c in cases}) == len(cases)
    assert len({(c.before, c.after) for c in cases}) == len(cases)
    assert all(c.before != c.after for c in cases)


@pytest.mark.parametrize("name", READERS)
def test_the_pass_rate_is_not_below_the_floor(
    name: str, cases: list[behaviour.Case], capsys: pytest.CaptureFixture[str]
) -> None:
    line = pipeline.default(name)
    outcomes = behaviour.run(cases, behaviour.through(line))
    rates = behaviour.rates(outcomes)
    reader, floor = line.reader.info, FLOORS[name]
    with capsys.disabled():
        print(
            f"\nbehavioural cases passed by {reader.name} {reader.version} (floor set with version {floor['version']})"
        )
        for theme, rate in rates.items():
            print(f"  {theme:36} {rate.passed:3} of {rate.cases:3}  {rate.share:.2f}")
    broken = "\n".join(f"{o.case.id}: {o.broken[0]}" for o in outcomes if not o.passed)
    assert rates["all"].share >= floor["pass_rate"], f"below the floor of {floor['pass_rate']}; these fail:\n{broken}"


def reading(*claims: Claim) -> Reading:
    return Reading(from_text("A text.", published="2016-12-12"), ReaderInfo("made", "1"), claims=claims)


def claim(kind: str = "siege", place: str = "Madaya", **fields: object) -> Claim:
    return Claim("c1", kind, "asserted", 0, 6, "A text", place_names=(place,), **fields)  # type: ignore[arg-type]


def passes(check: dict[str, object], before: Reading, after: Reading) -> bool:
    case = behaviour.Case("x", "made", "one", "two", None, (check,))
    (outcome,) = behaviour.run([case], lambda text, published: before if text == "one" else after)
    assert outcome.passed == (not outcome.broken)
    return outcome.passed


TWELVE = (Count("killed", 12, None),)
SIEGE = reading(
    claim(actor_names=("the army",), source_names=(("SANA", "an official"),), date="2016-12-11", counts=TWELVE)
)
TAKEN = reading(claim("territory_taken", date="2016-12-10"), claim("territory_taken", "Homs", date="2016-12-10"))
NOTHING = reading()


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ({"text": "before", "claim": {"type": "siege", "place": "Madaya"}}, True),
        ({"text": "before", "claim": {"type": "siege", "place": []}}, False),
        ({"text": "before", "claim": {"place": "Homs | Madaya", "actors": ["army"], "actor": "the army"}}, True),
        ({"text": "before", "claim": {"actors": []}}, False),
        ({"text": "before", "claim": {"sources": [["SANA", "official"]], "source": "an official"}}, True),
        ({"text": "before", "claim": {"sources": [["official"]]}}, False),
        ({"text": "before", "claim": {"sources": []}}, False),
        ({"text": "before", "claim": {"date": "2016 | 2016-12-11~"}}, True),
        ({"text": "before", "claim": {"date": ""}}, False),
        ({"text": "before", "claim": {"counts": [{"what": "killed", "min": 12}]}}, True),
        ({"text": "before", "claim": {"count": {"what": "killed", "min": 12, "max": 12}}}, False),
        ({"text": "before", "claim": {}, "has": {"certainty": ["asserted", "hedged"]}}, True),
        ({"text": "before", "claim": {}, "lacks": {"type": "siege"}}, False),
        ({"text": "after", "claim": {"type": "siege"}, "lacks": {"certainty": "denied"}}, False),
        ({"text": "after", "claim": {"type": "territory_taken"}, "has": {"place": "Madaya"}}, False),
        ({"text": "after", "claim": {}, "number": 2}, True),
        ({"text": "both", "claim": {}, "number": 2}, False),
        ({"text": "both", "no_claim": {"type": "bombing"}}, True),
        ({"text": "both", "no_claim": {"type": "siege"}}, False),
        ({"same": ["certainty"]}, False),
        ({"same": ["certainty", "place"], "claim": {"place": "Madaya"}}, True),
        ({"same": ["type"], "claim": {"place": "Madaya"}}, False),
        ({"differs": ["type", "date"], "claim": {"place": "Madaya"}}, True),
        ({"differs": ["type", "certainty"], "claim": {"place": "Madaya"}}, False),
        ({"differs": ["type"], "claim": {"place": "Homs"}}, False),
        ({"text": "both", "control": {"place": "Madaya"}}, False),
        ({"text": "both", "no_control": {"place": "Madaya"}}, True),
    ],
)
def test_a_check_holds_only_when_it_should(check: dict[str, object], holds: bool) -> None:
    assert passes(check, SIEGE, TAKEN) is holds


def test_a_reader_that_finds_nothing_passes_next_to_nothing(cases: list[behaviour.Case]) -> None:
    rates = behaviour.rates(behaviour.run(cases, lambda text, published: NOTHING))
    assert rates["all"].share < 0.02


GOOD = """
theme = "t"
[[case]]
id = "a"
published = ""
before = "One."
after = "Two."
checks = [{ text = "both", claim = {} }]
"""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"Two."', '"One."'), "two different texts"),
        (('published = ""', 'published = "Sunday"'), "not a date"),
        (("claim = {}", 'claim = { type = "war" }'), "unknown war"),
        (("claim = {}", 'claim = { where = "Homs" }'), "unknown where"),
        (("claim = {}", 'claim = { date = "soon" }'), "no date 'soon'"),
        (("claim = {}", "claims = {}"), "no such check"),
        (('text = "both"', 'text = "all"'), "no such text"),
        (('id = "a"\n', ""), "case None: wants"),
        (("theme", "topic"), "theme"),
        (("[[case]]", "[[case"), "bad.toml"),
    ],
)
def test_an_ill_formed_case_is_refused_with_its_reason(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    (tmp_path / "bad.toml").write_text(GOOD, encoding="utf-8")
    assert [c.id for c in behaviour.load(tmp_path)] == ["a"]
    (tmp_path / "bad.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        behaviour.load(tmp_path)


def test_one_id_in_two_files_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no case files"):
        behaviour.load(tmp_path)
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match="twice"):
        behaviour.load(tmp_path)
