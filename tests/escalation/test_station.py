"""Opening a station: every language can say what the policies want said."""

import shutil

import pytest

from hotline.errors import FlowErrors
from hotline.escalation.station import Addresses, open_station
from tests.escalation.scene import FLOWS, LIBRARY, OURS


def test_every_language_has_every_phrase_that_is_said_outside_a_turn():
    addresses = Addresses("https://hotline.example.org/", OURS)
    station = open_station(None, LIBRARY, FLOWS, addresses, None)
    assert station.addresses.console == "https://hotline.example.org/console"


def test_a_phrase_that_nobody_wrote_stops_the_start(tmp_path):
    shutil.copy(FLOWS / "escalation.yaml", tmp_path)
    path = tmp_path / "escalation.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("say: follow_up\n", "say: follow_upp\n"), encoding="utf-8")
    with pytest.raises(FlowErrors, match="follow_upp"):
        open_station(None, LIBRARY, tmp_path, Addresses("https://h.example", OURS), None)
