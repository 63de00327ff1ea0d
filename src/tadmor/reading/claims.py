"""Claims: merged drafts with their certainty, chains of sources, arguments and times."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tadmor.model import Claim, Mention, Span
from tadmor.reading import predicates
from tadmor.reading.arguments import Arguments
from tadmor.reading.attributions_names import key
from tadmor.reading.document import Document
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.judges import Chain, Joined, Judge, Parts, Rules, Stated
from tadmor.reading.kinds import retyped
from tadmor.reading.merging import merge
from tadmor.reading.plain import plain
from tadmor.reading.responsibility import Answer, answers, claimants
from tadmor.reading.scene import Scene
from tadmor.reading.stances import stance
from tadmor.taxonomy import UTTERANCES

_SUBJECTLESS = re.compile(
    r"[\"“‘']?\s*(?:that\s+)?(?:to|having|responsibility|(?:it|they|we)\s+(?:(?:ha[ds]|have|would|will|did)(?!\s+been)|\w+ed\b)"
    r"|(?!shelling|bombing|fighting|shooting|looting|killing)\w+ing)\b",
    re.IGNORECASE,
)
_FALLEN = re.compile(r"f(?:all|alls|ell|allen|alling)\b", re.IGNORECASE)
# what somebody else who is named has put out: "in a statement", "the press release"
_DOCUMENT = re.compile(r"(?:\w+\s+){0,2}(?:press release|statement|communiqu[eé]|announcement)", re.IGNORECASE)
QUOTES = frozenset('"“”')
_PASSIVE = frozenset("was were been being".split())
_PLAINER = 2.0  # log-odds by which the trigger of another clause must look more like the event
_TELLINGS = 4  # clauses of one claim that are searched for arguments; the others only add their spans


def claims(document: Document, judge: Judge) -> tuple[tuple[Claim, ...], tuple[Mention, ...]]:
    """All claims of a document, ids c1, c2, ... in order of first mention, and its mentions with those that only claims name."""
    scene = Scene(document)
    told = lines(document.report, document.sentences)
    judge = judge if isinstance(judge, Rules) else Joined(judge)
    stated = judge.drafts(scene, told)
    if isinstance(judge, Rules):
        stated = [d for d, _ in retyped(scene, stated)]
    stated = [*stated, *(d for d, _ in retyped(scene, plain(scene, told, stated)) if judge.allows(d))]
    answered = {id(a.draft): a for a in answers(scene, told, stated)}
    known = {id(d) for d in stated}
    new = [a.draft for a in answered.values() if a.earlier is None and id(a.draft) not in known]
    told_again = sorted([*stated, *new], key=lambda d: (d.start, d.end, d.type))
    groups = merge(told_again, lambda a, b: judge.same(scene, a, b), Apart(scene, judge), own=judge.own)
    for answer in answered.values():
        if answer.earlier is not None:
            next(g for g in groups if any(d is answer.earlier for d in g)).append(answer.draft)
    told_by = [_tellings(group, answered) for group in groups]
    found = tuple(
        _claim(scene, judge, f"c{i}", group, own, answered)
        for i, (group, own) in enumerate(zip(groups, told_by, strict=True), 1)
    )
    tellings = [_stated(scene, judge, own) for own in told_by]
    found = _placed(scene, judge, tellings, found)
    found = _told(scene, judge, tellings, found)
    found = _peopled(scene, judge, tellings, found, answered)
    used = {i for claim in found for i in (*claim.actors, *claim.targets, *claim.places)}
    added = [m for m in scene.unnamed.values() if m.id in used]
    return found, tuple(sorted([*document.mentions, *added], key=lambda m: (m.start, m.end, m.type)))


def _stated(scene: Scene, judge: Judge, group: Sequence[Draft]) -> list[Stated]:
    seen = judge.seen if isinstance(judge, Joined) else lambda draft: draft
    return [Stated(d, seen(d), judge.link(scene, d)) for d in group]


def _placed(
    scene: Scene, judge: Judge, tellings: Sequence[Sequence[Stated]], found: tuple[Claim, ...]
) -> tuple[Claim, ...]:
    """The claims with the places that the judge chooses for them with the whole report in view."""
    where = judge.where(scene, tellings)
    if where is None:
        return found
    return tuple(
        replace(c, places=tuple(m.id for m in a.places), place_names=a.place_names)
        for c, a in zip(found, where, strict=True)
    )


def _told(
    scene: Scene, judge: Judge, tellings: Sequence[Sequence[Stated]], found: tuple[Claim, ...]
) -> tuple[Claim, ...]:
    """The claims with the triggers that the judge chooses for them, their places in view."""
    told = judge.tells(scene, list(zip(found, tellings, strict=True)))
    if told is None:
        return found
    out = []
    for claim, own, now in zip(found, tellings, told, strict=True):
        if now is own[0].draft:
            out.append(claim)
            continue
        begin, stop = now.line.words[now.first].start, now.line.words[now.last].end
        text = scene.report.text
        trigger, start, end = Span(begin, stop, text[begin:stop]), now.start, now.end
        out.append(replace(claim, start=start, end=end, text=text[start:end], trigger=trigger))
    return tuple(out)


def _peopled(
    scene: Scene,
    judge: Judge,
    tellings: Sequence[Sequence[Stated]],
    found: tuple[Claim, ...],
    answered: Mapping[int, Answer],
) -> tuple[Claim, ...]:
    """The claims with the actors and targets that the judge chooses for them with the whole report in view."""
    who = judge.who(scene, list(zip(found, tellings, strict=True)))
    if who is None:
        return found
    out = []
    for claim, told, parts in zip(found, tellings, who, strict=True):
        drafts = [s.draft for s in told]
        if claim.actors and _has_fallen(drafts[0]):
            out.append(claim)  # to whom a place falls is said by grammar
            continue
        doers = [m for m in parts[0] if not (_is_passive(drafts[0]) and _only_tells(scene, m, drafts[0]))]
        actors, targets = _settled(scene, drafts, answered, doers, parts[1])
        out.append(
            replace(
                claim,
                actors=tuple(m.id for m in actors),
                actor_names=tuple(scene.party(m) for m in actors),
                targets=tuple(m.id for m in targets),
                target_names=tuple(scene.party(m) for m in targets),
            )
        )
    return tuple(out)


class Apart:
    """What keeps two clauses apart that are alike in words: one denies what the other does not, or two speakers differ.

    Speakers differ when they give other numbers (codebook, rule 15), or when each says that somebody else holds a place.
    """

    def __init__(self, scene: Scene, judge: Judge) -> None:
        self._scene = scene
        self._judge = judge
        self._denied: dict[int, bool] = {}
        self._known: dict[int, tuple[frozenset[str], ...]] = {}

    def __call__(self, a: Draft, b: Draft) -> bool:
        """Whether the two cannot be one claim."""
        if self._denies(a) != self._denies(b):
            return True
        one, other = self._of(a), self._of(b)
        if not one[0] or not other[0] or one[0] & other[0]:
            return False
        return any(x and y and not x & y for x, y in zip(one[1:], other[1:], strict=True))

    def _denies(self, draft: Draft) -> bool:
        if id(draft) not in self._denied:
            self._denied[id(draft)] = stance(draft) == "denied"
        return self._denied[id(draft)]

    def _of(self, draft: Draft) -> tuple[frozenset[str], ...]:
        """The draft's speakers, its quantities and, where it says who holds a place, its actors."""
        if id(draft) not in self._known:
            scene, document = self._scene, self._scene.document
            speakers = {document.source_name(c[-1]) for c in self._judge.chains(scene, draft)}
            numbers = {m.text for m in document.mentions_in(draft.start, draft.end, "quantity")}
            held = draft.type in ("territory_held", "territory_taken")
            actors = {scene.party(m) for m in self._judge.link(scene, draft).actors} if held else set()
            self._known[id(draft)] = (frozenset(speakers), frozenset(numbers), frozenset(actors))
        return self._known[id(draft)]


