from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Attribution, Mention, Report, Source
from tadmor.resolve.registry import Registry
from tadmor.resolve.sources import describe, resolve_sources


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.mark.parametrize(
    ("text", "kind", "anonymous", "side"),
    [
        ("an unnamed military official", "military", True, None),
        ("a Syrian government official", "official", True, "government"),
        ("a rebel commander", "armed group", True, "opposition"),
        ("pro-Damascus media", "media", False, "government"),
        ("residents", "witness", True, None),
        ("a local official", "official", True, None),
        ("local media", "media", False, None),
        ("opposition activists", "activist", True, "opposition"),
        ("the Syrian Observatory for Human Rights", "monitor", False, "opposition"),
        ("SANA", "agency", False, "government"),
        ("a SANA correspondent", "agency", True, "government"),
        ("Reuters", "agency", False, None),
        ("a source in the Russian Defence Ministry", "official", True, "government"),
        ("the Russian Defence Ministry", "official", False, "government"),
        ("a Turkish military source", "military", True, "turkey"),
        ("a YPG spokesman", "armed group", True, "kurdish"),
        ("ISIS", "armed group", False, "islamic-state"),
        ("Rami Abdulrahman", "monitor", False, "opposition"),
        ("images posted online by supporters of ISIS", "armed group", True, "islamic-state"),
        ("Doctors Without Borders", "organisation", False, None),
        ("Human Rights Watch", "organisation", False, None),
        ("Syrian National Coalition", "organisation", False, "opposition"),
        ("a police source", "official", True, None),
        ("someone", "other", False, None),
    ],
)
def test_sources_described(registry: Registry, text: str, kind: str, anonymous: bool, side: str | None) -> None:
    assert describe(text, registry=registry, on="2016-12-11", war="syria") == (kind, anonymous, side)


def test_the_words_do_without_a_registry() -> None:
    assert describe("an activist who asked not to be named") == ("activist", True, None)


TEXT = (
    "State agency SANA said, quoting an unnamed military official, that the town in Syria is calm. "
    "Governor Samir Nasser said so."
)


def source(text: str, mention: str | None = None) -> Source:
    start = TEXT.index(text)
    return Source(start, start + len(text), text, text, mention)


def test_sources_of_a_report(registry: Registry) -> None:
    name = "Samir Nasser"
    at = TEXT.index(name)
    mentions = {
        "m1": Mention("m1", at, at + len(name), name, "person", entity="name:samir-nasser", name=name, kind="person")
    }
    attributions = (
        Attribution("a0", source("SANA"), None, ()),
        Attribution("a1", source("an unnamed military official"), None, (), via="a0"),
        Attribution("a2", source("Samir Nasser", "m1"), None, ()),
        Attribution("a3", None, None, ()),
    )
    outlet, officer, governor, nobody = resolve_sources(
        attributions, mentions, Report("r", TEXT, published="2016-12"), registry
    )
    assert outlet.source is not None
    assert officer.source is not None
    assert governor.source is not None
    assert (outlet.source.entity, outlet.source.kind) == ("actor:sana", "agency")
    # whom a state agency quotes without a name speaks for the state
    assert (officer.source.kind, officer.source.anonymous, officer.source.side, officer.source.entity) == (
        "military",
        True,
        "government",
        None,
    )
    assert (governor.source.entity, governor.source.kind, governor.source.anonymous) == (
        "name:samir-nasser",
        "official",
        False,
    )
    assert nobody.source is None


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_words_have_a_kind(text: str) -> None:
    kind, anonymous, _ = describe(text, registry=Registry.load(), on="2016", war="syria")
    assert kind
    assert isinstance(anonymous, bool)
