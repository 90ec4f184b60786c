"""The Now page: who needs somebody, worst first, and no more work than needed for it."""

import gzip
import time
from datetime import time as clock
from datetime import timedelta

from hotline.console.now import FRESH_SECONDS, OLDEST_SECONDS
from hotline.console.office import open_office
from hotline.console.rights import Role
from hotline.console.visits import Times
from hotline.escalation.orders import whose
from hotline.escalation.paging import Pager
from hotline.escalation.queue import Queue
from hotline.escalation.rota import Day, Hours, Person, Rota
from hotline.session.removal import erase_contact
from tests.console.scene import HER

FAINTED = "i fainted and the blood is soaking through everything"


def fresh(desk):
    time.sleep(OLDEST_SECONDS + 0.05)
    return desk.get("/now")


def test_an_emergency_shows_even_when_no_worker_runs(room):
    desk = room.sits()
    assert "Nobody needs you" in fresh(desk).text
    room.says(FAINTED)
    text = fresh(desk).text
    assert "1 waiting" in text
    assert "Nobody paged yet" in text
    assert "Emergency" in text
    assert HER not in text
    assert FAINTED not in text


def test_once_a_page_went_out_it_is_an_escalation_with_its_clock(room, hotline):
    room.says(FAINTED)
    office = open_office(hotline, Times())
    night = Hours(frozenset(Day), clock(0), clock(0), "UTC")
    zoe = Person("zoe", "Zoe", "+447700900150", hours=(night,))
    assert office.rota.save(Rota((zoe,)), 0)
    queue = Queue(hotline.store, "test", timedelta(seconds=60))
    queue.prepare()
    pager = Pager(office.staff._station, office.rota)
    taken = queue.take()
    while taken.task.kind != "page":
        taken = queue.take()
    pager.page(taken, office.now())
    desk = room.sits()
    text = fresh(desk).text
    assert "Nobody yet" in text
    assert "data-since" in text
    desk.post("/take", session=room.session_of().id)
    text = fresh(desk).text
    assert "0 waiting, 1 taken" in text
    assert whose(room.session_of().id).serial == 1
    escalation = office.board.load(room.session_of().id).escalation
    assert escalation.acknowledged_by == "ann"
    assert room.session_of().staff == "ann"


def test_an_alarm_says_why_without_a_word_of_hers(room):
    room.says("hi", "1", "1")
    assert room.session_of().state.level == "emergency"
    text = fresh(room.sits()).text
    assert "Told" in text
    assert ": Heavy" in text


def test_the_worst_stands_first(room):
    room.says("hi", "1", number="+447700900001")
    room.says(FAINTED, number="+447700900002")
    text = fresh(room.sits()).text
    emergency = room.session_of("+447700900002").id
    quiet = room.session_of("+447700900001").id
    assert text.index(emergency) < text.index(quiet)


def test_the_fragment_goes_compressed_to_who_can_read_it_so(room):
    room.says(FAINTED)
    desk = room.sits()
    plain = fresh(desk)
    packed = desk.client.get("/console/now", headers={"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers


def test_a_row_that_changed_is_rendered_anew_and_the_others_stay(room):
    room.says(FAINTED)
    room.says("hi", number="+447700900001")
    desk = room.sits()
    before = fresh(desk).text
    room.says("1", number="+447700900001")
    after = fresh(desk).text
    assert after != before
    assert after.partition("progress")[0] == before.partition("progress")[0]
    desk.post("/take", session=room.session_of().id)
    assert "1 taken" in fresh(desk).text


def test_many_new_sessions_at_once_do_not_make_the_picture_older_than_it_may_be():
    polls, looking = 2.0, 0.2
    assert polls + OLDEST_SECONDS + looking <= 3
    assert FRESH_SECONDS <= OLDEST_SECONDS


def test_the_fragment_is_not_sent_again_while_nothing_changes(room):
    desk = room.sits()
    first = desk.get("/now")
    tag = {"If-None-Match": first.headers["ETag"], "X-Live": "1"}
    assert desk.get("/now", 304, headers=tag).text == ""
    room.says("hello")
    time.sleep(OLDEST_SECONDS + 0.05)
    assert desk.get("/now", headers=tag).headers["ETag"] != first.headers["ETag"]


def test_all_consoles_share_one_look_at_redis(room, redis_client):
    ann, bea = room.sits(name="ann"), room.sits(name="bea")
    fresh(ann)
    before = redis_client.info("commandstats")["cmdstat_zrevrangebyscore"]["calls"]
    for desk in (ann, bea) * 3:
        desk.get("/now")
    after = redis_client.info("commandstats")["cmdstat_zrevrangebyscore"]["calls"]
    assert after - before <= 4


def test_a_viewer_sees_the_page_and_has_no_form_to_take(room):
    room.says(FAINTED)
    text = room.sits(Role.VIEWER).get("/").text
    assert "Emergency" in text
    assert 'id="take"' not in text


def test_an_alarm_of_somebody_who_deleted_her_data_can_still_be_resolved(room, hotline):
    room.says(FAINTED)
    office = open_office(hotline, Times())
    session_id = room.session_of().id
    queue = Queue(hotline.store, "test", timedelta(seconds=60))
    queue.prepare()
    while (taken := queue.take()) is not None:
        if taken.task.kind == "page":
            Pager(office.staff._station, office.rota).page(taken, office.now())
    erase_contact(hotline.store, session_id.partition(".")[0])
    desk = room.sits()
    text = fresh(desk).text
    if office.board.load(session_id).escalation is not None:
        assert "Her data was deleted" in text
        assert "Take over" not in text
        desk.post(f"/escalations/{session_id}/resolve", reason="deleted by her")
    assert "Nobody needs you" in fresh(desk).text
