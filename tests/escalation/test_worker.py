"""Workers as real processes: killed, stopped, sharing; nothing lost, nothing sent twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from hotline.channels.delivery import SendState
from hotline.embedded import EmbeddedRedis
from hotline.errors import StoreUnavailable
from hotline.escalation.conclude import Conclusion, SendWrite, conclude
from hotline.escalation.ledger import Begun, Guard, Ledger
from hotline.escalation.orders import HER, About, SendOrder, Whose, send_task
from hotline.escalation.queue import Queue, seal_task, unreadable_key
from hotline.escalation.records import Means
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.script import Script
from hotline.escalation.worker import Habits, Hands, Worker
from hotline.flow.levels import Level
from hotline.session.incoming import Incoming
from hotline.session.records import Lane
from hotline.session.turn import Turns
from tests.escalation.scene import ANN, LIBRARY, OURS, ROTA, make_station
from tests.standin import Fault


class Crowd:
    """Many patients with texts waiting to go out to them."""

    def __init__(self, url, standin):
        self.station = make_station(url, standin.url)
        self.store, self.standin = self.station.store, standin
        RotaStore(self.store).save(ROTA, 0)
        self.queue = Queue(self.store, "test", timedelta(hours=1))
        self.queue.prepare()
        self.url, self.nursery, self.workers = url, None, []

    def contact(self, number):
        """A patient whose session exists."""
        turns = Turns(self.store, LIBRARY, ("GB", "en"))
        turns.take(Incoming(number, OURS, "hello", f"SM{number}"))
        return self.store.contact_of(number)

    def put(self, contact, name, level=None, delay=0.0):
        """One text to her waits in its lane, or for its time."""
        order = SendOrder(HER, Means.TEXT, About.SAYING, level, body=name)
        now = datetime.now(UTC)
        task = send_task(name, Whose(contact, 1), order, now + timedelta(seconds=delay))
        keys, client = self.store.keys(contact), self.store.client
        if delay:
            client.zadd(keys.due, {task.id: task.due})
            client.hset(keys.tasks, task.id, f"{task.lane};".encode() + seal_task(self.store, task))
        else:
            client.xadd(keys.lane(task.lane), {"id": task.id, "d": seal_task(self.store, task)})

    def start(self):
        """A worker process; its id."""
        if self.nursery is None:
            command = [sys.executable, "-m", "tests.escalation.worker_main"]
            self.nursery = subprocess.Popen(
                [*command, self.url, self.standin.url],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self.nursery.stdin.write("another\n")
        self.nursery.stdin.flush()
        self.workers.append(int(self.nursery.stdout.readline()))
        return self.workers[-1]

    def kill(self, worker):
        """Kill it without a chance to tidy up, and wait until it is gone."""
        os.kill(worker, signal.SIGKILL)
        self.wait_gone(worker, 5)

    def wait_gone(self, worker, seconds):
        end = time.monotonic() + seconds
        while is_there(worker):
            assert time.monotonic() < end, "the worker does not end"
            time.sleep(0.005)
        self.workers.remove(worker)

    def close(self):
        for worker in [one for one in self.workers if is_there(one)]:
            os.kill(worker, signal.SIGKILL)
        if self.nursery is not None:
            self.nursery.communicate()

    def done(self):
        """Nothing waits any more, in no lane and for no time; with Redis away nobody knows."""
        try:
            return not any(self.queue.waiting().values()) and self.queue.later() == 0
        except StoreUnavailable:
            return False

    def until_done(self, seconds):
        end = time.monotonic() + seconds
        while not self.done():
            assert time.monotonic() < end
            time.sleep(0.05)

    def states(self, contact, names):
        ledger, keys = Ledger(self.store), self.store.keys(contact)
        return {name: ledger.read(keys, name) for name in names}


@pytest.fixture
def crowd(redis_url, standin):
    crowd = Crowd(redis_url, standin)
    yield crowd
    crowd.close()


def is_there(worker):
    """True while the process exists."""
    try:
        os.kill(worker, 0)
    except ProcessLookupError:
        return False
    return True


def survive(crowd, tasks, kills, patience):
    """Two workers, one of them killed again and again; what became of every text."""
    contact = crowd.contact("+447700900500")
    names = [f"text {number}" for number in range(tasks)]
    chance = random.Random(7)  # noqa: S311 - a test's dice
    for place, name in enumerate(names):
        level = Level.EMERGENCY if place % 10 == 0 else None
        crowd.put(contact, name, level, delay=chance.choice([0.0, 0.0, 1.0]))
    crowd.standin.fault = lambda form: Fault(slow=0.005)
    crowd.start()
    victim = crowd.start()
    for _ in range(kills):
        time.sleep(chance.uniform(0.05, 0.4))
        crowd.kill(victim)
        victim = crowd.start()
    crowd.until_done(patience)
    sent = Counter(one.form["Body"] for one in crowd.standin.texts())
    records = crowd.states(contact, names)
    lost = [name for name, record in records.items() if record is None]
    perhaps = {name for name, one in records.items() if one and one.state is SendState.PERHAPS}
    assert lost == []
    assert {name for name, times in sent.items() if times > 1} == set(), "sent twice"
    assert set(names) - set(sent) <= perhaps, "neither sent nor shown as perhaps sent"
    assert all(
        one.state in {SendState.ACCEPTED, SendState.PERHAPS} for one in records.values() if one
    )
    assert set(Ledger(crowd.store).perhaps_sent()) == perhaps
    return perhaps


@pytest.mark.fault
@pytest.mark.timeout(120)
def test_a_worker_killed_again_and_again_loses_nothing_and_sends_nothing_twice(crowd):
    perhaps = survive(crowd, tasks=200, kills=5, patience=60)
    assert len(perhaps) <= 5 * 3


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_kills_during_two_thousand_tasks(crowd):
    perhaps = survive(crowd, tasks=2000, kills=50, patience=300)
    sys.stdout.write(f"perhaps sent: {len(perhaps)} of 2000\n")
    assert len(perhaps) <= 50 * 3


@pytest.mark.fault
@pytest.mark.timeout(120)
def test_redis_killed_again_and_again_loses_nothing_and_sends_nothing_twice(tmp_path, standin):
    with EmbeddedRedis(tmp_path) as server:
        crowd = Crowd(server.url, standin)
        try:
            contact = crowd.contact("+447700900500")
            names = [f"text {number}" for number in range(150)]
            for place, name in enumerate(names):
                crowd.put(contact, name, delay=1.0 if place % 3 else 0.0)
            standin.fault = lambda form: Fault(slow=0.02)
            crowd.start()
            for _ in range(4):
                time.sleep(0.4)
                os.kill(server._process.pid, signal.SIGKILL)
            crowd.until_done(60)
            sent = Counter(one.form["Body"] for one in standin.texts())
            states = {name: one.state for name, one in crowd.states(contact, names).items()}
            perhaps = {name for name, state in states.items() if state is SendState.PERHAPS}
            assert max(sent.values()) == 1
            assert set(names) - set(sent) <= perhaps
            assert len(perhaps) <= 4 * 3
        finally:
            crowd.close()


@pytest.mark.timeout(60)
def test_sigterm_lets_what_is_in_work_finish_and_takes_no_more(crowd):
    contact = crowd.contact("+447700900500")
    for number in range(60):
        crowd.put(contact, f"text {number}")
    crowd.standin.fault = lambda form: Fault(slow=0.1)
    worker = crowd.start()
    while not crowd.standin.requests:
        time.sleep(0.01)
    os.kill(worker, signal.SIGTERM)
    crowd.wait_gone(worker, 5)
    accepted = len(crowd.standin.accepted)
    assert 0 < accepted < 60
    states = crowd.states(contact, [f"text {number}" for number in range(60)])
    assert sum(one is not None for one in states.values()) == accepted
    assert all(one is None or one.state is SendState.ACCEPTED for one in states.values())
    crowd.start()
    crowd.until_done(30)
    assert len(crowd.standin.accepted) == 60


@pytest.mark.timeout(60)
def test_an_emergency_goes_before_a_thousand_waiting_texts(crowd):
    contact = crowd.contact("+447700900500")
    for number in range(1000):
        crowd.put(contact, f"text {number}")
    hands = Hands(crowd.station, Habits(claim_every=1e9))
    for _ in range(3):
        hands.once()
    crowd.put(contact, "emergency 1", Level.EMERGENCY)
    crowd.put(contact, "emergency 2", Level.EMERGENCY)
    for _ in range(4):
        hands.once()
    bodies = [one.form["Body"] for one in crowd.standin.texts()]
    assert bodies[3:5] == ["emergency 1", "emergency 2"]
    assert bodies[:3] + bodies[5:] == [f"text {number}" for number in range(5)]


@pytest.mark.timeout(60)
def test_one_hand_is_always_free_for_emergencies(crowd):
    contact = crowd.contact("+447700900500")
    for number in range(8):
        crowd.put(contact, f"text {number}")
    crowd.standin.fault = lambda form: Fault(slow=0.4 if "text" in form.get("Body", "") else 0)
    worker = Worker(crowd.station, Habits(threads=3, idle=0.01))
    thread = threading.Thread(target=worker.run)
    thread.start()
    while len(crowd.standin.requests) < 2:
        time.sleep(0.01)
    began = time.monotonic()
    crowd.put(contact, "emergency", Level.EMERGENCY)
    while not any(one.form["Body"] == "emergency" for one in crowd.standin.requests):
        time.sleep(0.005)
        assert time.monotonic() - began < 0.35
    worker.stop()
    thread.join()


def test_a_page_to_staff_is_repeated_after_a_crash_and_a_text_to_her_is_not(crowd):
    contact = crowd.contact("+447700900500")
    crowd.put(contact, "to her")
    order = SendOrder(ANN.id, Means.TEXT, About.ANSWER, Level.EMERGENCY, body="to staff")
    task = send_task("to staff", Whose(contact, 1), order, datetime.now(UTC))
    keys = crowd.store.keys(contact)
    crowd.store.client.xadd(
        keys.lane(Lane.EMERGENCY), {"id": task.id, "d": seal_task(crowd.store, task)}
    )
    for name in ("to her", "to staff"):
        # What a worker leaves behind that died between asking the carrier and noting it.
        crowd.store.client.hset(keys.other(f"send:{name}"), "state", "trying")
    hands = Hands(crowd.station, Habits(claim_every=1e9))
    while hands.once():
        pass
    assert [one.form["Body"] for one in crowd.standin.texts()] == ["to staff"]
    assert Ledger(crowd.store).perhaps_sent() == ("to her",)


def test_who_was_taken_for_dead_and_knows_better_clears_perhaps_sent(crowd):
    """Another worker noted "perhaps sent"; then the slow one came back with the carrier's yes."""
    contact = crowd.contact("+447700900500")
    for state in (SendState.PERHAPS, SendState.ACCEPTED):
        send = SendWrite("slow", state)
        conclude(crowd.store, Conclusion(contact, f"{contact}.1", datetime.now(UTC), send=send))
    assert crowd.states(contact, ["slow"])["slow"].state is SendState.ACCEPTED
    assert Ledger(crowd.store).perhaps_sent() == ()


