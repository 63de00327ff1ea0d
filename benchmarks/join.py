"""``tadmor control --join`` on a made ledger: rows a second, against a bare look-up in a dict in the same run.

A war that never was: places that change hands some times in eight years, some much spoken of and most little, and reports in
which outlets, monitors and the parties say who took, holds or attacks them. All follows from a seed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tadmor import Ledger
from tadmor.model import Attribution, Certainty, Claim, Mention, Passage, ReaderInfo, Reading, Report, Source, Span
from tadmor.model import SourceKind as Kind
from tadmor.publish import jsonl

FIRST, DAYS = dt.date(2012, 1, 1), 8 * 365
PARTIES = (("the Northern Army", "north"), ("the Southern Front", "south"), ("the Hill League", "league"))
SPEAKERS: tuple[tuple[str, Kind, str | None], ...] = (
    ("the Coast Observatory", "monitor", None),
    ("the River Monitor", "monitor", None),
    ("an army spokesman", "military", "north"),
    ("the Southern Front's press office", "armed group", "south"),
    ("a league commander", "armed group", "league"),
    ("the Northern News Agency", "agency", "north"),
    ("residents", "witness", None),
)
KINDS = ("territory_held", "territory_held", "territory_held", "armed_clash", "advance", "attack_repelled", "siege")
VERBS = {
    "territory_taken": ("captured", "seized", "took"),
    "territory_held": ("held", "controlled", "was in control of"),
    "armed_clash": ("fought for", "clashed near the square of"),
    "advance": ("pushed towards", "advanced on"),
    "attack_repelled": ("beat back an attack on", "repelled an assault on"),
    "siege": ("besieged", "surrounded"),
}
ENDS = ("after {} days of fighting", "with {} vehicles", "from {} directions", "for the time being, {} men being there")


@dataclass(frozen=True, slots=True)
class Town:
    """A made place, with the days (from ``FIRST``) on which it got each of its holders (numbers of ``PARTIES``)."""

    name: str
    entity: str
    lat: float
    lon: float
    turns: tuple[tuple[int, int], ...]

    def holder(self, day: int) -> int:
        """Who has the place on a day."""
        return [h for since, h in self.turns if since <= day][-1]


def towns(number: int, rng: random.Random) -> list[Town]:
    """Made towns on a grid some 11 km wide, each with up to five changes of holder."""
    heads = ("Bar", "Kel", "Tor", "Mas", "Dur", "Sel", "Qan", "Rif", "Zam", "Hal", "Nur", "Wad")
    tails = ("ada", "imar", "oun", "eth", "asha", "ibal", "oor", "ennes", "atra", "iyeh", "uk", "azin")
    names = ["".join(x) for x in itertools.product(heads, ("", "ra", "lo", "di", "shu", "ne", "ta", "mi", "ko"), tails)]
    rng.shuffle(names)
    out = []
    for n in range(number):
        days = sorted(rng.sample(range(1, DAYS), rng.randrange(6)))
        holders = [rng.randrange(3)]
        for _ in days:
            holders.append((holders[-1] + rng.randrange(1, 3)) % 3)
        turns = tuple(zip([0, *days], holders, strict=True))
        name = names[n % len(names)] + ("" if n < len(names) else f" {n // len(names) + 1}")
        out.append(Town(name, f"made:{n}", 33.0 + 0.1 * (n % 40), 36.0 + 0.1 * (n // 40), turns))
    return out


def readings(places: list[Town], claims: int, rng: random.Random, size: int = 25) -> Iterator[Reading]:
    """Readings of made reports of ``size`` claims each, ``claims`` claims in all; few places have most of them."""
    weights = list(itertools.accumulate(1 / (n + 3) for n in range(len(places))))
    for number in range(-(-claims // size)):
        day = rng.randrange(DAYS)
        yield _reading(number, day, rng.choices(places, cum_weights=weights, k=min(size, claims - number * size)), rng)


def _reading(number: int, day: int, about: list[Town], rng: random.Random) -> Reading:
    published = (FIRST + dt.timedelta(days=day)).isoformat()
    text = title = f"Dispatch {number}"
    text += "\n"
    mentions: list[Mention] = []
    said: list[Attribution] = []
    claims: list[Claim] = []

    def mention(start: int, name: str, **more: object) -> str:
        kind = "place" if "lat" in more else "actor"
        found = Mention(f"m{len(mentions)}", start, start + len(name), name, kind, name=name, **more)  # type: ignore[arg-type]
        mentions.append(found)
        return found.id

    for k, town in enumerate(about):
        turn = [t for t in town.turns[1:] if 0 <= day - t[0] <= 3]
        type_ = "territory_taken" if turn and rng.random() < 0.8 else rng.choice(KINDS)
        holder = turn[-1][1] if type_ == "territory_taken" else town.holder(max(0, day - rng.randrange(3)))
        doer = holder if type_ in ("territory_taken", "territory_held", "attack_repelled") else (holder + 1) % 3
        date = published if type_ != "territory_held" else f"{published}/.."
        if turn and type_ == "territory_taken":
            date = (FIRST + dt.timedelta(days=turn[-1][0])).isoformat()
        (who, side), start = PARTIES[doer], len(text)
        verb, end = rng.choice(VERBS[type_]), rng.choice(ENDS).format(rng.randrange(2, 90))
        text += f"{who} {verb} {town.name} {end}"
        place_at, stop = start + len(who) + len(verb) + 2, len(text)
        actor = mention(start, who, entity=f"made:{side}", kind="armed group", side=side)
        place = mention(place_at, town.name, entity=town.entity, lat=town.lat, lon=town.lon, country="SY")
        sources: tuple[tuple[str, ...], ...] = ()
        if rng.random() < 0.6:
            name, kind, own = rng.choice(SPEAKERS)
            at = len(text) + 2
            text += f", {name} said"
            entity = f"made:{name.replace(' ', '-')}"
            source = Source(at, at + len(name), name, name, None, entity, name == "residents", kind, own)
            cue = Span(at + len(name) + 1, at + len(name) + 5, "said")
            said.append(Attribution(f"a{k}", source, cue, (Span(start, stop, text[start:stop]),)))
            sources = ((f"a{k}",),)
        text += ".\n"
        certainty: Certainty = "hedged" if rng.random() < 0.1 else "asserted"
        claims.append(
            Claim(
                f"c{k}", type_, certainty, start, stop, text[start:stop], sources=sources,
                source_names=((said[-1].source.name,),) if sources and said[-1].source else (),
                actors=(actor,), actor_names=(who,), places=(place,), place_names=(town.name,), date=date,
            )
        )  # fmt: skip
    report = Report(
        f"d{number}", text, title, publisher=f"Outlet {rng.randrange(12)}", published=published,
        published_basis="metadata",
        passages=(Passage(0, len(title), "headline"), Passage(len(title) + 1, len(text), "body")),
    )  # fmt: skip
    return Reading(report, ReaderInfo("made", "1"), tuple(mentions), tuple(said), tuple(claims))


def points(places: list[Town], rows: int, rng: random.Random) -> str:
    """A CSV of places and days: the known ones by name, every fifth row a point of its own near one, some unheard of."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("id", "place", "country", "lat", "lon", "on"))
    weights = list(itertools.accumulate(1 / (n + 3) for n in range(len(places))))
    for n, town in enumerate(rng.choices(places, cum_weights=weights, k=rows)):
        day = FIRST + dt.timedelta(days=rng.randrange(DAYS))
        on = day.isoformat() if n % 20 else day.isoformat()[:7]
        if n % 5 == 0:
            at = (f"{town.lat + rng.uniform(-0.02, 0.02):.4f}", f"{town.lon + rng.uniform(-0.02, 0.02):.4f}")
            writer.writerow((n, f"point {n}", "SY", *at, on))
        else:
            writer.writerow((n, town.name if n % 50 != 1 else f"nowhere {n}", "SY", "", "", on))
    return stream.getvalue()


