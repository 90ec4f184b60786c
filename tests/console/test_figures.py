"""Figures: every session of the period counts, once, without a word of hers."""

from datetime import UTC, datetime, timedelta
from datetime import time as clock

import pytest

from hotline.console.figures import Period, tables
from hotline.console.figures_page import wanted_period
from hotline.console.office import open_office
from hotline.console.rights import Role
from hotline.console.visits import Times
from hotline.escalation.paging import Pager
from hotline.escalation.queue import Queue
from hotline.escalation.rota import Day, Hours, Person, Rota
from hotline.escalation.tally import CHUNK, SILENT_MS, Of, Tally, middle, steps
from hotline.session.records import Entry
from hotline.session.removal import erase_contact
from hotline.session.store import Change
from tests.console.scene import HER

FAINTED = "i fainted and the blood is soaking through everything"


def count_all(hotline, now=None):
    tally = Tally(hotline.store)
    while tally.count_on(now or datetime.now(UTC)):
        pass
    return tally


def figures(hotline, days=14):
    today = datetime.now(UTC).date()
    office = open_office(hotline, Times())
    found = tables(office, Period(today - timedelta(days=days - 1), today))
    return {one.name: one for one in found}


def numbers(table):
    return {label: n for label, (n, *_) in table.rows if n}


def test_figures_count_what_happened_and_show_no_words(room, hotline):
    room.says("hi", "purple elephants", number="+447700900001")
    room.says(FAINTED, number="+447700900002")
    count_all(hotline)
    found = figures(hotline)
    today = found["per-day"].rows[-1][1]
    assert sum(today) == 2
    assert today[0] == 1
    assert sum(numbers(found["misunderstood"]).values()) == 1
    assert numbers(found["time-to-level"]) == {"under 1": 1}
    text = room.sits().get("/figures").text
    assert "elephants" not in text
    assert "<table>" in text


def test_nothing_counts_twice_whoever_counts_and_how_often(room, hotline):
    room.says("hi", "purple elephants", "green elephants")
    first, second = Tally(hotline.store), Tally(hotline.store)
    keys = hotline.store.all_keys()[0]
    read = first._logged(keys, "")
    assert second.count_on(datetime.now(UTC)) is False
    first._keep(keys, "log", "", read)  # too late: the cursor has moved
    count_all(hotline)
    today = datetime.now(UTC).date()
    assert sum(n for _, n in steps(first.counted(today, today), Of.MISUNDERSTOOD)) == 2


def test_more_entries_than_one_chunk_are_all_counted(room, hotline):
    room.says("hi", "1")
    store = hotline.store
    loaded = store.load(store.contact_of(HER))
    event = {"is": "Misunderstood", "question": "heavy", "tries": 1}
    entries = [Entry("text", events=(event,))] * (2 * CHUNK + 5)
    store.commit(Change(loaded.session, loaded.revision, loaded.session.updated, entries=entries))
    tally = Tally(store)
    assert tally.counted_until(datetime.now(UTC)) is None
    assert tally.count_on(datetime.now(UTC))
    assert tally.counted_until(datetime.now(UTC)) is not None
    count_all(hotline)
    assert numbers(figures(hotline)["misunderstood"])["heavy"] == 2 * CHUNK + 5


def test_who_fell_silent_counts_at_the_question_that_was_open(room, hotline):
    for person in range(CHUNK + 3):
        room.says("hi", "1", number=f"+4477009{person:05d}")
    asked = room.session_of("+447700900000").state.question
    count_all(hotline)
    assert numbers(figures(hotline)["drop-out"]) == {}
    later = datetime.now(UTC) + timedelta(milliseconds=SILENT_MS + 1000)
    count_all(hotline, later)
    count_all(hotline, later + timedelta(hours=1))
    assert numbers(figures(hotline)["drop-out"]) == {asked: CHUNK + 3}


def test_who_was_told_a_level_did_not_drop_out_and_a_raise_is_no_second_first_level(room, hotline):
    room.says("hi", FAINTED, "and now i have had a seizure too")
    count_all(hotline, datetime.now(UTC) + timedelta(hours=3))
    found = figures(hotline)
    assert numbers(found["drop-out"]) == {}
    assert sum(numbers(found["time-to-level"]).values()) == 1