def _claim(
    scene: Scene,
    judge: Judge,
    name: str,
    group: Sequence[Draft],
    tellings: Sequence[Draft],
    answered: Mapping[int, Answer],
) -> Claim:
    document = scene.document
    text = document.report.text
    main = tellings[0]
    linked = [judge.link(scene, d) for d in tellings]
    actors = next((a.actors for a in linked if a.actors), ())
    if main.type not in UTTERANCES:
        actors = tuple(m for m in actors if not _only_tells(scene, m, main))
    targets = next((a.targets for a in linked if a.targets), ())
    actors, targets = _settled(scene, tellings, answered, actors, targets)
    where = _named_places(_best_places(tellings, linked))
    # "rebel-held" is the outlet's own word; "re-occupied" is hyphenated too, and no epithet.
    epithet = main.line.words[main.last].joined and main.type in ("territory_held", "siege")
    chains = () if epithet and not _quoted(main) else _chains(scene, judge, tellings, answered)
    if not chains and document.issued is not None:
        chains = ((document.issued,),)  # a communiqué has no voice but its issuer's
    if main.type in UTTERANCES and chains:
        speaker = _speaker(scene, chains[0])
        actors = speaker or actors
        targets = tuple(m for m in targets if scene.party(m) not in {scene.party(a) for a in actors})
    times = next((t for t in (_times(document, d) for d in tellings) if t), ())
    begin, stop = _trigger(_plainest(main, group))
    return Claim(
        id=name,
        type=main.type,
        certainty=stance(main) or judge.certainty(scene, main),
        start=main.start,
        end=main.end,
        text=text[main.start : main.end],
        trigger=Span(begin, stop, text[begin:stop]),
        also=tuple(Span(d.start, d.end, text[d.start : d.end]) for d in group if d is not main),
        sources=chains,
        source_names=tuple(tuple(document.source_name(a) for a in chain) for chain in chains),
        actors=tuple(m.id for m in actors),
        actor_names=tuple(scene.party(m) for m in actors),
        targets=tuple(m.id for m in targets),
        target_names=tuple(scene.party(m) for m in targets),
        places=tuple(m.id for m in where.places),
        place_names=where.place_names,
        times=times,
        score=round(max(d.score for d in group), 2),
        hints=tuple(h for d in tellings if (h := judge.hint(scene, d)) is not None),
    )


