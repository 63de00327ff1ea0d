"""The span grammar of English time expressions: which stretches of a text name a day, a month, a year, a period.

Every rule is a pattern made of the pieces of :mod:`tadmor.resolve.times_lexicon`; a space in a pattern stands for one
or two white-space characters of the text, a name in braces for a piece. Patterns are tried without regard to case;
``_plausible`` then asks for what case and the words around decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache

from tadmor.resolve.times_anchors import OF_RULE, stretches
from tadmor.resolve.times_lexicon import lexicon, pieces, word_after, word_before

_DATE = r"(?:(?:the )?{day} (?:of )?{mon}|{mon} (?:the )?{dd})(?:,? {year})?"
Groups = defaultdict[str, str]
_TO = r"(?:\s?[-–—]\s?| (?:and|to|or|through|until|till) )"
_ABOUT = (
    r"(?:(?:about|around|some|nearly|almost|more than|over|less than|at least|roughly|approximately|just|only|"
    r"up to) )?"
)
_NIGHT = r"(?:(?:the )?(?:night|evening|overnight) (?:of|on|from|between) (?:the )?|overnight )?"
_REL = (
    r"last|this|next|this past|this coming|the previous|the following|the next|the same|the preceding|"
    r"the past|that same|that"
)

RULES: tuple[tuple[str, str], ...] = (
    ("iso", r"(?P<y>{year})(?P<sep>[-/])(?P<m>0[1-9]|1[0-2])(?P=sep)(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
            r"(?:(?:T|,? (?:at )?){time24}(?:\s?{zone}|Z|[+-]\d\d:?\d\d)?)?"),
    ("numeric", r"(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d|\d\d)"
                r"(?![\d/]|[.-]\d)"),
    (
        "date",
        r"(?:(?:{clock}|{time24}),? (?:on )?)?(?:(?:the )?{hours} of |(?:{part}|(?P<night>overnight)) (?:on |of )?)?"
        r"(?:last |this past |this coming |next )?(?:(?P<wd>{wda}),?(?: the)? )?"
        r"(?:(?:the )?(?P<d1>{day}) (?:of )?(?P<m1>{mon})|(?P<m2>{mon}) (?:the )?(?P<d2>{day}))(?:,?(?: of)? "
        r"(?P<y>{year}))?"
        r"(?P<ly> (?:of )?(?:last|this|next|that|the same) year)?",
    ),
    ("date", r"(?P<m2>{mon}) (?P<d2>0[1-9]|[12]\d|3[01])(?P<y>{year})"),  # a text that has lost its commas
    ("compact", r"(?P<d>{dd})(?P<sep>[-/\s]?)(?P<m>{mon3})\.?(?P=sep)(?P<y>{year}|\d\d)"),  # 5-Apr-2017, 05 APR 17
    ("compact", r"(?P<d>0[1-9]|[12]\d|3[01])[0-2]\d[0-5]\d[A-Z]\s?(?P<m>{mon3})\s?(?P<y>{year}|\d\d)"),
    ("days", _NIGHT + r"(?P<d1>{day})(?:, {day}){0,6}" + _TO + r"(?:the )?(?P<d2>{day}) (?:of )?(?P<m>{mon})"
             r"(?:,? (?P<y>{year}))?"),
    ("days", _NIGHT + r"(?P<m>{mon}) (?P<d1>{dd})(?:, {dd}){0,6}" + _TO + r"(?P<d2>{dd})(?:,? (?P<y>{year}))?"),
    ("monthday", r"the (?P<d>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th))(?: of (?:the|this) month|(?=[.,;)]|$))"),
    ("holiday", r"(?P<h>new year[’']?s (?:eve|day)|christmas (?:eve|day))(?:,? (?P<y>{year}))?"),
    ("week_of", r"(?:the )?week (?P<which>of|beginning|starting|ending)(?: on)? (?P<a>" + _DATE + r")"),
    ("span", r"(?P<a>" + _DATE + r")(?:\s?[-–—]\s?| (?:to|until|through|till) )(?P<b>" + _DATE + r")"),
    (
        "month_year",
        r"(?:(?P<edge>{edge})[-\s])?(?P<m>{mon}),?(?: of)? (?P<y>{year}|last year|this year|next year|that year"
        r"|the same year)",
    ),
    ("months", r"(?P<m1>{mon})(?: (?P<y1>{year}))?" + _TO + r"(?P<m2>{mon}),? (?P<y>{year})"),
    ("years", r"(?P<a>{year})(?:\s?[-–—/]\s?| (?:to) )(?P<b>{year}|\d\d(?!\d))"),
    ("month", r"(?:(?P<rel>" + _REL + r") )?(?:(?P<edge>{edge})[-\s])?(?P<m>{mon})"),
    (
        "weekday",
        r"(?:(?:{clock}|{time24}),? (?:on )?)?(?:the (?:{part}|{hours}) of |{hours} of |{part} )?(?:"
        r"(?P<rel>" + _REL + r") )?"
        r"(?:(?:early|late|later|earlier|overnight)[-\s])?(?P<wd>{wd})(?P<plural>s(?!\w))?(?: {part}(?!s))?"
        r"(?:(?: of)? (?P<week>last|this|next) week(?!['’]s| (?:was|were)))?",
    ),
    ("weekday", r"(?:late|early|later|earlier|overnight) on (?P<wd>{wd})(?: {part})?"),
    ("weekday", r"(?:overnight|(?:the )?night|{wd} night)(?: of| from)?(?: {wd})? (?P<into>into|to) (?P<wd>{wd})"),
    ("weekday", r"(?P<wd>{wda})(?: {part})?"),
    ("each", r"(?:every|each) (?:(?:single|other) )?(?:{unit}|{wd}|{mon}|{season}|{part})|daily|weekly|monthly|"
             r"annually"),
    ("each", r"on {wd}s(?= and| or|[,.;]|$)"),
    ("today", r"(?:{clock},? )?(?:(?:earlier|later|early|late|{part}) )?(?P<day>today|tonight|yesterday|tomorrow)(?: {part})?"),
    ("today", r"the day (?P<day>before yesterday|after tomorrow)"),
    ("today", r"(?P<day>last night|overnight)(?!(?: on| into)? {wd})"),
    ("today", r"(?:earlier |later |early |late )?(?P<day>this) (?:very )?{part}"),
    ("unit", r"(?:(?P<edge>{edge}|early in|late in|later in|earlier in|sometime) )?(?P<rel>last|this|next|that|"
             r"that same|the same) (?P<u>{unit}|century)"),
    ("unit", r"(?P<rel>the previous|the preceding|the following|the next|the current|the same) (?P<u>{unit}|"
             r"morning|evening)"),
    ("unit", r"(?P<edge>{edge}|early in|late in|later in|earlier in) (?P<rel>the|the same) (?P<u>{unit})"),
    ("unit", r"(?P<rel>the|this past) (?P<u>weekend)"),
    ("unit", r"(?P<rel>the) (?P<u>day|night) (?P<edge>before|after|earlier)(?=[.,;]|$| (?:in|at|by)\b)"),
    ("unit", r"(?P<rel>the) (?P<u>day|night)(?= (?:before|after|earlier) (?:that|the|as|when|a)\b)"),  # no day of its own
    ("unit", r"(?P<rel>year)(?:['’]s)?[-\s](?P<edge>end)"),
    (
        "shift",
        _ABOUT + r"(?P<n>{n})(?:-and-a-half| and a half| or (?:so|two|more|three))? (?P<u>{unit}s?)(?: or (?:so"
                 r"|two|more))? "
        r"(?P<dir>ago|earlier|later|previously|before(?=[.,;)]|$)|afterwards?|beforehand)(?P<today> today)?",
    ),
    ("shift", r"(?P<n>)(?P<u>(?:minutes|hours|days|weeks|months|years|decades)) (?P<dir>ago|earlier|later)"),
    (
        "window",
        r"(?:(?:the|these) )?(?P<rel>last|past|previous|preceding|next|coming|following) (?P<n>{n}|\d+-plus)"
        r"(?: or (?:so|two|more|three)| to {n})? (?P<u>{unit}s?)(?! (?:ago|earlier|later))(?: or so)?",
    ),
    ("window", r"(?:the (?P<rel>last|past|coming)|(?P<bare>past)) (?P<n>)(?P<u>{unit})(?!s)"),
    ("window", r"(?:(?:the|these) )?(?P<rel>recent|past|last|coming) (?P<n>)(?P<u>{unit}s)(?: (?:and|or) {unit}s)?"),
    ("duration", _ABOUT + r"(?P<n>{n})(?: (?:to|or) {n})?[-\s](?:full |straight |consecutive |more |long )?"
                          r"(?P<u>{unit})s?(?:-long)?(?!-old| old|-olds)"),
    ("duration", r"(?:days|weeks|months|years|decades)(?: or (?:days|weeks|months|years))?"),
    (
        "season",
        r"(?:(?P<rel>last|this|next|the|this past) )?(?:(?P<edge>early|late|mid)[-\s])?(?P<s>{season})(?:,?"
        r"(?: of)? (?P<y>{year}|last year|this year|next year)(?:\s?[-–—/]\s?(?:{year}|\d\d)(?!\d))?)?",
    ),
    ("edge_year", r"(?P<edge>{edge})[-\s](?P<y>{year})"),
    ("part_year", r"(?P<p>[QH][1-4]|[1-4][QH])(?: of|,)?[\s-]?(?P<y>{year})|(?P<y2>{year})[\s-]?(?P<p2>[QH][1-4])"),
    ("first_months", r"the (?P<which>first|last) (?P<n>{n}) (?P<u>months|quarters) of (?P<y>{year}|last year|this year|"
                     r"next year|the year)"),
    ("decade", r"(?:the )?(?:(?P<edge>early|late|mid|{edge})[-\s](?:the )?)?(?:['’‘]?(?P<y>(?:1[5-9]|20)?\d0)"
               r"['’]?s|(?P<w>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties))(?!\w)"),
    (
        "quarter",
        r"(?:(?P<y1>this year|last year|next year)['’]s )?(?:the (?P<y2>{year} )?|its |fiscal[-\s])*"
        r"(?:fiscal[-\s])?(?P<q>first|second|third|fourth|1st|2nd|3rd|4th)[-\s](?:fiscal )?quarter"
        r"(?: of (?:fiscal )?(?P<y>{year}|last year|this year|next year))?",
    ),
    ("quarter", r"(?:the )?(?P<q>latest|current|most recent) quarter(?!s)"),
    ("half", r"(?:the )?(?P<h>first|second|last|latter) half of (?P<y>{year}|last year|this year|next year)"),
    ("year", r"(?:(?:the year|fiscal|the fiscal year) )?(?P<y>{year})(?!['’]?s|-\w)"),
    ("year", r"(?:the year )?(?P<words>{cent}|(?:(?<=year\s)|(?<!year\s)(?=two thousand(?: and|[.,;]|$)))two thousand)"),
    ("clock", r"(?P<clock>\d{clock_at}{clock})"),
    ("clock", r"(?P<bare>{time24})(?!\s?[-–:/%]|\s?\d)"),
)  # fmt: skip


@cache
def rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rules, compiled, in the order in which :func:`parse` tries them."""
    return tuple((name, _compile(pattern)) for name, pattern in RULES)


