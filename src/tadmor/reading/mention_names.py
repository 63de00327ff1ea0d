"""Names that no recogniser knows, told by their form: persons by title or first name, organisations by their last word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tadmor.reading.cues import DETERMINERS, FUNCTION, VERBS, cue_lexicon, mention_lexicon
from tadmor.reading.mention_words import is_capital
from tadmor.reading.recognise import Found
from tadmor.reading.text import Token

_NOT_ACTORS = frozenset(
    "TV GMT AM PM IED VBIED SVBIED IEDS UTC EST PDT KM RPG AK UAV USD AP ID OK DNA HD ATM CCTV PT II III IV VII".split()
)
_SPEAKING = frozenset("said says told added tweeted wrote tells".split())
_JOINERS = frozenset("of for and the".split())
_MAX_NAME = 9


@dataclass(frozen=True, slots=True)
class Names:
    """What the whole report shows of its words: ``proper`` are written with a capital inside sentences and never small."""

    proper: frozenset[str]
    surnames: frozenset[str]

    @classmethod
    def of(cls, sentences: Sequence[list[Token]]) -> Names:
        """Counts capitals over the report's sentences, title-case lines left out, then collects the surnames of full names."""
        capital: set[str] = set()
        small: set[str] = set()
        for ws in sentences:
            title_case = _title_case(ws)
            for i, w in enumerate(ws):
                if w.text[0].islower():
                    small.add(w.lower)
                elif i and not title_case and w.text[0].isupper() and ws[i - 1].text[0].isalnum():
                    capital.add(w.lower)
        names = cls(frozenset(capital - small), frozenset())
        surnames: set[str] = set()
        for ws in sentences:
            for first, last in person_spans(ws, [None] * len(ws), names):
                core = [w for w in ws[first : last + 1] if is_capital(w)]
                if len(core) > 1 and len(core[-1].text) > 2 and core[-1].lower not in mention_lexicon().titles:
                    surnames.add(core[-1].lower)
        return cls(names.proper, frozenset(surnames))


def _title_case(ws: list[Token]) -> bool:
    """Whether the line is a headline in capitals: most words have one, and no full stop ends it."""
    if ws and ws[-1].text == ".":
        return False
    letters = [w for w in ws if w.text[0].isalpha()]
    return len(letters) > 3 and sum(w.text[0].isupper() for w in letters) > 0.6 * len(letters)


def _runs(ws: list[Token], cover: Sequence[Found | None], names: Names) -> Iterator[tuple[int, int]]:
    """Maximal runs of capitalised words, with joined particles; an ordinary word at the start of a sentence is no name."""
    lexicon = mention_lexicon()
    shouting = _title_case(ws)
    i = 0
    while i < len(ws):
        w = ws[i]
        ordinary = w.lower in DETERMINERS or w.lower in FUNCTION or (w.lower in VERBS and i == 0) or w.text == "I"
        starts = is_capital(w) and not ordinary and not _covered(cover[i], ("time",))
        if starts and (i == 0 or not ws[i - 1].text[0].isalnum() or shouting):
            starts = (
                w.lower in names.proper
                or w.lower in lexicon.first_names
                or w.lower.rstrip(".") in lexicon.titles
                or w.lower in lexicon.demonyms
                or (w.text.isupper() and len(w.text) > 1 and not shouting)
                or (not shouting and i + 1 < len(ws) and is_capital(ws[i + 1]) and ws[i + 1].lower not in DETERMINERS)
                or w.lower in names.surnames
                or (i + 1 < len(ws) and ws[i + 1].lower in _SPEAKING and len(w.text) > 3)
            )
        if not starts:
            i += 1
            continue
        last = i
        while last + 1 < len(ws) and last - i < _MAX_NAME:
            n = ws[last + 1]
            if (is_capital(n) and n.lower not in FUNCTION and n.lower not in DETERMINERS) and not _covered(
                cover[last + 1], ("time",)
            ):
                last += 1
            elif (
                n.lower in lexicon.particles and last + 2 < len(ws) and is_capital(ws[last + 2]) and n.text[0].isalpha()
            ) or (n.text == "." and len(ws[last].text) == 1 and last + 2 < len(ws) and is_capital(ws[last + 2])):
                last += 2
            else:
                break
        yield i, last
        i = last + 1


def _covered(found: Found | None, types: tuple[str, ...]) -> bool:
    return found is not None and found.type in types


def person_spans(ws: list[Token], cover: Sequence[Found | None], names: Names) -> Iterator[tuple[int, int]]:
    """Word spans, both ends inclusive, of persons' names with the titles before them."""
    lexicon = mention_lexicon()
    for first, last in _runs(ws, cover, names):
        core = first
        while core <= last and (
            _is_title(ws[core])
            or _covered(cover[core], ("place", "actor", "nationality"))
            or ws[core].lower in lexicon.demonyms
        ):
            core += 1
        titled = core > first and core <= last and any(_is_title(w) for w in ws[first:core])
        if core > last:
            if last > first and ws[last].lower in lexicon.first_names:
                core = last
            else:
                continue
        if (
            not titled
            and first > 0
            and ws[first - 1].lower in lexicon.titles
            and ws[first - 1].lower not in ("field", "staff", "special")
        ):
            titled = True
        head = ws[last].lower
        if head in lexicon.organisation_heads and ws[core].lower not in lexicon.first_names:
            continue
        known = any(_covered(cover[k], ("actor", "place")) for k in range(core, last + 1))
        if known and not titled and not (ws[core].lower in lexicon.first_names and last > core):
            continue
        named = ws[core].lower in lexicon.first_names or ws[core].lower in ("abu", "umm")
        particle = (
            any(w.lower in ("bin", "ibn") or w.text.startswith(("al-", "el-")) for w in ws[core : last + 1])
            and last > core
        )
        surname = core == last and ws[core].lower in names.surnames
        speaks = last - core < 3 and not ws[core].text.isupper() and _speaks(ws, core, last)
        if not (
            titled or (named and (last > core or _speaks(ws, core, last) or surname)) or particle or surname or speaks
        ):
            continue
        if not titled and core > first:
            first = core
        start = _title_start(ws, cover, first) if titled or first == core else first
        yield start, last


