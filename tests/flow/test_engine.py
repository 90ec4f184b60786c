"""The engine step by step: danger first, nothing asked twice, nothing dropped, never mute."""

from pathlib import Path

import pytest

from hotline.flow.engine import level_now, step
from hotline.flow.events import (
    Asked,
    DangerHeard,
    DangerPossible,
    Ended,
    Exited,
    Form,
    LevelGiven,
    Misunderstood,
    Noted,
    PersonOffered,
)
from hotline.flow.levels import Level
from hotline.flow.load import load_flow
from hotline.flow.state import Again, Back, Correct, Heard, Silence, State

PLAIN = {
    "safe_to_text": "yes",
    "heavy": "no",
    "collapse": "no",
    "pain": "none",
    "fever": "no",
    "weeks": 12,
    "amount": "spots",
    "before": "sex",
    "harm": "no",
    "risks": frozenset({"none"}),
    "urine": "no",
    "repeat": "first",
    "age_band": "adult",
    "signs": frozenset({"none"}),
    "bump": "no",
    "pregnant": "yes",
}


@pytest.fixture(scope="module")
def flow(repository: Path):
    return load_flow(repository / "flows" / "bleeding" / "flow.yaml")


def talk(flow, answers, state=None, until=None):
    """Answer what is asked until the question `until` is open, or none is left."""
    if state is None:
        state, _ = step(flow, State(), Heard())
    while state.question and state.question != until:
        state, _ = step(flow, state, Heard(answer=answers[state.question]))
    return state


def kinds(events, kind):
    return [event for event in events if isinstance(event, kind)]


# ------------------------------------------------------------------ danger


@pytest.mark.parametrize("question", ["safe_to_text", "heavy", "weeks", "risks", "urine"])
def test_a_grave_danger_ends_the_questions_in_the_same_turn(flow, question):
    state = talk(flow, PLAIN, until=question)

    state, events = step(flow, state, Heard(answer="no", dangers=frozenset({"seizure"})))

    assert state.level is Level.EMERGENCY
    assert state.question is None
    assert kinds(events, LevelGiven)[0].rules[0] == "danger-seizure"


def test_a_danger_after_the_emergency_is_answered_again(flow):
    state, _ = step(flow, State(), Heard(dangers=frozenset({"collapse"})))

    _, events = step(flow, state, Heard(dangers=frozenset({"suicidal"})))

    (given,) = kinds(events, LevelGiven)
    assert given.repeated
    assert "mental_health" in given.advice


def test_a_possible_danger_is_asked_about_before_anything_else(flow):
    state, events = step(flow, State(), Heard(possible=frozenset({"dizzy_faint"})))

    assert kinds(events, DangerPossible)
    assert state.question == "check_dizzy_faint"


@pytest.mark.parametrize("came", [Heard(answer="yes"), Heard(answer="not_sure"), Silence()])
def test_a_possible_danger_counts_unless_it_is_denied(flow, came):
    state, _ = step(flow, State(), Heard(possible=frozenset({"dizzy_faint"})))

    state, events = step(flow, state, came)

    assert state.level is Level.EMERGENCY
    assert kinds(events, DangerHeard)


def test_a_denied_danger_is_asked_about_once_more_and_then_counts(flow):
    perhaps = Heard(possible=frozenset({"dizzy_faint"}))
    state, _ = step(flow, State(), perhaps)
    state, _ = step(flow, state, Heard(answer="no"))
    assert state.question == "safe_to_text"
    state, _ = step(flow, state, perhaps)
    assert state.question == "check_dizzy_faint"
    state, _ = step(flow, state, Heard(answer="no"))

    state, _ = step(flow, state, perhaps)

    assert state.level is Level.EMERGENCY


def test_back_over_a_denied_danger_keeps_it_waiting(flow):
    state, _ = step(flow, State(), Heard(possible=frozenset({"dizzy_faint"})))
    state, _ = step(flow, state, Heard(answer="no"))

    state, _ = step(flow, state, Back())

    assert state.question == "check_dizzy_faint"
    assert state.possible == {"dizzy_faint"}
    state, _ = step(flow, state, Heard(mentions=frozenset({"for_someone"})))
    assert state.question == "check_dizzy_faint"


