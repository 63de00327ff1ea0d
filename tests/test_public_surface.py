"""The names that users import: adding one is a decision, losing one breaks somebody."""

from __future__ import annotations

import inspect
import io
from pathlib import Path

import pytest

import tadmor
from tadmor import errors, model


def test_the_package_offers_these_names() -> None:
    assert sorted(tadmor.__all__) == ["Ledger", "Reading", "TadmorError", "__version__", "read"]
    for name in tadmor.__all__:
        assert getattr(tadmor, name) is not None


def test_ledger_has_the_verbs_of_the_command_line() -> None:
    verbs = {n for n, f in inspect.getmembers(tadmor.Ledger, inspect.isfunction) if not n.startswith("_")}
    assert verbs >= {"add", "incidents", "control", "join", "sources", "sitrep", "export"}


def test_the_nouns_are_frozen_and_say_what_they_are() -> None:
    kinds = {name: kind for name in model.__all__ if inspect.isclass(kind := getattr(model, name))}
    assert len(kinds) == 27
    for name, kind in kinds.items():
        assert kind.__dataclass_params__.frozen, name
        assert not inspect.getdoc(kind).startswith(f"{name}("), f"{name} says nothing but its fields"  # type: ignore[union-attr]


def test_a_word_that_is_none_of_those_that_are_possible_is_an_error_that_names_them(tmp_path: Path) -> None:
    with tadmor.Ledger(tmp_path / "war.db") as ledger:
        with pytest.raises(errors.BadChoice, match="'war' is no claim type; they are territory_taken"):
            ledger.incidents(types=["air_strike", "war"])
        with pytest.raises(errors.BadChoice, match="jsonl, csv"):
            ledger.export("xml", io.StringIO())
        with pytest.raises(errors.BadDate, match="write 2016-12-11"):
            ledger.control("Palmyra", on="Sunday")
    with pytest.raises(errors.BadChoice, match="embedded, rules"):
        tadmor.read("A text.", reader="best")


def test_the_error_tree_is_drawn_as_it_is() -> None:
    tree = errors.__doc__ or ""
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.TadmorError):
            assert name in tree
            assert inspect.getdoc(kind)
