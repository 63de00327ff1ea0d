"""The shapes of answers about feeds that are watched, and about reports that are kept unread."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tadmor.web.schemas_control import Shape

Reason = Literal["language", "relevance", "reprint"]


class Watcher(Shape):
    """The program that watches; it is taken for dead after ``until``. Times are ISO 8601 in UTC; ``every`` in seconds."""

    who: str = Field(examples=["process 4711 on desk"])
    since: str
    seen_at: str
    until: str
    every: int
    alive: bool


class WatchedFeed(Shape):
    """A feed, how it went the last time, and what became of its items, in numbers."""

    url: str
    address: str
    title: str
    folder: str
    asked_at: str | None
    answered_at: str | None
    next_at: str
    status: int | None
    failures: int
    error: str | None
    waiting: int
    added: int
    known: int
    unread: int
    failed: int
    newest: str | None


class LeftAlone(Shape):
    """A host that is in trouble, and until when it is left alone."""

    name: str
    next_at: str
    failures: int
    error: str | None


class NotRead(Shape):
    """An item that could not be read, and why."""

    url: str | None
    title: str
    error: str | None
    done_at: str | None


class Watched(Shape):
    """How watching goes. ``unread`` are reports that are kept unread, by reason."""

    now: str
    watcher: Watcher | None
    feeds: list[WatchedFeed]
    hosts: list[LeftAlone]
    failed: list[NotRead]
    unread: dict[str, int]


class UnreadRow(Shape):
    """A report that is kept without having been read, and why, in words."""

    id: str
    reason: Reason
    why: str
    title: str
    publisher: str | None
    published: str | None
    language: str | None
    url: str | None


class UnreadPage(Shape):
    """A page of them."""

    items: list[UnreadRow]
    next: str | None
