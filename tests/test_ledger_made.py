"""Readings made for the ledger's tests, and that the ledger gives them back exactly."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import Where, emptied
from tadmor.ledger import Store
from tadmor.model import (
    Attribution,
    Claim,
    ControlStatement,
    Count,
    Mention,
    Passage,
    ReaderInfo,
    Reading,
    Report,
    Source,
    Span,
)
from tadmor.reconcile.accounts import accounts

READER = ReaderInfo("made", "1")


def made(
    number: int,
    *,
    claims: int = 3,
    id: str | None = None,
    reader: ReaderInfo = READER,
    published: str | None = "2016-12-12",
    basis: str = "metadata",
    town: str = "Palmyra",
    town_entity: str | None = "geonames:163808",
    town_name: str | None = "Palmyra",
    date: str | None = "2016-12-11",
    tail: str = "",
) -> Reading:
    """A reading of a report "Bulletin N": the agency says that group G took the town, ``claims`` times."""
    text = f"Bulletin {number}\n"
    mentions: list[Mention] = []
    found: list[Claim] = []
    for k in range(claims):
        start = len(text)
        group, agency = f"Group {k % 3}", "Northern Agency"
        text += f"{group} took {town} in move {k}, {agency} said.\n"
        at = start + len(group) + len(" took ")
        mentions.append(
            Mention(
                f"m{2 * k}",
                start,
                start + len(group),
                group,
                "actor",
                entity=f"actor:group-{k % 3}",
                name=f"The Group {k % 3}",
                kind="armed group",
                side="opposition",
            )
        )
        mentions.append(
            Mention(
                f"m{2 * k + 1}",
                at,
                at + len(town),
                town,
                "place",
                entity=town_entity,
                name=town_name,
                lat=34.56 if town_entity else None,
                lon=38.28 if town_entity else None,
                country="SY" if town_entity else None,
            )
        )
        clause = text[start : at + len(town)]
        found.append(
            Claim(
                f"c{k + 1}",
                "territory_taken" if k % 2 == 0 else "air_strike",
                "asserted",
                start,
                start + len(clause),
                clause,
                trigger=Span(at - 5, at - 1, "took"),
                sources=(("a1",),) if k % 2 == 0 else (),
                source_names=((agency,),) if k % 2 == 0 else (),
                actors=(f"m{2 * k}",),
                actor_names=(group,),
                places=(f"m{2 * k + 1}",),
                place_names=(town,),
                date=date,
                counts=(Count("killed", 12, None, "fighters", approx=True),),
                acled="Battles/Non-state actor overtakes territory",
                score=0.75,
            )
        )
    text += tail
    at = text.find("Northern Agency")
    said = (
        (
            Attribution(
                "a1",
                Source(
                    at, at + 15, "Northern Agency", "Northern Agency", None, "actor:northern", False, "agency", None
                ),
                Span(at + 16, at + 20, "said"),
                (),
            ),
        )
        if claims
        else ()
    )
    title = f"Bulletin {number}"
    report = Report(
        id or f"r{number}",
        text,
        title=title,
        publisher="The Wire",
        language="en",
        published=published,
        published_basis=basis if published else "none",  # type: ignore[arg-type]
        passages=(Passage(0, len(title), "headline"), Passage(len(title) + 1, len(text), "body")),
        metadata={"section": "front"},
    )
    control = (ControlStatement(town, "Group 0", "held", date, ("c1",)),) if claims else ()
    return Reading(report, reader, tuple(mentions), said, tuple(found), control, ("made for a test",))


def test_a_reading_comes_back_as_it_was_given(where: Where) -> None:
    readings = [made(1), made(2, claims=0), made(3, date=None, town_entity=None, town_name=None)]
    with Store(where) as store:
        assert [store.add(r) for r in readings] == [True, True, True]
        assert list(store.readings()) == readings
        assert store.reading("r1") == readings[0]
        assert store.report("r3") == readings[2].report
        assert list(store.accounts()) == [a for r in readings for a in accounts(r)]


_any_text = st.text(st.characters(codec=None), max_size=60)  # surrogates and NUL among them


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(id=_any_text, tail=_any_text, title=_any_text, name=_any_text, note=_any_text)
def test_any_string_comes_back_as_it_was_given(
    where: Where, id: str, tail: str, title: str, name: str, note: str
) -> None:
    base = made(1, tail=f"{tail}\ue000{name}")
    mentions = tuple(replace(m, name=name, entity=f"x:{note}") for m in base.mentions)
    report = replace(base.report, id=id, title=title, publisher=name, url=note, metadata={name: note})
    reading = replace(base, report=report, mentions=mentions, warnings=(note,))
    with Store(emptied(where)) as store:
        assert store.add(reading)
        assert not store.add(reading)
        assert store.known(reading.report, reading.reader)
        assert store.reading(id) == reading
        assert (
            list(store.accounts(place=name if name.strip() else "Palmyra"))
            == list(store.accounts())
            == accounts(reading)
        )
        assert store.report(id).text_hash == reading.report.text_hash


def test_strings_that_begin_like_escaped_ones_are_kept(where: Where) -> None:
    reading = made(1, id='\ue000"r1"')
    with Store(where) as store:
        store.add(reading)
        assert store.reading('\ue000"r1"') == reading


def test_a_report_of_two_thousand_claims(where: Where) -> None:
    reading = made(1, claims=2000)
    first = dt.date(1971, 1, 1)  # each claim of a week of its own: two thousand of one day would all be compared
    days = (str(first + dt.timedelta(weeks=n)) for n in range(2000))
    reading = replace(reading, claims=tuple(replace(c, date=next(days)) for c in reading.claims))
    with Store(where) as store:
        assert store.add(reading)
        assert not store.add(reading)
        assert sum(1 for _ in store.accounts()) == 2000
        assert store.reading("r1") == reading
