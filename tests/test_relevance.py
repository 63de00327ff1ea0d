"""Sorting before reading: what is set aside, what never is, that nothing is lost by it, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tadmor import Ledger, gather, pipeline
from tadmor.cli import cli
from tadmor.gather import relevance
from tadmor.gather.relevance import is_relevant
from tadmor.gather.reprints import says_again, sketch
from tadmor.intake.sorting import BOTH, NONE, Sorter, Sorting
from tadmor.ledger import Store
from tadmor.model import Failure, Report
from work import calls

CALM = (
    "The bakery on Mill Lane has won the county prize for its walnut cake for the third year in a row, the organisers said."
    " Visitors may taste it at the summer fair next weekend, where tickets cost four pounds and include a cup of tea.",
    "Shares of the software company rose four percent in early trading after it reported higher quarterly profits than"
    " analysts had expected. The chief executive said that demand for its subscription service remained strong in Europe.",
    "The council will vote on Tuesday on a plan to widen the cycle lane along the river. Residents have asked for more trees and"
    " better lighting, and the mayor promised that the works would be finished before the school year begins.",
    "The striker scored twice in the second half as the home side beat their neighbours by three goals to one. The coach praised"
    " his young players after the match and said that the league title was still a long way off for the club.",
)
WAR = (
    "Rebel fighters captured the town on Sunday after three days of shelling, a monitoring group said. The army said that its"
    " troops had withdrawn to the south and that twelve soldiers were killed in the attack.",
    "A drone struck a fuel depot outside the port overnight, setting tanks on fire, the regional governor said. Air defences"
    " shot down nine others. Two firefighters were wounded when a second missile hit the site.",
    "Gunmen on motorbikes opened fire on a village market in the north of the country, killing at least thirty traders,"
    " a local official said. Survivors fled across the river, and the militia was blamed for the raid by elders.",
    "The two sides agreed to a ceasefire that will begin at midnight, mediators announced. Prisoners are to be exchanged within"
    " a week, and aid convoys may enter the besieged enclave once the fighting has stopped.",
)
WIRE = (
    "Heavy fighting broke out near the northern bridge early on Thursday when government troops tried to retake the hills that"
    " the insurgents seized last week, residents said. At least 12 people were killed and 40 wounded, a hospital doctor in Karsa"
    " said by telephone. The defence ministry said that its forces had advanced two kilometres and destroyed several rocket"
    " launchers. A spokesman for the insurgents denied that they had lost any ground. Shops and schools in the town stayed closed"
    " and hundreds of families left for the coast. Aid workers said that the road was cut by mines."
)


@pytest.mark.parametrize("text", CALM)
def test_general_news_is_set_aside(text: str) -> None:
    assert not is_relevant(text)


@pytest.mark.parametrize("text", WAR)
def test_news_of_war_is_read(text: str) -> None:
    assert is_relevant(text)


def test_names_play_no_part() -> None:
    """Of a war nobody has heard of; and names of known wars do not make a bakery one."""
    assert is_relevant(WAR[0].replace("the town", "Qwxyz"))
    assert not is_relevant(CALM[0].replace("Mill Lane", "Palmyra Street in Aleppo").replace("county", "Syria"))
    weights = relevance.load().weights
    assert not {"syria", "aleppo", "isis", "assad", "ukraine", "gaza", "kiev", "putin"} & set(weights)
    assert {"shelling", "ceasefire", "airstrike"} & set(weights)


def test_one_paragraph_of_war_in_a_long_page_is_enough() -> None:
    assert is_relevant("\n\n".join((*CALM, WAR[1], *CALM, *CALM)))


def test_what_is_too_short_to_tell_is_read() -> None:
    assert is_relevant("Idlib fell.")
    assert is_relevant("")


def test_weights_that_are_damaged_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tadmor.errors import MissingResource

    (tmp_path / "data").mkdir()
    (tmp_path / "data/relevance.tsv").write_text("# version=1 constant=0.1\nword\tx\n", encoding="utf-8")
    monkeypatch.setattr(relevance, "files", lambda _: tmp_path)
    relevance.load.cache_clear()
    try:
        with pytest.raises(MissingResource, match="reinstall"):
            is_relevant(WAR[0])
    finally:
        relevance.load.cache_clear()


def test_a_reprint_says_nothing_new() -> None:
    cut = WIRE.rpartition(" Aid workers")[0]
    assert says_again(cut, WIRE)
    assert says_again(
        f"Clashes at the bridge\n{WIRE.replace('several rocket', 'some rocket')}", f"Battle in the hills\n{WIRE}"
    )
    assert set(sketch(cut)) & set(sketch(WIRE)), "and it is found by its sketch"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 people", "17 people"),  # an update
        ("12 people were killed and 40 wounded", "40 people were killed and 12 wounded, 12 of them children"),
        ("in Karsa said", "in Belmont said"),  # another place
        ("had advanced two", "had not advanced two"),  # a denial
        ("A spokesman", "General Orlov, a spokesman"),  # another speaker
    ],
)
def test_an_update_is_no_reprint(old: str, new: str) -> None:
    assert old in WIRE
    assert not says_again(WIRE.replace(old, new), WIRE)


def test_short_texts_are_never_folded() -> None:
    assert sketch(WAR[0]) == () or len(WAR[0].split()) >= 40
    assert sketch("Idlib fell.") == ()
    assert not says_again("Idlib fell.", "Idlib fell.")


def test_sketches_do_not_change_from_run_to_run() -> None:
    """They are kept in ledgers: another version of the library must not change them unseen."""
    import hashlib

    assert hashlib.sha256(repr(sketch(WIRE)).encode()).hexdigest()[:16] == SKETCH


SKETCH = "4e5eaaf1ed2cc124"


def report(id: str, text: str, **given: str) -> Report:
    return gather.from_text(text, id=id, **given)


def decide(reports: Sequence[Report], sorting: Sorting = BOTH) -> list[str | None]:
    sorter, out = Sorter(sorting), list[str | None]()
    for one in reports:
        aside = sorter.irrelevant(one)
        keys = () if aside else sorter.sketch(one)
        aside = aside or sorter.reprint(one, keys)
        if aside is None:
            sorter.hold(one, keys)
        out.append(aside.reason if aside else None)
    return out


def test_each_step_can_be_switched_off() -> None:
    reports = [report("a", WIRE), report("b", WIRE + " It rained."), report("c", CALM[0])]
    assert decide(reports) == [None, "reprint", "relevance"]
    assert decide(reports, Sorting(relevance=True)) == [None, None, "relevance"]
    assert decide(reports, Sorting(fold=True)) == [None, "reprint", None]
    assert decide(reports, NONE) == [None, None, None]


def test_another_version_of_a_report_is_no_reprint() -> None:
    assert decide([report("a", WIRE), report("a", WIRE + " It rained.")]) == [None, None]
    page = "https://wire.example/1"
    assert decide([report("a", WIRE, url=page), report("b", WIRE + " It rained.", url=page)]) == [None, None]


def test_the_same_words_a_year_later_are_no_reprint() -> None:
    first, later = report("a", WIRE, published="2016-12-12"), report("b", WIRE + " It rained.", published="2017-12-12")
    assert decide([first, later]) == [None, None]
    assert decide([first, replace(later, published="2016-12-14")]) == [None, "reprint"]
    assert decide([first, replace(later, published="2016")]) == [None, "reprint"], "it may be of the same day"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    rows = [{"id": "wire", "text": WIRE}, {"id": "reprint", "text": WIRE + " It rained."}]
    rows += [{"id": f"calm-{i}", "text": t} for i, t in enumerate(CALM)] + [
        {"id": f"war-{i}", "text": t} for i, t in enumerate(WAR)
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_what_is_set_aside_is_kept_and_read_later(tmp_path: Path, corpus: Path) -> None:
    with Ledger(tmp_path / "war.db", reader="rules") as ledger:
        outcomes = ledger.add(corpus, sorting=BOTH)
        assert not [o for o in outcomes if isinstance(o, Failure)]
        assert ledger.store.unread_counts() == {"relevance": 4, "reprint": 1}
        assert ledger.store.counts().reports == 10
        assert [o.added for o in ledger.add(corpus, sorting=BOTH)] == [False] * 10  # type: ignore[union-attr]
        [(_, reprint)] = ledger.store.unread("reprint")
        assert "wire" in reprint.why
        list(ledger.adding_unread(["reprint"]))
        assert ledger.store.unread_counts() == {"relevance": 4}
        assert [o.added for o in ledger.add(corpus)].count(True) == 4  # type: ignore[union-attr]
        assert ledger.store.unread_counts() == {}


def test_what_was_read_is_never_set_aside_afterwards(tmp_path: Path, corpus: Path) -> None:
    with Ledger(tmp_path / "war.db", reader="rules") as ledger:
        ledger.add(corpus)
        claims = ledger.store.counts().claims
    with Ledger(tmp_path / "war.db", line=Renamed(), reader="rules") as ledger:  # type: ignore[arg-type]
        ledger.add(corpus, sorting=BOTH)
        assert ledger.store.unread_counts() == {}
        assert ledger.store.counts().claims == claims


class Renamed(pipeline.Pipeline):
    """The pipeline of a newer version of the reader."""

    def __init__(self) -> None:
        line = pipeline.default("rules")
        super().__init__(line.reader, line.resources)

    def info_of(self, report: Report):  # type: ignore[no-untyped-def]
        return replace(super().info_of(report), version="newer")


def test_the_same_is_set_aside_however_many_read(tmp_path: Path, corpus: Path) -> None:
    found = []
    for jobs in (1, 2):
        with Ledger(tmp_path / f"{jobs}.db", reader="rules") as ledger:
            outcomes = ledger.add(corpus, sorting=BOTH, jobs=jobs)
            found.append([(o.report, o.unread, o.claims) for o in outcomes])  # type: ignore[union-attr]
    assert found[0] == found[1]


def test_the_command_line_says_what_it_set_aside(tmp_path: Path, corpus: Path) -> None:
    run, ledger = CliRunner(), str(tmp_path / "war.db")
    added = run.invoke(cli, ["add", str(corpus), "--reader", "rules", "--ledger", ledger])
    assert added.exit_code == 0, added.output
    assert "5 reports added" in added.stderr
    assert "4 kept unread: about no conflict (--all reads them)" in added.stderr
    assert "1 kept unread: reprints" in added.stderr
    whole = run.invoke(cli, ["add", str(corpus), "--reader", "rules", "--ledger", ledger, "--all", "--no-fold"])
    assert "5 reports added" in whole.stderr
    with Store(ledger) as store:
        assert store.unread_counts() == {}


def test_read_prints_every_report_and_says_why_one_was_not_read(corpus: Path) -> None:
    for options, unread in (([], 0), (["--sort"], 5)):
        shown = CliRunner().invoke(cli, ["read", str(corpus), "--reader", "rules", "--format", "jsonl", *options])
        rows = [json.loads(line) for line in shown.stdout.splitlines()]
        assert [r["report"]["id"] for r in rows][:3] == ["wire", "reprint", "calm-0"]
        assert sum("unread" in r for r in rows) == unread
        assert all(r["warnings"] for r in rows if "unread" in r)
        assert not [w for r in rows for w in r["warnings"] if "is kept" in w], "read keeps nothing"


def test_setting_a_report_aside_costs_next_to_nothing() -> None:
    """At most five parts in a hundred of what a read calls beside the network, which takes half of its time: three of all."""
    line = pipeline.default("embedded")
    text = " ".join(CALM[:3]) * 2
    one = gather.from_text(text)
    sorter = Sorter(BOTH)
    line.read(one), sorter.irrelevant(one)  # opened now, not in the measuring
    assert sorter.irrelevant(one) is not None
    assert calls(lambda: sorter.irrelevant(one)) <= 0.05 * calls(lambda: line.read(one))


def test_recall_on_conflict_reports(shared: Path) -> None:
    """The floor that the step must keep, on reports of which nothing was learnt."""
    gold = [json.loads(p.read_text("utf-8"))["report"] for p in sorted((shared / "gold").glob("*.json"))]
    texts = [f"{r['title'] or ''}\n{r['text']}" for r in gold]
    with (shared / "corpora/reports/guardian-sdf.jsonl").open(encoding="utf-8") as stream:
        texts += [f"{r['title']}\n{r['text']}" for r in map(json.loads, stream)]
    assert sum(map(is_relevant, texts)) >= 0.98 * len(texts)