def _settled(
    scene: Scene,
    tellings: Sequence[Draft],
    answered: Mapping[int, Answer],
    actors: Sequence[Mention],
    targets: Sequence[Mention],
) -> Parts:
    """The actors and targets where the codebook decides: who claims responsibility is the doer (rule 8), and nobody is both."""
    main = tellings[0]
    actors = claimants(scene, answered, tellings) or actors
    if not actors and _has_fallen(main):
        actors, targets = targets, ()  # what falls to somebody is taken by them
    taken = {scene.party(m) for m in actors}
    return tuple(actors), tuple(m for m in targets if scene.party(m) not in taken)


def _tellings(group: Sequence[Draft], answered: Mapping[int, Answer]) -> list[Draft]:
    """The clauses of a claim that are searched for arguments, its main one first."""
    main = _fullest([d for d in group if id(d) not in answered or answered[id(d)].earlier is None])
    rest = sorted((d for d in group if d is not main), key=lambda d: id(d) not in answered)
    return [main, *rest][:_TELLINGS]


def _fullest(stating: Sequence[Draft]) -> Draft:
    """The likeliest clause of the sentence that says most; the headline only where nothing else states the claim.

    A sentence may state a claim in two clauses, "took the town last July after overrunning its garrison": the longer one is
    often a mere circumstance, and its trigger is not the event's.
    """
    told: dict[int, int] = {}
    for d in stating:
        told[d.line.index] = told.get(d.line.index, 0) + d.end - d.start
    return max(stating, key=lambda d: (d.line.place != "headline", told[d.line.index], d.score, -d.start))


def _plainest(main: Draft, group: Sequence[Draft]) -> Draft:
    """The clause of a claim's main sentence whose trigger looks much more like the event than the main one's, else that.

    "Gunmen stormed the village, shooting nine": what is likeliest stated need not be what tells the event most plainly.
    """
    best = max((d for d in group if d.line.index == main.line.index), key=lambda d: d.event)
    return best if best.event > max(0.0, main.event + _PLAINER) else main


def _trigger(clause: Draft) -> tuple[int, int]:
    """Where the words that tell the event stand (code points)."""
    words = clause.line.words
    first, last = predicates.whole(words[: clause.high], clause.first, clause.last)
    return words[max(first, clause.low)].start, words[last].end


def _best_places(tellings: Sequence[Draft], linked: Sequence[Arguments]) -> Arguments:
    """Places that a telling's own sentence names go before those that it takes from earlier sentences."""
    for draft, arguments in zip(tellings, linked, strict=True):
        sentence = draft.line.sentence
        if arguments.places and all(sentence.start <= m.start < sentence.end for m in arguments.places):
            return arguments
    return next((a for a in linked if a.places), linked[0])


