"""A contact erased: nothing of her is left, and no open emergency vanishes from the list."""

from hotline.escalation.callbacks import Asker
from hotline.escalation.calling_back import CallingBack
from hotline.escalation.orders import whose
from hotline.escalation.queue import seal_task
from hotline.session.records import Lane, Task, TaskKind
from hotline.session.removal import erase_contact
from tests.escalation.scene import ANN
from tests.escalation.test_scene import HEAVY


def keys_left(scene):
    names = scene.store.client.keys("*")
    return {name.decode() for name in names if b"esc:" in name or b"cb:" in name}


def asks_for_a_call(scene):
    whom = whose(scene.session_id)
    task = Task(
        id="call me",
        kind=TaskKind.CALL_BACK,
        lane=Lane.NORMAL,
        due=0,
        contact=whom.contact,
        serial=whom.serial,
        payload={"asked_by": Asker.HER.value},
    )
    scene.store.client.xadd(
        scene.store.keys(whom.contact).lane(Lane.NORMAL),
        {"id": task.id, "d": seal_task(scene.store, task)},
    )
    scene.works()


def test_a_closed_escalation_goes_with_her(scene):
    scene.says(HEAVY)
    scene.reply_reported("delivered")
    scene.works()
    asks_for_a_call(scene)
    assert len(CallingBack(scene.station).book.owed()) == 1
    code = scene.escalation.code
    scene.staff.hear(ANN.phone, f"DONE {code} spoke to her", scene.clock())
    erase_contact(scene.store, scene.session_id.partition(".")[0])
    assert keys_left(scene) == set()
    assert CallingBack(scene.station).book.owed() == ()


def test_an_open_one_stays_until_somebody_resolves_it(scene):
    scene.says(HEAVY)
    scene.works()
    session_id = scene.session_id
    erase_contact(scene.store, session_id.partition(".")[0])
    assert [one.session for one in scene.board.open_ones()] == [session_id]
    scene.passes(minutes=30)
    assert scene.to_her == []
    code = scene.board.load(session_id).escalation.code
    scene.staff.hear(ANN.phone, f"DONE {code} she asked to be erased", scene.clock())
    assert scene.board.open_ones() == ()
    assert keys_left(scene) == set()
