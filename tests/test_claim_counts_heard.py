"""Counts where the reader heard something of the numbers: what all clauses say, beside other numbers and other claims."""

from __future__ import annotations

from dataclasses import replace

from tadmor.model import Claim, Hint, Mention, ReaderInfo, Reading, Report
from tadmor.resolve import claim_counts, quantities
from tadmor.resolve import claim_counts_heard as heard
from tadmor.resolve.claim_counts_features import Numbers

TEXT = "The raid killed 12 people on the road to the camp, where 30 families live; shells killed 12 people there."


def reading(*hints: Hint) -> Reading:
    """The raid and the shelling of the text, the first with these hints."""
    found = quantities.recognise(TEXT)
    mentions = [Mention(f"q{i}", f.start, f.end, TEXT[f.start : f.end], "quantity") for i, f in enumerate(found)]
    valued = tuple(quantities.resolve_quantities(mentions, Report("r", TEXT)).values())
    claims = []
    for k, (kind, words) in enumerate(
        (("air_strike", "The raid killed 12 people"), ("shelling", "shells killed 12 people"))
    ):
        start = TEXT.index(words)
        claims.append(Claim(f"c{k}", kind, "asserted", start, start + len(words), words, hints=() if k else hints))
    return Reading(Report("r", TEXT), ReaderInfo("test", "1"), mentions=valued, claims=tuple(claims))


def known(given: Reading) -> list[list[dict[str, float]]]:
    numbers = Numbers(given)
    judged = [claim_counts.judge(numbers.of(c), claim_counts.weights()) for c in given.claims]
    return [[dict(zip(heard.FEATURES, row, strict=True)) for row in own] for own in heard.rows(given.claims, judged)]


def hint(**odds: float) -> Hint:
    return Hint((), numbers=tuple((TEXT.index(number.strip("n")), x) for number, x in odds.items()))


def test_the_best_that_any_clause_says_counts() -> None:
    first, second = known(reading(hint(n12=-2.0, n30=1.0), hint(n12=4.0)))[0][:2]
    assert (first["heard"], first["unheard"], first["heard behind"]) == (4.0, 0.0, 0.0)
    assert (second["heard"], second["heard behind"]) == (1.0, -3.0)


def test_a_number_that_two_claims_may_count_is_weighed_against_the_other() -> None:
    raid, shelling = known(reading(hint(n12=4.0, n30=1.0)))
    there = next(row for row in raid if row["least"] == 30)
    too = next(row for row in shelling if row["least"] == 30)
    assert there["rivals"] == too["rivals"] == 1
    assert there["heard ahead"] == -too["heard ahead"] > 0


def test_what_is_heard_decides_and_is_used_up() -> None:
    def counted(odds: float) -> list[float | None]:
        given = reading(hint(n12=odds, n30=-6.0))
        (raid, _) = claim_counts.count_claims(given)
        assert raid.hints == ()
        return [n.min for n in raid.counts]

    assert counted(6.0) == [12]
    assert 30 not in counted(-6.0)


def test_without_hints_the_weights_alone_decide() -> None:
    given = reading()
    (raid, _) = claim_counts.count_claims(given)
    numbers = Numbers(given)
    assert raid.counts == claim_counts.counts(numbers.of(given.claims[0]), claim_counts.weights())
    (same, _) = claim_counts.count_claims(replace(given, claims=tuple(replace(c, hints=()) for c in given.claims)))
    assert same.counts == raid.counts


def test_the_trees_ask_for_what_is_told() -> None:
    trees, least = heard.stored()
    assert trees.features == heard.FEATURES
    assert 0.2 < least < 0.7
