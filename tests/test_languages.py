"""Reports in other languages: told openly, kept, found again, with the names that they hold; read as soon as somebody can."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from tadmor import Ledger, gather, pipeline
from tadmor.cli import cli
from tadmor.gather.language import language
from tadmor.intake.sorting import BOTH
from tadmor.ledger import Store
from tadmor.model import Reading
from tadmor.record import from_record, to_record
from tadmor.resolve.foreign_words import fold, forms

PUBLISHED = "2016-12-12"  # a Monday
# what each text says, in the form (mention type, identity or value)
TEXTS: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "ar": (
        "قال ناشطون يوم الأحد إن الجيش السوري قصف مدينة حمص وإن 12 مدنيا قتلوا قرب بلدة سراقب. وأعلن تنظيم داعش أنه سيطر على"
        " تدمر في 11 كانون الأول 2016، بينما وصلت قافلة إلى سوريا والعراق.",
        {
            ("time", "2016-12-11"), ("actor", "actor:syrian-army"), ("place", "geonames:169577"),
            ("actor", "actor:islamic-state"),
            ("place", "geonames:164816"), ("place", "country:SY"), ("place", "country:IQ"),
        },
    ),
    "ru": (
        "Министерство обороны России сообщило вчера, что боевики ИГИЛ отступили из Пальмиры. В Харькове погибли 12 человек,"
        " в Дамаске слышны взрывы. Сирийская армия вошла в Алеппо 3 декабря.",
        {
            ("actor", "actor:russian-defence-ministry"), ("time", "2016-12-11"), ("actor", "actor:islamic-state"),
            ("place", "geonames:163808"), ("place", "geonames:706483"), ("place", "geonames:170654"),
            ("actor", "actor:syrian-army"), ("place", "geonames:170063"), ("time", "2016-12-03"),
        },
    ),
    "uk": (
        "Збройні сили України відбили атаки біля Авдіївки, повідомив Генштаб у суботу. Російські війська обстріляли Харків і"
        " Бахмут, загинуло 12 цивільних. У Києві було тихо, 24 лютого 2023 року там оголосили тривогу.",
        {
            ("actor", "actor:ukrainian-army"), ("place", "geonames:713122"), ("actor", "actor:ukrainian-general-staff"),
            ("time", "2016-12-10"), ("actor", "actor:russian-armed-forces"), ("place", "geonames:706483"),
            ("place", "geonames:713174"), ("place", "geonames:703448"), ("time", "2023-02-24"),
        },
    ),
    "fr": (
        "L'armée syrienne a annoncé dimanche avoir repris Palmyre à l'État islamique. Des frappes ont tué 12 civils près d'Alep"
        " et de Damas le 3 décembre, selon l'Observatoire syrien des droits de l'homme, basé en Syrie.",
        {
            ("actor", "actor:syrian-army"), ("time", "2016-12-11"), ("place", "geonames:163808"),
            ("actor", "actor:islamic-state"),
            ("place", "geonames:170063"), ("place", "geonames:170654"), ("time", "2016-12-03"), ("actor", "actor:sohr"),
            ("place", "country:SY"),
        },
    ),
    "es": (
        "El Ejército sirio recuperó el domingo la ciudad de Alepo, según el Observatorio Sirio de Derechos Humanos. Al menos 12"
        " combatientes del Estado Islámico murieron cerca de Damasco el 3 de diciembre de 2016. En Colombia, el ELN atacó Cauca.",
        {
            ("actor", "actor:syrian-army"), ("time", "2016-12-11"), ("place", "geonames:170063"), ("actor", "actor:sohr"),
            ("actor", "actor:islamic-state"), ("place", "geonames:170654"), ("time", "2016-12-03"), ("place", "country:CO"),
            ("actor", "actor:eln"),
        },
    ),
}  # fmt: skip


def read(text: str, **given: str) -> Reading:
    return pipeline.default("rules").read(gather.from_text(text, **{"published": PUBLISHED, **given}))


@pytest.mark.parametrize("code", TEXTS)
def test_a_report_that_nobody_can_read_shows_what_it_names(code: str) -> None:
    text, expected = TEXTS[code]
    reading = read(text)
    assert reading.unread == "language"
    assert reading.claims == ()
    assert code in reading.warnings[0]
    found = {(m.type, str(m.value if m.type == "time" else m.entity)) for m in reading.mentions}
    assert expected <= found, expected - found
    assert ("quantity", 12.0) in {(m.type, m.min) for m in reading.mentions}
    for m in reading.mentions:
        assert reading.report.text[m.start : m.end] == m.text
    ends = [(m.start, m.end) for m in reading.mentions]
    assert all(a[1] <= b[0] for a, b in pairwise(ends)), "none overlaps another"


@pytest.mark.parametrize("code", TEXTS)
def test_places_have_a_point_and_actors_a_name(code: str) -> None:
    mentions = read(TEXTS[code][0]).mentions
    assert all(m.lat is not None and m.country and m.name for m in mentions if m.type == "place")
    assert all(m.name for m in mentions if m.type == "actor")


def test_namesakes_are_those_of_the_country_that_is_spoken_of() -> None:
    text = "Según activistas, los rebeldes entraron en Palmira y en Alepo; el Gobierno de {} lo negó el lunes por la tarde."
    at_home = {m.text: m.country for m in read(text.format("Siria")).mentions}
    assert at_home["Palmira"] == "SY"


def test_a_text_full_of_foreign_names_is_english() -> None:
    for text in (
        "The Observatoire syrien des droits de l'homme said that the Forces démocratiques syriennes took Ain Issa.",
        "Al-Quwwat al-Musallaha and the Ejército del Pueblo were said to have met near Deir Hafir on Sunday.",
    ):
        assert language(text) == "en"
        assert read(text).unread is None


def test_a_text_too_short_to_tell_is_taken_for_english() -> None:
    assert language("Idlib fell.") is None
    assert read("Idlib fell.").unread is None


def test_the_record_says_that_nobody_has_read_it() -> None:
    row = to_record(read(TEXTS["fr"][0]))
    assert row["unread"] == "language"
    assert "unread" not in to_record(read("Rebels captured Idlib on Sunday, residents said."))
    assert from_record(json.loads(json.dumps(row))).unread == "language"


def test_it_is_kept_found_and_not_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    (tmp_path / "in.txt").write_text(TEXTS["uk"][0], encoding="utf-8")
    with Ledger(path, reader="rules") as ledger:
        [first] = ledger.add(tmp_path / "in.txt", sorting=BOTH)
        [second] = ledger.add(tmp_path / "in.txt", sorting=BOTH)
        assert (first.added, first.unread, second.added) == (True, "language", False)  # type: ignore[union-attr]
        assert "Ukrainian" in first.why  # type: ignore[union-attr]
        [(_, row)] = ledger.store.unread("language")
        assert (row.language, row.reason) == ("uk", "language")
        assert ledger.store.readers() == [], "nobody has read it"


class Polyglot:
    """A reader of all languages, which has requests under way."""

    def __init__(self) -> None:
        from tadmor.model import ReaderInfo

        self.info, self.width, self.note = ReaderInfo("polyglot", "1"), 2, ""

    def begin(self, report: object) -> None:
        pass

    def forget(self) -> None:
        pass

    def read(self, report: object) -> Reading:
        return Reading(report, self.info)  # type: ignore[arg-type]


def test_a_second_reader_reads_what_was_kept_unread(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    (tmp_path / "in.txt").write_text(TEXTS["ru"][0], encoding="utf-8")
    with Ledger(path, reader="rules") as ledger:
        ledger.add(tmp_path / "in.txt")
    line = pipeline.Pipeline(Polyglot(), pipeline.resources())
    with Ledger(path, line=line) as ledger:
        [outcome] = ledger.adding_unread(["language"])
        assert outcome.added  # type: ignore[union-attr]
        assert outcome.unread is None  # type: ignore[union-attr]
        assert ledger.store.unread_counts() == {}
        assert [r.name for r in ledger.store.readers()] == ["polyglot"]
    with Store(path) as store:
        assert len(list(store.readings(superseded=True))) == 2, "how it was kept before stays"


def test_the_command_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(TEXTS["es"][0], encoding="utf-8")
    run = CliRunner()
    shown = run.invoke(cli, ["read", str(tmp_path / "in.txt"), "--reader", "rules", "--published", PUBLISHED])
    assert shown.exit_code == 0, shown.output
    assert "not read: it is in Spanish (es)" in " ".join(shown.output.split())
    assert "Aleppo" in shown.output
    assert "is kept" not in shown.output, "read keeps nothing"
    added = run.invoke(
        cli, ["add", str(tmp_path / "in.txt"), "--reader", "rules", "--ledger", str(tmp_path / "war.db")]
    )
    assert added.exit_code == 0, added.output
    assert "1 kept unread" in added.stderr
    listed = run.invoke(cli, ["add", "--unread", "all", "-n", "--ledger", str(tmp_path / "war.db")])
    assert "language" in listed.stdout


@pytest.mark.parametrize("reason", ["language", "all"])
def test_what_is_still_unread_for_want_of_a_model_is_said_with_its_mend(tmp_path: Path, reason: str) -> None:
    ledger = str(tmp_path / "war.db")
    (tmp_path / "in.txt").write_text(TEXTS["es"][0], encoding="utf-8")
    run = CliRunner()
    run.invoke(cli, ["add", str(tmp_path / "in.txt"), "--reader", "rules", "--ledger", ledger])
    again = run.invoke(cli, ["add", "--unread", reason, "--reader", "rules", "--ledger", ledger])
    assert again.exit_code == 0, again.output
    assert "1 still unread, 0 known already, 0 not read" in again.stderr
    assert "1 still unread: in a language that the rules reader does not know" in again.stderr
    assert "--reader llm --model NAME" in again.stderr
    assert "docs/second-reader.md" in again.stderr


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Харькове", "Харьков"),
        ("Пальмиры", "Пальмира"),
        ("Києві", "Київ"),
        ("Авдіївки", "Авдіївка"),
        ("Донецком", "Донецк"),
    ],
)
def test_names_are_found_in_every_case(word: str, name: str) -> None:
    assert name in list(forms(word))


def test_particles_are_taken_off() -> None:
    assert "حلب" in list(forms("وحلب"))
    assert "الرقة" in list(forms("للرقة"))
    assert "الرقة" in list(forms("بالرقة"))
    assert fold("إدلب") == fold("ادلب")
