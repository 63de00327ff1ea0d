"""What the command line says of itself: examples in form, options explained, exit statuses as the help has them."""

from __future__ import annotations

import inspect
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from folders import ROOT
from tadmor import cli as command_line
from tadmor import errors
from tadmor.cli import VERBS, cli
from tadmor.cli.verb import examples


def commands(
    path: tuple[str, ...] = (), command: click.Command = cli
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every verb, and those below it, with the words that name it."""
    if path:
        yield path, command
    if isinstance(command, click.Group):
        with click.Context(command) as ctx:
            for name in command.list_commands(ctx):
                below = command.get_command(ctx, name)
                assert below is not None
                yield from commands((*path, name), below)


def test_every_verb_has_examples_and_no_other() -> None:
    assert set(examples()) == set(VERBS)


@pytest.fixture
def run_nothing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No verb does anything but be noted here, and files need not be there."""
    ran: list[str] = []
    for path, command in commands():
        monkeypatch.setattr(command, "callback", lambda *_, path=path, **__: ran.append(" ".join(path)))
    monkeypatch.setattr(click.Path, "convert", lambda _, value, *__: Path(value))
    monkeypatch.setenv("TADMOR_WHO", "Ana")
    return ran


def in_form(line: str, ran: list[str]) -> str:
    """What is wrong with a line, in words; nothing where it is in form."""
    words = shlex.split(re.sub(r"\$\(.*?\)", "made", line), comments=True)
    end = next((n for n, word in enumerate(words) if word in (">", "|", "&&", "||")), len(words))
    ran.clear()
    result = CliRunner().invoke(cli, words[1:end])
    return "" if result.exit_code == 0 and ran else f"{line}: {result.output}"


@pytest.mark.parametrize("verb", examples())
def test_examples_are_in_form_and_shown(verb: str, run_nothing: list[str]) -> None:
    said = CliRunner().invoke(cli, [verb, "--help"]).output
    for what, line in examples()[verb].items():
        assert not in_form(line, run_nothing)
        assert run_nothing[0] == verb or verb == "gazetteer"
        assert f"# {what}\n  {line}\n" in said


def lines(page: Path) -> list[str]:
    """The lines of a page's blocks of code that call the command line, continued ones put together."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    whole = "\n".join(blocks).replace("\\\n", " ")
    return [line for line in whole.splitlines() if line.startswith("tadmor ")]


PAGES = sorted(p for p in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")) if lines(p))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_lines_of_the_docs_are_in_form(page: Path, run_nothing: list[str]) -> None:
    assert not [wrong for line in lines(page) if (wrong := in_form(line, run_nothing))]


def test_most_pages_have_lines_that_are_tried() -> None:
    assert len(PAGES) >= 12
    assert sum(len(lines(page)) for page in PAGES) >= 90


@pytest.mark.parametrize(("path", "command"), [pytest.param(p, c, id=" ".join(p)) for p, c in commands()])
def test_every_verb_and_option_says_what_it_does(path: tuple[str, ...], command: click.Command) -> None:
    assert command.get_short_help_str(200).strip("."), path
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, (path, option.name)


def test_options_that_belong_together_stand_together() -> None:
    said = CliRunner().invoke(cli, ["read", "--help"]).output
    first, model = said.index("\nOptions:"), said.index("\nThe language model")
    parts, shown = said.index("\nWorking in parts"), said.index("\nExamples:")
    assert first < said.index("--jobs") < said.index("--help") < model < said.index("--model-cache") < parts
    assert parts < said.index("--rows") < shown


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Exit status and standard error of a whole program."""
    monkeypatch.setattr(sys, "argv", ["tadmor", *args])
    with pytest.raises(SystemExit) as end:
        command_line.main()
    return int(end.value.code or 0), capsys.readouterr().err


def test_exit_statuses(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(monkeypatch, capsys, "--help") == (0, "")
    none = str(tmp_path / "none.db")
    status, said = run(monkeypatch, capsys, "sources", "--ledger", none)
    assert status == 1
    assert said == f"tadmor: there is no ledger at {none}: make one with `tadmor add INPUT --ledger {none}`\n"
    status, said = run(monkeypatch, capsys, "sources", "--lodger", none)
    assert status == 2
    assert "Usage: tadmor sources" in said
    assert "--ledger" in said, "the option that may be meant"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "tadmor: stopped\n"),
        (
            PermissionError(13, "Permission denied", "map.svg"),
            1,
            "tadmor: map.svg: Permission denied; give yourself the right",
        ),
        (OSError(28, "No space left on device"), 1, "tadmor: the output: No space left on device; make room"),
    ],
)
def test_what_stops_a_run_is_told_in_a_line(
    error: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise error

    with click.Context(cli) as ctx:
        command = cli.get_command(ctx, "sources")
    monkeypatch.setattr(command, "callback", fails)
    found = run(monkeypatch, capsys, "sources")
    assert found[0] == status
    assert found[1].lstrip("\n").startswith(said)


def test_options_of_a_model_that_is_not_named_are_told_as_they_were_written() -> None:
    result = CliRunner().invoke(
        cli, ["read", "x.txt", "--model-calls", "2", "--budget-cost", "1"], env={"TADMOR_MODEL": ""}
    )
    assert result.exit_code == 2
    assert "--model-calls" in result.output
    assert "--budget-cost" in result.output


def test_the_page_on_the_command_line_has_every_verb_and_variable() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    for verb in VERBS:
        assert re.search(rf"`{verb}[` ]", page), verb
    for path, command in commands():
        for option in command.params:
            variables = [option.envvar] if isinstance(option.envvar, str) else option.envvar or ()
            assert all(f"`{name}`" in page for name in variables), (path, option.name)
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, errors.TadmorError):
            assert name in page
