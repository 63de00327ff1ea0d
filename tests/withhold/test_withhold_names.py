"""Names that are withheld are found in any spelling, and covered."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.ledger.withhold_names import Names
from withhold_made import PERSON


def test_names_are_found_in_any_spelling() -> None:
    names = Names([PERSON])
    for text_ in (
        "Ahmad al-Khatib", "AHMAD KHATIB", "Aḥmad al Khaṭīb", "Ahmad-Khatib", "Ahmad\n  al-Khatib", "ahmad_al_khatib",
        "Ahmad the Khatib", "Ahmad Khatib's", "(Ahmad Khatib)", "Ahmad al-Kha'tib",
    ):  # fmt: skip
        assert names.hits(text_), text_
        covered = names.text(f"Then {text_} spoke.")
        assert "hmad" not in covered.lower()
        assert len(covered) == len(f"Then {text_} spoke.")
        assert covered.startswith("Then ")
        assert covered.endswith(" spoke.")
    for text_ in ("Ahmad", "Khatib", "Ahmadi Khatib", "Ahmad Khatiba", "Khatib Ahmad", "Ahmad and Khatib"):
        assert not names.hits(text_), text_
    arabic = Names(["أحمد الخطيب"])
    assert arabic.text("قال أحمد الخطيب إن") == "قال ████ ██████ إن"
    assert Names(["..."]).keys == frozenset()
    assert Names().text(PERSON) == PERSON


def test_plain_data_tells_no_more_who_or_where() -> None:
    names = Names(["Old Mill"], ["geonames:7"])
    mention = {"id": "m1", "start": 3, "text": "the Old Mill", "entity": "geonames:9", "lat": 3.5, "country": "SY"}
    assert names.data(mention) == {
        "id": "m1", "start": 3, "text": "the ███ ████", "entity": None, "lat": None,
        "country": None,
    }  # fmt: skip
    assert names.data({"name": "A", "entity": "geonames:7", "lat": 1.5}) == {"name": "A", "entity": None, "lat": None}
    assert names.data([["Old Mill", "geonames:7", 1.5, 2.5, "SY"]])[0][1:4] == [None, None, None]
    assert names.data({"name": "New Mill", "lat": 1.5, "n": [1, True, None]}) == {
        "name": "New Mill", "lat": 1.5, "n": [1, True, None],
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.text(min_size=1, max_size=12))
def test_covering_keeps_every_offset(before: str, after: str, name: str) -> None:
    names = Names([name])
    whole = f"{before} {name} {after}"
    covered = names.text(whole)
    assert len(covered) == len(whole)
    if names:
        assert not any(names.text(covered[a:b]) != covered[a:b] for a, b in names.spans(covered))
        start = len(before) + 1
        assert "█" in covered[start : start + len(name)]
    data = names.data({"a": [whole, {"b": whole}]})
    assert data == {"a": [covered, {"b": covered}]}
