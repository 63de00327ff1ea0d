"""What one account says of who holds a place, and of which day: the evidence that control over time is built from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tadmor import taxonomy
from tadmor.model import Account, Party
from tadmor.reconcile.bearing import bearing, ended
from tadmor.reconcile.days import FAR, Span, iso, midpoint, open_ended, span
from tadmor.reconcile.names import fold, party_key, place_key
from tadmor.reconcile.similarity import PRECISE_DAYS
from tadmor.reconcile.sources import belligerent
from tadmor.reconcile.standing import spots

Effect = Literal["take", "hold", "keep", "lose", "refuse", "siege", "lift", "fight"]
# the party that holds what a party takes, on a day (ISO) and in a country (alpha-2) as far as these are known
ResolveHolder = Callable[[Party, str | None, str | None], Party]

# A state that began longer before the report than this is history that the report tells, not what it saw to be still so.
LASTING_DAYS = 3 * 365
# Of a claim that one who holds no ground took the place: somebody else has it, and the words may be misread.
HELPED = 0.4
NO_HOLDERS = frozenset(
    {"civilian", "civilians", "media", "monitor", "agency", "nationality", "organisation", "activists", "rescuers"}
)
_CIVIL_NAMES = frozenset(
    {"civilians", "residents", "people", "families", "locals", "population", "civilian population"}
    | {"it", "they", "he", "she", "him", "them", "we", "who", "others", "group", "groups", "side", "sides"}
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A party as it holds places: rolled up by the caller's ``resolve_holder``."""

    key: str
    entity: str | None
    name: str
    side: str | None
    kind: str | None = field(default=None, compare=False)

    @property
    def camp(self) -> str:
        """The side, where it is one of the war's; else the holder alone."""
        return f"side:{self.side}" if self.side else self.key


@dataclass(frozen=True, slots=True)
class Evidence:
    """One account's word on one place.

    ``day`` is the ordinal of the day of which it tells (of a wide date the middle), ``until`` the last day for which it
    says that things stood so, ``label`` the date as it is shown, ``holders`` who has the place by it (for ``lose`` and
    ``refuse`` who does not), ``rivals`` the others it names.
    """

    account: Account
    effect: Effect
    day: int
    until: int
    label: str
    holders: tuple[Holder, ...]
    rivals: tuple[Holder, ...]
    dated: bool
    lasts: bool = False  # said to be still so on ``until``, the day of the report
    wide: bool = False  # the date covers more than a month: a weak word on any one day
    share: float = 1.0  # how far it bears on the whole place, 0 to 1


def evidence(
    accounts: Iterable[Account],
    resolve_holder: ResolveHolder | None = None,
    subject: frozenset[str] = frozenset(),
    *,
    undated_day: int | None = None,
) -> list[Evidence]:
    """The evidence of these accounts, which all speak of the place in question, in order of day and claim.

    ``subject`` are the keys (``place_key``) by which they name it; without any, all their places are meant.
    A claim without a date speaks of the day on which its report was published; where that is unknown too it is left
    out, unless ``undated_day`` (an ordinal) says for which day to take it. What was retracted is no evidence.
    """
    standing = (a for a in accounts if a.retracted is None)
    found = [e for a in standing if (e := _of(a, resolve_holder, subject, undated_day)) is not None]
    return sorted(found, key=lambda e: (e.day, e.account.ref))


def _of(
    account: Account, resolve_holder: ResolveHolder | None, subject: frozenset[str], undated_day: int | None
) -> Evidence | None:
    claim = account.claim
    kind = taxonomy.types().get(claim.type)
    effect = _effect(claim.type, claim.certainty) if kind and kind.implies else None
    if effect is None or (effect in ("take", "lose") and _TRADED.search(fold(claim.text))):
        return None
    when = _when(account, effect, undated_day)
    if when is None:
        return None
    day, until, label, dated = when
    on = _iso(day)
    country = country_of(account, subject)
    holders = holders_of(account.actors, on, country, resolve_holder)
    rivals = holders_of(account.targets, on, country, resolve_holder)
    effect, holders, rivals = _as_worded(account, effect, holders, rivals)
    share = bearing(account, subject)
    if not holders and effect == "take" and rivals:
        effect, holders, rivals = "lose", rivals, ()
        share *= HELPED if account.actors else 1.0
    if not holders and effect in ("take", "hold", "keep", "lose", "refuse"):
        return None
    days = span(account.claim.date)
    state = effect in ("hold", "siege", "fight")
    lasts = state and days is not None and days[1] == FAR
    wide = not state and days is not None and days[1] - days[0] > 31 and days[1] != FAR
    return Evidence(account, effect, day, until, label, holders, rivals, dated, lasts, wide, share)


