"""The names that users import: adding one is a decision, losing one breaks somebody."""

from __future__ import annotations

import inspect

import tadmor
from tadmor import errors


def test_the_package_offers_these_names() -> None:
    assert sorted(tadmor.__all__) == ["Ledger", "Reading", "TadmorError", "__version__", "read"]
    for name in tadmor.__all__:
        assert getattr(tadmor, name) is not None


def test_ledger_has_the_verbs_of_the_command_line() -> None:
    verbs = {n for n, f in inspect.getmembers(tadmor.Ledger, inspect.isfunction) if not n.startswith("_")}
    assert verbs >= {"add", "incidents", "control", "join", "sources", "sitrep", "export"}


def test_the_error_tree_is_drawn_as_it_is() -> None:
    tree = errors.__doc__ or ""
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.TadmorError):
            assert name in tree
            assert inspect.getdoc(kind)