def test_the_first_who_takes_an_escalation_ends_the_wait(room, hotline):
    room.says(FAINTED)
    office = open_office(hotline, Times())
    night = Hours(frozenset(Day), clock(0), clock(0), "UTC")
    assert office.rota.save(Rota((Person("zoe", "Zoe", "+447700900150", hours=(night,)),)), 0)
    queue = Queue(hotline.store, "test", timedelta(seconds=60))
    queue.prepare()
    taken = queue.take()
    while taken.task.kind != "page":
        taken = queue.take()
    Pager(office.staff._station, office.rota).page(taken, office.now())
    one = room.session_of().id
    office.staff.take(one, "ann", office.now())
    office.staff.release(one, "ann", office.now())
    office.staff.take(one, "zoe", office.now())
    count_all(hotline)
    assert numbers(figures(hotline)["acknowledged"]) == {"under 1": 1}


def test_texts_that_did_not_arrive_count_by_what_became_of_them_and_whose_they_were(room, hotline):
    room.says("hi", "1")
    store = hotline.store
    loaded = store.load(store.contact_of(HER))
    entries = [
        Entry("delivery", extra={"to": "her", "result": "undelivered"}),
        Entry("delivery", extra={"to": "her", "result": "delivered"}),
        Entry("send", extra={"to": "zoe", "result": "sent"}),
        Entry("send", extra={"to": "zoe", "result": "perhaps sent"}),
        Entry("send", extra={"to": "her", "result": "the number cannot be reached"}),
    ]
    store.commit(Change(loaded.session, loaded.revision, loaded.session.updated, entries=entries))
    count_all(hotline)
    assert numbers(figures(hotline)["deliveries"]) == {
        "Perhaps, to staff": 1,
        "Refused, to her": 1,
        "Undelivered, to her": 1,
    }


def test_what_is_erased_keeps_its_count_and_does_not_stop_the_counting(room, hotline):
    room.says("hi", "purple elephants")
    count_all(hotline)
    room.says("green elephants")
    erase_contact(hotline.store, hotline.store.contact_of(HER))
    room.says("hi", "blue elephants", number="+447700900002")
    count_all(hotline)
    assert sum(numbers(figures(hotline)["misunderstood"]).values()) >= 2


def test_the_page_says_that_nothing_is_counted_without_a_worker(room):
    room.says("hi", "purple elephants")
    assert "Nothing is counted yet" in room.sits().get("/figures").text


def test_a_period_can_be_chosen_and_nonsense_is_the_last_two_weeks(room, hotline):
    today = datetime.now(UTC).date()
    assert wanted_period({}, today).days == 14
    assert wanted_period({"from": "x", "to": "2026-01-01"}, today).days == 14
    assert wanted_period({"from": "2026-02-01", "to": "2026-01-01"}, today).days == 14
    assert wanted_period({"from": "1926-01-01", "to": "2026-01-01"}, today).days == 14
    assert wanted_period({"from": "2026-01-01", "to": "2026-01-31"}, today).days == 31
    room.says(FAINTED)
    assert len(figures(hotline, 31)["per-day"].rows) == 31
    weeks = figures(hotline, 90)["per-day"]
    assert len(weeks.rows) == 13
    assert sum(sum(row) for _, row in weeks.rows) == 1
    desk = room.sits(Role.VIEWER)
    page = desk.get(f"/figures?from={today}&to={today}").text
    assert f'value="{today}"' in page
    desk.get(f"/figures/per-day.svg?from={today}&to={today}")


def test_the_middle_of_what_was_counted_by_steps():
    assert middle({}) is None
    assert middle({0: 1}) == 10
    assert middle({0: 2, 60: 1, 900: 2}) == 70


@pytest.mark.parametrize("name", ["per-day", "misunderstood", "time-to-level"])
def test_each_picture_is_svg_without_a_script(room, hotline, name):
    room.says("hi", "purple elephants")
    count_all(hotline)
    svg = room.sits().get(f"/figures/{name}.svg")
    assert svg.mimetype == "image/svg+xml"
    assert "<script" not in svg.text
    assert "href=" not in svg.text.replace('xlink:href="#', "")


def test_a_picture_that_does_not_exist_is_not_found(room):
    room.sits().get("/figures/nothing.svg", 404)
