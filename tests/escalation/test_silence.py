"""What silence brings, round by round."""

from datetime import timedelta
from pathlib import Path

from hotline.escalation.policy import load_policies
from hotline.escalation.silence import Round, SilenceThing, silence_round

POLICY = load_policies(Path(__file__).parents[2] / "flows" / "escalation.yaml").silence


def test_first_the_safety_net_and_later_the_cautious_answer_and_staff():
    assert silence_round(POLICY, 1) == Round((SilenceThing.SAFETY_NET,), timedelta(minutes=5))
    assert silence_round(POLICY, 2) == Round(
        (SilenceThing.COUNT_AS_SILENCE, SilenceThing.PAGE), None
    )


def test_there_is_no_round_before_the_first_or_after_the_last():
    assert silence_round(POLICY, 0) is None
    assert silence_round(POLICY, 3) is None