def test_an_exit_does_not_hide_a_danger(flow):
    came = Heard(mentions=frozenset({"wrong_number"}), dangers=frozenset({"trauma"}))

    state, events = step(flow, State(), came)

    assert not kinds(events, Exited)
    assert state.question == "safe_to_text"


# ------------------------------------------------------------------ what she told unasked


def test_what_was_told_is_kept_and_not_asked_again(flow):
    state, events = step(flow, State(), Heard(told={"weeks": 12, "amount": "spots"}))

    assert kinds(events, Noted)[0].told == {"weeks": 12, "amount": "spots"}
    asked = []
    while state.question:
        asked.append(state.question)
        state, _ = step(flow, state, Heard(answer=PLAIN[state.question]))
    assert "weeks" not in asked
    assert "amount" not in asked
    assert state.level is Level.SOON


@pytest.mark.parametrize("name", ["heavy", "collapse", "pain", "fever"])
def test_the_no_of_a_red_flag_is_always_asked_for(flow, name):
    no = "none" if name == "pain" else "no"

    state, _ = step(flow, State(), Heard(told={name: no}))

    assert name not in state.answers
    assert talk(flow, PLAIN, state, until=name).question == name


def test_a_volunteered_red_flag_counts_at_once(flow):
    state, _ = step(flow, State(), Heard(told={"heavy": "yes"}))

    assert state.level is Level.EMERGENCY


@pytest.mark.parametrize(
    ("first", "then", "level"),
    [
        ({"amount": "spots"}, {"amount": "period"}, Level.URGENT),
        ({"amount": "period"}, {"amount": "spots"}, Level.URGENT),
        ({"weeks": 12}, {"weeks": 30}, Level.URGENT),
        ({"weeks": 30}, {"weeks": 12}, Level.URGENT),
        ({"weeks": 16}, {"weeks": 10}, Level.SOON),
        ({"risks": frozenset({"none"})}, {"risks": frozenset({"ectopic"})}, Level.URGENT),
    ],
)
def test_who_contradicts_herself_is_told_by_the_worse_statement(flow, first, then, level):
    state, _ = step(flow, State(), Heard(told=first))
    state, _ = step(flow, state, Heard(told=then))

    assert talk(flow, PLAIN, state).level is level


def test_a_contradiction_counts_even_when_it_raises_only_later(flow):
    """16 weeks, then "10 weeks": with a past ectopic the lower number is the worse one."""
    state, _ = step(flow, State(), Heard(told={"weeks": 16}))
    state, _ = step(flow, state, Heard(told={"weeks": 10}))

    told = talk(flow, {**PLAIN, "risks": frozenset({"ectopic"})}, state)

    assert told.level is Level.URGENT


def test_not_pregnant_and_then_weeks_are_both_counted(flow):
    state, _ = step(flow, State(), Heard(told={"pregnant": "no"}))
    state = talk(flow, {**PLAIN, "pregnant": "no"}, state, until="amount")

    state, _ = step(flow, state, Heard(told={"weeks": 30}))

    assert talk(flow, PLAIN, state).level is Level.URGENT


def test_a_worse_word_beside_the_answer_counts_too(flow):
    state = talk(flow, PLAIN, until="amount")

    state, _ = step(flow, state, Heard(answer="spots", told={"amount": "period"}))

    assert level_now(flow, state).level is Level.URGENT


def test_what_the_question_does_not_know_is_not_understood(flow):
    state = talk(flow, PLAIN, until="heavy")

    for strange in ("perhaps", "", 3, frozenset({"no"}), frozenset()):
        same, events = step(flow, state, Heard(answer=strange))
        assert same.question == "heavy"
        assert kinds(events, Misunderstood)
    state, _ = step(flow, state, Heard(told={"weeks": 400, "nothing": "yes"}))
    assert "weeks" not in state.answers


# ------------------------------------------------------------------ not sure, silence, nonsense


def test_not_sure_is_asked_once_more_and_then_counts_as_yes(flow):
    state = talk(flow, PLAIN, until="heavy")
    state, _ = step(flow, state, Heard(answer="not_sure"))
    assert state.question == "heavy_check"

    state, _ = step(flow, state, Heard(answer="not_sure"))

    assert state.level is Level.EMERGENCY


