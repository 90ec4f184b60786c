"""Exports: what leaves, in which form, and whose right it takes."""

import csv
import io
import json

import pytest
from fhir.resources.R4B import get_fhir_model_class

from hotline.console.exports import safe_cell
from hotline.console.rights import Right, Role
from tests.console.scene import HER

FAINTED = "i fainted and the blood is soaking through everything"


@pytest.fixture
def lead(room):
    room.says("hi", "1", "no")
    room.says(FAINTED)
    return room.sits(Role.LEAD, name="lea")


def test_the_table_has_a_line_for_each_session_and_no_number(room, lead):
    text = lead.get("/export/csv").text
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["level"] == "emergency"
    assert "collapse" in row["dangers"]
    assert row["safe_to_text"] == "yes"
    assert HER not in text
    assert "soaking" not in text


def test_json_lines_have_the_log_without_her_words(room, lead):
    text = lead.get("/export/jsonl").text
    plain = json.loads(text)
    assert plain["answers"]["safe_to_text"] == "yes"
    assert [one["kind"] for one in plain["log"]] == ["text"] * 4
    assert "soaking" not in text
    assert HER not in text


def test_fhir_lines_are_valid_and_carry_the_priority(room, lead):
    lines = [json.loads(one) for one in lead.get("/export/fhir").text.splitlines()]
    kinds = [one["resourceType"] for one in lines]
    assert kinds[:3] == ["Questionnaire", "QuestionnaireResponse", "ServiceRequest"]
    assert set(kinds[3:]) == {"Flag"}
    for one in lines:
        get_fhir_model_class(one["resourceType"]).model_validate(one)
    assert lines[2]["priority"] == "stat"
    assert lines[0]["status"] == "draft"
    assert HER not in str(lines)


def test_the_number_leaves_only_with_its_own_right(room, lead):
    lead.get("/export/csv?named=1", 403)
    boss = room.sits(Role.LEAD, name="boss", more=[Right.EXPORT_NAMED])
    assert f"'{HER}" in boss.get("/export/csv?named=1").text
    assert f"tel:{HER}" in boss.get("/export/fhir?named=1").text
    assert "soaking" in boss.get("/export/jsonl?named=1").text
    one = room.session_of().id
    for page in ("/sessions", f"/sessions/{one}"):
        assert "named=1" not in lead.get(page).text
        assert "named=1" in boss.get(page).text


def test_one_session_alone_and_filters_hold(room, lead):
    room.says("hi", number="+447700900999")
    woman = room.session_of().id
    assert lead.get(f"/sessions/{woman}/export/csv").text.count("\n") == 2
    assert lead.get("/export/csv?level=emergency").text.count("\n") == 2
    assert lead.get("/export/csv").text.count("\n") == 3
    lead.get("/export/pdf", 404)


def test_a_nurse_exports_nothing(room, lead):
    room.sits().get("/export/csv", 403)


@pytest.mark.parametrize("evil", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(evil):
    assert safe_cell(evil).startswith("'")
