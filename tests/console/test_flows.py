"""Flows as staff see them."""

import xml.etree.ElementTree as ET

from hotline.console.flow_page import COMMAND, run_proof
from hotline.console.office import open_office
from hotline.console.rights import Role
from hotline.console.visits import Times

FAINTED = "i fainted and the blood is soaking through everything"


def test_the_review_status_is_plain(room):
    text = room.sits(Role.VIEWER).get("/flows").text
    assert "DRAFT, not signed off by a clinician" in text
    assert "nobody yet" in text
    assert "Spanish" in text


def test_trying_a_flow_answers_and_keeps_nothing(room, hotline, redis_client):
    desk = room.sits(Role.VIEWER)
    desk.get("/flows")
    keys = set(redis_client.keys("hl:*"))
    text = desk.post("/flows", 200, texts=f"hi\n1\n{FAINTED}", country="US").text
    assert "CALL 911" in text
    assert set(redis_client.keys("hl:*")) == keys
    assert room.tasks() == []


def test_texts_stand_side_by_side_with_gaps_shown(room):
    text = room.sits().get("/flows?a=en&b=es").text
    assert 'lang="es"' in text
    room_text = room.signs_in("ann").get("/flows?a=<script>&b=zz").text
    assert "<script>&" not in room_text


def test_the_picture_names_every_question_and_level(room, library):
    svg = ET.fromstring(room.sits().get("/flows/picture.svg").text)  # noqa: S314 our own
    words = "".join(svg.itertext())
    assert words.count("Emergency") == 1
    assert len(svg.findall("{*}rect")) == len(library.flow.asked_in_order) + 1 + 5


def test_a_proof_runs_beside_the_server_and_its_result_stays(room, hotline):
    office = open_office(hotline, Times())
    version = hotline.library.flow.version
    run_proof(office, version, ("-c", "print('every statement holds')"))
    text = room.sits().get("/flows").text
    assert "Holds." in text
    assert "every statement holds" in text
    run_proof(office, version, ("-c", "raise SystemExit(1)"))
    assert "BROKEN" in room.signs_in("ann").get("/flows").text


def test_the_proof_that_staff_run_is_the_real_one(room, hotline):
    office = open_office(hotline, Times())
    run_proof(office, hotline.library.flow.version, (*COMMAND, "--depth", "quick"))
    text = room.sits().get("/flows").text
    assert "Holds." in text
    assert "Nothing found: every statement above holds." in text
    assert "red flag" in text


def test_the_whole_flow_is_drawn_without_a_script(room, library):
    drawing = room.sits(Role.VIEWER).get("/flows/drawing.svg")
    assert "script" not in drawing.headers["Content-Security-Policy"]
    words = "".join(ET.fromstring(drawing.text).itertext())  # noqa: S314 our own
    assert "emergency" in words
    assert "<script" not in drawing.text