def test_a_begin_whose_answer_got_lost_may_run_again_and_another_one_may_not(crowd):
    contact = crowd.contact("+447700900500")
    ledger, keys = Ledger(crowd.store), crowd.store.keys(contact)
    guard, now = Guard("me", repeat=False), datetime.now(UTC)
    assert ledger.begin(contact, "x", guard, {}, now) == (Begun.GO, 1)
    owner = crowd.store.client.hget(keys.other("send:x"), "owner")
    again = Script("begin").run(
        crowd.store, [keys.other("send:x"), keys.session(contact)], [0, owner, "", "", 1000]
    )
    assert again == [b"go", 1]
    assert ledger.begin(contact, "x", guard, {}, now) == (Begun.PERHAPS, 0)


def test_who_opted_out_is_sent_nothing_by_any_path(crowd):
    turns = Turns(crowd.store, LIBRARY, ("GB", "en"))
    contact = crowd.contact("+447700900500")
    for name, delay in (("now", 0.0), ("later", 0.05)):
        crowd.put(contact, name, delay=delay)
    turns.take(Incoming("+447700900500", OURS, "STOP", "SMstop"))
    time.sleep(0.06)
    hands = Hands(crowd.station, Habits(claim_every=1e9))
    while hands.once():
        pass
    assert crowd.standin.texts("+447700900500") == []
    states = crowd.states(contact, ["now", "later"])
    assert {one.problem for one in states.values()} == {"she opted out"}


