"""A fault on one report must not cost the other ten thousand: it becomes a failure of that report, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tadmor.errors import LedgerError, MissingResource, TadmorError
from tadmor.model import Failure, Report

T = TypeVar("T")


def attempted(report: Report, step: str, act: Callable[[], T]) -> T | Failure:
    """What ``act`` gives for a report, or the failure that stands for it; ``step`` is what was being done, in a word.

    Raises LedgerError and MissingResource, which would befall every other report as well.
    """
    try:
        return act()
    except (LedgerError, MissingResource):
        raise
    except TadmorError as error:
        return Failure(report.id, report.path or "", str(error))
    except Exception as error:
        return Failure(report.id, report.path or "", f"{step} failed: {type(error).__name__}: {error}")
