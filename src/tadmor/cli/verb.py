"""Verbs whose help ends with examples (``examples.toml``), and has options that belong together under a heading of their own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import click

_WHOLE = 200  # characters of a verb's first sentence in a list; click's own 45 cut most of them


class Option(click.Option):
    """An option that the help shows under ``heading``."""

    def __init__(self, *args: Any, heading: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading = heading


class Verb(click.Command):
    """A command whose help shows its options by their headings, and its examples."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options without a heading first, then those of each heading in the order of the command."""
        groups: dict[str, list[tuple[str, str]]] = {"Options": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                groups.setdefault(getattr(parameter, "heading", "Options"), []).append(record)
        for heading, records in groups.items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, each under what it does."""
        found = examples().get(ctx.command_path.partition(" ")[2], {})
        if found:
            with formatter.section("Examples"):
                margin = " " * formatter.current_indent
                formatter.write("\n".join(f"{margin}# {what}\n{margin}{line}\n" for what, line in found.items()))
        super().format_epilog(ctx, formatter)


class Verbs(Verb, click.Group):
    """A verb that has verbs of its own."""

    command_class = Verb

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the verbs."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each verb with its first sentence, whole."""
        with formatter.section("Verbs"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(_WHOLE)) for name in self.list_commands(ctx)]
            )


@cache
def examples() -> dict[str, dict[str, str]]:
    """By verb ("read", "sources rate"): what is done, in words, and the line that does it."""
    return tomllib.loads(files("tadmor.cli").joinpath("examples.toml").read_text(encoding="utf-8"))