_FREED = re.compile(r"\b(?:clear(?:ed|ing)? of|rid of|free of|freed from|from|against|defeat of) (?:the )?$")
_THEIRS = re.compile(  # "fighters from X" are X's
    r"\b(?:fighters|militants|militiamen|rebels|insurgents|jihadists|terrorists|gunmen|soldiers|troops|forces|units|elements|"
    r"members|men|groups?|brigades?|factions?|those) from (?:the )?$"
)
_FELL_TO = re.compile(
    r"\b(?:fall(?:s|en|ing)?|fell|lost|loss|ceded|surrender\w*|hand(?:ed|ing) over)\b.*\bto (?:the )?(?:\w+ ){0,2}$"
)
_CEDED = re.compile(r"\b(?:ceded|surrendered|handed over|relinquished|gave up|yielded)\b(?!.*\bby\b)")
# taken and lost: nobody says by whom and when
_TRADED = re.compile(r"\b(?:trad|chang|exchang|switch|swapp?)(?:es|ed|e|ing) hands\b")
_SINCE = re.compile(
    r"\b(?:have|has) (?:\w+ ){0,2}?(?:been|besieg|held|control|encircl|surround|blockad)\w*\b.*\bsince\b"
)
_HAD = re.compile(r"\bhad (?:\w+ )?(?:been )?(?:re)?(?:captur|seiz|tak|gain|overrun|conquer|lost|liberat|secur)\w*\b")
_DATED = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|\b(?:19|20)\d\d\b")


def _as_worded(
    account: Account, effect: Effect, holders: tuple[Holder, ...], rivals: tuple[Holder, ...]
) -> tuple[Effect, tuple[Holder, ...], tuple[Holder, ...]]:
    """What the claim says of whom, given its actors as holders and its targets as rivals: its words may have it another way."""
    if effect in ("siege", "fight"):
        return effect, rivals, holders  # who is besieged or attacked is the one that has the place
    if effect == "hold" and ended(fold(account.claim.text)):
        return "lose", holders, rivals
    if effect == "take" and len(holders) == 1 and not rivals and _freed(account):
        return "lose", holders, ()  # "cleared of its forces": the party named had it
    if effect == "take" and holders and _ceded(account):
        return "take", rivals, ()
    if effect == "lose" and holders and _fell_to(account):
        return "take", holders, ()
    if effect == "take" and holders and rivals:  # prisoners of those who had it are none who took it
        takers = tuple(h for h in holders if h not in rivals)
        return ("take", takers, rivals) if takers else ("lose", rivals, ())
    return effect, holders, rivals


def _freed(account: Account) -> bool:
    """Whether the clause names the only party as the one from whom the place was taken."""
    ahead = _before_actors(account)
    return bool(ahead) and all(_FREED.search(words) and not _THEIRS.search(words) for words in ahead)


def _fell_to(account: Account) -> bool:
    """Whether a loss has for its actor the party to whom the place fell."""
    ahead = _before_actors(account)
    return account.claim.type == "territory_lost" and bool(ahead and _FELL_TO.search(min(ahead, key=len)))


def _ceded(account: Account) -> bool:
    """Whether a capture has for its actor the party that gave the place up to its targets."""
    if not account.targets or not _CEDED.search(fold(account.claim.text)):
        return False
    ahead = _before_actors(account)
    return not (ahead and _FELL_TO.search(min(ahead, key=len)))


def _before_actors(account: Account) -> list[str]:
    """What stands before each spot of the folded clause that names an actor."""
    clause = fold(account.claim.text)
    return [clause[:start] for name in account.claim.actor_names for start, _ in spots(fold(name), clause)]


def _earlier(account: Account) -> bool:
    """Whether what is dated to a month came before all that the text tells of it: "had captured the town", and no date beside."""
    return bool(_HAD.search(fold(account.claim.text))) and not _DATED.search(account.sentence)


def _effect(kind: str, certainty: str) -> Effect | None:
    if certainty == "expected":
        return None
    denied = certainty == "denied"
    effects: dict[str, tuple[Effect, Effect | None]] = {
        "territory_taken": ("take", "refuse"),
        "territory_held": ("hold", "lose"),
        "territory_lost": ("lose", "keep"),
        "attack_repelled": ("keep", None),
        "siege": ("siege", "lift"),
        "advance": ("fight", None),
        "armed_clash": ("fight", None),
    }
    said, refused = effects.get(kind, (None, None))
    return refused if denied else said


