"""Reports written for these tests, with what a reader could have found in them: right to left and with long names."""

from __future__ import annotations

from pathlib import Path

from tadmor import Ledger
from tadmor.ledger import Store
from tadmor.model import Attribution, Claim, Count, Failure, Mention, Passage, ReaderInfo, Reading, Report, Source, Span

READER = ReaderInfo("made", "1")
ARABIC, LONG = "arabic-bulletin", "long-names"


class _Text:
    """A text that grows, and where its words stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    def span(self, words: str, after: int = 0) -> Span:
        start = self.text.index(words, after)
        return Span(start, start + len(words), words)


def _report(id: str, text: str, title: str, publisher: str, published: str, language: str = "en") -> Report:
    end = len(title)
    blocks = [Passage(0, end, "headline")]
    at = end + 1
    for line in text[end + 1 :].split("\n"):
        if line:
            blocks.append(Passage(at, at + len(line), "lead" if len(blocks) == 1 else "body"))
        at += len(line) + 1
    return Report(
        id,
        text,
        title=title,
        publisher=publisher,
        published=published,
        published_basis="given",
        language=language,
        passages=tuple(blocks),
    )


def arabic() -> Reading:
    """Two claims about Palmyra and Aleppo in Arabic, with a source, an actor, a day and a number."""
    title = "نشرة المساء: اشتباكات حول تدمر"
    body = (
        "قال المرصد المحلي يوم السبت إن المسلحين سيطروا على قلعة تدمر بعد اشتباكات استمرت ثلاثة أيام.\n"
        "وقُتل 12 شخصاً في غارة جوية على حلب، بحسب مصادر طبية، بينما نفت وزارة الدفاع (Ministry of Defence) ذلك.\n"
    )
    t = _Text(f"{title}\n{body}")
    monitor, said = t.span("المرصد المحلي"), t.span("قال")
    doctors, by = t.span("مصادر طبية"), t.span("بحسب")
    taken, raid = t.span("المسلحين سيطروا على قلعة تدمر"), t.span("وقُتل 12 شخصاً في غارة جوية على حلب")
    who, castle, aleppo, day, dead = (
        t.span(w, len(title)) for w in ("المسلحين", "قلعة تدمر", "حلب", "يوم السبت", "12 شخصاً")
    )
    mentions = (
        Mention("m1", who.start, who.end, who.text, "actor", "nominal", name="المسلحين", side="opposition"),
        Mention(
            "m2", castle.start, castle.end, castle.text, "place", entity="geonames:163808", name="Tadmur",
            lat=34.56, lon=38.28, country="SY",
        ),
        Mention(
            "m3", aleppo.start, aleppo.end, aleppo.text, "place", entity="geonames:170063", name="Aleppo",
            lat=36.2, lon=37.16, country="SY",
        ),
        Mention("m4", day.start, day.end, day.text, "time", value="2016-12-10"),
        Mention("m5", dead.start, dead.end, dead.text, "quantity", min=12, max=12, unit="person"),
    )  # fmt: skip
    attributions = (
        Attribution(
            "a1",
            Source(monitor.start, monitor.end, monitor.text, monitor.text, None, None, False, "monitor"),
            said,
            (taken,),
        ),
        Attribution(
            "a2",
            Source(doctors.start, doctors.end, doctors.text, doctors.text, None, None, True, "witness"),
            by,
            (raid,),
        ),
    )
    claims = (
        Claim(
            "c1", "territory_taken", "asserted", taken.start, taken.end, taken.text, trigger=t.span("سيطروا"),
            sources=(("a1",),), source_names=((monitor.text,),), actors=("m1",), actor_names=(who.text,),
            places=("m2",), place_names=("Tadmur",), times=("m4",), date="2016-12-10", score=0.81,
        ),
        Claim(
            "c2", "air_strike", "hedged", raid.start, raid.end, raid.text, trigger=t.span("غارة جوية"),
            sources=(("a2",),), source_names=((doctors.text,),), places=("m3",), place_names=("Aleppo",),
            date="2016-12-10", counts=(Count("killed", 12, 12, mention="m5"),), score=0.64,
        ),
    )  # fmt: skip
    report = _report(ARABIC, t.text, title, "وكالة الأفق التجريبية", "2016-12-10", "ar")
    return Reading(report, READER, mentions, attributions, claims)


def long_names() -> Reading:
    """Names as long as they come in such reports, and a headline of three lines."""
    council = (
        "Provisional Coordinating Council of the United Countryside Brigades of the Eastern Desert and its Villages"
    )
    spokesman = (
        "the deputy spokesman of the Directorate for Information of the Joint Operations Room of the Central Region"
    )
    place = "Khirbat al-Tin al-Sharqiyah al-Jadidah near the Third Pumping Station"
    title = f"Deputy spokesman says that the {council} has left {place} without a fight after talks that went on for eleven days"
    clause = f"the {council} left {place}"
    t = _Text(
        f"{title}\nOn 9 December {clause}, {spokesman} said.\nHttpsomethingwithoutanyspaceatallthatgoesonandon{'on' * 60}.\n"
    )
    body = len(title)
    who, where, by, day = (t.span(w, body) for w in (council, place, spokesman, "9 December"))
    cause = t.span(clause, body)
    mentions = (
        Mention("m1", day.start, day.end, day.text, "time", value="2016-12-09"),
        Mention(
            "m2",
            who.start,
            who.end,
            who.text,
            "actor",
            entity="actor:countryside-brigades",
            name=council,
            side="opposition",
        ),
        Mention(
            "m3",
            where.start,
            where.end,
            where.text,
            "place",
            entity="made:khirbat",
            name=place,
            lat=34.4,
            lon=38.9,
            country="SY",
        ),
    )
    source = Source(by.start, by.end, by.text, by.text, None, None, True, "military", "government")
    attributions = (Attribution("a1", source, t.span("said", by.end), (cause,)),)
    claim = Claim(
        "c1", "territory_lost", "asserted", cause.start, cause.end, cause.text, trigger=t.span("left", cause.start),
        sources=(("a1",),), source_names=((by.text,),), actors=("m2",), actor_names=(council,),
        places=("m3",), place_names=(place,), times=("m1",), date="2016-12-09", score=0.7,
    )  # fmt: skip
    report = _report(LONG, t.text, title, "Demo Correspondents' Association of the Eastern Provinces", "2016-12-10")
    return Reading(report, READER, mentions, attributions, (claim,))


def fill(ledger: Path, reports: Path) -> None:
    """A ledger of the reports in a folder, read by the rules, and of those above."""
    with Ledger(ledger, reader="rules") as opened:
        assert not [o for o in opened.add(reports) if isinstance(o, Failure)]
    with Store(ledger) as store:
        for reading in (arabic(), long_names()):
            assert store.add(reading)
