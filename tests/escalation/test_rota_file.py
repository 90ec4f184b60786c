"""The rota as YAML and JSON."""

from __future__ import annotations

import pytest

from hotline.errors import FlowErrors
from hotline.escalation.rota import Change, Day
from hotline.escalation.rota_file import faults, read_rota, rota_from_json, rota_to_json

GOOD = """\
people:
  - id: ann
    name: Ann Example
    phone: "+441632960001"
    roles: [nurse, lead]
    languages: [en, es]
    hours:
      - {days: [mon, tue, holiday], start: "08:00", end: "20:00", zone: Europe/London, tier: 2}
overrides:
  - {person: ann, change: "off", start: 2026-12-24T08:00+00:00, end: 2026-12-25T08:00+00:00}
holidays:
  - {day: 2026-12-25, name: Christmas}
last_resort: [ann]
"""


def read(tmp_path, text):
    path = tmp_path / "rota.yaml"
    path.write_text(text, encoding="utf-8")
    return read_rota(path)


def test_a_rota_reads_from_yaml_and_survives_json(tmp_path):
    rota = read(tmp_path, GOOD)
    (ann,) = rota.people
    assert ann.hours[0].days == {Day.MON, Day.TUE, Day.HOLIDAY}
    assert ann.hours[0].tier == 2
    assert rota.overrides[0].change is Change.OFF
    assert rota_from_json(rota_to_json(rota)) == rota
    assert list(faults(rota)) == []


def test_an_empty_file_is_a_rota_with_nobody(tmp_path):
    assert read(tmp_path, "").people == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("Europe/London", "Europe/Lodon", 8, "no time zone"),
        ('"+441632960001"', '"01632 960001"', 4, "phone number"),
        ("person: ann", "person: bob", 10, "nobody has the id"),
        ("last_resort: [ann]", "last_resort: [zoe]", 13, "nobody has the id"),
        ("end: 2026-12-25T08", "end: 2026-12-23T08", 10, "ends before"),
        ("tier: 2", "teir: 2", 8, "teir"),
        ("[mon, tue", "[mon, tuesday", 8, "Input should be"),
        ('start: "08:00"', 'start: "8 in the morning"', 8, "start"),
        ("08:00+00:00, end", "08:00, end", 10, "UTC offset"),
    ],
)
def test_a_mistake_in_the_rota_is_named_with_its_line(tmp_path, old, new, line, words):
    assert old in GOOD
    with pytest.raises(FlowErrors) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert any(words in str(e) for e in caught.value.errors), caught.value
    assert {e.line for e in caught.value.errors} == {line}
