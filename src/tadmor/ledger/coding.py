"""What people see and correct of a claim: a coding, plain data, and the rules by which a correction is taken.

A coding has ``type``, ``certainty``, ``start``, ``end``, ``text`` (the clause, code points of the report's text, end-exclusive),
``trigger`` (the words for what happens, within the clause, as ``start``, ``end`` and ``text``, or None), ``sources`` (chains of
names, outermost first), ``actors``, ``targets`` and ``places`` (each ``name`` and ``entity``, the words of the report and the
identity, or None), ``date`` (EDTF or None) and ``counts`` (``what``, ``min``, ``max``, ``approx``, ``of``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from tadmor import edtf, taxonomy
from tadmor.errors import LedgerError
from tadmor.ledger.folding import fold

Coding = dict[str, Any]
FIELDS = ("type", "certainty", "clause", "sources", "actors", "targets", "places", "date", "counts")
"""What a claim says, by which codings are compared; the clause is ``start``, ``end`` and ``text`` of a coding."""
SETTABLE = (*FIELDS, "trigger")
"""What can be corrected. The trigger points at words and says nothing of its own, so that codings do not differ by it."""
NAMED = ("actors", "targets", "places")
COUNTED = tuple(
    "killed injured casualties captured missing displaced fighters civilians strikes vehicles area_ha other".split()
)
"""What counts are of, by the codebook."""
_LONGEST = 2000  # characters of a clause: several sentences
_NAME = 300  # characters of a name
_MANY = 50  # names, chains or counts of one claim


def coding_of(record: Mapping[str, Any], context: Mapping[str, Any] | None) -> Coding:
    """The coding of a claim's record; identities are those that ``context`` has beside it (``rows.context_of``)."""
    told = context or {}
    return {
        "type": record["type"],
        "certainty": record["certainty"],
        "start": record["start"],
        "end": record["end"],
        "text": record["text"],
        "trigger": record.get("trigger"),
        "sources": [list(chain) for chain in record["source_names"] if chain],
        "actors": _identified(record["actor_names"], told.get("actors", ())),
        "targets": _identified(record["target_names"], told.get("targets", ())),
        "places": _identified(record["place_names"], told.get("places", ())),
        "date": record["date"],
        "counts": [{k: n.get(k) for k in ("what", "min", "max", "approx", "of")} for n in record["counts"]],
    }


def part(coding: Mapping[str, Any], field: str) -> Any:
    """The value of a field; the clause as its start, end and text."""
    return [coding["start"], coding["end"], coding["text"]] if field == "clause" else coding.get(field)


def differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields in which two codings say different things; names are compared folded, or by identity where both have one."""
    return tuple(field for field in FIELDS if not _same(field, part(a, field), part(b, field)))


def corrected(coding: Coding, fields: Mapping[str, Any], text: str) -> Coding:
    """The coding with some fields set anew. Raises LedgerError, which names the field and what it takes.

    ``text`` is that of the report. A clause is a mapping of ``start`` and ``end``, or the words themselves, which must stand in
    it. Names are strings, or mappings of ``name`` and ``entity``; other keys are kept for whoever resolves them.
    """
    out = dict(coding)
    for field in fields:
        if field not in SETTABLE:
            raise LedgerError(f"{field!r} is no field of a claim; they are {', '.join(SETTABLE)}")
    for field, value in fields.items():
        if field == "clause":
            out["start"], out["end"], out["text"] = _clause(value, text, int(coding.get("start") or 0))
        elif field != "trigger":
            out[field] = _TAKES[field](value, coding.get(field) or [])
    out["trigger"] = _trigger(fields, coding, out, text)
    return out


def fresh(fields: Mapping[str, Any], text: str) -> Coding:
    """A coding made of fields alone, for a claim that no reader found: at least clause and type. Raises LedgerError."""
    for field in ("clause", "type"):
        if field not in fields:
            raise LedgerError(f"a claim needs a {field}: give it")
    bare: Coding = {
        "type": "other",
        "certainty": "asserted",
        "start": 0,
        "end": 0,
        "text": "",
        "date": None,
        "trigger": None,
    }
    return corrected(bare | {f: [] for f in ("sources", *NAMED, "counts")}, fields, text)


def _identified(names: Sequence[str], told: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Names with the identities that stand in parallel with them, else those of things of that name."""
    if len(names) == len(told):
        return [{"name": name, "entity": other[1]} for name, other in zip(names, told, strict=True)]
    known = {fold(str(other[0])): other[1] for other in told}
    return [{"name": name, "entity": known.get(fold(name))} for name in names]


