"""Claims: merged drafts with their certainty, chains of sources, arguments and times."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadmor.model import Claim, Mention, Span
from tadmor.reading.arguments import Arguments, Scene, link
from tadmor.reading.certainty import certainty
from tadmor.reading.document import Document
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.merging import merge
from tadmor.reading.weighing import stated
from tadmor.taxonomy import UTTERANCES

_SUBJECTLESS = re.compile(r"[\"“‘']?\s*(?:that\s+)?(?:to|having|responsibility|\w+ing)\b", re.IGNORECASE)
QUOTES = frozenset('"“”')
Chain = tuple[str, ...]
_TELLINGS = 4  # clauses of one claim that are searched for arguments; the others only add their spans


def claims(document: Document) -> tuple[tuple[Claim, ...], tuple[Mention, ...]]:
    """All claims of a document, ids c1, c2, ... in order of first mention, and its mentions with those that only claims name."""
    scene = Scene(document)
    places = {m.start for m in document.mentions if m.type == "place"}
    groups = merge(stated(lines(document.report, document.sentences), places))
    found = tuple(_claim(scene, f"c{i}", group) for i, group in enumerate(groups, 1))
    used = {i for claim in found for i in (*claim.actors, *claim.targets)}
    added = [m for m in scene.unnamed.values() if m.id in used]
    return found, tuple(sorted([*document.mentions, *added], key=lambda m: (m.start, m.end, m.type)))


def _claim(scene: Scene, name: str, group: Sequence[Draft]) -> Claim:
    document = scene.document
    text = document.report.text
    main = max(group, key=_fullness)
    tellings = [main, *(d for d in group if d is not main)][:_TELLINGS]
    linked = [link(scene, d) for d in tellings]
    actors = next((a.actors for a in linked if a.actors), ())
    if main.type not in UTTERANCES:
        actors = tuple(m for m in actors if not _only_tells(scene, m))
    taken = {scene.party(m) for m in actors}
    targets = next((a.targets for a in linked if a.targets), ())
    targets = tuple(m for m in targets if scene.party(m) not in taken)
    where = _best_places(main, tellings, linked)
    # "rebel-held" is the outlet's own word; "re-occupied" is hyphenated too, and no epithet.
    epithet = main.line.words[main.last].joined and main.type in ("territory_held", "siege")
    chains = () if epithet and not _quoted(main) else _chains(scene, tellings)
    if main.type in UTTERANCES and chains:
        speaker = _speaker(scene, chains[0])
        actors = speaker or actors
        targets = tuple(m for m in targets if scene.party(m) not in {scene.party(a) for a in actors})
    times = next((t for t in (_times(document, d) for d in tellings) if t), ())
    words = main.line.words
    begin, stop = words[main.first].start, words[main.last].end
    return Claim(
        id=name,
        type=main.type,
        certainty=certainty(main),
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
    )


def _fullness(draft: Draft) -> tuple[bool, int, int]:
    """The fullest statement is the longest in the running text; the headline only where nothing else states the claim."""
    return (draft.line.place != "headline", draft.end - draft.start, -draft.start)


def _best_places(main: Draft, tellings: Sequence[Draft], linked: Sequence[Arguments]) -> Arguments:
    """Places that a telling's own sentence names go before those that it takes from earlier sentences."""
    for draft, arguments in zip(tellings, linked, strict=True):
        sentence = draft.line.sentence
        if arguments.places and all(sentence.start <= m.start < sentence.end for m in arguments.places):
            return arguments
    return next((a for a in linked if a.places), linked[0])


def _chains(scene: Scene, tellings: Sequence[Draft]) -> tuple[Chain, ...]:
    """Chains of everybody to whom the tellings are laid, each chain of names once."""
    document = scene.document
    out: list[Chain] = []
    seen: set[Chain] = set()
    for draft in tellings:
        chains = document.chains_for(draft.start, draft.end)
        if not chains and draft.type in UTTERANCES:
            chains = _uttered(scene, draft)
        for chain in chains:
            names = tuple(document.source_name(a) for a in chain)
            if names not in seen and all(names):
                seen.add(names)
                out.append(chain)
    return tuple(out)


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


def _only_tells(scene: Scene, mention: Mention) -> bool:
    """Whether a mention is the speaker of a clause that has a subject of its own: "The ministry said the attack was repelled".

    In "Russia claimed to have repelled it" and "said having taken it" the speaker is the one who acts.
    """
    text = scene.report.text
    said = scene.told_by.get(mention.id, [])
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
