"""The full names that a report has, and which of them a speaker's shorter name or description stands for.

"The Britain-based Observatory", "a war monitor" and "the Syrian Observatory" are one speaker where the report names the Syrian
Observatory for Human Rights; "Farhan" is Yasser Farhan; "the directorate" is the last directorate that was named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from tadmor.model import Mention
from tadmor.reading.coreference import core_name, offices_of
from tadmor.reading.cues import mention_lexicon

_WORDS = re.compile(r"[\w'’.-]+")
_ARTICLES = frozenset("the a an".split())
_WATCHING = frozenset("monitor monitors monitoring watchdog".split())
_KINDS = frozenset("war group organisation organization network rights human conflict opposition activist same".split())
_LINKS = frozenset("of for in on at and".split())
# what may stand behind the name of a body without making it somebody else's
_TRAILING = frozenset("monitor monitoring group watchdog network organisation organization agency news".split())
_BARE = frozenset(
    "directorate ministry agency network council committee coalition bureau commission centre center department office"
    " organisation organization channel newspaper broadcaster".split()
)
_ARMED = frozenset(
    "army force forces brigade brigades front battalion battalions militia guard guards corps troops militants rebels"
    " fighters loyalists units unit axis regime government coalition".split()
)


_LONG = 8  # words from which a phrase has run another clause into the name
_CONTINUED = re.compile(r" (?:for|of) (?:[A-Z][\w’'-]+ )*[A-Z][\w’'-]+")


# found by its letters too: where a text has lost its commas, the mention around the name is often cut wrongly
_OBSERVATORY = re.compile(
    r"(?:[A-Z][\w’'-]+[ ]){0,2}Observatory(?:[ ](?:for|of)(?:[ ][A-Z][\w’'-]+){1,3})?(?![ ](?:for|of)\b)"
)


@lru_cache(maxsize=4096)  # the same speakers are asked for at every clause
def key(name: str) -> str:
    """A name as it is compared: in small letters, without its article and possessive mark."""
    words = [w.strip(".'’") for w in _WORDS.findall(name.lower().replace("’", "'"))]
    words = [w.removesuffix("'s") for w in words if w]
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


class Known:
    """The full names of a report's persons and bodies."""

    def __init__(self, text: str, mentions: Sequence[Mention], representative: Mapping[str, str]) -> None:
        self._offices = offices_of(text, mentions, representative)
        self._persons: dict[str, str] = {}
        self._bodies: list[tuple[str, ...]] = []
        self._names: set[tuple[str, ...]] = set()
        self._heads: dict[str, list[tuple[int, str]]] = {}
        heads = mention_lexicon().organisation_heads
        for m in mentions:
            name = representative.get(m.id, m.text)
            if m.type == "person" and m.level == "name":
                self._person(core_name(name))
            if m.type != "actor" or m.level == "pronoun":
                continue
            words = tuple(name.split())
            described = len(words) > (2 if words[0].lower() in _ARTICLES else 1)
            if described and words[-1].islower():
                self._heads.setdefault(words[-1].lower(), []).append((m.start, name))
            if m.level == "name" and any(w.lower() in heads for w in words):
                more = _CONTINUED.match(text, m.end)
                self.learn(name + more[0] if more and m.text.endswith(words[-1]) else name)
            elif m.level == "name":
                self._names.add(words)
        self._text = text
        for found in _OBSERVATORY.finditer(text):
            self.learn(found[0].strip())

    def learn(self, name: str) -> None:
        """Takes in a name that may be a body's fullest."""
        body = _body(name.split())
        if (
            len(body) > 1
            and body not in self._bodies
            and any(w.lower() in mention_lexicon().organisation_heads for w in body)
        ):
            self._bodies.append(body)
            self._names.add(body)

    @property
    def _watcher(self) -> str | None:
        """The monitoring group of the report."""
        named = (" ".join(b) for b in self._bodies if "Observatory" in b and len(b) < _LONG)
        return max(named, key=lambda n: (len(n), n), default=None)

    def _person(self, name: str) -> None:
        words = name.split()
        if len(words) < 2 or not all(w[:1].isupper() or w.startswith(("al-", "el-", "bin")) for w in words):
            return
        for tail in {words[-1].lower(), words[-1].lower().removeprefix("al-").removeprefix("el-")}:
            if len(self._persons.get(tail, "")) < len(name):
                self._persons[tail] = name

    def fuller(self, name: str, start: int) -> str | None:
        """The fullest name for what ``name``, which stands at ``start`` (code points), says; None when it is that itself."""
        words = [w.strip(".'’") for w in _WORDS.findall(name)]
        lower = [w.lower() for w in words]
        if not words:
            return None
        watcher = self._watcher
        if watcher is not None and (_describes_monitor(words) or (lower[-1] == "observatory" and len(words) <= 2)):
            return watcher if watcher != name else None
        if len(words) >= _LONG:
            return self._last(words)
        bare = [w for w in lower if w not in _ARTICLES and w != "same"]
        if len(bare) == 1 and len(words) > 1 and lower[0] in ("the", "same") and bare[0] in _BARE:
            return next((n for at, n in reversed(self._heads.get(bare[0], [])) if at < start), None)
        if len(bare) <= 2 and len(bare) == len(words) and words[-1][:1].isupper():
            person = self._persons.get(lower[-1].removeprefix("al-").removeprefix("el-"))
            person = person or self._first_name(words[-1])
            if person is not None and set(lower) < set(person.lower().split()):
                return person
        return self._offices.holder(name) or self._whole(words)

    def _first_name(self, surname: str) -> str | None:
        """A person's name in the text whose last word is the surname and whose first is a first name."""
        found = re.search(rf"\b([A-Z][\w’'-]+) {re.escape(surname)}\b", self._text)
        return found[0] if found and found[1].lower() in mention_lexicon().first_names else None

    def _last(self, words: Sequence[str]) -> str | None:
        """The name with which a phrase ends that text without commas has made too long: "... in the town the Observatory"."""
        end = len(words)
        while end > 1 and words[end - 1].lower() in _TRAILING:
            end -= 1
        fits = [n for n in self._names if len(n) < end and tuple(words[end - len(n) : end]) == n]
        best = max(fits, key=len, default=None)
        if best is None or words[end - len(best) - 1].lower() in _LINKS:
            return None
        return self._whole(best) or " ".join(best)

    def _whole(self, words: Sequence[str]) -> str | None:
        """The body whose name is in the phrase, or whose name the phrase begins."""
        plain = _body(words)
        begin = next(i for i in range(len(words)) if tuple(words[i : i + len(plain)]) == plain)
        if any(w.lower() in _LINKS for w in words[:begin]):
            return None  # "a source in the Observatory"
        fits = []
        for body in self._bodies:
            n = len(body)
            begins = n > len(plain) and body[: len(plain)] == plain and body[len(plain)] in _LINKS and len(plain) > 1
            heads = (
                len(plain) == 1
                and plain[0] in body
                and plain[0].lower() in mention_lexicon().organisation_heads
                and plain[0].lower() not in _ARMED
            )
            at = next((i for i in range(len(words) - n + 1) if tuple(words[i : i + n]) == body), None)
            holds = (
                at is not None
                and n < len(words)
                and not any(w.lower() in _LINKS for w in words[:at])
                and all(w.lower() in _TRAILING for w in words[at + n :])
            )
            if begins or heads or holds:
                fits.append(body)
        if not fits:
            return None
        best = max(fits, key=len)
        if any(not set(f) <= set(best) for f in fits):
            return None
        found = " ".join(best)
        return found if found != " ".join(words) else None


def _describes_monitor(words: Sequence[str]) -> bool:
    """Whether a phrase only describes a monitoring group: "a monitor", "the Britain-based war monitor", and names none."""
    lower = [w.lower() for w in words]
    if words[-1] == "Monitor" and lower[0] not in _ARTICLES:
        return True  # a headline that ends with its source: "Strike kills 18 in Raqqa: Monitor"
    if not _WATCHING & set(lower):
        return False
    if lower[0] not in (*_ARTICLES, "one") and lower[-1] not in _WATCHING:
        return False
    rest = [w for w in words if w.lower() not in _ARTICLES | _WATCHING | _KINDS]
    return len(words) <= 7 and all(
        "-based" in w.lower() or w.lower() in ("based", "syrian", "uk", "main") for w in rest
    )


def _body(words: Sequence[str]) -> tuple[str, ...]:
    """The name of a body without what only describes it: "the UK-based Syrian Observatory" is the Syrian Observatory."""
    low, high = 0, len(words)
    while low < high - 1 and (words[low][:1].islower() or "-based" in words[low].lower() or words[low] in ("The", "A")):
        low += 1
    while high - 1 > low and words[high - 1].islower():
        high -= 1
    return tuple(words[low:high])
