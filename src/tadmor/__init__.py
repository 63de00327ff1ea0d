"""Tadmor: from reports of war to a sourced record.

``tadmor.read(text_or_path, published=...)`` reads one report; ``tadmor.Ledger(path)`` keeps many and answers who said
what, what happened, and who held which place, from when to when, according to whom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tadmor._version import __version__

if TYPE_CHECKING:
    from tadmor.api import Ledger, read
    from tadmor.errors import TadmorError
    from tadmor.model import Reading

__all__ = ["Ledger", "Reading", "TadmorError", "__version__", "read"]

_HOME = {"read": "tadmor.api", "Ledger": "tadmor.api", "Reading": "tadmor.model", "TadmorError": "tadmor.errors"}


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that `import tadmor` and `tadmor --help` stay quick.
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'tadmor' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
