"""Words as the claim rules see them: tokens without hyphens, each with its stem, one key for all its forms."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tadmor.reading.text import Token

_HYPHENS = frozenset("-‐‑")

_IRREGULAR = {
    "fled": "flee", "fleeing": "flee", "shot": "shoot", "struck": "strike", "took": "take", "taken": "take", "fought": "fight",
    "sent": "send", "met": "meet", "died": "die", "dying": "die", "dead": "dead", "blew": "blow", "blown": "blow",
    "drove": "drive", "driven": "drive", "withdrew": "withdraw", "withdrawn": "withdraw", "fell": "fall",
    "fallen": "fall", "lost": "lose", "won": "win", "left": "leave", "stole": "steal", "stolen": "steal",
    "swore": "swear", "sworn": "swear", "sought": "seek", "brought": "bring", "began": "begin", "begun": "begin",
    "retook": "retake", "retaken": "retake", "overran": "overrun", "lives": "life", "bodies": "body",
    "children": "child", "women": "woman", "men": "man", "gunmen": "gunman", "bodyguards": "bodyguard",
    "held": "hold", "broke": "break", "broken": "break", "gave": "give", "given": "give", "led": "lead",
    "made": "make", "said": "say", "says": "say", "told": "tell", "went": "go", "gone": "go", "came": "come",
    "was": "be", "were": "be", "is": "be", "are": "be", "been": "be", "being": "be", "has": "have", "had": "have",
    "having": "have", "saw": "see", "seen": "see", "found": "find", "dealt": "deal", "hit": "hit", "hitting": "hit",
    "beaten": "beat", "caught": "catch", "thrown": "throw", "threw": "throw", "laid": "lay", "rose": "rise", "risen": "rise",
    "forces": "forces", "arms": "arms", "talks": "talks", "hands": "hands", "losses": "loss", "crisis": "crisis",
    "dropped": "drop", "dropping": "drop", "used": "use", "using": "use", "uses": "use", "trapped": "trap",
}  # fmt: skip
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=8192)  # words that come once, as numbers do, must not pile up over a long run
def stem(word: str) -> str:
    """The key of a word: lower case, without possessive, plural, past and participle endings and final e."""
    w = word.lower().replace("’", "'")
    if w.endswith("'s"):
        w = w[:-2]
    if w in _IRREGULAR:
        return _plain(_IRREGULAR[w])
    if not w.isalpha() or len(w) <= 3:
        return w
    for ending in ("ing", "ed"):
        if w.endswith(ending) and len(w) > len(ending) + 2 and _VOWELS & set(w[: -len(ending)]):
            w = w[: -len(ending)]
            if len(w) > 3 and w[-1] == w[-2] and w[-1] not in "lsz":
                w = w[:-1]
            break
    else:
        if w.endswith("ies") and len(w) > 4:
            w = w[:-3] + "y"
        elif w.endswith(("sses", "shes", "ches", "xes")):
            w = w[:-2]
        elif w.endswith("s") and not w.endswith(("ss", "us", "is")):
            w = w[:-1]
    if w.endswith("i") and len(w) > 3 and word.lower().endswith("ied"):
        w = w[:-1] + "y"
    return _plain(w)


def _plain(w: str) -> str:
    if len(w) > 5 and w.endswith("ll"):
        return w[:-1]
    return w.removesuffix("e") if len(w) > 3 else w


class Word(NamedTuple):
    """A token with its stem; ``joined`` says that a hyphen ties it to the word before ("held" in "rebel-held")."""

    start: int
    end: int
    text: str
    lower: str
    stem: str
    joined: bool = False


def words_of(tokens: Iterable[Token]) -> tuple[Word, ...]:
    """Tokens without hyphens, so that "air-strike" and "air strike" are one phrase."""
    out: list[Word] = []
    hyphen = -1
    for token in tokens:
        if token.text in _HYPHENS:
            hyphen = token.end if out and token.start == out[-1].end else -1
            continue
        out.append(Word(token.start, token.end, token.text, token.lower, stem(token.text), token.start == hyphen))
    return tuple(out)