def test_a_task_that_fails_again_and_again_goes_to_staff(crowd):
    contact = crowd.contact("+447700900500")
    crowd.put(contact, "cannot be done")
    hands = Hands(crowd.station, Habits(claim_every=0, claim_after=timedelta(0)))
    taken = hands.queue.take()
    assert taken.task.id == "cannot be done"
    for _ in range(10):
        assert hands.queue.claim().task.id == "cannot be done", "it failed, and is taken again"
    for _ in range(20):
        hands.once()
    assert [one.form["Body"] for one in crowd.standin.texts("+447700900500")] == []
    assert any("had a fault" in one.form["Body"] for one in crowd.standin.texts(ANN.phone))
    assert crowd.done() or crowd.queue.later()


def test_a_task_that_fails_for_a_moment_is_tried_again_at_once(crowd):
    contact = crowd.contact("+447700900500")
    crowd.put(contact, "at last")
    hands = Hands(crowd.station, Habits(claim_every=1e9))
    client, session = crowd.store.client, crowd.store.keys(contact).session(contact)
    client.rename(session, f"{session}:kept")
    client.lpush(session, "no session can be read here")
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            hands.once()
    client.rename(f"{session}:kept", session)
    assert hands.once() is True
    assert [one.form["Body"] for one in crowd.standin.texts()] == ["at last"]
    assert crowd.done()


