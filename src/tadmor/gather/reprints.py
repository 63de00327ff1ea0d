"""Texts that say again what another says: found by a sketch of their words, told apart from updates by what is new in them.

Wires are reprinted with another headline, a cut last paragraph, a changed comma. An update looks much the same, yet says
more: another number, another name, a denial. So a text is folded into an earlier one only when it adds none of these.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

HASHES = 128
BANDS = 32  # of 4 hashes: of texts with nine in ten shingles in common, all but one in 10^14 pairs share a band
SHINGLE = 4  # words
SHORTEST = 40  # words below which a text is too short to be told from another
SHARED = 0.8  # of the later text's shingles that must stand in the earlier
_SEED = 42
_WORD = re.compile(r"[^\W_]+")
_DENIAL = frozenset(
    "no not never none nobody nor neither without denied denies deny denying false untrue rejected rejects dismissed"
    " refuted retracted withdrew correction corrects corrected wrongly alleged allegedly reportedly unconfirmed confirmed".split()
)


def sketch(text: str) -> tuple[int, ...]:
    """Keys (signed, 64 bits) of which texts with most of their words in common share at least one; none for a short text."""
    from rensa import RMinHash

    shingles = _shingles(_words(text))
    if not shingles:
        return ()
    hashed = RMinHash(num_perm=HASHES, seed=_SEED)
    hashed.update(sorted(shingles))
    digest = hashed.digest()
    rows = HASHES // BANDS
    return tuple(_key(band, digest[band * rows : band * rows + rows]) for band in range(BANDS))


def says_again(text: str, earlier: str) -> bool:
    """Whether ``text`` says nothing that ``earlier`` does not: no other number, no other name, no denial, nearly all words."""
    words, known = _words(text), _words(earlier)
    shingles = _shingles(words)
    if not shingles or len(shingles & _shingles(known)) < SHARED * len(shingles):
        return False
    # Numbers as often as there: a second "12" may be of wounded, where the first was of killed.
    return _adds_none(_numbers(words), _numbers(known)) and not _told(text) - _told(earlier)


def _words(text: str) -> list[str]:
    return [w.lower() for w in _WORD.findall(text)]


def _shingles(words: Sequence[str]) -> set[str]:
    if len(words) < SHORTEST:
        return set()
    return {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def _key(band: int, values: Sequence[int]) -> int:
    packed = band.to_bytes(2, "big") + b"".join(int(v).to_bytes(8, "big", signed=False) for v in values)
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "big", signed=True)


def _numbers(words: Sequence[str]) -> list[str]:
    return sorted(w for w in words if w in _NUMBERS or any(c.isdigit() for c in w))


def _adds_none(some: Sequence[str], all_: Sequence[str]) -> bool:
    left = list(all_)
    for one in some:
        if one not in left:
            return False
        left.remove(one)
    return True


def _told(text: str) -> set[str]:
    """Names (words with a capital that do not open a sentence) and words of denial, folded."""
    out = {w for w in _words(text) if w in _DENIAL}
    for line in text.splitlines():
        if _headline(line):
            continue  # another headline is no other report
        out.update(m.group(1).lower() for m in _NAME.finditer(line))
    return out


def _headline(line: str) -> bool:
    return len(line) < 200 and not re.search(r"[.!?…\"”»]\s*$", line.strip())


_NAME = re.compile(r"[^\W\d_][,;:]? (?=([A-Z][^\W\d_]+))")
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million dozen"
    " dozens scores".split()
)
