"""Two readers together: what is sent to the model, what is kept, how each reading is named; other languages; the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="the second reader needs the extra tadmor[llm]")

from click.testing import CliRunner
from tests.llm_server import Reply, Server, claim, serving

from tadmor import Ledger, pipeline
from tadmor.cli import cli
from tadmor.errors import ModelError
from tadmor.gather import from_text
from tadmor.model import Claim, Failure, ReaderInfo, Reading, Report
from tadmor.reading.llm.mixed import MixedReader, certainty
from tadmor.reading.llm.reader import LlmReader
from tadmor.reading.llm.settings import LlmSettings

ENGLISH = from_text(
    "Rebels captured the town of Marjeh on Sunday, the army said. Later its jets struck the town twice.",
    id="english", published="2016-12-12",
)  # fmt: skip
ARABIC_TEXT = (
    "سيطر مقاتلو المعارضة على بلدة سراقب في ريف إدلب يوم الأحد بعد معارك استمرت يومين. "
    "وقال المرصد السوري لحقوق الإنسان إن 12 مقاتلا قتلوا في القصف على حلب."
)
ARABIC = from_text(ARABIC_TEXT, id="arabic", published="2016-12-12")
TAKEN = claim("Rebels captured the town of Marjeh on Sunday", "territory_taken", actors=["Rebels"], places=["Marjeh"])
SEIZED = claim(
    "سيطر مقاتلو المعارضة على بلدة سراقب في ريف إدلب يوم الأحد",
    "territory_taken",
    actors=["مقاتلو المعارضة"],
    places=["سراقب"],
    date="2016-12-11",
)
KILLED = claim(
    "12 مقاتلا قتلوا في القصف على حلب",
    "shelling",
    sources=[["المرصد السوري لحقوق الإنسان"]],
    places=["حلب"],
    counts=[{"what": "killed", "number": "12", "min": 12, "max": 12, "approx": False, "of": "مقاتلا"}],
)


class First:
    """A first reader that is as certain as it is told."""

    def __init__(self, *scores: float) -> None:
        self.scores = scores
        self.reads = 0

    info = ReaderInfo("first", "1")

    def read(self, report: Report) -> Reading:
        self.reads += 1
        claims = tuple(
            Claim(f"c{i}", "air_strike", "asserted", 0, 6, report.text[:6], score=s)
            for i, s in enumerate(self.scores, 1)
        )
        return Reading(report, self.info, claims=claims)


def second(server: Server, **told: Any) -> LlmReader:
    return LlmReader(
        pipeline.resources().recognisers(), LlmSettings("tiny", server.url, **{"timeout": 20.0, "retries": 0, **told})
    )


def test_the_certainty_of_a_report_is_the_mean_score_of_its_claims() -> None:
    assert certainty(First(0.9, 0.5).read(ENGLISH)) == pytest.approx(0.7)
    assert certainty(First().read(ENGLISH)) == 1.0


def test_only_what_the_first_reader_is_not_certain_of_is_sent() -> None:
    with serving({"claims": [TAKEN]}) as server:
        asking = second(server)
        sure, unsure = MixedReader(First(0.9, 0.8), asking, 0.7), MixedReader(First(0.9, 0.3), asking, 0.7)
        kept = sure.read(ENGLISH)
        assert len(server.asked) == 0
        sent = unsure.read(ENGLISH)
        assert len(server.asked) == 1
    assert [c.type for c in kept.claims] == ["air_strike", "air_strike"]
    assert [c.type for c in sent.claims] == ["territory_taken"]
    assert "certainty 0.60 is below 0.7" in sent.warnings[0]
    # one name for both, since the record has one reader for what is to be read again or not
    assert kept.reader == sent.reader == unsure.info == unsure.info_of(ENGLISH)
    assert kept.reader == ReaderInfo("mixed", "first 1, below 0.7 tiny claims-1")


def test_the_first_reader_reads_once_what_is_begun_ahead() -> None:
    with serving({"claims": [TAKEN]}) as server:
        first = First(0.2)
        mixed = MixedReader(first, second(server), 0.7)
        mixed.begin(ENGLISH)
        mixed.read(ENGLISH)
        assert (first.reads, len(server.asked)) == (1, 1)


def test_where_the_model_fails_the_first_reading_stands_and_says_so() -> None:
    with serving(Reply(status=400, body=b"{}")) as server:
        mixed = MixedReader(First(0.2), second(server), 0.7)
        reading = mixed.read(ENGLISH)
        assert [c.type for c in reading.claims] == ["air_strike"]
        assert "status 400" in reading.warnings[-1]
        # under the name of who read it, so that it is sent again when it is added again
        assert reading.reader == First.info != mixed.info_of(ENGLISH)
        with pytest.raises(ModelError):  # nobody else can read it: never silently empty
            mixed.read(ARABIC)


def test_other_languages_go_to_the_model_whenever_there_is_one() -> None:
    with serving({"claims": [SEIZED, KILLED]}) as server:
        line = pipeline.default("rules", second=LlmSettings("tiny", server.url, retries=0))
        english, arabic = line.read(ENGLISH), line.read(ARABIC)
        assert len(server.asked) == 1
        assert "Language: ar" in server.said(0)
    assert ARABIC.language == "ar"
    assert english.reader == pipeline.default("rules").info == line.info_of(ENGLISH)
    assert arabic.reader == ReaderInfo("llm", "tiny claims-1") == line.info_of(ARABIC)
    seized, killed = arabic.claims
    assert (seized.type, seized.date, seized.actor_names) == ("territory_taken", "2016-12-11", ("مقاتلو المعارضة",))
    assert seized.place_names == ("سراقب",)
    assert killed.source_names == (("المرصد السوري لحقوق الإنسان",),)
    assert [(n.what, n.min, n.max) for n in killed.counts] == [("killed", 12, 12)]
    places = {m.id: m for m in arabic.mentions}
    assert places[killed.places[0]].country == "SY"
    assert not any("dropped" in w for w in arabic.warnings)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    rows = [{"id": r.id, "text": r.text, "published": r.published} for r in (ENGLISH, ARABIC)]
    path = tmp_path / "reports.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def script(body: dict[str, Any], _: int) -> Any:
    return {"claims": [SEIZED, KILLED] if "سراقب" in body["messages"][-1]["content"] else [TAKEN]}


def test_read_by_a_model_from_the_command_line(told: Path, tmp_path: Path) -> None:
    with serving(script) as server:
        arguments = ("--model", "tiny", "--base-url", server.url, "--model-cache", str(tmp_path / "kept"))
        done = run("read", str(told), "--reader", "llm", "--format", "jsonl", *arguments)
        assert done.exit_code == 0, done.stderr
        english, arabic = map(json.loads, done.stdout.splitlines())
        assert english["reader"] == {"name": "llm", "version": "tiny claims-1"}
        assert [len(english["claims"]), len(arabic["claims"])] == [1, 2]
        assert "second reader tiny: 2 requests, 1,800 tokens in, 200 out" in done.stderr
        again = run("read", str(told), "--reader", "llm", "--format", "jsonl", *arguments, "--budget-tokens", "0")
        assert again.stdout == done.stdout
        assert "2 answers from the cache" in again.stderr
        assert run("read", str(told), "--reader", "rules", "--format", "jsonl").stderr == ""
        spent = run("read", str(told), "--reader", "llm", "--format", "jsonl", *arguments[:4], "--model-cache", "none",
                    "--budget-tokens", "0")  # fmt: skip
        assert spent.exit_code == 1
        assert all("--budget-tokens" in json.loads(line)["error"] for line in spent.stdout.splitlines())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--reader", "llm"), "--model"),
        (("--budget-tokens", "5"), "--model"),
        (("--model", "m", "--budget-cost", "5"), "--price-in"),
        (("--model", "m", "--base-url", "file:///etc/passwd"), "no address"),
    ],
)
def test_what_is_wrong_with_the_options_is_said(told: Path, arguments: tuple[str, ...], says: str) -> None:
    done = CliRunner().invoke(cli, ["read", str(told), *arguments])
    assert done.exit_code != 0
    assert says in f"{done.stderr} {done.exception}"


def test_a_ledger_reads_with_the_model_once_and_again_for_another(told: Path, tmp_path: Path) -> None:
    with serving(script) as server:
        settings = LlmSettings("tiny", server.url, retries=0)
        with Ledger(tmp_path / "l.db", reader="llm", second=settings) as ledger:
            assert not [k for k in ledger.add(told) if isinstance(k, Failure)]
            ledger.add(told)
            assert len(server.asked) == 2
            assert ledger.note is not None
            assert {r.reader.version for r in ledger.readings()} == {"tiny claims-1"}
        with Ledger(tmp_path / "l.db", reader="llm", second=replace(settings, model="larger")) as ledger:
            ledger.add(told)
            assert len(server.asked) == 4
            assert {r.reader.version for r in ledger.readings()} == {"larger claims-1"}


def test_the_model_is_measured_beside_the_embedded_reader(tmp_path: Path) -> None:
    gold = {
        "report": {"id": "english", "title": "", "text": ENGLISH.text, "published": ENGLISH.published},
        "claims": [
            {"id": "c1", "quote": TAKEN["quote"], "also": [], "type": "territory_taken", "certainty": "asserted",
             "sources": [["the army"]], "actors": ["Rebels"], "targets": [], "place": "Marjeh", "date": "2016-12-11",
             "counts": []}
        ],
        "control": [],
    }  # fmt: skip
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "english.json").write_text(json.dumps(gold), encoding="utf-8")
    with serving(script) as server:
        asked = ("--reader", "llm", "--model", "tiny", "--base-url", server.url, "--model-cache", "none")
        done = run("eval", "claims", str(tmp_path / "gold"), *asked, "--json")
        assert done.exit_code == 0, done.stderr
        figures = json.loads(done.stdout)
        assert figures["typed_f1"] == 1.0
        assert figures["claims"] == 1
        assert set(figures["beside"]["embedded"]) == set(figures) - {"beside"}
        table = run("eval", "claims", str(tmp_path / "gold"), *asked)
        assert table.stdout.splitlines()[0].split() == ["llm", "embedded"]
        assert len(table.stdout.splitlines()[1].split()) == 3


def test_what_is_added_in_the_app_in_another_language_is_read_by_the_model(tmp_path: Path) -> None:
    from test_web_adding import finished
    from test_web_made import API, WHO, client, fill

    with serving(script) as server:
        settings = LlmSettings("tiny", server.url, retries=0)
        with client(fill(tmp_path / "app.db", []), second=settings) as api:
            body = {"text": ARABIC_TEXT, "published": "2016-12-12"}
            (kept,) = finished(api, api.post(f"{API}/reports", json=body, headers=WHO))["kept"]
            told = api.get(f"{API}/reports/{kept['report']}").json()
    assert kept["claims"] == 2
    assert told["reader"] == {"name": "llm", "version": "tiny claims-1"}
    assert told["claims"][0]["text"] == SEIZED["quote"]


def test_what_was_kept_unread_is_read_once_there_is_a_model(told: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.db", reader="rules") as ledger:
        ledger.add(told)
        assert sorted(r.unread or "" for r in ledger.readings()) == ["", "language"]
    with serving(script) as server:
        settings = LlmSettings("tiny", server.url, retries=0)
        with Ledger(tmp_path / "l.db", reader="rules", second=settings) as ledger:
            outcomes = ledger.add(told)
            assert [k.added for k in outcomes if not isinstance(k, Failure)] == [False, True]
            assert len(server.asked) == 1
            readings = {r.report.id: r for r in ledger.readings()}
    assert readings["english"].reader.name == "rules"
    assert (readings["arabic"].reader.name, len(readings["arabic"].claims)) == ("llm", 2)


def test_a_review_outlasts_another_model(told: Path, tmp_path: Path) -> None:
    from tadmor.model import ClaimRef

    with serving(script) as server:
        settings = LlmSettings("tiny", server.url, retries=0)
        with Ledger(tmp_path / "l.db", reader="llm", second=settings) as ledger:
            ledger.add(told)
            ledger.correct(ClaimRef("english", "c1"), {"certainty": "hedged"}, who="Ana", why="it is the army's word")
        with Ledger(tmp_path / "l.db", reader="llm", second=replace(settings, model="larger")) as ledger:
            ledger.add(told)
            assert len(server.asked) == 4
            (claim_of,) = next(r for r in ledger.readings() if r.report.id == "english").claims
    assert claim_of.certainty == "hedged"


def test_the_running_total_is_told_when_a_run_is_broken_off(capsys: pytest.CaptureFixture[str]) -> None:
    from tadmor.cli import options

    with serving({"claims": [TAKEN]}) as server:
        line = pipeline.default("llm", second=LlmSettings("tiny", server.url, retries=0))

        def broken_off() -> None:
            with options.total(line):
                line.read(ENGLISH)
                raise SystemExit(130)

        with pytest.raises(SystemExit):
            broken_off()
    assert "1 request, 900 tokens in, 100 out" in capsys.readouterr().err
