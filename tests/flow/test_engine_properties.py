"""What holds of the engine whatever is said to it, in any order."""

import copy
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.flow.engine import level_now, step
from hotline.flow.events import Asked, LevelGiven
from hotline.flow.levels import Level
from hotline.flow.load import load_flow
from hotline.flow.model import Kind
from hotline.flow.state import Again, Back, Correct, Heard, Silence, State
from hotline.flow.vocabulary import DANGERS, MENTIONS

FLOW = load_flow(Path(__file__).parents[2] / "flows" / "bleeding" / "flow.yaml")
FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def values(question):
    match question.kind:
        case Kind.WEEKS:
            return st.sampled_from([*question.values, *range(45)])
        case Kind.CHOICES:
            return st.frozensets(st.sampled_from(question.values), min_size=1)
        case _:
            return st.sampled_from(question.values)


def names(of):
    return st.frozensets(st.sampled_from(of), max_size=1)


TOLD = st.sampled_from([q for q in FLOW.questions if not q.checks]).flatmap(
    lambda question: st.fixed_dictionaries({question.id: values(question)})
)
ANY_VALUE = st.one_of(*(values(question) for question in FLOW.questions))
RARELY = st.one_of(st.just({}), st.just({}), st.just({}), TOLD)
HEARD = st.builds(
    Heard,
    answer=st.one_of(st.none(), ANY_VALUE),
    told=RARELY,
    dangers=st.one_of(st.just(frozenset()), st.just(frozenset()), names(DANGERS)),
    possible=st.one_of(st.just(frozenset()), st.just(frozenset()), names(DANGERS)),
    mentions=st.one_of(st.just(frozenset()), names(MENTIONS)),
)
CORRECTED = TOLD.map(lambda told: Correct(*next(iter(told.items()))))
CAME = st.one_of(HEARD, HEARD, HEARD, st.just(Silence()), st.just(Back()), st.just(Again()))
ANSWERS = st.fixed_dictionaries({q.id: values(q) for q in FLOW.questions})
STARTS = st.one_of(st.none(), st.sampled_from(Level)).map(lambda one: State(last_level=one))


def answer_all(state, answers):
    for _ in range(60):
        if state.question is None and (state.ended or not state.answers):
            break
        came = Heard(answer=answers[state.question]) if state.question else Heard()
        state, _ = step(FLOW, state, came)
        if state.question is None:
            break
    return state


@given(STARTS, st.lists(st.one_of(CAME, CORRECTED), max_size=40))
@FEW
def test_a_level_that_was_told_never_falls(state, texts):
    for came in texts:
        before = state.level
        state, events = step(FLOW, state, came)
        if before is not None:
            assert state.level.rank >= before.rank
        for event in events:
            if isinstance(event, LevelGiven):
                assert event.level is state.level


@given(STARTS, st.lists(HEARD, max_size=30))
@FEW
def test_whatever_is_heard_something_is_said(state, texts):
    for came in texts:
        state, events = step(FLOW, state, came)
        assert events


@given(STARTS, st.lists(st.one_of(CAME, CORRECTED), max_size=30))
@FEW
def test_a_step_changes_nothing_but_what_it_returns(state, texts):
    for came in texts:
        kept = copy.copy(state)._replace(answers=dict(state.answers))
        first = step(FLOW, state, came)
        assert state == kept
        assert step(FLOW, state, came) == first
        state = first[0]


@given(STARTS, st.lists(HEARD, max_size=30))
@FEW
def test_no_question_is_asked_whose_answer_is_known(state, texts):
    for came in texts:
        state, events = step(FLOW, state, came)
        asked = [event.question for event in events if isinstance(event, Asked)]
        assert all(name not in state.answers for name in asked)


@given(ANSWERS, TOLD, st.integers(0, 12))
@FEW
def test_a_further_statement_never_lowers_what_holds(answers, told, when):
    """What she says besides: the level that holds just after is never below the one before."""
    state, _ = step(FLOW, State(), Heard())
    for _ in range(when):
        if state.question is None:
            break
        state, _ = step(FLOW, state, Heard(answer=answers[state.question]))
    name = next(iter(told))
    if name not in state.answers:
        return

    after, _ = step(FLOW, state, Heard(told=told))

    before = level_now(FLOW, state).level
    now = level_now(FLOW, after).level
    assert before is None or now.rank >= before.rank


@given(ANSWERS, st.sampled_from(DANGERS), st.integers(0, 12))
@FEW
def test_hearing_a_danger_never_ends_lower(answers, danger, when):
    plain = danger_at = step(FLOW, State(), Heard())[0]
    for _ in range(when):
        if plain.question is None:
            break
        plain = danger_at = step(FLOW, plain, Heard(answer=answers[plain.question]))[0]
    danger_at, _ = step(FLOW, danger_at, Heard(dangers=frozenset({danger})))

    without, having = answer_all(plain, answers).level, answer_all(danger_at, answers).level

    assert without is None or having.rank >= without.rank


@given(ANSWERS, TOLD)
@FEW
def test_telling_an_answer_early_ends_where_answering_ends(answers, told):
    """What was told in the opening ends like the same answer given in its turn."""
    name, value = next(iter(told.items()))
    same = {**answers, name: value}
    if same["safe_to_text"] == "no":
        return
    opened, _ = step(FLOW, State(), Heard())
    early, _ = step(FLOW, State(), Heard(told=told))

    asked, volunteered = answer_all(opened, same), answer_all(early, same)

    if name in asked.answers and name in volunteered.answers and asked.level and volunteered.level:
        assert volunteered.level.rank >= asked.level.rank or asked.answers != volunteered.answers