def _when(account: Account, effect: Effect, undated_day: int | None) -> tuple[int, int, str, bool] | None:
    """Day, last day, label and whether it is dated; None when nothing says of which day it tells."""
    days = span(account.claim.date)
    told = span(account.published)
    if days is None:
        point = undated_day if told is None else midpoint(told)
        if point is None or effect == "fight":
            return None
        return point, point, _iso(point) or "", False
    label = account.claim.date or ""
    low, high = days
    if effect in ("hold", "siege", "fight"):
        return _lasting(days, told, label, ever=bool(_SINCE.search(fold(account.claim.text))))
    if open_ended(label) or high == FAR:
        return low, low, label.removesuffix("/.."), True
    if low == 1:
        point = _middle(days, told)
        return point, point, _iso(point) or "", True
    if high - low < PRECISE_DAYS:
        return high, high, label if low == high else (_iso(high) or label), True
    point = low if _earlier(account) else _middle(days, told)
    return point, point, label if point == midpoint(days) else (_iso(point) or label), True


def _lasting(days: Span, told: Span | None, label: str, *, ever: bool = False) -> tuple[int, int, str, bool]:
    """The same of a state; with ``ever`` it is said to have gone on from its first day, however long ago that was."""
    low, high = days
    known = midpoint(told) if told else low
    if high == FAR:
        until = known if known >= low and (ever or known - low <= LASTING_DAYS) else low
        return low, until, label.removesuffix("/.."), True
    first, _, last = label.partition("/")
    if low == 1:
        began = (span(last) or days)[0]  # held until some day of a month or year: surely until that began
        point = _middle((1, max(1, began - 1)), told)
        return point, point, _iso(point) or "", True
    if last:
        start, end = span(first) or days, span(last) or days
        return midpoint(start), max(midpoint(start), midpoint(end)), first, True
    if high - low < PRECISE_DAYS:
        return high, high, label, True
    point = _middle(days, told)
    return point, point, label if point == midpoint(days) else (_iso(point) or label), True


def _middle(days: Span, told: Span | None) -> int:
    """The middle of a wide date, its end where it has no beginning, but no day after the report that tells of it."""
    return min(midpoint(days), told[1]) if told and days[0] <= told[1] else midpoint(days)


def gainsaid(take: Evidence, items: Sequence[Evidence]) -> bool:
    """Whether somebody says, of a day after a capture, that it was none: another has the place, or the taker has not."""
    takers = {h.camp for h in take.holders}
    return any(
        (e.effect == "refuse") == bool(takers & {h.camp for h in e.holders})
        for e in items
        if e.effect in ("hold", "keep", "refuse") and e.day > take.day
    )


def agrees(e: Evidence, holder: Holder) -> bool:
    """Whether a claim fits that this party has the place: it or an ally took, has or kept it, or another lost it."""
    if e.effect in ("lose", "refuse"):
        return holder.key not in {h.key for h in e.holders}
    if e.effect == "take" and holder.key in {r.key for r in e.rivals}:
        return holder.key in {h.key for h in e.holders}
    return holder.camp in {h.camp for h in e.holders}


def country_of(account: Account, subject: frozenset[str]) -> str | None:
    """The country (alpha-2) of the place that is meant; ``subject`` as in :func:`evidence`."""
    places = [p for p in account.places if not subject or place_key(p) in subject] or account.places
    return next((p.country for p in places if p.country), None)


def holders_of(
    parties: Iterable[Party], on: str | None, country: str | None, resolve_holder: ResolveHolder | None
) -> tuple[Holder, ...]:
    """The parties that can hold ground, as they hold it on a day (ISO) in a country, each once."""
    out: list[Holder] = []
    for party in parties:
        if party.kind == "person" and not belligerent(party.side):
            continue
        if party.kind in NO_HOLDERS or fold(party.name) in _CIVIL_NAMES or not fold(party.name):
            continue
        held = resolve_holder(party, on, country) if resolve_holder else party
        if held.kind not in NO_HOLDERS and held.kind != "coalition":
            out.append(Holder(party_key(held), held.entity, held.name, belligerent(held.side), held.kind))
    return tuple(dict.fromkeys(out))


def _iso(day: int) -> str | None:
    return iso(day) if 1 < day < FAR else None
