"""Whatever a caller does, in any order: every document is whole, and nothing fails behind it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import pytest
from twilio.request_validator import RequestValidator

from hotline.app import create_app
from hotline.metrics import SAFE_REPLIES
from hotline.runtime import Hotline
from tests.carrier import Call
from tests.server import OUR_NUMBER, TOKEN

CALLS = 60
STEPS = 50
WORDS = (
    *("yes", "no", "not sure", "one", "12 weeks", "blah", "i am bleeding a lot", "it hurts badly"),
    *("low placenta", "none of them", "rh negative and ivf", "i had a miscarriage last week"),
    *("nurse", "go back", "say again", "start over", "español", "help", "stop", "delete my data"),
    *("what causes bleeding", "he hits me", "wrong number", "someone is listening"),
)
NUMBERS = ("+447700900{:03}", "+12025550150", "+919811100007", "+33639980007", "", "+7701{:07}")
NEW_NUMBER = "+447700900{:03}"


def posting(hotline: Hotline) -> Callable[[str, Mapping[str, str]], bytes]:
    client = create_app(hotline).test_client()

    def post(path: str, form: Mapping[str, str]) -> bytes:
        url = hotline.signatures.url(path)
        made = RequestValidator(TOKEN).compute_signature(url, dict(form))
        answer = client.post(path, data=dict(form), headers={"X-Twilio-Signature": made})
        assert answer.status_code in {200, 204}
        return answer.data

    return post


def safe_replies() -> float:
    samples = [one for metric in SAFE_REPLIES.collect() for one in metric.samples]
    return sum(one.value for one in samples if one.name.endswith("_total"))


def act(call: Call, chance: random.Random) -> None:
    """One thing a caller may do; the carrier of the tests checks the document that follows."""
    what = chance.random()
    if what < 0.45:
        call.press(chance.choice("0123456789*#") + chance.choice(("", "#", "2#")))
    elif what < 0.8:
        call.speak(chance.choice(WORDS), chance.choice(("0.9", "0.2", "")))
    elif what < 0.95:
        call.wait()
    elif what < 0.98 and call.number:
        sid = f"SM{chance.getrandbits(120):032x}"
        form = {"MessageSid": sid, "From": call.number, "To": OUR_NUMBER, "NumMedia": "0"}
        call.post("/twilio/sms", {**form, "Body": chance.choice(WORDS)})
    else:
        call.hang_up(report=chance.random() < 0.5)


@pytest.mark.slow
def test_no_order_of_keys_speech_silence_and_texts_breaks_a_call(hotline: Hotline):
    post, before = posting(hotline), safe_replies()
    for seed in range(CALLS):
        chance = random.Random(seed)  # noqa: S311 to be repeated
        call = Call(post, chance.choice(NUMBERS).format(seed)).begin()
        for _ in range(STEPS):
            if call.over:
                break
            act(call, chance)
        assert not call.fell_off, f"seed {seed}\n{call.transcript()}"
    assert safe_replies() == before


@pytest.mark.slow
def test_a_level_once_told_is_never_lowered_within_a_session(hotline: Hotline):
    post, store = posting(hotline), hotline.store
    for seed in range(CALLS // 2):
        chance = random.Random(1_000 + seed)  # noqa: S311 to be repeated
        number = NEW_NUMBER.format(seed)
        call = Call(post, number).begin()
        highest: dict[tuple[int, int], int] = {}
        for _ in range(STEPS):
            session = store.load(store.contact_of(number)).session
            if session is None:
                break  # a text deleted her data
            rank = -1 if session.state.level is None else session.state.level.rank
            one = (session.serial, session.opened)
            assert rank >= highest.get(one, -1), f"seed {seed}"
            highest[one] = rank
            if call.over:
                break
            act(call, chance)
