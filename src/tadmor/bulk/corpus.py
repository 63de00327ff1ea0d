"""Reading a whole corpus in parts, on any engine: planned, worked on, tried again, told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from tadmor import edtf
from tadmor.bulk import folders, parts
from tadmor.bulk.batch import RECIPE, Done, Recipe, work
from tadmor.bulk.engines import TRIES, Engine, Trial, engine, finish
from tadmor.bulk.folders import Folder
from tadmor.bulk.kept import describe
from tadmor.bulk.parts import Part
from tadmor.errors import InputError
from tadmor.model import Failure

Tell = Callable[["Told"], None]


@dataclass(frozen=True, slots=True)
class Told:
    """How far a run is: parts done of all, and what has just come of one."""

    done: int
    total: int
    part: Done | None = None
    trial: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run: parts read, known from before and given up, and what they held."""

    read: int
    known: int
    reports: int
    claims: int
    not_read: int
    given_up: tuple[Failure, ...] = field(default=())

    @property
    def parts(self) -> int:
        """All parts of the corpus."""
        return self.read + self.known + len(self.given_up)


def read(
    inputs: Sequence[str],
    out: str,
    *,
    on: str | Engine = "local",
    jobs: int | None = None,
    recipe: Recipe | None = None,
    rows: int = parts.ROWS,
    size: int = parts.BYTES,
    tries: int = TRIES,
    pause: float = 1.0,
    tell: Tell | None = None,
) -> Run:
    """Read all files of the inputs (paths, folders or s3:// addresses) and keep the readings under ``out``.

    Parts hold ``rows`` rows of Parquet or at least ``size`` bytes of a web archive; other files are a part each. A part that
    fails is tried ``tries`` times, then given up and named; the others are finished. Parts that were read before, by the hash
    of what they hold and the reader's version, are not read again. ``tell`` is called as parts are done.
    Whoever asks the folder then is given what was read by this recipe, and not what lies there of others.
    Raises InputError when an input is not there or ``out`` cannot be written, MissingResource, BadDate.
    """
    recipe = recipe or Recipe()
    if recipe.published is not None:
        edtf.bounds(recipe.published)  # told at once, and not by every part
    recipe = replace(recipe, version=recipe.line().info.version)  # also tells at once when the weights are not there
    runner = engine(on, jobs) if isinstance(on, str) else on
    folder = Folder(out)
    describe(folder, {"recipe": asdict(recipe), RECIPE: recipe.digest, "inputs": list(inputs)})
    found, given_up = _planned(runner, inputs, rows, size, tries, pause)
    read = known = 0
    totals = dict.fromkeys(("reports", "claims", "failures"), 0)
    for got in finish(runner, partial(_work, recipe=recipe, out=out), found, tries=tries, pause=pause):
        told = Told(read + known + len(given_up), len(found))
        if isinstance(got, Trial):
            name = str(found[got.index])
            if got.last:
                given_up.append(Failure(None, name, f"given up after {got.tries} tries: {got.error}"))
            told = replace(told, trial=f"{name}: {got.error} (try {got.tries} of {tries})")
        else:
            part = got[1]
            known += part.known
            read += not part.known
            for key in totals:
                totals[key] += getattr(part, key)
            told = replace(told, done=told.done + 1, part=part)
        if tell:
            tell(told)
    return Run(read, known, totals["reports"], totals["claims"], totals["failures"], tuple(given_up))


def _work(part: Part, *, recipe: Recipe, out: str) -> Done:
    return work(part, recipe, out)


def _planned(
    runner: Engine, inputs: Iterable[str], rows: int, size: int, tries: int, pause: float
) -> tuple[list[Part], list[Failure]]:
    """The parts of all inputs, in order, and the files that cannot be cut; large web archives are cut on the engine."""
    files = [found for given in inputs for found in folders.find(given)]
    files = [f for f in files if _known_form(f.address) or f.address in inputs]
    if not files:
        raise InputError(f"nothing to read in {', '.join(inputs)}: no file of a known kind")
    large = [f.address for f in files if folders.suffix(f.address).startswith(".warc") and f.size > size]
    cuts: dict[str, list[Part]] = {}
    given_up: list[Failure] = []
    cut: Any = partial(parts.cut, rows=rows, size=size)
    for got in finish(runner, cut, large, tries=tries, pause=pause) if large else ():
        if isinstance(got, Trial):
            if got.last:
                given_up.append(Failure(None, large[got.index], got.error))
        else:
            cuts[large[got[0]]] = got[1]
    out: list[Part] = []
    for file in files:
        try:
            if file.address not in large:
                cuts[file.address] = cut(file.address)
        except InputError as error:
            given_up.append(Failure(None, file.address, str(error)))
        out += cuts.get(file.address, ())
    return out, given_up


def _known_form(address: str) -> bool:
    from tadmor.gather.forms import form_of

    return form_of(address) is not None
