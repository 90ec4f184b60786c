"""The metrics: what a turn counts, what Redis tells at a scrape, and that nothing of hers is in."""

import time

import pytest
from prometheus_client import REGISTRY
from redis import Redis

from hotline.channels.delivery import SendState
from hotline.escalation.heartbeat import Heartbeat
from hotline.metrics import count_report, count_turn, exposition
from hotline.runtime import library_at
from hotline.session.incoming import Incoming
from hotline.session.opening import open_store
from hotline.session.turn import Turns
from hotline.settings import flows_dir

NUMBER = "+447700900111"


@pytest.fixture
def turns(redis_client: Redis) -> Turns:
    store = open_store(redis_client, ["a secret of thirty-two letters!!"], 1)
    return Turns(store, library_at(flows_dir()), ("GB", "en"))


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def scraped(turns: Turns) -> dict[str, float]:
    lines = exposition(turns.store).decode().splitlines()
    return {
        name: float(number)
        for name, _, number in (line.rpartition(" ") for line in lines if not line.startswith("#"))
    }


def text(turns: Turns, words: str, delivery: str) -> None:
    count_turn("sms", turns.take(Incoming(NUMBER, "", words, delivery)))


def test_a_session_its_level_and_the_time_to_it_are_counted(turns: Turns) -> None:
    before = {
        "sessions": value("hotline_sessions_total", channel="sms"),
        "levels": value("hotline_levels_total", level="emergency", channel="sms"),
        "times": value("hotline_time_to_level_seconds_count", channel="sms"),
        "repeated": value("hotline_turns_total", channel="sms", delivery="repeated"),
    }
    text(turns, "hello", "SM1")
    time.sleep(0.01)
    text(turns, "1", "SM2")
    text(turns, "1", "SM3")
    text(turns, "1", "SM3")
    assert value("hotline_sessions_total", channel="sms") == before["sessions"] + 1
    assert value("hotline_levels_total", level="emergency", channel="sms") == before["levels"] + 1
    assert value("hotline_time_to_level_seconds_count", channel="sms") == before["times"] + 1
    assert (
        value("hotline_turns_total", channel="sms", delivery="repeated") == before["repeated"] + 1
    )


def test_what_is_not_understood_and_dangers_are_counted_by_name(turns: Turns) -> None:
    text(turns, "hello", "SM4")
    count = value("hotline_misunderstood_total", question="safe_to_text", language="en")
    text(turns, "qqqqq zzz", "SM5")
    assert value("hotline_misunderstood_total", question="safe_to_text", language="en") == count + 1
    count = value("hotline_dangers_total", danger="collapse")
    text(turns, "i passed out", "SM6")
    assert value("hotline_dangers_total", danger="collapse") == count + 1


def test_a_scrape_tells_of_queues_escalations_and_the_worker(turns: Turns) -> None:
    assert scraped(turns)["hotline_worker_seen_seconds"] == -1
    Heartbeat(turns.store).beat()
    (keys,) = turns.store.all_keys()
    turns.store.client.xadd(keys.lane("emergency"), {"id": "x"}, id=f"{int(time.time()) - 60}000-0")
    turns.store.client.zadd(keys.index("escalations"), {"c.1": (time.time() - 120) * 1000})
    found = scraped(turns)
    assert found["hotline_redis_up"] == 1
    assert found['hotline_queue_depth{lane="emergency"}'] == 1
    assert 55 < found['hotline_queue_age_seconds{lane="emergency"}'] < 70
    assert found["hotline_escalations_open"] == 1
    assert 115 < found["hotline_escalation_oldest_seconds"] < 130
    assert 0 <= found["hotline_worker_seen_seconds"] < 10


def test_without_redis_a_scrape_still_answers(turns: Turns) -> None:
    turns.store.client = Redis(port=1)
    assert scraped(turns)["hotline_redis_up"] == 0


def test_delivery_reports_are_counted_by_state_and_unknown_words_are_not(turns: Turns) -> None:
    count = value("hotline_delivery_reports_total", state=SendState.UNDELIVERED)
    count_report({"MessageStatus": "undelivered"})
    count_report({"MessageStatus": "made up"})
    assert value("hotline_delivery_reports_total", state=SendState.UNDELIVERED) == count + 1


def test_no_number_and_no_word_of_hers_is_in_the_metrics(turns: Turns) -> None:
    text(turns, "my name is Zoraya and i bleed", "SM7")
    told = exposition(turns.store).decode()
    assert NUMBER not in told
    assert "7700900111" not in told
    assert "Zoraya" not in told