def measure(claims: int = 30_000, places: int = 1_500, rows: int = 100_000, seed: int = 7) -> dict[str, float]:
    """Rows a second of processor time, beside a dict that has every holder already; and what opening the ledger takes.

    ``rows_per_second`` counts everything from the first row on: reading the CSV, working out every timeline that is asked for,
    and answering. ``microseconds_to_write`` is what a row takes besides as a line of JSON (to nowhere), on a tenth of the rows.
    """
    rng = random.Random(seed)
    made = towns(places, rng)
    table = points(made, rows, rng)
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger(Path(folder) / "bench.db") as ledger,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
    ):
        for reading in readings(made, claims, rng):
            ledger.store.add(reading)
        begin = time.process_time()
        asked = csv.DictReader(io.StringIO(table))
        answers = ledger.join(itertools.chain([{"place": "nowhere", "on": "2012"}], asked))
        next(answers)
        opened = time.process_time() - begin
        begin = time.process_time()
        known: dict[tuple[str, str], str | None] = {}
        told = held = 0
        for row in answers:
            known[row["place"], row["on"]] = row["holder"]
            held += row["holder"] is not None
            told += len(row["claims"])
        joined = time.process_time() - begin
        begin = time.process_time()
        for asked_row in csv.DictReader(io.StringIO(table)):
            _ = dict(asked_row) | {"holder": known[asked_row["place"], asked_row["on"]]}
        bare = time.process_time() - begin
        some = list(ledger.join(itertools.islice(csv.DictReader(io.StringIO(table)), max(1, rows // 10))))
        begin = time.process_time()
        for row in some:
            jsonl.write(row, nowhere)
        wrote = (time.process_time() - begin) / len(some)
    return {
        "rows_per_second": rows / joined,
        "times_a_dict_of_holders": joined / bare,
        "microseconds_to_write": wrote * 1e6,
        "seconds_to_open_ledger": opened,
        "accounts": float(claims),
        "rows_answered": held / rows,
        "claims_per_row": told / rows,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:32} {value:.2f}")
