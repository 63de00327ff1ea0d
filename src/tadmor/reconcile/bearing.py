"""How far a claim bears on a whole place: its words may name only a part of it, a wider area, or not the place at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tadmor.model import Account
from tadmor.reconcile.days import span
from tadmor.reconcile.names import fold, fold_place, is_part, place_key, without_articles
from tadmor.reconcile.standing import AROUND, PART, WHOLE, spots, standing

CALLED = 0.7  # the sentence only says "the town"
UNNAMED = 0.4  # the sentence does not name the place: the reader put it there from what the report tells of
ASIDE = 0.2  # it names another place of the claim instead
BRIEF = 0.2  # what was taken only for a while does not last
GUESSED = 0.7  # "after the capture of X": nobody is named who took it
SOUGHT = 0.2  # what is only tried: "an offensive to retake it"
ENTERED = 0.4  # troops have entered; a heading, whose day is guessed
PAST = 0.3  # a state that is over: "their former stronghold"
OUTSIDE = 0.1  # a day outside the period that the title names: most often a year that was guessed wrong
BACKGROUND = 0.25  # a month or year outside of it
WIDER = 0.4  # a province, district or countryside that bears the name of the place is not the place

_NUMBER = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|some|many|dozens of|multiple|various|most of)"
)
_OUTER = (
    r"(?:(?:villages?|hamlets?|settlements?|towns)(?! of)|hills?|checkpoints?|points|positions?|posts?|farms?|farmlands?"
    r"|locations?|localities|silos|fields?|outskirts|suburbs?|roads?|warehouses?|dams?|square (?:kilomet|mil)\w+"
    r"|mountains?|stations?)"
)
_INNER = (
    r"(?:districts?|neighbou?rhoods?|buildings?|blocks?|areas?|headquarters|parts?|quarters?|bridges?|entrance|third|half"
    r"|percent|pockets?|houses?|streets?|square|side|sectors?|enclaves?|old city|stadium|hospital|prison|airport)"
)
_TOOK = r"(?:captur|seiz|recaptur|retak|retook|regain|secur|liberat|clear|tak(?:e|ing|en)|took|control|overr[au]n|lost|los)\w*"
_OBJECT = (
    rf"\b{_TOOK} (?:\w+ ){{0,2}}?(?:(?:the|an?|another|other|more|new|at least|all|its|their) )*"
    rf"(?:{_NUMBER} )?(?:\w+ ){{0,2}}?"
)
_SUBJECT = rf"\b{_NUMBER} (?:\w+ )?%s (?:\w+ )?(?:were|was|had been|fell)\b"
_OUTER_TAKEN = re.compile(rf"{_OBJECT}{_OUTER}\b|{_SUBJECT % _OUTER}")
_INNER_TAKEN = re.compile(rf"{_OBJECT}{_INNER}\b|{_SUBJECT % _INNER}")
_QUARTER = r"(?:(?:north|south|east|west)(?:ern|east|west|eastern|western)?|central)"
_INNER_HELD = re.compile(
    rf"\b(?:held|controlled) (?:{_QUARTER}|parts?|neighbou?rhoods?|districts?|areas?|half|side|quarters?|sectors?"
    rf"|enclaves?|pockets?|old city)\b|\bdivided\b|\b{_QUARTER} (?:part|half|side|neighbou?rhoods|districts)\b"
    r"|\b(?:districts|neighbou?rhoods|quarters|areas|parts|pockets|villages)\b.*\b(?:remain|still|stay)"
    r"|\b(?:holdouts?|pockets?|resistance|remnants|sleeper)\b"
    r"|\b(?:held|controlled) (?:towns|villages|cities|territor(?:y|ies)|regions?|provinces?)\b"
)
_QUARTER_BEFORE = re.compile(rf"\b{_QUARTER} $")
_AREA = r"(?:province|provincial|governorate|countryside|districts?|region|sub ?district|canton)"
_AREA_AFTER = re.compile(rf"s? (?:\w+ )?{_AREA}\b")
_AREA_BEFORE = re.compile(rf"\b{_AREA} of (?:al |ar |el )?$")
_SHARE = re.compile(r"\d ?(?:%|per ?cent\b)")
_BRIEF = re.compile(r"\b(?:briefly|temporarily|momentarily|for (?:a few|several|some|two|three) hours|short lived)\b")
_PAST = re.compile(
    r"\b(?:former|formerly|previously|erstwhile|once|one time|occupation|used to|had been|has been for|was held|until"
    r"|then (?:\w+ ){0,2}(?:held|controlled|capital|stronghold|bastion))\b"
)
_SOUGHT = re.compile(
    r"\b(?:close to|in order to|attempt(?:s|ed|ing)? to|offensive to|operation to|battle to|bid to|campaign to|assault to|push to"
    r"|tr(?:y|ied|ies|ying) to|fail(?:s|ed|ing)? to|aim(?:s|ed|ing)? to|plan(?:s|ned|ning)? to|fight(?:s|ing)? to|so long to"
    r"|prepar(?:es?|ed|ing) to|hop(?:es?|ed|ing) to|want(?:s|ed)? to|vow(?:s|ed)? to) (?:\w+ )?"
    r"(?:re)?(?:captur|seiz|tak(?:e|ing)\b|liberat|clear)"
)
_ENTER = re.compile(
    r"\b(?:enter|re enter|storm|broke into|push(?:ed|ing)? into|mov(?:ed|ing) into|advanc(?:ed|ing) into)"
)
_NOMINAL = re.compile(r"\b(?:(?:re ?)?capture|seizure|liberation|takeover|fall) of\b")
# "the town, which holds a strategic position"
_RANK = re.compile(
    r"\b(?:holds?|held|holding) (?:\w+ ){0,3}(?:position|importance|significance|value|symbolism|location)\b"
)
_ENDED = re.compile(rf"\b{_TOOK} (?:\w+ ){{0,4}}?(?:held|controlled|stronghold|bastion)\b")
_NEARLY = re.compile(
    r"\b(?:nearly|almost|all but|virtually) (?:\w+ )?(?:besieg|encircl|surround|captur|seiz|took|overr[au]n)"
)
_HEADING = 7  # words of a line without a full stop
_TOWN = re.compile(
    r"\b(?:the|this|that) (?:whole |entire |ancient |historic )?(?:city|town|village|provincial capital)\b"
)


_TERRITORY = frozenset({"territory_taken", "territory_lost", "territory_held"})


def _inner_held(clause: str, names: set[str]) -> bool:
    if _INNER_HELD.search(clause):
        return True
    loose = without_articles(clause)
    return any(
        not loose[end : end + 1].isalnum() and _QUARTER_BEFORE.search(loose, 0, start)
        for n in names
        for start, end in spots(without_articles(n), loose)
    )


def _wider(name: str, loose: str) -> bool:
    """Whether the text names a province, a district or the countryside by the name of the place."""
    return any(
        (not loose[start - 1 : start].isalnum() and _AREA_AFTER.match(loose, end))
        or (not loose[end : end + 1].isalnum() and _AREA_BEFORE.search(loose, 0, start))
        for start, end in spots(name, loose)
    )


def ended(clause: str) -> bool:
    """Whether the folded clause names a holder only as the one from whom the place was taken: "captured the rebel stronghold"."""
    return bool(_ENDED.search(clause))


def bearing(account: Account, subject: frozenset[str] = frozenset()) -> float:
    """How much a claim of control weighs for the whole of a place, 0 to 1.

    ``subject`` are the keys (``place_key``) by which the place goes; without any, all places of the claim are meant.
    """
    share = _bearing(account, subject)
    if within_title(account):
        return share
    return share * (OUTSIDE if len((account.claim.date or "").partition("/")[0]) == 10 else BACKGROUND)


def _names(account: Account, subject: frozenset[str]) -> tuple[list[str], set[str], set[str]]:
    """The words that the claim has for the place in question; its folded names, and those of the claim's other places."""
    phrases, places = account.claim.place_names, account.places
    if len(phrases) != len(places):
        return list(phrases), {fold_place(n) for n in (*phrases, *(p.name for p in places))} - {""}, set()
    mine = [k for k, p in enumerate(places) if not subject or place_key(p) in subject] or list(range(len(places)))
    names = {fold_place(n) for k in mine for n in (phrases[k], places[k].name)} - {""}
    others = {fold_place(n) for k, p in enumerate(places) if k not in mine for n in (phrases[k], p.name)} - {""}
    return [phrases[k] for k in mine], names, others - names


