"""Two people at the same moment."""

import threading

from hotline.escalation.holding import Taking
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.staff_actions import StaffActions
from tests.escalation.scene import ANN, BEA, CLO, ZOE
from tests.escalation.test_scene import HEAVY


def test_of_many_who_take_it_at_once_exactly_one_has_it(scene):
    scene.says(HEAVY)
    scene.reply_reported("delivered")
    scene.passes(minutes=8)
    people = [ANN, BEA, CLO, ZOE] * 2
    start = threading.Barrier(len(people))
    results = []

    def take(person):
        staff = StaffActions(scene.station, RotaStore(scene.store))
        start.wait()
        results.append((person.id, staff.take(scene.session_id, person.id, scene.clock()).taking))

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [who for who, taking in results if taking is Taking.TAKEN]
    assert scene.escalation.acknowledged_by == winner
    others = [taking for who, taking in results if who != winner]
    assert set(others) == {Taking.TAKEN_BEFORE}
    scene.works()
    told = [one.form["To"] for one in scene.standin.texts() if "has taken" in one.form["Body"]]
    assert sorted(told) == sorted(p.phone for p in (ANN, BEA, CLO, ZOE) if p.id != winner)


def test_two_editors_of_the_rota_cannot_overwrite_each_other(scene):
    first, second = RotaStore(scene.store), RotaStore(scene.store)
    stored = first.load()
    assert stored.rota == scene.rota
    assert second.save(scene.rota, stored.revision)
    assert not first.save(scene.rota, stored.revision)
    assert first.load().revision == stored.revision + 1
