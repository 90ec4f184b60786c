"""The list of sessions: filters, pages, search, views."""

import time

import pytest

from hotline.console.audit import Audit
from hotline.console.rights import Role
from hotline.session import finding
from hotline.session.finding import Wanted, count, find

FAINTED = "i fainted and the blood is soaking through everything"


def numbers(n):
    return [f"+4477009001{one:02d}" for one in range(n)]


def test_filters_leave_what_stands_in_all_of_their_indexes(room, hotline):
    for number in numbers(6):
        room.says("hi", number=number)
    for number in numbers(3):
        room.says(FAINTED, number=number)
    room.says("i want a nurse", number=numbers(1)[0])
    store = hotline.store
    assert len(find(store, Wanted())) == 6
    assert len(find(store, Wanted(frozenset({"level:emergency"})))) == 3
    both = frozenset({"level:emergency", "person"})
    assert [one.id for one in find(store, Wanted(both))] == [room.session_of(numbers(1)[0]).id]
    assert find(store, Wanted(frozenset({"level:emergency", "language:hi"}))) == []
    assert count(store, "level:emergency") == 3


def test_pages_go_through_everything_once_even_when_times_are_equal(room, hotline, redis_client):
    ids = {f"{one:016d}.1".replace("0", "a") for one in range(500)}
    redis_client.zadd("hl:{0}:i:all", {one: 1000 + place // 50 for place, one in enumerate(ids)})
    redis_client.zadd("hl:{0}:i:level:soon", dict.fromkeys(ids, 1000))
    for indexes in (frozenset(), frozenset({"all", "level:soon"})):
        seen, cursor = [], ""
        while page := find(hotline.store, Wanted(indexes, cursor=cursor, count=7)):
            seen += [one.id for one in page]
            cursor = page[-1].cursor
        assert len(seen) == len(set(seen)) == len(ids)


@pytest.mark.parametrize("few", [0, finding.FEW])
def test_an_index_without_times_lists_the_last_active_first(room, hotline, monkeypatch, few):
    """Who texts again comes first, though her language and channel are not written anew."""
    monkeypatch.setattr(finding, "FEW", few)
    for number in numbers(5):
        room.says("hi", number=number)
        time.sleep(0.002)  # a moment of its own for each
    room.says("1", number=numbers(5)[2])
    room.says("hola, sangro un poco", number=numbers(9)[8])
    wanted = frozenset({"language:en", "channel:sms"})
    found = find(hotline.store, Wanted(wanted))
    order = [2, 4, 3, 1, 0]
    assert [one.id for one in found] == [room.session_of(numbers(5)[n]).id for n in order]
    times = [one.at for one in found]
    assert times == sorted(times, reverse=True)
    pages = [find(hotline.store, Wanted(wanted, count=2))]
    while pages[-1]:
        pages.append(find(hotline.store, Wanted(wanted, cursor=pages[-1][-1].cursor, count=2)))
    assert [one for page in pages for one in page] == found
    middle = Wanted(wanted, since=times[3], until=times[1])
    assert find(hotline.store, middle) == found[1:4]
    assert find(hotline.store, Wanted(wanted | {"danger:seizure"})) == []


def test_the_page_lists_filters_and_masks(room):
    room.says("hi", number=numbers(2)[0])
    room.says(FAINTED, number=numbers(2)[1])
    desk = room.sits()
    text = desk.get("/sessions").text
    assert text.count("<tr>") == 3
    assert numbers(2)[0] not in text
    text = desk.get("/sessions?level=emergency&danger=collapse&person=").text
    assert text.count("<tr>") == 2
    assert "No session fits" in desk.get("/sessions?channel=voice").text
    desk.get("/sessions?level=%3Cscript%3E&from=yesterday&after=x")


def test_a_search_reads_texts_only_for_who_may_and_is_logged(room, hotline):
    room.says("hi my unusualword is here", number=numbers(1)[0])
    room.says("something else", number=numbers(2)[1])
    desk = room.sits()
    desk.get("/sessions")
    text = desk.post("/sessions", 200, words="UNUSUALWORD").text
    assert text.count("<tr>") == 2
    assert "Found in 2 sessions" in text
    assert any(one.did == "searched texts" for one in Audit(hotline.store).read())
    assert "unusualword" not in str(list(Audit(hotline.store).read()))
    viewer = room.sits(Role.VIEWER, name="vic")
    viewer.post("/sessions", 403, words="unusualword")


def test_a_view_is_kept_for_its_owner_and_forgotten(room):
    desk = room.sits()
    desk.get("/sessions")
    desk.post("/views?level=emergency", name="worst")
    text = desk.get("/sessions").text
    assert "?level=emergency" in text
    assert "worst" in text
    assert "worst" not in room.sits(name="bea").get("/sessions").text
    desk.post("/views", name="worst", forget="1")
    assert "worst" not in desk.get("/sessions").text
