"""A party stands once in a role of a claim, however often its clauses name it."""

from __future__ import annotations

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.model import Claim, Mention, ReaderInfo, Reading
from tadmor.resolve.resolve import resolve

TEXT = "ISIS attacked the town. Later ISIL and the Nusra Front left it."


def test_of_mentions_with_one_identity_the_first_stays() -> None:
    names = ("ISIS", "ISIL", "Nusra Front")
    at = [TEXT.index(n) for n in names]
    mentions = tuple(
        Mention(f"m{i}", a, a + len(n), n, "actor") for i, (a, n) in enumerate(zip(at, names, strict=True))
    )
    ids = tuple(m.id for m in mentions)
    claim = Claim("c1", "armed_clash", "asserted", 0, 22, TEXT[:22], actors=ids, actor_names=names, targets=ids)
    read = Reading(from_text(TEXT, published="2016-12-12"), ReaderInfo("test", "1"), mentions=mentions, claims=(claim,))
    (resolved,) = resolve(read, pipeline.resources()).claims
    assert resolved.actors == ("m0", "m2")
    assert resolved.actor_names == ("ISIS", "Nusra Front")
    assert resolved.targets == ("m0", "m2")
    assert resolved.target_names == ("ISIS", "Nusra Front")