def test_nonsense_is_said_simpler_and_then_counts_as_not_sure(flow):
    state = talk(flow, PLAIN, until="heavy")

    state, events = step(flow, state, Heard())
    assert kinds(events, Asked) == [Asked("heavy", Form.SIMPLER)]
    state, events = step(flow, state, Heard())

    assert kinds(events, PersonOffered)
    assert state.answers["heavy"] == "not_sure"
    assert state.question == "heavy_check"


def test_not_sure_beside_a_real_choice_still_counts(flow):
    answers = {**PLAIN, "weeks": 16, "signs": frozenset({"not_sure", "none"})}

    state = talk(flow, answers, until="amount")

    assert state.answers["signs"] == {"not_sure"}
    assert level_now(flow, state).level is Level.URGENT


def test_none_beside_a_real_choice_is_dropped(flow):
    answers = {**PLAIN, "risks": frozenset({"none", "ectopic"})}

    assert talk(flow, answers).level is Level.URGENT


def test_silence_without_an_open_question_says_nothing(flow):
    state = talk(flow, {**PLAIN, "safe_to_text": "no"})
    assert state.question is None

    assert step(flow, state, Silence()) == (state, [])


# ------------------------------------------------------------------ back, again, corrections, ends


def test_back_opens_the_question_before_without_its_answer(flow):
    state = talk(flow, PLAIN, until="amount")

    back, events = step(flow, state, Back())

    assert events == [Asked("weeks", Form.ASK)]
    assert back.answers.keys() & {"weeks", "pregnant"} == set()


def test_back_after_the_level_takes_nothing_back(flow):
    state = talk(flow, PLAIN, until="urine")

    assert step(flow, state, Back()) == (state, [Asked("urine", Form.ASK)])


def test_again_at_the_very_start_begins(flow):
    _, events = step(flow, State(), Again())

    assert events == [Asked("safe_to_text", Form.ASK)]


def test_a_correction_by_staff_never_lowers_the_level_told(flow):
    state = talk(flow, {**PLAIN, "pain": "mild"})
    assert state.level is Level.URGENT

    state, _ = step(flow, state, Correct("pain", "none"))

    assert state.level is Level.URGENT


@pytest.mark.parametrize(
    ("name", "value", "error"), [("nothing", "yes", KeyError), ("pain", "sore", ValueError)]
)
def test_a_correction_that_the_flow_does_not_know_is_refused(flow, name, value, error):
    with pytest.raises(error):
        step(flow, State(), Correct(name, value))


def test_after_an_exit_any_text_goes_on_and_what_was_said_is_kept(flow):
    state = talk(flow, PLAIN, until="weeks")
    state, events = step(flow, state, Heard(mentions=frozenset({"watched", "lasting"})))
    assert kinds(events, Exited) == [Exited("watched")]
    assert state.mentions == {"lasting"}

    state, events = step(flow, state, Heard())

    assert state.question == "weeks"
    assert "heavy" in state.answers


def test_an_unsafe_phone_is_asked_anew_and_not_left_for_ever(flow):
    state = talk(flow, {**PLAIN, "safe_to_text": "no"})
    state, _ = step(flow, state, Heard())
    assert state.question == "safe_to_text"

    assert talk(flow, PLAIN, state).level is Level.SOON


def test_a_finished_conversation_is_never_mute(flow):
    state = talk(flow, PLAIN)

    _, events = step(flow, state, Heard())

    assert [event.repeated for event in kinds(events, LevelGiven)] == [True]
    assert not kinds(events, Ended)


def test_a_level_that_rises_later_is_told_before_the_questions_it_opens(flow):
    state = talk(flow, PLAIN)

    state, events = step(flow, state, Heard(told={"weeks": 30}))

    assert kinds(events, LevelGiven)[0].level is Level.URGENT
    assert state.level is Level.URGENT
    assert state.question == "signs"


def test_the_level_names_its_rules_advice_and_alerts(flow):
    state = talk(flow, {**PLAIN, "harm": "yes"}, until="risks")

    _, events = step(flow, state, Heard(answer=frozenset({"rh_negative"})))

    (given,) = kinds(events, LevelGiven)
    assert given.rules == ("harm", "bleeding")
    assert given.advice == ("assault_help", "anti_d", "log", "safety_net")
    assert given.alerts == ("harm",)
