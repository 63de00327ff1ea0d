"""The prompts: files of the package under ``prompts/``, a folder for each version, never changed once they have been released.

``instructions.md`` is what the model is told once, the codebook in short; ``report.txt`` frames a part of a report. The
text of a report is data: it stands between two marks whose code is made from the text itself, so that no text can hold it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from tadmor.model import Report

VERSION = "claims-1"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A version of the prompt; ``digest`` is the hex SHA-256 of its files, which tells it from every other."""

    version: str
    instructions: str
    report: Template
    digest: str

    def message(self, report: Report, text: str, part: int, parts: int) -> str:
        """The message that hands the model a part of the report; ``part`` counts from 1."""
        return self.report.substitute(
            published=report.published or "unknown: leave dates that depend on it null",
            language=report.language or "unknown",
            part=part,
            parts=parts,
            code=code_of(text),
            text=text,
        )


@cache
def prompt(version: str = VERSION) -> Prompt:
    """The prompt of that version."""
    folder = files("tadmor.reading.llm") / "prompts" / version
    instructions = (folder / "instructions.md").read_text(encoding="utf-8")
    frame = (folder / "report.txt").read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{instructions}\0{frame}".encode()).hexdigest()
    return Prompt(version, instructions, Template(frame), digest)


def code_of(text: str) -> str:
    """The code of a text's marks: the beginning of its hash, which the text cannot hold by design."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