def _bearing(account: Account, subject: frozenset[str]) -> float:
    claim = account.claim
    sentence, clause = fold(account.sentence), fold(claim.text)
    phrases, names, others = _names(account, subject)
    if not sentence or not names:
        return WHOLE
    if any(is_part(fold_place(n)) for n in phrases):
        return AROUND
    if claim.type in _TERRITORY:
        if _OUTER_TAKEN.search(clause):
            return AROUND
        if (
            _INNER_TAKEN.search(clause)
            or _SHARE.search(claim.text)
            or (claim.type == "territory_held" and _inner_held(clause, names))
        ):
            return PART
    if claim.type == "territory_taken" and _BRIEF.search(clause):
        return BRIEF
    if claim.type == "territory_held" and _PAST.search(clause):
        return PAST
    if claim.type == "territory_held" and _RANK.search(clause):
        return ASIDE
    if claim.type == "territory_taken" and _sought(sentence, clause):
        return SOUGHT
    loose = f" {without_articles(sentence)} "
    called = {without_articles(n) for n in names}
    named = [n for n in called if f" {n} " in loose or f" {n}s " in loose]
    if not named:
        beside = any(f" {without_articles(n)} " in loose for n in others)
        return ASIDE if beside else UNNAMED if others or not _TOWN.search(sentence) else CALLED
    if all(_wider(n, loose) for n in named):
        return WIDER
    if claim.type in ("siege", "territory_taken") and _NEARLY.search(clause):
        return SOUGHT
    if claim.type not in _TERRITORY and claim.type != "attack_repelled":
        return WHOLE
    told = f" {without_articles(clause)} "
    stands = standing(told, named)
    if claim.type == "attack_repelled":  # who beats back an attack on what lies near a place need not have the place
        stands = standing(loose, named) if stands is None else stands
        return WHOLE if stands is None else stands
    if stands is None:
        if any(f" {without_articles(n)} " in told for n in others):
            return ASIDE
        # the clause has "it" for what the sentence names
        stands = max(UNNAMED, standing(loose, named) or 0.0)
    if claim.type == "territory_taken" and (_heading(account.sentence) or _entered(clause)):
        return min(stands, ENTERED)
    if claim.type == "territory_taken" and _unsaid(clause, claim.actor_names):
        return stands * GUESSED
    return stands


