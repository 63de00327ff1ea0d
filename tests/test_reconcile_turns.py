"""How a place changes hands in the words of several: a capture told a day early, a denial, a siege of years, an attack on it."""

from __future__ import annotations

from tadmor.model import Account, Party, Voice
from tadmor.reconcile import control
from tadmor.reconcile.evidence import evidence
from test_reconcile_make import ARMY, ISIS, MONITOR, OFFICIAL, account, voice


def fall(*between: Account) -> list[Account]:
    """The group says on the 10th that it took the town, the other side on the 11th that it has left it."""
    return [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2016-12-01", voices=[MONITOR]),
        account("r2", "c1", "territory_taken", actors=[ISIS], date="2016-12-10", voices=[voice(ISIS)]),
        *between,
        account("r3", "c1", "territory_lost", actors=[ARMY], targets=[ISIS], date="2016-12-11", voices=[OFFICIAL]),
        account("r4", "c1", "territory_held", actors=[ISIS], date="2016-12-20", voices=[MONITOR]),
    ]


def test_a_capture_told_the_day_before_it_is_admitted_is_that_capture() -> None:
    had, taken = control(fall(), "Palmyra")
    assert [r.report for r in had.against] == []
    assert [r.report for r in taken.claims] == ["r2", "r3", "r4"]
    assert any("Opposing sides agree" in r for r in taken.credibility.reasons)


def test_a_capture_that_was_gainsaid_before_the_place_fell_is_another() -> None:
    still = account("r5", "c1", "territory_held", actors=[ARMY], date="2016-12-11", voices=[MONITOR])
    later = [a if a.ref.report != "r3" else account("r3", "c1", "territory_lost", actors=[ARMY], targets=[ISIS],
             date="2016-12-13", voices=[OFFICIAL]) for a in fall(still)]  # fmt: skip
    had, taken = control(later, "Palmyra")
    assert [r.report for r in had.against] == ["r2"]
    assert "r2" not in [r.report for r in taken.claims]


def test_who_admits_to_have_left_does_not_admit_to_have_held() -> None:
    had, _ = control(fall(), "Palmyra")
    assert not any("against the interest" in r for r in had.credibility.reasons)


def test_a_denied_capture_leaves_the_place_to_the_government_of_which_nobody_had_told() -> None:
    government = Party("Syrian government", "actor:syrian-government", "state", "government")

    def home(party: Party, on: str | None, country: str | None) -> Party:
        return government if party.name in ("government", "Syrian Army") else party

    told = [
        account("r1", "c1", "armed_clash", date="2016-11-01"),
        account("r2", "c1", "territory_taken", actors=[ISIS], date="2016-12-11", voices=[voice(ISIS)]),
        account("r3", "c1", "territory_taken", certainty="denied", actors=[ISIS], date="2016-12-11", voices=[OFFICIAL]),
    ]
    last = control(told, "Palmyra", resolve_holder=home)[-1]
    assert last.holder == "Syrian government"
    assert ([r.report for r in last.claims], [r.report for r in last.against]) == (["r3"], ["r2"])


def test_what_is_told_of_a_place_that_nobody_is_known_to_hold_keeps_its_trace() -> None:
    told = [
        account("r1", "c1", "armed_clash", date="2016-11-01"),
        account("r2", "c1", "territory_taken", actors=[ISIS], date="2016-12-11", voices=[voice(ISIS)]),
        account("r3", "c1", "territory_taken", certainty="denied", actors=[ISIS], date="2016-12-11", voices=[OFFICIAL],
                known="2016-12-12"),
        account("r4", "c1", "territory_taken", certainty="denied", actors=[ISIS], date="2016-12-11", voices=[MONITOR]),
    ]  # fmt: skip
    found = control(told, "Palmyra")
    shown = {r.report for i in found for r in (*i.claims, *i.against)}
    assert shown == {"r1", "r2", "r3", "r4"}


def test_an_assault_on_a_stronghold_contests_it_though_the_word_says_who_has_it() -> None:
    line = "Troops launched an assault on Palmyra, the Islamic State stronghold, on Sunday."
    told = [
        account("r1", "c1", "advance", actors=[ARMY], targets=[ISIS], date="2016-12-11", sentence=line),
        account("r1", "c2", "territory_held", actors=[ISIS], date="2016-12-11/..", sentence=line),
    ]
    assert [i.status for i in control(told, "Palmyra")][-2:] == ["contested", "held"]
    apart = [
        told[0],
        account("r1", "c2", "territory_held", actors=[ISIS], date="2016-12-11/..", sentence="It holds Palmyra."),
    ]
    assert control(apart, "Palmyra")[-1].status == "held"


def test_a_siege_said_to_have_gone_on_since_a_year_long_ago_goes_on() -> None:
    words = "Government forces have besieged Palmyra since 2012"
    siege = account("r1", "c1", "siege", actors=[ARMY], targets=[ISIS], date="2012/..", text=words, sentence=words)
    other = account("r1", "c1", "siege", actors=[ARMY], targets=[ISIS], date="2012/..", text="the siege of Palmyra")
    assert evidence([siege])[0].until > evidence([other])[0].until
    assert control([siege], "Palmyra")[-1].status == "besieged"


def test_an_unknown_speaker_of_a_denial_is_no_admission() -> None:
    someone = Voice("a resident", None, "witness", None)
    told = [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2016-12-01", voices=[MONITOR]),
        account("r2", "c1", "territory_taken", certainty="denied", actors=[ISIS], date="2016-12-11", voices=[someone]),
    ]
    (held,) = control(told, "Palmyra")
    assert held.holder == "Syrian Army"
    assert [r.report for r in held.claims] == ["r1", "r2"]