def test_a_task_that_cannot_be_read_is_kept_aside_and_stops_nobody(crowd):
    contact = crowd.contact("+447700900500")
    keys = crowd.store.keys(contact)
    broken = contact.encode() + b";" + b"\x00" * 40
    crowd.store.client.xadd(keys.lane(Lane.EMERGENCY), {"id": "broken", "d": broken})
    crowd.put(contact, "fine")
    hands = Hands(crowd.station, Habits(claim_every=1e9))
    for _ in range(3):
        hands.once()
    assert [one.form["Body"] for one in crowd.standin.texts()] == ["fine"]
    assert crowd.store.client.hkeys(unreadable_key(keys)) == [b"broken"]
    assert crowd.done()


def test_a_reader_that_leaves_takes_its_name_along_but_never_a_task(crowd):
    contact = crowd.contact("+447700900500")
    crowd.put(contact, "held")
    lane = crowd.store.keys(contact).lane(Lane.NORMAL)
    holder, other = (Queue(crowd.store, name, timedelta(hours=1)) for name in ("holder", "other"))
    assert holder.take().task.id == "held"
    assert other.take() is None
    for queue in (holder, other):
        queue.leave()
    crowd.queue.tidy(timedelta(0))
    names = [one["name"] for one in crowd.store.client.xinfo_consumers(lane, "workers")]
    assert names == [b"holder"]
    assert crowd.store.client.xpending(lane, "workers")["pending"] == 1