def _sought(sentence: str, clause: str) -> bool:
    """Whether the taking is only what somebody is at: "close to capturing", "an offensive to retake"."""
    at = sentence.find(clause)
    return bool(_SOUGHT.search(sentence[max(0, at - 40) : at] + clause if at > 0 else clause))


def _unsaid(clause: str, actors: Iterable[str]) -> bool:
    """Whether "the capture of X" has no word of who took it, so that the taker was guessed from what stands around."""
    noun = _NOMINAL.search(clause)
    if noun is None or re.search(r"\b(?:by|their|its)\b", clause):
        return False
    named = (a for a in map(fold, actors) if a)
    return not any(a in clause[max(0, noun.start() - len(a) - 12) : noun.start()] for a in named)


def _heading(sentence: str) -> bool:
    return not sentence.rstrip().endswith((".", "!", "?", '"', "”")) and len(sentence.split()) <= _HEADING


def _entered(clause: str) -> bool:
    """Whether troops are only said to have entered."""
    return bool(_ENTER.search(clause)) and not re.search(rf"\b{_TOOK}", clause)


_MONTHS = "january february march april may june july august september october november december".split()
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
BEFORE, AFTER = 45, 180  # days by which what a report tells of may lie before or after the period of its title


@lru_cache(maxsize=4096)
def title_period(title: str) -> tuple[int, int] | None:
    """First and last day (ordinals) of the months or years that a title names: "The battle of X (2016-2017)"."""
    text = fold(title)
    years = [int(y) for y in _YEAR.findall(text)]
    if not years:
        return None
    months = [k + 1 for k, m in enumerate(_MONTHS) if re.search(rf"\b{m}\b", text)] if len(set(years)) == 1 else []
    low = span(f"{min(years)}-{min(months):02d}" if months else f"{min(years)}")
    high = span(f"{max(years)}-{max(months):02d}" if months else f"{max(years)}")
    return (low[0], high[1]) if low and high else None


def within_title(account: Account) -> bool:
    """Whether the claim's date has a day within the period that its report's title names, give or take some weeks."""
    period, days = title_period(account.title or ""), span(account.claim.date)
    return period is None or days is None or (days[0] <= period[1] + AFTER and days[1] >= period[0] - BEFORE)