def _compile(pattern: str) -> re.Pattern[str]:
    full = pattern.replace(r"\d{clock_at}", r"(?=\d)")
    for name, piece in pieces().items():
        full = full.replace("{" + name + "}", piece)
    return re.compile(r"(?<![\w$€£'’-])(?:" + full.replace(" ", r"\s{1,2}") + r")(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)  # recognising and resolving ask for those of one report
def spans(text: str) -> tuple[tuple[int, int, str, re.Match[str]], ...]:
    """Non-overlapping time expressions in text order: start, end, rule, match; the longest wins."""
    near = stretches(text)
    found = [
        (match.start(), match.end(), rank, name, match)
        for rank, (name, pattern) in enumerate(rules())
        for low, high in near.get(OF_RULE[name], ())
        for match in pattern.finditer(text, low, high)
        if match.end() > match.start() and _plausible(name, match)
    ]
    taken: list[tuple[int, int, str, re.Match[str]]] = []
    covered = bytearray(len(text))
    for start, end, _, name, match in sorted(found, key=lambda f: (f[0] - f[1], f[0], f[2])):
        if covered.find(1, start, end) < 0:
            covered[start:end] = b"\x01" * (end - start)
            taken.append((start, end, name, match))
    return tuple(sorted(taken, key=lambda t: (t[0], t[1])))


def parse(expression: str) -> tuple[str, re.Match[str]] | None:
    """The rule that the whole of ``expression`` follows, with its match, or None."""
    text = " ".join(expression.split())
    for name, pattern in rules():
        if match := pattern.fullmatch(text):
            return name, match
    return None


def _plausible(name: str, match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    groups: Groups = defaultdict(str, {k: v for k, v in match.groupdict().items() if v})
    for key in ("m", "m1", "m2", "wd"):
        if groups[key][:1].isalpha() and not match[key][0].isupper():
            return False
    check = _CHECKS.get(name)
    return check is None or check(match, groups, word_before(text, start), word_after(text, end))


def _compact(match: re.Match[str], g: Groups, _before: str, _after: str) -> bool:
    # "of 3 May 17 people died" is no date of 2017: only capitals are
    return g["m"].isupper() or (len(g["y"]) == 4 if not g["sep"].strip() else True)


def _monthday(match: re.Match[str], _g: Groups, before: str, _after: str) -> bool:
    another = re.match(r",? (?:and )?(?:the )?\d", match.string[match.end() :])  # "the 17th, 18th and 19th brigades"
    return before in ("on", "since", "until", "by", "till") and not another


def _date(match: re.Match[str], g: Groups, before: str, _after: str) -> bool:
    # "the second March offensive" counts offensives; "In May 20 people died" counts people, "On May 20 people died" days
    first, year = g["d1"], g["y"]
    if first and first.isalpha() and "of" not in match[0].lower().split() and not year:
        return False
    if not g["d2"] or year or g["wd"] or before == "on" or not _counts(match.string, match.end()):
        return True
    return word_after(match.string, match.end()).lower() in _FATES  # "on August 21 killed" tells of a day


_FATES = frozenset({"killed", "injured", "wounded", "dead", "more", "other", "others", "local", "million", "billion"})


def _days(match: re.Match[str], g: Groups, _before: str, _after: str) -> bool:
    return not (not g["y"] and match[0][-1].isdigit() and _counts(match.string, match.end()))


def _month(match: re.Match[str], g: Groups, before: str, after: str) -> bool:
    word = g["m"].lower().rstrip(".")
    if g["rel"] and g["rel"].lower() in ("the past", "that", "the same", "the next", "the preceding"):
        return False
    if not g["m"].endswith(".") and len(word) == 3 and word != "may":
        return False  # "Jun" and "Mar" alone are names
    if word in lexicon()["months"]["people"] and not g["rel"] and not g["edge"] and not before_month(before):
        return not re.match(r"\s[A-Z][a-z]", match.string[match.end() : match.end() + 3])  # "April Glaspie"
    if word == "march" and before in ("the", "this", "last", "next") and after in _WAYS:
        return False
    if word in lexicon()["months"]["ambiguous"] and not g["rel"] and not g["edge"]:
        if not before_month(before) or after == "Day":
            return False
        return not (word == "may" and before in ("and", "or", "of", "for", "by") and after[:1].isupper())
    return True


_WAYS = frozenset({"of", "on", "for", "against", "to", "toward", "towards", "through"})  # where people march


def before_month(word: str) -> bool:
    """Whether a month may follow the word, not only a name or a verb that is spelt alike."""
    return word in lexicon()["months"]["before"]


def _weekday(match: re.Match[str], g: Groups, before: str, after: str) -> bool:
    if before in ("black", "bloody") or after in ("Times", "Mirror", "Telegraph", "Herald", "Mosque"):
        return False
    if g["wd"].lower() in _WEEKDAYS:
        return True
    # "Mon", "Sun" and "Wed" are words of their own, and "Fri" stands so in short messages only
    end = match.string[match.end("wd") :]
    return before in ("on", "since", "until", "by") and bool(
        match.end() > match.end("wd") or re.match(r"[.,;:]|$", end)
    )


_WEEKDAYS = frozenset(words[0] for words in lexicon()["weekdays"]["names"])


def _season(match: re.Match[str], g: Groups, before: str, _after: str) -> bool:
    rel, year = g["rel"].lower(), g["y"]
    if (
        g["s"][0].isupper()
        and re.search(r"[A-Z]\w+ $", match.string[: match.start()][-30:])
        and not before_month(before)
    ):
        return False  # "the Arab Spring of 2011"
    if year:
        return True
    if g["s"].lower() == "fall" or g["s"][0].isupper():
        return (rel in ("last", "this", "next", "this past") and g["s"].lower() != "spring") or rel in ("last", "next")
    return bool(rel) or before in ("in", "since", "during", "by", "until", "of", "from", "after")


def _year(match: re.Match[str], g: Groups, before: str, after: str) -> bool:
    if match[0] != g["y"]:
        return True  # "the year 2000", "nineteen ninety"
    text, start, end = match.string, match.start(), match.end()
    if text[max(0, start - 1) : start] == "(" or text[end : end + 1] in (")", "]"):
        return after.lower() not in lexicon()["years"]["counted"]
    if _YEAR_LIST.search(text[max(0, start - 20) : start]):
        return not _counts(text, end)
    if before not in lexicon()["years"]["before"] or _counts(text, end):
        return False
    if _plural(text, end):  # "the 2003 attacks", but "of 2000 attacks"
        return before in ("in", "since", "during", "until", "early", "late", "mid", "the", "a", "s", "throughout")
    return True


_YEAR_LIST = re.compile(r"\b(?:19|20)\d\d(?:, | and | or |, and | to )$")


def _each(match: re.Match[str], _g: Groups, _before: str, after: str) -> bool:
    return match[0].lower() != "daily" or not after[:1].isupper()  # "the daily Granma", "Daily Star"


def _duration(match: re.Match[str], g: Groups, before: str, after: str) -> bool:
    number = g["n"].lower()
    if re.match(r"\s(?:of age|old)\b", match.string[match.end() : match.end() + 8]):
        return False
    if re.search(r"\b(?:three|3)[-\s]quarters?$", match[0], re.IGNORECASE) and after in ("of", "the"):
        return False  # a fraction
    if number in ("a", "an"):
        return before in ("for", "in", "than", "within", "after", "nearly", "almost", "about", "over", "and")
    if not number:
        return before in ("for", "in", "within", "after", "take", "of", "lasted", "over", "and")
    return before not in ("aged",)


def _window(match: re.Match[str], g: Groups, before: str, after: str) -> bool:
    article = match[0].lower().startswith(("the ", "these "))
    if g["rel"].lower() == "last" and not article and before in _VERBAL:
        return False  # "the truce is to last two days"
    return not (g["rel"] and not g["n"] and not g["u"].endswith("s") and after == "of")  # "the last day of the truce"


_VERBAL = frozenset({"to", "will", "would", "could", "may", "might", "can", "must", "should", "not", "did", "t", "ll"})


def _part_year(match: re.Match[str], g: Groups, _before: str, _after: str) -> bool:
    return (g["p"] or g["p2"]).isupper()


def _holiday(_match: re.Match[str], _g: Groups, before: str, _after: str) -> bool:
    return before not in ("orthodox", "coptic", "julian", "chinese", "lunar", "jewish", "islamic", "persian", "kurdish")


def _unit(match: re.Match[str], g: Groups, before: str, after: str) -> bool:
    rel, unit = g["rel"].lower(), g["u"].lower()
    if rel == "last" and before == "the" and after == "of":
        return False  # "the last day of the siege"
    if unit in ("minute", "hour") and rel in ("this", "that", "the"):
        return False
    return not (rel == "this" and unit == "day" and after)


def _decade(match: re.Match[str], g: Groups, before: str, _after: str) -> bool:
    if g["w"]:
        return before in ("the", "in") or match[0].lower().startswith(("the", "early", "late", "mid"))
    return len(g["y"]) == 4 or match[0].lower().startswith(("the", "early", "late", "mid", "'", "’", "‘"))


def _quarter(match: re.Match[str], g: Groups, before: str, after: str) -> bool:
    return after.lower() not in ("of", "century") or bool(g["y"])


def _clock(match: re.Match[str], g: Groups, before: str, _after: str) -> bool:
    if g["bare"]:
        return ":" in g["bare"] and before in _AT
    if _HOURS.fullmatch(g["clock"]):  # "after 1800 hours of talks"
        return before in _AT
    return any(c.isdigit() for c in g["clock"])


_AT = frozenset({"at", "around", "about", "by", "from", "until", "till", "since", "between", "approximately", "circa"})
_HOURS = re.compile(r"\d{4}\s?(?:hrs|hours)", re.IGNORECASE)


_CHECKS = {
    "compact": _compact,
    "date": _date,
    "days": _days,
    "monthday": _monthday,
    "holiday": _holiday,
    "month": _month,
    "weekday": _weekday,
    "season": _season,
    "year": _year,
    "duration": _duration,
    "each": _each,
    "unit": _unit,
    "window": _window,
    "part_year": _part_year,
    "decade": _decade,
    "quarter": _quarter,
    "clock": _clock,
}


def _counts(text: str, end: int) -> bool:
    """Whether the number that ends at ``end`` counts the noun after it."""
    if text[end : end + 1] not in (" ", "\n", "\u00a0"):
        return False
    return word_after(text, end).lower() in lexicon()["years"]["counted"]


def _plural(text: str, end: int) -> bool:
    """Whether a plural noun follows, which a number could count."""
    after = word_after(text, end) if text[end : end + 1] in (" ", "\n", "\u00a0") else ""
    return after.islower() and after.endswith("s") and not after.endswith(("ss", "was", "is", "has", "its", "as"))


__all__ = ["RULES", "parse", "rules", "spans"]
