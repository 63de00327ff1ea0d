"""Lists of names in a sentence, cut short where they are long."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[str], most: int, *, last: str = ", ") -> str:
    """The first names, ``most`` of them, and how many are left out: "a, b and 3 more".

    ``last`` is what stands before the last name where none is left out. Without names, the empty string.
    """
    *first, end = names[:most] or [""]
    if len(names) > most:
        return f"{', '.join([*first, end])} and {len(names) - most:,} more"
    return f"{', '.join(first)}{last}{end}" if first else end
