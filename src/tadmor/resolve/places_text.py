"""A news text as its names are judged in: words, headlines, persons, and what stands before a word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadmor.resolve.places_tokens import Word, split
from tadmor.resolve.places_words import Words, words

_DASH = re.compile(r"(?:, [A-Z][\w.]+)?(?: \([A-Z][\w ]+\))? ?(?:--|[-–—]) ?")


class NewsText:
    """One text with its words; words are spoken of by their index."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lists: Words = words()
        self.words = split(text)
        self.titled = _title_case(text, self.words)
        self.surnames = self._persons()

    def opens(self, i: int) -> bool:
        """Whether a name can open at word ``i``: it is capitalised or the article of one."""
        word = self.words[i]
        if word.upper:
            return True
        return word.key in self.lists.articles and i + 1 < len(self.words) and self.is_article(i)

    def is_article(self, i: int) -> bool:
        """A lower-case article that belongs to the name after it: al-Bab; "as Syria" has none."""
        after = self.words[i + 1]
        return after.joined and after.upper and (after.hyphen or self.words[i].key in ("al", "el"))

    def is_generic(self, key: str) -> bool:
        """Whether the word alone names nothing: a title, a feature, a body, a direction."""
        lists = self.lists
        return key in lists.titles or key in lists.features or key in lists.bodies or key in lists.directions

    def is_mixed(self) -> bool:
        """Whether the text is not written in capitals throughout."""
        letters = [w for w in self.words[:200] if not w.digit]
        return sum(w.shout for w in letters) * 2 < len(letters)

    def is_modifier(self, word: Word) -> bool:
        """A capitalised word beside a name that is no part of it: a direction, a nationality, a feature, a title."""
        key = word.key
        return (
            key in self.lists.directions
            or key in self.lists.demonyms
            or key in self.lists.features
            or key in self.lists.before
            or key in self.lists.titles
        )

    def is_located(self, i: int) -> bool:
        """Whether a preposition of place, or "town of" and the like, stands before word ``i``."""
        k = i - 1
        while (
            k >= 0
            and i - k < 5
            and not self.words[k + 1].first
            and (
                self.words[k].key in self.lists.directions
                or self.words[k].key in ("the", "nearby", "city", "town", "village", "both")
            )
        ):
            k -= 1
        if k < 0 or self.words[k + 1].first:
            return False
        key = self.words[k].key
        if key == "of" and k > 0:
            before = self.words[k - 1].key
            return before in self.lists.before or before in self.lists.directions
        return key in self.lists.locative

    def has_dash(self, at: int) -> bool:
        """Whether a dateline's dash follows: "HOMS, Syria (AP) --"."""
        return bool(_DASH.match(self.text, at))

    def _persons(self) -> frozenset[str]:
        """Surnames of persons that the text names in full or with a title."""
        names: set[str] = set()
        for k in range(1, len(self.words)):
            word, before = self.words[k], self.words[k - 1]
            if not (word.upper and word.joined and before.upper) or word.hyphen or word.shout:
                continue
            given = before.key in self.lists.given and not self.in_title(word.start)
            if (given and not self.is_located(k - 1)) or (before.key in self.lists.titles and not before.owner):
                last = k
                while (
                    last + 1 < len(self.words)
                    and self.words[last + 1].joined
                    and self.words[last + 1].upper
                    and last - k < 3
                ):
                    last += 1
                if not self.is_generic(self.words[last].key):
                    names.add(self.words[last].key)
        return frozenset(names)

    def in_title(self, at: int) -> bool:
        """Whether the offset lies in a headline, where every word is capitalised."""
        return any(a <= at < b for a, b in self.titled)


def _title_case(text: str, all_words: Sequence[Word]) -> list[tuple[int, int]]:
    """Lines in which nearly every longer word is capitalised: headlines, where a capital says nothing."""
    spans = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if 0 < len(line) < 250:
            longer = [w for w in all_words if start <= w.start < end and w.end - w.start > 3]
            if len(longer) >= 4 and sum(w.upper for w in longer) >= 0.8 * len(longer):
                spans.append((start, end))
        start = end + 1
    return spans
