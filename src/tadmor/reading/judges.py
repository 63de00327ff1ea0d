"""What decides about claims: by rules, or by a reader's own judgement joined with the rules'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tadmor.model import Certainty, Claim, Hint, Mention
from tadmor.reading import weighing
from tadmor.reading.arguments import Arguments, link
from tadmor.reading.certainty import certainty
from tadmor.reading.drafts import Draft, Line
from tadmor.reading.kinds import retyped
from tadmor.reading.merging import same
from tadmor.reading.scene import Scene

Chain = tuple[str, ...]
Parts = tuple[tuple[Mention, ...], tuple[Mention, ...]]  # the actors and the targets of a claim


@dataclass(frozen=True, slots=True)
class Stated:
    """A clause of a claim, the same as the judge found it (None when grammar added it), and what is linked to it."""

    draft: Draft
    seen: Draft | None
    linked: Arguments


class Judge(Protocol):
    """What decides about claims: a reader is a way of judging, all else of its claims is common to all readers."""

    @property
    def own(self) -> float:
        """The probability of being a claim, and a new one, below which a clause that may repeat an earlier one is laid to it."""
        ...

    def drafts(self, scene: Scene, lines: Sequence[Line]) -> list[Draft]:
        """The clauses that state claims, with their types and scores, in text order."""
        ...

    def allows(self, draft: Draft) -> bool:
        """Whether a clause that only its grammar says to be a claim may be one."""
        ...

    def link(self, scene: Scene, draft: Draft) -> Arguments:
        """Who, whom and where."""
        ...

    def certainty(self, scene: Scene, draft: Draft) -> Certainty:
        """Asserted, hedged, denied or expected."""
        ...

    def chains(self, scene: Scene, draft: Draft) -> tuple[Chain, ...]:
        """Chains of attribution ids, outermost first, of everybody to whom the clause belongs."""
        ...

    def same(self, scene: Scene, a: Draft, b: Draft) -> float:
        """The probability that two clauses of one type, ``a`` before ``b``, state one claim."""
        ...

    def hint(self, scene: Scene, draft: Draft) -> Hint | None:
        """What can be told of the date and of the counts before they are worked out, if anything."""
        ...

    def where(self, scene: Scene, claims: Sequence[Sequence[Stated]]) -> Sequence[Arguments] | None:
        """The places of all claims together, each given by its clauses from the fullest on; None to leave them as linked."""
        ...

    def tells(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> Sequence[Draft] | None:
        """The main clauses of all claims with the words that tell their events, their places known; None to leave them."""
        ...

    def who(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> Sequence[Parts] | None:
        """Who does it and to whom, of all claims together, each with its clauses; None to leave them as they are."""
        ...


class Rules:
    """Judging by lexicons and log-linear weights."""

    own = 0.0

    def drafts(self, scene: Scene, lines: Sequence[Line]) -> list[Draft]:
        """By triggers, weighed beside each other."""
        return weighing.stated(lines, {m.start for m in scene.places})

    def allows(self, draft: Draft) -> bool:
        """Always: grammar is what rules go by."""
        return True

    def link(self, scene: Scene, draft: Draft) -> Arguments:
        """By where each mention stands to the trigger."""
        return link(scene, draft)

    def certainty(self, scene: Scene, draft: Draft) -> Certainty:
        """By the words before and after the trigger."""
        return certainty(draft)

    def chains(self, scene: Scene, draft: Draft) -> tuple[Chain, ...]:
        """By the attributions whose content covers the clause."""
        return scene.document.chains_for(draft.start, draft.end)

    def same(self, scene: Scene, a: Draft, b: Draft) -> float:
        """By the words that they share."""
        return same(a, b)

    def hint(self, scene: Scene, draft: Draft) -> Hint | None:
        """Nothing: the resolver's own rules and weights say it all."""
        return None

    def where(self, scene: Scene, claims: Sequence[Sequence[Stated]]) -> Sequence[Arguments] | None:
        """As linked clause by clause."""
        return None

    def tells(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> Sequence[Draft] | None:
        """As the lexicon has them."""
        return None

    def who(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> Sequence[Parts] | None:
        """As linked clause by clause."""
        return None


class Joined:
    """A judge whose drafts get the types that means and objects decide, and who leaves to rules what is not of his finding.

    A trained judge looks at the clauses that it found, all at once; those that grammar adds it has never seen.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._rules = Rules()
        self._seen: dict[int, Draft] = {}

    @property
    def own(self) -> float:
        """As the judge has it."""
        return self._judge.own

    def drafts(self, scene: Scene, lines: Sequence[Line]) -> list[Draft]:
        """The judge's own drafts, retyped."""
        pairs = retyped(scene, self._judge.drafts(scene, lines))
        self._seen = {id(draft): seen for draft, seen in pairs}
        return [draft for draft, _ in pairs]

    def seen(self, draft: Draft) -> Draft | None:
        """The draft as the judge found it, None when grammar added it."""
        return self._seen.get(id(draft))

    def where(self, scene: Scene, claims: Sequence[Sequence[Stated]]) -> Sequence[Arguments] | None:
        """As the judge chooses."""
        return self._judge.where(scene, claims)

    def tells(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> Sequence[Draft] | None:
        """As the judge chooses."""
        return self._judge.tells(scene, claims)

    def who(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> Sequence[Parts] | None:
        """As the judge chooses."""
        return self._judge.who(scene, claims)

    def allows(self, draft: Draft) -> bool:
        """As the judge has it."""
        return self._judge.allows(draft)

    def link(self, scene: Scene, draft: Draft) -> Arguments:
        """As the judge of the draft links it."""
        seen = self._seen.get(id(draft))
        return self._rules.link(scene, draft) if seen is None else self._judge.link(scene, seen)

    def certainty(self, scene: Scene, draft: Draft) -> Certainty:
        """As the judge of the draft weighs it."""
        seen = self._seen.get(id(draft))
        return self._rules.certainty(scene, draft) if seen is None else self._judge.certainty(scene, seen)

    def chains(self, scene: Scene, draft: Draft) -> tuple[Chain, ...]:
        """As the judge of the draft attributes it."""
        seen = self._seen.get(id(draft))
        return self._rules.chains(scene, draft) if seen is None else self._judge.chains(scene, seen)

    def same(self, scene: Scene, a: Draft, b: Draft) -> float:
        """As the judge compares the two, where both are its own."""
        one, other = self._seen.get(id(a)), self._seen.get(id(b))
        if one is None or other is None:
            return self._rules.same(scene, a, b)
        return self._judge.same(scene, one, other)

    def hint(self, scene: Scene, draft: Draft) -> Hint | None:
        """As the judge of the draft hints."""
        seen = self._seen.get(id(draft))
        return None if seen is None else self._judge.hint(scene, seen)