def _named_places(found: Arguments) -> Arguments:
    """Without places that are only described, "the town", where another is named (codebook, rule 19)."""
    kept = [(m, n) for m, n in zip(found.places, found.place_names, strict=True) if m.level == "name"]
    if not kept or len(kept) == len(found.places):
        return found
    return replace(found, places=tuple(m for m, _ in kept), place_names=tuple(n for _, n in kept))


def _chains(scene: Scene, judge: Judge, tellings: Sequence[Draft], answered: Mapping[int, Answer]) -> tuple[Chain, ...]:
    """Chains of everybody to whom the tellings are laid, each chain of names once."""
    document = scene.document
    out: list[Chain] = []
    seen: set[Chain] = set()
    for draft in tellings:
        chains = judge.chains(scene, draft)
        answer = answered.get(id(draft))
        if answer is not None and not any(answer.attribution.id in chain for chain in chains):
            chains = (*chains, tuple(document.path(answer.attribution.id)))
        if not chains and draft.type in UTTERANCES:
            chains = _uttered(scene, draft)
        for chain in chains:
            names = tuple(key(document.source_name(a)) for a in chain)
            if names not in seen and all(names):
                seen.add(names)
                out.append(chain)
    named = [c for c in out if not _DOCUMENT.fullmatch(document.source_name(c[-1]))] or out
    last = {id(c): f" {key(document.source_name(c[-1]))}" for c in named}
    # "coalition operation security sources" beside "security sources" is them, with the end of another clause
    return tuple(
        c
        for c in named
        if not any(last[id(c)] != n and " " in n[1:] and last[id(c)].endswith(n) for n in last.values())
    )


def _quoted(draft: Draft) -> bool:
    """Whether the clause stands inside quotation marks of its sentence: an odd number of marks comes before it."""
    return sum(w.text in QUOTES for w in draft.line.words[: draft.low]) % 2 == 1


def _uttered(scene: Scene, draft: Draft) -> tuple[Chain, ...]:
    """Chains of the attribution whose cue stands at an utterance's trigger: "X accused Y of ..." is X's own saying."""
    trigger = draft.line.words[draft.first]
    near = [a for a in scene.attributions_by_cue(draft.start, draft.end) if a.source is not None and a.content]
    if not near:
        return ()
    nearest = min(near, key=lambda a: abs(a.cue.start - trigger.start) if a.cue else 0)
    first = nearest.content[0]
    return tuple(c for c in scene.document.chains_for(first.start, first.end) if nearest.id in c)


def _has_fallen(draft: Draft) -> bool:
    return draft.type == "territory_taken" and _FALLEN.match(draft.line.words[draft.first].text) is not None


def _is_passive(draft: Draft) -> bool:
    """Whether the trigger is told of in the passive: "rockets had been fired"."""
    return draft.type not in UTTERANCES and draft.led_by(_PASSIVE)


def _only_tells(scene: Scene, mention: Mention, draft: Draft) -> bool:
    """Whether a mention is the speaker of a clause that has a subject of its own: "The ministry said the attack was repelled".

    In "Russia claimed to have repelled it" and "said it had taken it" the speaker is the one who acts, and in "Russia and Turkey
    agreed a truce" the word of saying is the act itself.
    """
    text = scene.report.text
    words = draft.line.words
    begin, stop = words[draft.first].start, words[draft.last].end
    told = scene.told_by.get(mention.id, [])
    speech = scene.document.speech
    said = [a for a in told if a.id in speech and (a.cue is None or a.cue.end <= begin or stop <= a.cue.start)]
    return bool(said) and all(_SUBJECTLESS.match(text, s.start) is None for a in said for s in a.content[:1])


def _speaker(scene: Scene, chain: Chain) -> tuple[Mention, ...]:
    """The mention that names the innermost speaker of a chain, if one does."""
    source = scene.attribution[chain[-1]].source
    mention = scene.mention.get(source.mention) if source is not None and source.mention is not None else None
    return (mention,) if mention is not None else ()


def _times(document: Document, draft: Draft) -> tuple[str, ...]:
    """Time expressions of the clause, else the nearest of its sentence."""
    inside = document.mentions_in(draft.start, draft.end, "time")
    if inside:
        return tuple(m.id for m in inside)
    sentence = draft.line.sentence
    around = document.mentions_in(sentence.start, sentence.end, "time")
    if not around:
        return ()
    return (min(around, key=lambda m: (min(abs(m.start - draft.end), abs(draft.start - m.end)), m.start)).id,)
