"""Reading: a report to its mentions, attributions and claims.

A ``Reader`` is one method; ``RulesReader`` works by lexicons and rules.

The names are loaded when they are first asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tadmor.reading.reader import Reader
    from tadmor.reading.recognise import Found, Recogniser
    from tadmor.reading.rules import RulesReader

__all__ = ["Found", "Reader", "Recogniser", "RulesReader"]

_HOMES = {
    "Found": "tadmor.reading.recognise",
    "Reader": "tadmor.reading.reader",
    "Recogniser": "tadmor.reading.recognise",
    "RulesReader": "tadmor.reading.rules",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
