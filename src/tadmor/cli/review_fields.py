"""Fields of a claim as they are written at the shell: ``field=value``, lists parted by semicolons."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

_COUNT = re.compile(
    r"(?P<what>[a-z_]+)\s*(?:(?P<sign><=|>=|=|~|<|>)\s*(?P<low>[\d.,]+)\s*(?:-\s*(?P<high>[\d.,]+))?)\s*(?:of\s+(?P<of>.+))?"
)
_RANGE = re.compile(r"(\d+)-(\d+)")


def parsed(settings: Iterable[str]) -> dict[str, Any]:
    """The fields; a value in JSON (a list or an object) is taken as it is. A usage error when one is not in form."""
    out: dict[str, Any] = {}
    for given in settings:
        field, mark, value = given.partition("=")
        field, value = field.strip(), value.strip()
        if not mark or field not in _FORMS:
            raise click.UsageError(f"{given!r}: write FIELD=VALUE; the fields are {', '.join(_FORMS)}")
        if field in out:
            raise click.UsageError(f"{field} is set twice: part several with semicolons")
        if value[:1] in ("[", "{"):
            try:
                out[field] = json.loads(value)
            except ValueError as error:
                raise click.UsageError(f"{field}: {error}") from error
        else:
            out[field] = _FORMS[field](value)
    return out


def _listed(value: str) -> list[str]:
    return [x for piece in value.split(";") if (x := piece.strip())]


def _names(value: str) -> list[Any]:
    """Names; "Palmyra @ geonames:163808" says which is meant, "Palmyra @" that it is none of those known."""
    out: list[Any] = []
    for piece in _listed(value):
        name, mark, entity = piece.partition(" @")
        out.append({"name": name.strip(), "entity": entity.strip() or None} if mark else piece)
    return out


def _sources(value: str) -> list[list[str]]:
    return [[x for link in chain.split(">") if (x := link.strip())] for chain in _listed(value)]


def _clause(value: str) -> Any:
    span = _RANGE.fullmatch(value)
    return {"start": int(span[1]), "end": int(span[2])} if span else value


def _counts(value: str) -> list[dict[str, Any]]:
    out = []
    for piece in _listed(value):
        found = _COUNT.fullmatch(piece)
        if found is None:
            raise click.UsageError(
                f"counts: {piece!r}: write killed=12, killed=12-17, killed>=12, killed<=50, fighters~4000"
            )
        low, high = _number(found["low"]), _number(found["high"])
        sign = found["sign"]
        if found["high"] is None:
            low, high = {
                ">=": (low, None),
                ">": (low + 1, None),
                "<=": (None, low),
                "<": (None, low - 1),
            }.get(sign, (low, low))
        out.append({"what": found["what"], "min": low, "max": high, "approx": sign == "~", "of": found["of"]})
    return out


def _number(text: str | None) -> Any:
    if text is None:
        return None
    plain = text.replace(",", "")
    try:
        return int(plain) if plain.isdigit() else float(plain)
    except ValueError as error:
        raise click.UsageError(f"counts: {text!r} is no number") from error


def _bare(value: str) -> str | None:
    return value or None


_FORMS: Mapping[str, Callable[[str], Any]] = {
    "type": _bare,
    "certainty": _bare,
    "clause": _clause,
    "trigger": _clause,
    "sources": _sources,
    "actors": _names,
    "targets": _names,
    "places": _names,
    "date": _bare,
    "counts": _counts,
}