def _same(field: str, a: Any, b: Any) -> bool:
    if field in NAMED:
        return {name_key(x) for x in a} == {name_key(x) for x in b}
    if field == "sources":
        return {tuple(map(fold, chain)) for chain in a} == {tuple(map(fold, chain)) for chain in b}
    if field == "counts":
        return sorted(map(_figures, a)) == sorted(map(_figures, b))
    return bool(a == b)


def apart(codings: Iterable[Coding | None]) -> tuple[str, ...]:
    """The fields in which any two of several codings differ; "claim" when somebody rejects (None) what another has."""
    every = list(codings)
    told = [coding for coding in every if coding is not None]
    fields = {f for a, b in combinations(told, 2) for f in differing(a, b)}
    if told and len(told) < len(every):
        fields.add("claim")
    return tuple(f for f in ("claim", *FIELDS) if f in fields)


def name_key(named: Mapping[str, Any]) -> str:
    """What stands for a name of a coding when two are compared: its identity, else the name folded."""
    return named.get("entity") or f"~{fold(named['name'])}"


def _figures(count: Mapping[str, Any]) -> tuple[str, float, float, bool]:
    low, high = count.get("min"), count.get("max")
    return count["what"], -1.0 if low is None else low, math.inf if high is None else high, bool(count.get("approx"))


def _clause(value: Any, text: str, near: int) -> tuple[int, int, str]:
    start, end, words = _given(value)
    if words is not None and (not isinstance(words, str) or not words.strip()):
        raise LedgerError("clause: it has no words")
    if start is None and end is None and isinstance(words, str):
        found = nearest(text, words, near)
        if found is None:
            raise LedgerError(f"clause: {_short(words)!r} does not stand in the report, word for word")
        start, end = found, found + len(words)
    if not _whole(start) or not _whole(end) or not 0 <= start < end <= len(text):
        raise LedgerError(f"clause: start and end are offsets into the report's text, 0 to {len(text)}")
    there: str = text[start:end]
    if words is not None and there != words:
        raise LedgerError(f"clause: {_short(there)!r} stands from {start} to {end}, not {_short(words)!r}")
    if not there.strip():
        raise LedgerError("clause: only white space stands there")
    if end - start > _LONGEST:
        raise LedgerError(f"clause: it has {end - start} characters; {_LONGEST} are the most")
    return start, end, there


def located(fields: Mapping[str, Any], text: str, near: int) -> dict[str, Any]:
    """The fields with clause and trigger as offsets alone, by the text that somebody sees; words stand nearest to ``near``.

    Covered text is as long as what it covers, so that the offsets are those of the report. Raises LedgerError.
    """
    out = dict(fields)
    for field in ("clause", "trigger"):
        if out.get(field) not in (None, ""):
            try:
                start, end, _ = _clause(out[field], text, near)
            except LedgerError as error:
                raise LedgerError(str(error).replace("clause:", f"{field}:", 1)) from None
            out[field] = {"start": start, "end": end}
            near = start
    return out


def _trigger(fields: Mapping[str, Any], before: Coding, after: Coding, text: str) -> dict[str, Any] | None:
    """The trigger that is given, else the one there was, where the claim is still of its type and has it in its clause."""
    within = range(after["start"], after["end"] + 1)
    if "trigger" not in fields:
        was = before.get("trigger")
        if not was or before["type"] != after["type"]:
            return None
        moved = (before["start"], before["end"]) != (after["start"], after["end"])
        return None if moved and not (was["start"] in within and was["end"] in within) else was
    value = fields["trigger"]
    if value is None or value == "":
        return None
    try:
        start, end, words = _clause(value, text, int(after["start"]))
    except LedgerError as error:
        raise LedgerError(str(error).replace("clause:", "trigger:", 1)) from None
    if start not in within or end not in within:
        said = f"{start} to {end}" if _given(value)[2] is None else repr(_short(words))
        raise LedgerError(f"trigger: {said} does not stand in the clause")
    return {"start": start, "end": end, "text": words}


