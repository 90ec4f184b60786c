"""A check-in from her yes to the text, on the simulated clock."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.session.records import Asking, Control
from hotline.session.store import Change
from tests.escalation.scene import HER


def until_asked(scene):
    """Answer the questions calmly until we ask whether a check-in is welcome."""
    scene.says("hi im 12 weeks and bled a little after sex")
    for _ in range(40):
        session = scene.store.load(scene.store.contact_of(HER)).session
        if session.asking is Asking.FOLLOW_UP:
            return
        question = session.state.question
        key = {"safe_to_text": "1", "pregnant": "1", "weeks": "12", "amount": "2"}
        none = {"pain": "3", "risks": "6", "harm": "2", "fever": "3"}
        scene.says({**key, **none}.get(question, "2"))
    raise AssertionError("we never asked")


@pytest.fixture
def agreed(scene):
    until_asked(scene)
    assert "tomorrow" in scene.says("1")
    scene.works()
    return scene


def hers(scene):
    return [words for words in scene.to_her if "how are things" in words]


def test_it_comes_tomorrow_once_and_gives_nothing_away(agreed):
    agreed.clock.now += timedelta(hours=23)
    agreed.works()
    assert hers(agreed) == []
    agreed.clock.now += timedelta(hours=1, minutes=1)
    agreed.works()
    agreed.clock.now += timedelta(days=3)
    agreed.works()
    (words,) = hers(agreed)
    assert "bleed" not in words.lower()
    assert "pregnan" not in words.lower()


def test_worse_opens_the_questions_again(agreed):
    agreed.clock.now += timedelta(hours=24, minutes=1)
    agreed.works()
    reply = agreed.says("3")
    assert "999" in reply or "?" in reply
    assert agreed.store.load(agreed.store.contact_of(HER)).session.asking is None


def test_who_wrote_meanwhile_is_left_alone(agreed):
    agreed.clock.now += timedelta(hours=2)
    agreed.says("thank you")
    agreed.clock.now += timedelta(hours=30)
    agreed.works()
    assert hers(agreed) == []


def test_who_stopped_is_left_alone(agreed):
    agreed.says("STOP")
    agreed.clock.now += timedelta(hours=30)
    agreed.works()
    assert agreed.to_her == []


def test_who_is_with_staff_is_left_alone(agreed):
    loaded = agreed.store.load(agreed.store.contact_of(HER))
    taken = loaded.session._replace(control=Control.STAFF, staff="ann")
    agreed.store.commit(
        Change(session=taken, revision=loaded.revision, now=0, before=loaded.session)
    )
    agreed.clock.now += timedelta(hours=30)
    agreed.works()
    assert hers(agreed) == []


def test_it_waits_out_her_night(scene):
    scene.clock.now = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    until_asked(scene)
    scene.says("1")
    scene.works()
    scene.clock.now = datetime(2026, 11, 25, 7, 59, tzinfo=UTC)
    scene.works()
    assert hers(scene) == []
    scene.clock.now = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    scene.works()
    assert len(hers(scene)) == 1


def test_without_a_yes_nothing_comes(scene):
    until_asked(scene)
    scene.says("2")
    scene.clock.now += timedelta(days=2)
    scene.works()
    assert scene.to_her == []
