"""The rota editor: small changes, each checked, none lost."""

import pytest

from hotline.console.audit import Audit
from hotline.console.rights import Role
from hotline.escalation.rota_store import RotaStore

ANN = {"id": "ann", "name": "Ann", "phone": "+447700900101", "languages": "en es"}
NIGHTS = {
    "id": "ann",
    "start": "20:00",
    "end": "08:00",
    "zone": "Europe/London",
    "tier": "1",
    "days": ["mon", "tue"],
}


@pytest.fixture
def lead(room):
    desk = room.sits(Role.LEAD, name="lea")
    desk.get("/rota")
    return desk


def change(desk, hotline, what, revision=None, **form):
    now = RotaStore(hotline.store).load().revision if revision is None else revision
    desk.post(f"/rota/{what}", revision=str(now), **form)
    return desk.get("/rota").text


def rota(hotline):
    return RotaStore(hotline.store).load().rota


def test_an_empty_rota_says_that_no_page_can_go_out(lead):
    text = lead.get("/rota").text
    assert "Nobody is on the rota yet" in text
    assert "Nobody is on call 1 time in the next 14 days, and there is no last resort" in text


def test_a_person_hours_a_last_resort_and_their_removal(lead, hotline):
    change(lead, hotline, "person", **ANN, roles=["midwife"])
    text = change(lead, hotline, "hours", **NIGHTS)
    assert "Mon, Tue 20:00 to 08:00" in text
    assert "Nobody is on call" in text
    change(lead, hotline, "last-resort", id="ann")
    assert rota(hotline).last_resort == ("ann",)
    change(lead, hotline, "person", **{**ANN, "name": "Ann Bell"})
    (ann,) = rota(hotline).people
    assert (ann.name, len(ann.hours)) == ("Ann Bell", 1)
    change(lead, hotline, "remove-hours", id="ann", place="0")
    assert rota(hotline).people[0].hours == ()
    change(lead, hotline, "remove-person", id="ann")
    assert rota(hotline).people == ()
    assert rota(hotline).last_resort == ()
    assert any(one.did == "changed the rota" for one in Audit(hotline.store).read())


def test_single_times_and_holidays(lead, hotline):
    change(lead, hotline, "person", **ANN)
    form = {"id": "ann", "change": "on", "start": "2030-12-24T18:00", "end": "2030-12-25T08:00"}
    change(lead, hotline, "override", **form, note="swap")
    change(lead, hotline, "holiday", day="2030-12-25", name="Christmas")
    assert len(rota(hotline).overrides) == len(rota(hotline).holidays) == 1
    change(lead, hotline, "remove-override", id="ann", place="0")
    change(lead, hotline, "remove-holiday", id="", place="0")
    assert rota(hotline).overrides == rota(hotline).holidays == ()


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("person", {**ANN, "phone": "call me"}),
        ("person", {**ANN, "id": ""}),
        ("hours", {**NIGHTS, "zone": "Mars/Base"}),
        ("hours", {**NIGHTS, "days": []}),
        ("hours", {**NIGHTS, "start": "late"}),
        ("hours", {**NIGHTS, "id": "nobody"}),
        (
            "override",
            {"id": "ann", "change": "on", "start": "2030-01-02T10:00", "end": "2030-01-01T10:00"},
        ),
        ("remove-hours", {"id": "ann", "place": "x"}),
        ("nonsense", {}),
    ],
)
def test_what_makes_no_sense_changes_nothing(lead, hotline, what, form):
    change(lead, hotline, "person", **ANN)
    before = rota(hotline)
    change(lead, hotline, what, **form)
    assert rota(hotline) == before


def test_two_editors_cannot_overwrite_each_other(lead, hotline):
    change(lead, hotline, "person", **ANN)
    text = change(lead, hotline, "person", revision=0, **{**ANN, "id": "bea"})
    assert "Somebody else changed the rota" in text
    assert len(rota(hotline).people) == 1


def test_a_nurse_reads_the_rota_without_phones_and_cannot_change_it(room, lead, hotline):
    change(lead, hotline, "person", **ANN)
    nurse = room.sits(name="nora")
    text = nurse.get("/rota").text
    assert "Ann" in text
    assert ANN["phone"] not in text
    nurse.post("/rota/person", 403, revision="1", **ANN)