def _is_title(w: Token) -> bool:
    lexicon = mention_lexicon()
    return w.lower.rstrip(".") in lexicon.titles or w.text in lexicon.title_words


def _speaks(ws: list[Token], first: int, last: int) -> bool:
    if last + 1 < len(ws) and ws[last + 1].lower in _SPEAKING:
        return True
    return first > 0 and ws[first - 1].lower == "said" and (first < 2 or not ws[first - 2].text[0].isalnum())


def _title_start(ws: list[Token], cover: Sequence[Found | None], first: int) -> int:
    """Extends a name to the titles, bodies and article before it: "the UN Special Envoy ..."."""
    lexicon = mention_lexicon()
    start = first
    seen = any(_is_title(w) for w in ws[first : first + 1])
    while start > 0 and first - start < 7:
        w = ws[start - 1]
        if _is_title(w) and w.lower not in VERBS:
            seen = True
        elif not (
            seen
            and (
                w.lower in lexicon.demonyms
                or _covered(cover[start - 1], ("actor", "place", "nationality"))
                or (
                    w.lower
                    in ("deputy", "senior", "foreign", "defence", "defense", "former", "prime", "vice", "opposition")
                )
            )
        ):
            break
        start -= 1
    start = _office(ws, start)
    if start > 0 and ws[start - 1].lower == "the" and (seen or start < first):
        start -= 1
    return start


def _office(ws: list[Token], start: int) -> int:
    """Takes in an office before a name: "Minister for the Middle East Tobias Ellwood"."""
    k = start - 1
    while k > 0 and start - k < 5 and is_capital(ws[k]) and ws[k].lower not in FUNCTION:
        k -= 1
    if 0 < k < start - 1 and ws[k].lower == "the":
        k -= 1
    if (
        k < 1
        or k == start - 1
        or ws[k].lower not in ("for", "of")
        or not is_capital(ws[k - 1])
        or not _is_title(ws[k - 1])
    ):
        return start
    k -= 1
    while k > 0 and _is_title(ws[k - 1]) and is_capital(ws[k - 1]):
        k -= 1
    return k


def proper_spans(ws: list[Token], cover: Sequence[Found | None], names: Names) -> Iterator[tuple[int, int]]:
    """Word spans of organisations' names: a capitalised run that ends in an organisation word, or goes on with "of" and "for"."""
    lexicon = mention_lexicon()
    skip = -1
    for first, last in _runs(ws, cover, names):
        if first <= skip:
            continue
        heads = [
            k for k in range(first, last + 1) if ws[k].lower in lexicon.organisation_heads and (k > first or k < last)
        ]
        follow = (
            last + 2 < len(ws)
            and ws[last + 1].lower in ("of", "for")
            and (
                is_capital(ws[last + 2])
                or (ws[last + 2].lower == "the" and last + 3 < len(ws) and is_capital(ws[last + 3]))
            )
        )
        if ws[last].lower in lexicon.organisation_heads and follow:
            end = last + 2
            while (
                end + 1 < len(ws)
                and end - last < _MAX_NAME
                and (
                    is_capital(ws[end + 1])
                    or (
                        ws[end + 1].lower in _JOINERS
                        and end + 2 < len(ws)
                        and is_capital(ws[end + 2])
                        and ws[end + 2].lower not in lexicon.first_names
                    )
                )
            ):
                end += 1
            skip = end
            yield _possessor(ws, cover, first), end
        elif heads and heads[-1] == last and last > first:
            yield _possessor(ws, cover, first), last
        elif (
            first == last
            and ws[first].lower in lexicon.organisation_heads
            and first
            and ws[first - 1].lower == "the"
            and not _title_case(ws)
        ) or (first == last and _acronym(ws[first]) and cover[first] is None and not _title_case(ws)):
            yield first, last


def _possessor(ws: list[Token], cover: Sequence[Found | None], first: int) -> int:
    """Takes a country's name in: "Russia's Defense Ministry"."""
    if (
        first > 1
        and ws[first - 1].text in ("'s", "’s")
        and (_covered(cover[first - 2], ("place", "actor")) or is_capital(ws[first - 2]))
    ):
        return first - 2
    return first


def _acronym(w: Token) -> bool:
    letters = w.text.rstrip("s")
    return 2 <= len(letters) <= 7 and letters.isalpha() and letters.isupper() and letters not in _NOT_ACTORS


def speaks(w: Token) -> bool:
    """Whether the word is a verb of saying."""
    return w.lower in cue_lexicon().always
