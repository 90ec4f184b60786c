"""The same evening on several partitions: the worker serves them all."""

from hotline.escalation.rota_store import RotaStore
from hotline.escalation.worker import Habits, Hands
from hotline.session.incoming import Incoming
from hotline.session.keys import partition_of
from hotline.session.turn import Turns
from tests.escalation.scene import LIBRARY, OURS, ROTA, make_station
from tests.escalation.test_scene import HEAVY


def test_emergencies_of_every_partition_are_paged_and_listed_worst_first(redis_url, standin):
    station = make_station(redis_url, standin.url, partitions=4)
    RotaStore(station.store).save(ROTA, 0)
    turns = Turns(station.store, LIBRARY, ("GB", "en"))
    numbers = [f"+4477009005{place:02d}" for place in range(12)]
    for place, number in enumerate(numbers):
        turns.take(Incoming(number, OURS, HEAVY, f"SM{place:032d}"))
    hands = Hands(station, Habits(claim_every=1e9))
    hands.queue.prepare()
    while hands.once():
        pass
    contacts = [station.store.contact_of(number) for number in numbers]
    assert len({partition_of(one, 4) for one in contacts}) == 4
    codes = {one.code for one in hands._pager.board.open_ones()}
    assert len(codes) == 12
    told = " ".join(one.form["Body"] for one in standin.texts(ROTA.people[0].phone))
    assert all(f"TAKE {code}" in told for code in codes)
    for code in codes:
        assert hands._pager.board.by_code(code).code == code
