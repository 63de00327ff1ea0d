"""Looking at a clause: its context, its mark, and what becomes of what the network says."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from tadmor import pipeline
from tadmor.gather import from_text
from tadmor.reading.arguments import Arguments
from tadmor.reading.date_forms import FORMS
from tadmor.reading.document import analyse
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.embedded import hints, repeats, roles, speakers, verdicts, voices
from tadmor.reading.embedded.looks import FIRST_TYPE, NARROW, ROLES, Room, look
from tadmor.reading.embedded.session import Encoded, View, between
from tadmor.reading.scene import Scene
from tadmor.reading.text import sentences

TEXT = (
    "Residents of Saraqib spoke on Sunday. Rebels of the River Guard shelled the old bakery in Saraqib, the Observatory said."
    " Nobody else was near."
)


def pieces(text: str) -> tuple[np.ndarray, np.ndarray]:
    spans = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    return tuple(np.array(x, dtype=np.int64) for x in zip(*spans, strict=True))  # type: ignore[return-value]


def clause_of(text: str, words: str) -> tuple[int, int]:
    at = text.index(words)
    return at, at + len(words)


def test_the_clause_is_marked_with_its_type_in_its_context() -> None:
    split = sentences(from_text(TEXT))
    starts, ends = pieces(TEXT)
    clause = clause_of(TEXT, "Rebels of the River Guard shelled the old bakery")
    found = look(starts, ends, split, 1, clause, 4)
    assert found.kind == FIRST_TYPE + 4
    marked = found.pieces[np.flatnonzero(found.marks)]
    assert TEXT[starts[marked[0]] : ends[marked[-1]]] == "Rebels of the River Guard shelled the old bakery"
    assert set(found.marks[found.marks > 0]) == {FIRST_TYPE + 4}
    assert found.pieces.tolist() == list(range(len(starts)))  # both neighbours are in view, and nothing twice
    assert found.head == 0


def test_more_of_the_text_is_in_view_where_there_is_more_room() -> None:
    text = (
        "The head. "
        + " ".join(f"Sentence {i} says little." for i in range(9))
        + " Troops took the hill. Others waited."
    )
    split = sentences(from_text(text))
    starts, ends = pieces(text)
    clause = clause_of(text, "Troops took the hill")
    index = next(i for i, s in enumerate(split) if "the hill" in s.text)
    seen = {n: look(starts, ends, split, index, clause, 0, Room(before=n)) for n in (1, 2, 5)}
    views = {n: " ".join(text[starts[p] : ends[p]] for p in found.pieces[found.head :]) for n, found in seen.items()}
    assert [int("".join(filter(str.isdigit, v))[0]) for v in views.values()] == [8, 7, 4]
    assert all(v.endswith("Others waited .") for v in views.values())
    tight = look(starts, ends, split, index, clause, 0, Room(context=7, head=2))
    assert [text[starts[p] : ends[p]] for p in tight.pieces] == "The head Troops took the hill .".split()


def test_a_context_is_never_longer_than_it_may_be() -> None:
    text = "Troops moved. " + "They " + "advanced slowly and " * 120 + "took the hill. The rest waited."
    split = sentences(from_text(text))
    starts, ends = pieces(text)
    index = next(i for i, s in enumerate(split) if "took the hill" in s.text)
    found = look(starts, ends, split, index, clause_of(text, "took the hill"), 0)
    assert len(found.pieces) - found.head <= NARROW.context
    low, high = between(starts, ends, *clause_of(text, "took the hill"))
    assert set(range(low, high)) <= set(found.pieces.tolist())


def test_only_so_many_sentences_before_are_read() -> None:
    text = " ".join(f"Sentence number {k} is short." for k in range(12)) + " Rebels took the hill."
    split = sentences(from_text(text))
    starts, ends = pieces(text)
    found = look(starts, ends, split, len(split) - 1, clause_of(text, "Rebels took the hill"), 0)
    assert starts[found.pieces[found.head]] == split[len(split) - 1 - NARROW.before].start


def test_the_head_of_the_report_is_always_in_view() -> None:
    text = " ".join(f"Sentence number {k} is short." for k in range(12)) + " Rebels took the hill."
    split = sentences(from_text(text))
    starts, ends = pieces(text)
    found = look(starts, ends, split, len(split) - 1, clause_of(text, "Rebels took the hill"), 0)
    head = found.pieces[: found.head]
    assert text[starts[head[0]] : ends[head[-1]]] == split[0].text
    assert len(set(found.pieces.tolist())) == len(found.pieces)
    assert not found.marks[: found.head].any()
    seen = view_of(text, found.pieces, found.head).spans()
    assert [text[a:b].split(".")[0] for a, b in seen] == ["Sentence number 0 is short", "Sentence number 7 is short"]


def test_a_long_head_is_cut() -> None:
    text = "Word " * 200 + "ended. " + " ".join(f"Sentence number {k} is short." for k in range(9)) + " Rebels left."
    split = sentences(from_text(text))
    starts, ends = pieces(text)
    found = look(starts, ends, split, len(split) - 1, clause_of(text, "Rebels left"), 0)
    assert found.head == NARROW.head


def view_of(text: str, shown: np.ndarray, head: int) -> View:
    starts, ends = pieces(text)
    logits = np.full((len(shown), len(ROLES)), -6.0, dtype=np.float32)
    zeros = np.zeros(4, dtype=np.float32)
    return View(starts[shown], ends[shown], logits, zeros, 0.0, np.zeros(len(FORMS), dtype=np.float32), head)


def scene_and_draft() -> tuple[Scene, Draft]:
    report = from_text(TEXT)
    document = analyse(report, pipeline.resources().recognisers())
    line = lines(report, document.sentences)[1]
    words = [w.text for w in line.words]
    first = words.index("shelled")
    draft = Draft("shelling", line, 0, words.index("Saraqib") + 1, first, first, line.words[first].stem, 0.9)
    return Scene(document), draft


@pytest.fixture(scope="module")
def case() -> tuple[Scene, Draft]:
    return scene_and_draft()


def view(said: dict[str, list[str]], valid: float = 0.0) -> View:
    """A view of the whole text in which the network gives each role to the pieces of some words."""
    starts, ends = pieces(TEXT)
    logits = np.full((len(starts), len(ROLES)), -6.0, dtype=np.float32)
    for role, phrases in said.items():
        for phrase in phrases:
            low, high = between(starts, ends, *clause_of(TEXT, phrase))
            logits[low:high, ROLES.index(role)] = 6.0
    form = np.zeros(len(FORMS), dtype=np.float32)
    return View(starts, ends, logits, np.array([4.0, 0, 0, 0], dtype=np.float32), valid, form)


def test_runs_of_a_role_end_with_the_head_of_the_report() -> None:
    text = "Rebels took Saraqib. The army left."
    seen = view_of(text, np.arange(len(pieces(text)[0])), head=5)
    source = ROLES.index("source")
    seen.roles[[1, 3, 4, 5, 6], source] = 2.0
    assert seen.runs(source) == [(1, 2), (3, 5), (5, 7)]
    assert seen.runs(ROLES.index("actor")) == []


WEIGHTS = {
    role: dict.fromkeys(roles.FEATURES, 0.0) | {"net": 1.0, "first": 0.5, "more": 0.5}
    for role in ("actor", "target", "place")
}


def test_the_network_names_who_and_where(case: tuple[Scene, Draft]) -> None:
    scene, draft = case
    found = roles.link(scene, draft, view({"actor": ["Rebels of the River Guard"], "place": ["Saraqib"]}), WEIGHTS)
    assert any("River Guard" in m.text or m.text == "Rebels" for m in found.actors)
    assert {m.text for m in found.places} == {"Saraqib"}


def test_a_span_that_is_no_mention_becomes_one(case: tuple[Scene, Draft]) -> None:
    scene, draft = case
    assert not any("bakery" in m.text for m in scene.mentions)
    found = roles.link(scene, draft, view({"target": ["the old bakery"]}), WEIGHTS)
    assert [m.text for m in found.targets] == ["the old bakery"]
    (made,) = found.targets
    assert made.level == "nominal"
    assert scene.unnamed[made.id] is made
    assert roles.link(scene, draft, view({"target": ["the old bakery"]}), WEIGHTS).targets[0] is made


def test_nobody_is_named_where_the_network_sees_nobody(case: tuple[Scene, Draft]) -> None:
    scene, draft = case
    found = roles.link(scene, draft, view({}), WEIGHTS)
    assert (found.actors, found.targets, found.places) == ((), (), ())


def test_the_speaker_is_who_the_network_says(case: tuple[Scene, Draft]) -> None:
    scene, draft = case
    weights = dict.fromkeys(speakers.FEATURES, 0.0) | {"net": 1.0, "threshold": 0.5}
    chains = speakers.chains(scene, draft, view({"source": ["the Observatory"]}), weights)
    assert len(chains) == 1
    assert "Observatory" in scene.document.source_name(chains[0][-1])
    assert speakers.chains(scene, draft, view({}), weights) == ()


def test_a_speaker_without_a_cue_is_heard_where_the_network_is_sure() -> None:
    scene, draft = scene_and_draft()  # hearing changes the scene
    before = len(scene.document.attributions)
    voices.hear(scene, [(draft, view({"source": ["the Observatory"]}))])
    assert len(scene.document.attributions) == before  # its own attribution names it
    voices.hear(scene, [(draft, view({"source": ["Residents of Saraqib"]}))])
    (heard,) = scene.document.attributions[before:]
    assert heard.source is not None
    assert heard.source.text == "Residents of Saraqib"
    assert heard.cue is None
    assert [c.text for c in heard.content] == [TEXT[draft.start : draft.end]]
    assert scene.document.chain(heard.id) == (heard.id,)


def test_an_outer_speaker_stays_only_where_the_network_sees_a_relay() -> None:
    text = "The River agency, quoting a guard, said on Sunday that rebels had shelled the old bakery in Saraqib."
    report = from_text(text)
    document = analyse(report, pipeline.resources().recognisers())
    (line,) = lines(report, document.sentences)
    first = [w.text for w in line.words].index("shelled")
    draft = Draft("shelling", line, first - 2, len(line.words) - 1, first, first, line.words[first].stem, 0.9)
    weights = dict.fromkeys(speakers.FEATURES, 0.0) | {"net": 1.0, "threshold": 0.5}
    starts, ends = pieces(text)
    for relay, names in ((5.0, [["River agency", "a guard"]]), (-6.0, [["a guard"]])):
        seen = view_of(text, np.arange(len(starts)), 0)
        low, high = between(starts, ends, *clause_of(text, "a guard"))
        seen.roles[low:high, ROLES.index("source")] = 6.0
        low, high = between(starts, ends, *clause_of(text, "River agency"))
        seen.roles[low:high, ROLES.index("relay")] = relay
        chains = speakers.chains(Scene(document), draft, seen, weights)
        assert [[document.source_name(a).removeprefix("The ") for a in chain] for chain in chains] == names


def test_a_clause_stays_where_the_second_look_takes_it_for_a_claim(case: tuple[Scene, Draft]) -> None:
    _, draft = case
    weights = dict.fromkeys(verdicts.FEATURES, 0.0) | {"prior": 1.0, "valid": 1.0, "threshold": 0.5}
    doubtful = replace(draft, score=0.4)
    (kept,) = verdicts.chosen([doubtful], [view({}, valid=2.0)], weights)
    assert kept[0].score == pytest.approx(1 / (1 + math.exp(-(math.log(0.4 / 0.6) + 2.0))))
    assert verdicts.chosen([doubtful], [view({}, valid=-2.0)], weights) == []


def test_of_two_types_of_one_clause_each_knows_the_others_look(case: tuple[Scene, Draft]) -> None:
    _, draft = case
    other = replace(draft, type="bombing")
    told = verdicts.known([draft, other], [view({}, valid=3.0), view({}, valid=-1.0)])
    rival, alone = verdicts.FEATURES.index("rival"), verdicts.FEATURES.index("alone")
    assert told[:, rival].tolist() == [-1.0, 3.0]
    assert told[:, alone].tolist() == [0.0, 0.0]
    assert verdicts.known([draft], [view({})])[0, alone] == 1.0


LISTED = "Shells hit Saraqib, Binnish and the town of Sarmin on Sunday. Rebels fled Kafranbel."


def test_the_members_of_a_list_share_what_the_network_says_of_them() -> None:
    report = from_text(LISTED)
    document = analyse(report, pipeline.resources().recognisers())
    line = lines(report, document.sentences)[0]
    first = [w.text for w in line.words].index("hit")
    draft = Draft("shelling", line, 0, len(line.words) - 1, first, first, line.words[first].stem, 0.9)
    starts, ends = pieces(LISTED)
    logits = np.full((len(starts), len(ROLES)), -4.0, dtype=np.float32)
    low, high = between(starts, ends, *clause_of(LISTED, "Binnish"))
    logits[low:high, ROLES.index("place")] = 5.0
    seen = View(starts, ends, logits, np.zeros(4, dtype=np.float32), 0.0, np.zeros(len(FORMS), dtype=np.float32))
    found = {c.mention.text: c.known for c in roles.candidates(Scene(document), draft, seen)["place"]}
    listed, rival = roles.FEATURES.index("listed"), roles.FEATURES.index("rival")
    assert found["Saraqib"][listed] == found["Sarmin"][listed] == 5.0
    assert found["Kafranbel"][listed] == 0.0
    assert found["Kafranbel"][rival] == 5.0  # Binnish competes with what is in no list with it
    assert found["Saraqib"][rival] < 0


AGAIN = (
    "Shelling of Saraqib kills nine\n\nNine people died when guns fired on Saraqib, medics said. "
    "In Binnish shells killed two on Monday."
)


def test_one_claim_told_twice_is_nearer_than_two_claims_of_a_type() -> None:
    report = from_text(AGAIN)
    document = analyse(report, pipeline.resources().recognisers())
    scene, told = Scene(document), lines(report, document.sentences)
    starts, ends = pieces(AGAIN)
    hidden = np.zeros((len(starts), 3), dtype=np.float32)
    hidden[:, 0] = 1.0
    low = between(starts, ends, *clause_of(AGAIN, "In Binnish shells killed two on Monday"))[0]
    hidden[low:] = [0.0, 1.0, 0.0]
    encoded = Encoded(starts, ends, hidden, {}, starts, starts)

    drafts = [Draft("shelling", line, 0, len(line.words), 0, 0, line.words[0].stem, 0.9) for line in told]

    def telling(draft: Draft) -> repeats.Telling:
        line = draft.line
        here = tuple(m for m in scene.places if line.sentence.start <= m.start < line.sentence.end)
        linked = Arguments((), (), here, tuple(m.text for m in here))
        return repeats.telling(scene, encoded, draft, linked, frozenset(), "asserted", drafts)

    head, lead, other = (telling(draft) for draft in drafts)
    weights = dict.fromkeys(repeats.FEATURES, 0.0) | {"alike": 4.0, "places same": 1.0, "places other": -1.0}
    assert repeats.same(head, lead, weights) > 0.8 > 0.2 > repeats.same(lead, other, weights)
    known = dict(zip(repeats.FEATURES, repeats.known(head, other), strict=True))
    assert len(repeats.known(head, lead)) == len(repeats.FEATURES)
    assert known["other of the type"] == known["between"] > 0  # the lead, which stands between the two
    one, two = (
        replace(t, draft=replace(t.draft, type="territory_held"), slots=(frozenset({who}), *t.slots[1:]))
        for t, who in ((head, "rebels"), (lead, "the army"))
    )
    assert repeats.same(one, two, weights) == 0.0  # two holders


def test_the_network_hints_at_the_form_of_the_date_and_at_who_tells_it(case: tuple[Scene, Draft]) -> None:
    scene, _ = case
    seen = replace(view({"time": ["Sunday"]}), form=np.eye(len(FORMS), dtype=np.float32)[FORMS.index("other day")] * 5)
    found = hints.hint(scene, seen)
    assert max(range(len(FORMS)), key=lambda i: found.forms[i]) == FORMS.index("other day")
    assert sum(math.exp(x) for x in found.forms) == pytest.approx(1.0, abs=0.02)
    assert found.times == ((TEXT.index("Sunday"), 6.0),)
    assert found.numbers == ()
