"""The errors that Tadmor raises on purpose, drawn as a tree; nothing else should come out of its public functions.

TadmorError
├── InputError          an input cannot be read: the message says which and why
│   ├── TooLarge        it is above the size cap
│   ├── NotText         its bytes are no text of a known kind
│   ├── Empty           nothing to read is left in it
│   ├── Unanswered      the server at an address gave no answer, or none in time
│   └── Refused         a URL that may not be fetched (loopback, private or link-local address, other schemes)
├── MissingResource     a file that the package needs is not there or damaged: the message says how to mend it
├── BadDate             a date that is not EDTF as Tadmor writes it
├── BadChoice           a word that is none of those that are possible: the message says which are
├── ModelError          the language model of the second reader gives no answer that can be used
│   └── BudgetSpent     no request is made any more, since the budget has no room for it
└── LedgerError         the ledger cannot be opened, is of a newer version, or is locked
"""

from __future__ import annotations


class TadmorError(Exception):
    """Base of all errors raised on purpose."""


class InputError(TadmorError):
    """An input cannot be read."""


class TooLarge(InputError):  # noqa: N818 - reads as the state it is
    """The input is above the size cap."""

    @classmethod
    def above(cls, most: int, what: str = "") -> TooLarge:
        """The error for what has more than ``most`` bytes; ``what`` comes before it ("line 3: ")."""
        return cls(f"{what}above {most} bytes, the most that is read of one item: --max-bytes sets it")


class NotText(InputError):  # noqa: N818
    """The bytes are no text of a known kind."""


class Empty(InputError):  # noqa: N818
    """Nothing to read is left in the input."""


class Unanswered(InputError):  # noqa: N818
    """The server at an address gave no answer, or none in time."""


class Refused(InputError):  # noqa: N818
    """A URL that may not be fetched."""


class MissingResource(TadmorError):  # noqa: N818
    """A file that the package needs is not there, or damaged."""


class BadDate(TadmorError, ValueError):  # noqa: N818
    """A date that is not EDTF as Tadmor writes it."""


class BadChoice(TadmorError, ValueError):  # noqa: N818
    """A word that is none of those that are possible, such as a form of export or a reader that there is not."""


class ModelError(TadmorError):
    """The language model of the second reader gives no answer that can be used."""


class BudgetSpent(ModelError):  # noqa: N818
    """The budget of the second reader has no room for a further request."""


class LedgerError(TadmorError):
    """The ledger cannot be opened or written."""
