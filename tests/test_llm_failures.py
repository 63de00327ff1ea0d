"""The second reader when things go wrong or run out: servers that fail, answers out of form, budgets, cache, several at once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="the second reader needs the extra tadmor[llm]")

from tests.llm_checks import LOST, REPORT, STRIKES, TAKEN, TEXT, answer, check, reader, reading_by
from tests.llm_server import Reply, claim, serving

from tadmor import pipeline
from tadmor.errors import BudgetSpent, InputError, MissingResource, ModelError
from tadmor.gather import from_text
from tadmor.model import Failure, Reading, Report
from tadmor.reading.llm.reader import LlmReader
from tadmor.reading.llm.settings import LlmSettings
from tadmor.resolve.resolve import resolve

read = pytest.fixture(reading_by)


def test_an_answer_that_is_no_json_is_asked_again_with_what_is_wrong(read: Callable[..., Reading]) -> None:
    reading = read(lambda _, n: answer(TAKEN) if n else "Here are the claims: Rebels captured Marjeh.")
    assert len(reading.claims) == 1
    second = read.server.asked[1]["messages"]  # type: ignore[attr-defined]
    assert len(second) > len(read.server.asked[0]["messages"])  # type: ignore[attr-defined]
    assert read.reader.spent.requests == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "bad",
    ["no json at all", '{"claims": [{"quote": "Rebels', "[]", '{"claims": "none"}', '{"facts": []}',
     {"claims": [{"type": "air_strike"}]}, {"claims": [TAKEN | {"type": "victory"}]}],
    ids=["prose", "cut", "list", "word", "other", "no quote", "no type"],
)  # fmt: skip
def test_an_answer_that_never_has_the_form_is_a_failure_of_that_report_alone(
    read: Callable[..., Reading], bad: Any
) -> None:
    with pytest.raises(ModelError, match="no answer of the form"):
        read(bad)
    assert len(read.server.asked) == 2  # type: ignore[attr-defined]
    assert read.reader.spent.tokens == 2000  # type: ignore[attr-defined]


def test_one_claim_that_is_not_in_form_costs_itself_alone(read: Callable[..., Reading]) -> None:
    broken = [STRIKES | {"type": "victory"}, {"quote": 7}, None, "Rebels", STRIKES | {"certainty": None}]
    lax = {"quote": LOST["quote"], "type": "territory_lost", "certainty": "asserted", "sources": ["The state agency"],
           "actors": "the rebels", "counts": [{"what": "martians", "number": "9"}], "remark": "x"}  # fmt: skip
    reading = read(answer(TAKEN, *broken, lax))
    assert [c.type for c in reading.claims] == ["territory_taken", "territory_lost"]
    assert any("5 × a claim that is not in form" in w for w in reading.warnings)
    assert len(read.server.asked) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(read: Callable[..., Reading], status: int) -> None:
    busy = Reply(status=status, body=b'{"error": {"message": "busy"}}', headers={"retry-after-ms": "10"})
    assert len(read(lambda _, n: answer(TAKEN) if n else busy).claims) == 1
    assert len(read.server.asked) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "says", "tries"),
    [(429, "rate", 2), (500, "status 500", 2), (400, "status 400", 1), (401, "TADMOR_LLM_KEY", 1), (404, "--model", 1),
     (402, "nothing left", 1)],
)  # fmt: skip
def test_a_server_that_refuses_says_what_to_do(
    read: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch, status: int, says: str, tries: int
) -> None:
    monkeypatch.setenv("TADMOR_LLM_KEY", "sk-secret-123456")
    body = json.dumps({"error": {"message": "no \x1b[31m for sk-secret-123456 " + "x" * 5000}}).encode()
    with pytest.raises(ModelError, match=says) as raised:
        read(Reply(status=status, body=body, headers={"retry-after-ms": "10"}))
    told = str(raised.value)
    assert "sk-secret" not in told
    assert "\x1b" not in told
    assert len(told) < 700
    assert len(read.server.asked) == tries  # type: ignore[attr-defined]
    assert read.server.headers[0]["authorization"] == "Bearer sk-secret-123456"  # type: ignore[attr-defined]
    assert read.reader.spent.tokens == 0  # type: ignore[attr-defined]


def test_a_refused_key_is_not_tried_with_every_report(read: Callable[..., Reading]) -> None:
    with pytest.raises(ModelError):
        read(Reply(status=401, body=b"{}"))
    with pytest.raises(ModelError, match="not asked"):
        read.reader.read(from_text("Rebels fled the town of Marjeh on Sunday night."))  # type: ignore[attr-defined]
    assert len(read.server.asked) == 1  # type: ignore[attr-defined]


def test_a_slow_server_is_given_up_in_time(read: Callable[..., Reading]) -> None:
    with pytest.raises(ModelError, match="--model-timeout"):
        read(Reply(answer(TAKEN), pause=3.0), timeout=0.3, retries=0)
    # the server may have worked on it all the while: what it may have taken counts
    assert read.reader.spent.estimated == 1  # type: ignore[attr-defined]
    assert read.reader.spent.tokens > 1000  # type: ignore[attr-defined]


def test_a_server_that_is_not_there_is_named() -> None:
    with serving(answer()) as server:
        pass
    with pytest.raises(ModelError, match=r"cannot be reached: start the server, or mend --base-url"):
        reader(server, retries=0).read(REPORT)


def test_a_response_that_breaks_off_is_a_failure(read: Callable[..., Reading]) -> None:
    with pytest.raises(ModelError, match="broke off"):
        read(Reply(answer(TAKEN), cut=60), retries=0)


def test_a_response_without_end_is_not_read_to_the_end(
    read: Callable[..., Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tadmor.reading.llm.client._LONGEST_ANSWER", 300_000)
    with pytest.raises(ModelError, match="longer than any answer"):
        read(Reply(drip=True), retries=0)


def test_an_answer_that_hits_its_limit_is_asked_for_in_halves(read: Callable[..., Reading]) -> None:
    told = " ".join(f"Rebels of unit {i} shelled the village of Marjeh for the {i}th time." for i in range(30))
    report = from_text(told, published="2016-12-12")

    def script(body: dict[str, Any], _: int) -> Any:
        said = body["messages"][-1]["content"]
        quotes = [f"Rebels of unit {i} shelled the village of Marjeh" for i in range(30)]
        inside = [claim(q, "shelling", actors=[f"unit {i}"]) for i, q in enumerate(quotes) if q in said]
        if len(inside) > 12:
            return Reply(json.dumps(answer(*inside))[:400], finish="length")
        return answer(*inside)

    reading = read(script, report, context=16_000)
    check(reading)
    assert len({c.start for c in reading.claims}) == 30
    assert len(reading.claims) == 30


def test_a_text_that_can_be_halved_no_more_says_what_to_give(read: Callable[..., Reading]) -> None:
    with pytest.raises(ModelError, match="--context"):
        read(Reply('{"claims": [', finish="length"), from_text("Rebels fled the town of Marjeh on Sunday night."))


def test_answers_are_kept_and_asked_for_once(read: Callable[..., Reading], tmp_path: Any) -> None:
    first = read(answer(TAKEN), cache=tmp_path)
    server = read.server  # type: ignore[attr-defined]
    again = reader(server, cache=tmp_path)
    assert resolve(again.read(REPORT), pipeline.resources()) == first
    assert (again.spent.requests, again.spent.cached) == (0, 1)
    again.read(replace(REPORT, published="2016-12-13"))  # another day is another question
    assert len(server.asked) == 2
    other = LlmReader(pipeline.resources().recognisers(), LlmSettings("other", server.url, cache=tmp_path))
    other.read(REPORT)
    assert len(server.asked) == 3


def test_when_the_budget_is_spent_reports_fail_and_what_was_read_stays(tmp_path: Any) -> None:
    reports = [
        replace(REPORT, id=f"r{i}", text=f"{TEXT}\n\nUnit {i} stayed in the town.", passages=()) for i in range(6)
    ]
    with serving(answer(TAKEN)) as server:
        line = replace(pipeline.default("rules"), reader=reader(server, budget_tokens=7_000, calls=1, cache=tmp_path))
        outcomes = [line.attempt(r) for r in line.ahead(reports) if isinstance(r, Report)]
        failures = [o for o in outcomes if isinstance(o, Failure)]
        assert 0 < len(failures) < 6
        assert all("--budget-tokens" in f.error for f in failures)
        assert not any("the reader failed" in f.error for f in failures)
        asked = len(server.asked)
        assert asked == 6 - len(failures)
        assert line.note is not None
        assert f"{asked} requests, {900 * asked:,} tokens in" in line.note
        # another run goes on where this one stopped: what was read costs nothing more
        again = replace(line, reader=reader(server, budget_tokens=0, cache=tmp_path))
        assert sum(isinstance(again.attempt(r), Reading) for r in reports) == asked
    with pytest.raises(BudgetSpent):
        reader(server, budget_tokens=10).read(REPORT)


def test_several_reports_are_under_way_at_once_and_come_in_order() -> None:
    reports = [replace(REPORT, id=f"r{i}", text=f"{TEXT}\n\nUnit {i} stayed.", passages=()) for i in range(8)]
    with serving(Reply(answer(TAKEN), pause=0.15)) as server:
        line = replace(pipeline.default("rules"), reader=reader(server, calls=4))
        done = [line.attempt(r) for r in line.ahead(reports) if isinstance(r, Report)]
    assert [d.report.id for d in done if isinstance(d, Reading)] == [r.id for r in reports]
    assert 2 <= server.most_at_once <= 4


def test_what_is_not_wanted_is_not_asked_about() -> None:
    reports = [replace(REPORT, id=f"r{i}", text=f"{TEXT}\n\nUnit {i} stayed.", passages=()) for i in range(4)]
    with serving(answer(TAKEN)) as server:
        line = replace(pipeline.default("rules"), reader=reader(server))
        for report in line.ahead(reports, wanted=lambda r: r.id == "r2"):
            if report.id == "r2":
                line.attempt(report)  # type: ignore[arg-type]
    assert len(server.asked) == 1


def test_readers_that_ask_need_a_model() -> None:
    for name in ("llm", "mixed"):
        with pytest.raises(InputError, match="--model"):
            pipeline.make_reader(name)
    with pytest.raises(ValueError, match="oracle"):
        pipeline.make_reader("oracle")


def test_a_packed_response_is_refused(read: Callable[..., Reading]) -> None:
    packed = gzip.compress(b" " * 50_000_000)
    with pytest.raises(ModelError, match="packed"):
        read(Reply(body=packed, headers={"Content-Encoding": "gzip"}), retries=0)


def test_a_server_that_went_away_is_not_waited_for_again_and_again() -> None:
    with serving(answer()) as server:
        pass
    asking = reader(server, retries=0)
    told = []
    for i in range(7):
        with pytest.raises(ModelError) as raised:
            asking.read(replace(REPORT, text=f"{TEXT} {i}", passages=()))
        told.append("not asked" in str(raised.value))
    assert told == [False] * 5 + [True] * 2


def test_what_was_dropped_is_said_from_the_cache_too(read: Callable[..., Reading], tmp_path: Any) -> None:
    first = read(answer(TAKEN, None, claim("Nothing of the kind", "siege")), cache=tmp_path)
    again = reader(read.server, cache=tmp_path).read(REPORT)  # type: ignore[attr-defined]
    assert len(first.warnings) == 2
    assert resolve(again, pipeline.resources()).warnings == first.warnings


def test_a_service_of_openai_gets_what_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    from pydantic_ai.providers.openai import OpenAIProvider

    from tadmor.reading.llm import agent
    from tadmor.reading.llm.budget import Budget

    def provider(url: str) -> Any:
        made = agent.make_agent(LlmSettings("gpt-5", url), "instructions", Budget(), 10, 1000)
        return made.model.wrapped.provider, made.model.wrapped.profile  # type: ignore[union-attr]

    own, profile = provider("https://api.openai.com/v1")
    assert isinstance(own, OpenAIProvider)
    assert profile.get("openai_chat_supports_max_completion_tokens", True)
    other, profile = provider("http://127.0.0.1:11434/v1")
    assert not isinstance(other, OpenAIProvider)
    assert not profile.get("openai_chat_supports_max_completion_tokens", True)


def test_missing_libraries_are_named_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tadmor.reading.llm.client.find_spec", lambda name: None if name == "openai" else object())
    with pytest.raises(MissingResource, match=r"tadmor\[llm\]"):
        pipeline.make_reader("llm", second=LlmSettings("tiny"))


def test_readings_of_several_threads_do_not_take_each_others_answers() -> None:
    with serving(Reply(answer(TAKEN), pause=0.05)) as server:
        asking = reader(server)
        reports = [replace(REPORT, id=f"r{i}", text=f"{TEXT}\n\nUnit {i} stayed.", passages=()) for i in range(6)]

        def work(report: Report) -> str:
            asking.begin(report)
            asking.forget()  # as another run that ends does
            return asking.read(report).report.id

        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(work, reports)) == [r.id for r in reports]
