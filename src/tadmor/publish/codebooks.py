"""The published column lists and codes of ACLED and UCDP, and the codes of countries (``data/``)."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tadmor.errors import MissingResource


@dataclass(frozen=True, slots=True)
class Country:
    """Codes of a country: ``iso`` is ISO 3166-1 numeric, ``gwno`` the number of Gleditsch and Ward; None where it has none."""

    code: str
    iso: int | None
    acled_region: str | None
    gwno: int | None


def _text(name: str) -> str:
    try:
        return files("tadmor.publish").joinpath(f"data/{name}").read_text(encoding="utf-8")
    except OSError as error:
        raise MissingResource(
            f"the package lacks publish/data/{name}: install it again (pip install --force-reinstall tadmor)"
        ) from error


@cache
def acled() -> Mapping[str, Any]:
    """What ``acled.toml`` holds: columns, inter codes, types of actors, disorder types, sub-events."""
    return tomllib.loads(_text("acled.toml"))


@cache
def ucdp() -> Mapping[str, Any]:
    """What ``ucdp.toml`` holds: columns, claim types that are lethal violence, regions, names of countries."""
    return tomllib.loads(_text("ucdp.toml"))


@cache
def _countries() -> dict[str, Country]:
    rows = csv.DictReader(_text("countries.csv").splitlines())
    return {
        r["code"]: Country(
            r["code"],
            int(r["iso"]) if r["iso"] else None,
            r["acled_region"] or None,
            int(r["gwno"]) if r["gwno"] else None,
        )
        for r in rows
    }


def country(code: str | None) -> Country | None:
    """The codes of a country by its ISO 3166-1 alpha-2 code; None for one that is not known."""
    return _countries().get(code or "")


@cache
def event_of(code: str) -> tuple[str, str] | None:
    """Event type and sub-event type of a claim's ACLED code ("Battles/Armed clash"); None when ACLED has no such pair."""
    table: Mapping[str, list[str]] = acled()["sub_events"]
    for event, subs in table.items():
        if code.startswith(event + "/") and code[len(event) + 1 :] in subs:
            return event, code[len(event) + 1 :]
    return None


def disorder(event: str, sub_event: str) -> str:
    """ACLED's disorder type of an event."""
    return str(acled()["disorder_of_sub_event"].get(sub_event) or acled()["disorder"][event])