def _given(value: Any) -> tuple[Any, Any, Any]:
    """Start, end and words of a clause as they were given; None for what was not."""
    if isinstance(value, str):
        return None, None, value
    if isinstance(value, Mapping):
        return value.get("start"), value.get("end"), value.get("text")
    if isinstance(value, Sequence) and len(value) in (2, 3):
        start, end, words = (*value, None)[:3]
        return start, end, words
    raise LedgerError("clause: give start and end, or the words as they stand in the report")


def nearest(text: str, words: str, near: int) -> int | None:
    """Where the words stand in the text, nearest to the offset ``near``; None when they do not."""
    after = text.find(words, max(near, 0))
    before = text.rfind(words, 0, max(near, 0) + len(words))
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: (abs(at - near), at)) if found else None


def _type(value: Any, _: Any) -> str:
    if not isinstance(value, str) or value not in taxonomy.types():
        raise LedgerError(f"type: {value!r} is none; they are {', '.join(taxonomy.types())}")
    return str(value)


def _certainty(value: Any, _: Any) -> str:
    if not isinstance(value, str) or value not in taxonomy.CERTAINTIES:
        raise LedgerError(f"certainty: {value!r} is none; they are {', '.join(taxonomy.CERTAINTIES)}")
    return str(value)


def _date(value: Any, _: Any) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not edtf.valid(value):
        raise LedgerError(f"date: {value!r} is none; write it as EDTF, as in 2016-12-11, 2016-12~ or 2016-12-11/..")
    return value


def _name(value: Any, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise LedgerError(f"{field}: a name has letters; give a list of names")
    if len(value) > _NAME:
        raise LedgerError(f"{field}: a name has {_NAME} characters at the most")
    return " ".join(value.split())


def _listed(value: Any, field: str) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise LedgerError(f"{field}: give a list")
    if len(value) > _MANY:
        raise LedgerError(f"{field}: {_MANY} are the most")
    return value


def _names(field: str) -> Callable[[Any, Any], list[dict[str, Any]]]:
    def take(value: Any, before: Any) -> list[dict[str, Any]]:
        known = {e["name"]: e for e in before}
        out: list[dict[str, Any]] = []
        for given in _listed(value, field):
            if isinstance(given, Mapping):
                name = _name(given.get("name"), field)
                entity = given.get("entity")
                if entity is not None and (not isinstance(entity, str) or not entity.strip()):
                    raise LedgerError(f"{field}: an identity is a string such as geonames:163808, or null")
                entry = {**given, "name": name}
            else:
                name = _name(given, field)
                entry = dict(known.get(name, {"name": name}))
            if entry not in out:
                out.append(entry)
        return out

    return take


def _sources(value: Any, _: Any) -> list[list[str]]:
    out: list[list[str]] = []
    for given in _listed(value, "sources"):
        chain = [_name(name, "sources") for name in _listed(given, "sources")]
        if not chain:
            raise LedgerError("sources: each is a list of names, outermost speaker first")
        if chain not in out:
            out.append(chain)
    return out


def _counts(value: Any, _: Any) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for given in _listed(value, "counts"):
        if not isinstance(given, Mapping):
            raise LedgerError("counts: each has what, min and max")
        what = given.get("what")
        if what not in COUNTED:
            raise LedgerError(f"counts: {what!r} cannot be counted; it is one of {', '.join(COUNTED)}")
        low, high = _number(given.get("min")), _number(given.get("max"))
        if low is None and high is None:
            raise LedgerError(f"counts: {what} has neither a least nor a greatest number")
        if low is not None and high is not None and low > high:
            raise LedgerError(f"counts: of {what} the least, {low:g}, is more than the greatest, {high:g}")
        of = given.get("of")
        row = {"what": what, "min": low, "max": high, "approx": bool(given.get("approx"))}
        row["of"] = _name(of, "counts") if of else None
        if row not in out:
            out.append(row)
    return out


def _number(value: Any) -> float | int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise LedgerError(f"counts: {value!r} is no number of things")
    return value


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57]}..."


_TAKES: Mapping[str, Callable[[Any, Any], Any]] = {
    "type": _type,
    "certainty": _certainty,
    "date": _date,
    "sources": _sources,
    "counts": _counts,
    **{field: _names(field) for field in NAMED},
}
