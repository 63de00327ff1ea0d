"""Behavioural cases: a few words of a short report changed, and what must or must not change in the record with them.

A case file is TOML: ``theme = "..."`` and ``[[case]]`` tables with ``id`` (unique over all files), ``before`` and
``after`` (the two texts), ``published`` (EDTF, "" when unknown) and ``checks``, a list of tables. A case passes when all its
checks hold. ``text`` names the reading that a check looks at: ``"before"``, ``"after"`` or ``"both"`` (each by itself).

===================================  ==================================================================================
``{text, claim = P}``                some claim fits P
``{text, claim = P, has = Q}``       some claim fits P, and every claim that fits P fits Q too
``{text, claim = P, lacks = Q}``     some claim fits P, and none that fits P fits Q
``{text, no_claim = P}``             no claim fits P (``{}`` fits every claim)
``{text, claim = P, number = n}``    exactly n claims fit P
``{same = [fields], claim = P}``     as many claims fit P before as after, one or more, and they pair off with these fields equal
``{differs = [fields], claim = P}``  claims fit P in both readings, and in none of these fields is one after equal to one before
``{text, control = C}``              some control statement fits C
``{text, no_control = C}``           none does
===================================  ==================================================================================

Without ``claim``, ``same`` and ``differs`` look at all claims. A pattern is a table of fields, all of which must fit:

- ``type``, ``certainty``: a word, or a list of those allowed.
- ``place``, ``actors``, ``targets``: the names, all of them and no others; one name may stand without a list, ``[]`` is none.
- ``sources``: the chains, all and no others, outermost speaker first in each; ``[]`` is the report's own voice.
- ``actor``, ``target``, ``source``: one name that is among the actors, the targets, the last speakers of the chains.
- ``date``: the same days, ``""`` is no date.
- ``counts``: all counts and no others; ``count``: one among them. A count is ``{what, min, max}``; a bound left out is open.

In control patterns: ``place``, ``holder`` (``""`` is nobody named), ``status``. ``|`` in a name or date parts alternatives,
each of which is right by the codebook. Names are compared with :func:`tadmor.evaluate.names.same_name`, dates by the days
that they cover.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from tadmor import edtf, pipeline, taxonomy
from tadmor.errors import InputError
from tadmor.evaluate.names import same_name
from tadmor.gather import from_text
from tadmor.model import Claim, ControlStatement, Count, Reading
from tadmor.pipeline import Pipeline

Read = Callable[[str, str | None], Reading]
Table = Mapping[str, Any]

_TEXTS: Mapping[str, tuple[str, ...]] = {"before": ("before",), "after": ("after",), "both": ("before", "after")}
_COMPARED = frozenset({"type", "certainty", "place", "actors", "targets", "sources", "date", "counts"})
_FIELDS = _COMPARED | {"actor", "target", "source", "count"}
_CONTROL = frozenset({"place", "holder", "status"})
_SHAPES = (
    {"text", "claim"},
    {"text", "claim", "has"},
    {"text", "claim", "lacks"},
    {"text", "claim", "number"},
    {"text", "no_claim"},
    {"text", "control"},
    {"text", "no_control"},
    {"same"},
    {"same", "claim"},
    {"differs"},
    {"differs", "claim"},
)


@dataclass(frozen=True, slots=True)
class Case:
    """A minimal pair: two texts, and the checks (see the module's docstring) that their readings must hold."""

    id: str
    theme: str
    before: str
    after: str
    published: str | None
    checks: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case went: ``broken`` are the checks that did not hold, in words."""

    case: Case
    broken: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every check held."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many cases passed."""

    passed: int
    cases: int

    @property
    def share(self) -> float:
        """Passed cases over cases, 0 to 1; 0 when there are none."""
        return self.passed / self.cases if self.cases else 0.0


def through(line: Pipeline) -> Read:
    """How a pipeline, and so any reader, reads a text: give it to :func:`run` to measure another reader than the packaged one."""
    return lambda text, published: line.read(from_text(text, published=published))


def load(folder: Path) -> list[Case]:
    """All cases of the folder's TOML files, by file name. Raises InputError that says which case is ill formed, and how."""
    cases = list(chain.from_iterable(map(_file, sorted(folder.glob("*.toml")))))
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise InputError(f"{folder}: the case {case.id} is there twice")
        seen.add(case.id)
    if not cases:
        raise InputError(f"{folder} holds no case files")
    return cases


def run(cases: Iterable[Case], read: Read | None = None) -> list[Outcome]:
    """Read both texts of each case and check them; ``read`` (text, published) is by default the packaged pipeline."""
    reading = read or through(pipeline.default())
    return [_run_one(case, reading) for case in cases]


def rates(outcomes: Iterable[Outcome]) -> dict[str, Rate]:
    """Pass rate by theme, themes in order of first case, and the rate of all under ``"all"``, last."""
    tally: dict[str, list[bool]] = defaultdict(list)
    for o in outcomes:
        tally[o.case.theme].append(o.passed)
    out = {theme: Rate(sum(passed), len(passed)) for theme, passed in tally.items()}
    out["all"] = Rate(sum(r.passed for r in out.values()), sum(r.cases for r in out.values()))
    return out


def _file(path: Path) -> list[Case]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return [_case(row, raw["theme"]) for row in raw["case"]]
    except (tomllib.TOMLDecodeError, KeyError, InputError) as error:
        raise InputError(f"{path.name}: {error}") from error


def _case(row: Table, theme: str) -> Case:
    wanted = {"id", "before", "after", "published", "checks"}
    if set(row) != wanted:
        raise InputError(f"case {row.get('id')}: wants {sorted(wanted)}, has {sorted(row)}")
    case = Case(row["id"], theme, row["before"], row["after"], row["published"] or None, tuple(row["checks"]))
    if not case.before.strip() or case.before == case.after:
        raise InputError(f"case {case.id}: before and after are to be two different texts")
    if case.published and not edtf.valid(case.published):
        raise InputError(f"case {case.id}: published is not a date: {case.published!r}")
    if not case.checks:
        raise InputError(f"case {case.id}: has no checks")
    for check in case.checks:
        wrong = _wrong(check)
        if wrong:
            raise InputError(f"case {case.id}: {wrong} in {dict(check)}")
    return case


def _wrong(check: Table) -> str | None:
    """What is ill formed in a check, or None."""
    if set(check) not in _SHAPES:
        return "no such check"
    if check.get("text", "both") not in _TEXTS:
        return "no such text"
    patterns = [check[k] for k in ("claim", "has", "lacks", "no_claim") if k in check]
    unknown = {k for p in patterns for k in p} - _FIELDS
    unknown |= {k for k in ("control", "no_control") if k in check for k in set(check[k]) - _CONTROL}
    unknown |= set(check.get("same", check.get("differs", []))) - _COMPARED
    unknown |= {t for p in patterns for t in _listed(p.get("type", []))} - set(taxonomy.types())
    unknown |= {c for p in patterns for c in _listed(p.get("certainty", []))} - {
        "asserted",
        "hedged",
        "denied",
        "expected",
    }
    if unknown:
        return f"unknown {', '.join(sorted(unknown))}"
    bad = [d for p in patterns for d in _alternatives(p.get("date", "")) if d and not edtf.valid(d)]
    return f"no date {bad[0]!r}" if bad else None


def _run_one(case: Case, read: Read) -> Outcome:
    readings = {"before": read(case.before, case.published), "after": read(case.after, case.published)}
    return Outcome(case, tuple(_said(check) for check in case.checks if not _holds(check, readings)))


def _said(check: Table) -> str:
    return ", ".join(f"{k} {v}" for k, v in check.items())


def _holds(check: Table, readings: Mapping[str, Reading]) -> bool:
    if "text" in check:
        return all(_holds_in(check, readings[name]) for name in _TEXTS[check["text"]])
    fields: Sequence[str] = check.get("same") or check["differs"]
    pattern = check.get("claim", {})
    before, after = ([c for c in readings[name].claims if _fits(c, pattern)] for name in ("before", "after"))
    if not before or not after:
        return False
    if "same" in check:
        return _paired(before, after, lambda a, b: all(_equal(a, b, f) for f in fields))
    return not any(_equal(a, b, f) for a in before for b in after for f in fields)


def _holds_in(check: Table, reading: Reading) -> bool:
    if "control" in check:
        return any(_control_fits(c, check["control"]) for c in reading.control)
    if "no_control" in check:
        return not any(_control_fits(c, check["no_control"]) for c in reading.control)
    if "no_claim" in check:
        return not any(_fits(c, check["no_claim"]) for c in reading.claims)
    claims = [c for c in reading.claims if _fits(c, check["claim"])]
    if "number" in check:
        return bool(len(claims) == check["number"])
    return (
        bool(claims)
        and all(_fits(c, check.get("has", {})) for c in claims)
        and not any("lacks" in check and _fits(c, check["lacks"]) for c in claims)
    )


def _fits(claim: Claim, pattern: Table) -> bool:
    return all(_field_fits(claim, name, wanted) for name, wanted in pattern.items())


def _field_fits(claim: Claim, name: str, wanted: Any) -> bool:
    match name:
        case "type":
            return claim.type in _listed(wanted)
        case "certainty":
            return claim.certainty in _listed(wanted)
        case "place":
            return _paired(_listed(wanted), claim.place_names, _named)
        case "actors":
            return _paired(_listed(wanted), claim.actor_names, _named)
        case "targets":
            return _paired(_listed(wanted), claim.target_names, _named)
        case "sources":
            return _paired(wanted, _chains(claim), _chain_fits)
        case "actor":
            return any(_named(wanted, n) for n in claim.actor_names)
        case "target":
            return any(_named(wanted, n) for n in claim.target_names)
        case "source":
            return any(_named(wanted, c[-1]) for c in _chains(claim))
        case "date":
            return any(_same_days(d, claim.date) for d in _alternatives(wanted))
        case "counts":
            return _paired(wanted, claim.counts, _count_fits)
        case _:
            return any(_count_fits(wanted, c) for c in claim.counts)


def _control_fits(statement: ControlStatement, pattern: Table) -> bool:
    holder = pattern.get("holder")
    if not _named(pattern.get("place", statement.place), statement.place):
        return False
    if pattern.get("status", statement.status) != statement.status:
        return False
    return holder is None or (
        _named(holder, statement.holder) if holder and statement.holder else holder == (statement.holder or "")
    )


def _equal(a: Claim, b: Claim, name: str) -> bool:
    match name:
        case "type":
            return a.type == b.type
        case "certainty":
            return a.certainty == b.certainty
        case "place":
            return _paired(a.place_names, b.place_names, same_name)
        case "actors":
            return _paired(a.actor_names, b.actor_names, same_name)
        case "targets":
            return _paired(a.target_names, b.target_names, same_name)
        case "sources":
            return _paired(_chains(a), _chains(b), _chain_fits)
        case "date":
            return _same_days(a.date, b.date)
        case _:
            return _paired(a.counts, b.counts, lambda x, y: (x.what, x.min, x.max) == (y.what, y.min, y.max))


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _alternatives(value: str) -> list[str]:
    return [v.strip() for v in value.split("|")]


def _named(wanted: str, name: str) -> bool:
    return any(same_name(w, name) for w in _alternatives(wanted))


def _chains(claim: Claim) -> list[tuple[str, ...]]:
    return [c for c in claim.source_names if c]


def _chain_fits(wanted: Sequence[str], got: Sequence[str]) -> bool:
    return len(wanted) == len(got) and all(map(_named, wanted, got))


def _count_fits(wanted: Table, got: Count) -> bool:
    return (wanted["what"], wanted.get("min"), wanted.get("max")) == (got.what, got.min, got.max)


def _same_days(a: str | None, b: str | None) -> bool:
    return (edtf.bounds(a) == edtf.bounds(b)) if a and b else not a and not b


def _paired(wanted: Sequence[Any], got: Sequence[Any], fits: Callable[[Any, Any], bool]) -> bool:
    """Whether the two lists pair off one to one, in any order."""
    if len(wanted) != len(got):
        return False
    left = list(got)
    for w in wanted:
        at = next((i for i, g in enumerate(left) if fits(w, g)), None)
        if at is None:
            return False
        del left[at]
    return True
