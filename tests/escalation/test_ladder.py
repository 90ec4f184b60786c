"""The ladder's timing with a clock we move by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.escalation.holding import Taking, acknowledge, reassign, release, resolve
from hotline.escalation.ladder import (
    Ladder,
    Opening,
    Page,
    Rung,
    TellHer,
    TellMore,
    TellStaff,
    Who,
    advance,
    note_page,
    open_escalation,
    pick_code,
    reopen,
    report_more,
)
from hotline.escalation.policy import load_policies
from hotline.escalation.records import Means, Reason, State, Step, What
from hotline.escalation.rota import Duty, OnCall, Person
from hotline.flow.levels import Level

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ANN, BEA, CLO, ZOE = (
    Person(name, name.title(), f"+44163296000{i}")
    for i, name in enumerate(("ann", "bea", "clo", "zoe"))
)
FULL = OnCall(NOW, (Duty(ANN, 1), Duty(BEA, 1), Duty(CLO, 2)), (ZOE,))
GAP = OnCall(NOW, (), (ZOE,))
NOBODY = OnCall(NOW, ())
FILE = Path(__file__).parents[2] / "flows" / "escalation.yaml"
LADDERS = load_policies(FILE).ladders
EMERGENCY = LADDERS[Level.EMERGENCY]


def minutes(count):
    return timedelta(minutes=count)


def opened(level=Level.EMERGENCY, reason=Reason.LEVEL):
    return open_escalation("1234", Opening("s1", level, reason), NOW)


def run(escalation, ladder, call, until, start=0):
    """What happened at which minute, as a nurse would write it down."""
    log = []
    for minute in range(start, until + 1):
        escalation, actions = advance(escalation, ladder, call, NOW + minutes(minute))
        log.extend((minute, written(action)) for action in actions)
    return escalation, log


def written(action):
    match action:
        case Page(person, by):
            return f"{by} {person.id}"
        case TellHer(saying):
            return f"her: {saying}"
        case TellStaff(person, taker):
            return f"tell {person}: {taker} has it"
        case TellMore(person, reason):
            return f"tell {person}: {reason}"


def test_the_emergency_ladder_goes_up_twice_and_then_she_is_told_honestly():
    escalation, log = run(opened(), EMERGENCY, FULL, 30)
    everyone = [f"{by} {p}" for p in ("ann", "bea", "clo", "zoe") for by in ("text", "call")]
    one_round = [
        *((0, one) for one in ("text ann", "call ann", "text bea", "call bea")),
        *((2, one) for one in ("call ann", "call bea")),
        *((4, one) for one in ("text clo", "call clo")),
        *((7, one) for one in everyone),
    ]
    second = [(minute + 11, what) for minute, what in one_round]
    assert log == [*one_round, *second, (22, "her: nobody_available")]
    assert escalation.state is State.EXHAUSTED
    assert escalation.told_her_at == NOW + minutes(22)


def test_a_spent_ladder_never_closes_itself_and_reminds_the_first_tier():
    escalation, log = run(opened(), EMERGENCY, FULL, 60 * 24)
    assert escalation.state is State.EXHAUSTED
    reminders = [minute for minute, what in log if minute > 22 and what == "text ann"]
    assert reminders[:3] == [37, 52, 67]
    assert [what for _, what in log].count("her: nobody_available") == 1


def test_in_a_gap_the_last_resort_is_told_at_once():
    _, log = run(opened(), EMERGENCY, GAP, 0)
    assert log == [(0, "text zoe"), (0, "call zoe")]


def test_when_there_is_nobody_at_all_she_is_told_at_once():
    escalation, log = run(opened(), EMERGENCY, NOBODY, 0)
    assert log == [(0, "her: nobody_available")]
    assert escalation.state is State.EXHAUSTED
    assert What.NOBODY in {step.what for step in escalation.steps}


def test_a_rung_with_nobody_on_it_passes_at_once_to_the_next():
    only_second = OnCall(NOW, (Duty(CLO, 2),), ())
    _, log = run(opened(), EMERGENCY, only_second, 2)
    assert log[:2] == [(0, "text clo"), (0, "call clo")]


def test_after_a_pause_everything_due_is_done_once_and_nobody_is_given_up_on_early():
    late = 25
    escalation, actions = advance(opened(), EMERGENCY, FULL, NOW + minutes(late))
    assert len(actions) == len(set(actions))
    assert {a.person.id for a in actions} == {"ann", "bea", "clo", "zoe"}
    assert escalation.state is State.OPEN
    assert len(escalation.steps) == len(set(escalation.steps))
    again, more = advance(escalation, EMERGENCY, FULL, NOW + minutes(late))
    assert (again, more) == (escalation, ())


@given(
    st.sampled_from(list(Level)),
    st.lists(st.integers(0, 600), min_size=1, max_size=60).map(sorted),
    st.sampled_from([FULL, GAP, NOBODY]),
)
@settings(max_examples=200, deadline=None)
def test_whenever_the_worker_looks_she_ends_told_once_or_somebody_was_paged(level, looks, call):
    ladder = LADDERS[level]
    escalation = opened(level)
    told = 0
    for minute in looks:
        now = NOW + minutes(minute)
        escalation, actions = advance(escalation, ladder, call, now)
        told += sum(isinstance(a, TellHer) for a in actions)
        assert advance(escalation, ladder, call, now) == (escalation, ())
        assert not escalation.closed
    assert told == (escalation.state is State.EXHAUSTED)
    assert told or escalation.paged
    last = max((s.at for s in escalation.steps if s.what is What.PAGED), default=None)
    if last and escalation.told_her_at and last < escalation.told_her_at:
        assert escalation.told_her_at - last >= ladder.wait


def test_the_first_to_take_it_wins_and_the_others_are_told():
    escalation, _ = run(opened(), EMERGENCY, FULL, 4)
    first, result, actions = acknowledge(escalation, "bea", NOW + minutes(5))
    assert result is Taking.TAKEN
    assert [written(a) for a in actions] == ["tell ann: bea has it", "tell clo: bea has it"]
    second, result, actions = acknowledge(first, "ann", NOW + minutes(5))
    assert (second, result, actions) == (first, Taking.TAKEN_BEFORE, ())
    assert acknowledge(first, "bea", NOW + minutes(6))[1] is Taking.YOURS_ALREADY
    assert run(first, EMERGENCY, FULL, 200)[1] == [], "nobody is paged once it is taken"


def test_a_spent_one_can_still_be_taken_and_a_closed_one_cannot():
    spent, _ = run(opened(), EMERGENCY, FULL, 30)
    taken, result, _ = acknowledge(spent, "ann", NOW + minutes(31))
    assert result is Taking.TAKEN
    closed = resolve(taken, "ann", "spoke to her, ambulance sent", NOW + minutes(40))
    assert closed.closed
    assert acknowledge(closed, "bea", NOW + minutes(41))[1] is Taking.CLOSED
    assert resolve(closed, "bea", "other", NOW + minutes(42)) == closed


def test_closing_needs_a_reason():
    with pytest.raises(ValueError, match="reason"):
        resolve(opened(), "ann", "  ", NOW)


def test_giving_it_back_starts_the_ladder_again():
    taken, _, _ = acknowledge(opened(), "ann", NOW)
    given = release(taken, "ann", NOW + minutes(3))
    _, log = run(given, EMERGENCY, FULL, 3, start=3)
    assert (3, "call ann") in log
    assert release(given, "ann", NOW) == given


def test_handing_it_on_keeps_it_taken():
    taken, _, _ = acknowledge(opened(), "ann", NOW)
    moved = reassign(taken, "clo", "ann", NOW + minutes(1))
    assert moved.acknowledged_by == "clo"
    assert moved.state is State.ACKNOWLEDGED


def test_worse_news_starts_the_higher_ladder_unless_somebody_has_it():
    urgent, _ = run(opened(Level.URGENT), LADDERS[Level.URGENT], FULL, 3)
    raised, actions = report_more(urgent, Level.EMERGENCY, Reason.DANGER, NOW + minutes(3))
    assert actions == ()
    _, log = run(raised, EMERGENCY, FULL, 3, start=3)
    assert (3, "call ann") in log
    taken, _, _ = acknowledge(urgent, "ann", NOW + minutes(3))
    worse, actions = report_more(taken, Level.EMERGENCY, Reason.DANGER, NOW + minutes(4))
    assert worse.state is State.ACKNOWLEDGED
    assert worse.level is Level.EMERGENCY
    assert [written(a) for a in actions] == ["tell ann: danger"]


def test_more_of_the_same_is_noted_once_and_pages_nobody_again():
    first, _ = run(opened(), EMERGENCY, FULL, 0)
    noted, _ = report_more(first, Level.SOON, Reason.SAFEGUARDING, NOW)
    assert noted.steps[-1].note == "soon: safeguarding"
    assert noted.next_at == first.next_at
    assert report_more(noted, Level.SOON, Reason.SAFEGUARDING, NOW) == (noted, ())
    assert report_more(noted, Level.EMERGENCY, Reason.LEVEL, NOW) == (noted, ())


def test_a_closed_one_opens_again_with_its_history():
    closed = resolve(opened(), "ann", "spoke to her", NOW)
    again = reopen(closed, "4321", Opening("s1", Level.URGENT, Reason.SILENCE), NOW + minutes(9))
    assert again.state is State.OPEN
    assert again.steps[: len(closed.steps)] == closed.steps
    assert run(again, LADDERS[Level.URGENT], FULL, 9, start=9)[1][0] == (9, "text ann")


def test_when_every_page_of_a_rung_failed_the_next_rung_does_not_wait():
    ladder = Ladder(
        (
            Rung(minutes(0), Who.TIER_1, (Means.TEXT,)),
            Rung(minutes(5), Who.TIER_2, (Means.TEXT,)),
        ),
        rounds=1,
        wait=minutes(5),
        tell_her="nobody_available",
    )
    escalation, log = run(opened(), ladder, FULL, 0)
    assert log == [(0, "text ann"), (0, "text bea")]
    later = NOW + minutes(1)
    one = note_page(escalation, Step(later, What.PAGE_FAILED, "ann", Means.TEXT))
    assert one.next_at == NOW + minutes(5)
    both = note_page(one, Step(later, What.PAGE_FAILED, "bea", Means.TEXT))
    assert both.next_at == later
    assert run(both, ladder, FULL, 1, start=1)[1] == [(1, "text clo")]


def test_codes_are_four_digits_and_never_shared_by_two_open_ones():
    assert pick_code(7, set()) == "0007"
    assert pick_code(9999, {"9999", "0000"}) == "0001"
    assert pick_code(5, {f"{n:04d}" for n in range(10_000)}) is None
