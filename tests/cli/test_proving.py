"""No flow is served that was not proved."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.cli.flow_files import files_of
from hotline.cli.proving import PROVED, ensure_proved, fingerprint, is_sealed
from hotline.errors import FlowErrors
from tests.conftest import unused_port
from tests.server import environment


@pytest.fixture
def flows(tmp_path: Path, repository: Path) -> Path:
    """A copy of the flows folder, for changing."""
    return Path(shutil.copytree(repository / "flows", tmp_path / "flows"))


def change(flows: Path, before: str, after: str) -> None:
    path = flows / "bleeding" / "flow.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_flow_as_committed_carries_its_seal(repository: Path):
    """When this fails: `hotline flows check --seal` proves the flow anew and writes the seal."""
    assert is_sealed(files_of(repository / "flows" / "bleeding"))


def test_a_sealed_flow_is_served_without_another_proof(flows: Path, redis_client):
    ensure_proved(flows, redis_client)
    assert redis_client.scard(PROVED) == 0


def test_a_changed_flow_is_proved_once_and_remembered(flows: Path, redis_client):
    change(flows, "review_due: 2027-05-22", "review_due: 2027-05-23")
    assert not is_sealed(files_of(flows / "bleeding"))
    ensure_proved(flows, redis_client)
    mark = fingerprint(files_of(flows / "bleeding"))
    assert redis_client.sismember(PROVED, mark)
    ensure_proved(flows, redis_client)


def test_a_flow_that_fails_the_proof_is_not_served(flows: Path, redis_client):
    change(flows, "when: {pain: severe}, level: emergency", "when: {pain: severe}, level: urgent")
    with pytest.raises(FlowErrors) as caught:
        ensure_proved(flows, redis_client)
    assert "flow.yaml:" in str(caught.value)
    assert redis_client.scard(PROVED) == 0


def test_the_server_does_not_start_on_a_flow_that_fails(flows: Path, redis_url: str):
    change(flows, "when: {collapse: yes}, level: emergency", "when: {collapse: yes}, level: soon")
    refused = subprocess.run(
        [sys.executable, "-m", "hotline.cli", "serve", "--port", str(unused_port())],
        env=environment(0, HOTLINE_REDIS_URL=redis_url, HOTLINE_FLOWS=str(flows)),
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert refused.returncode == 2
    assert "flow.yaml:" in refused.stderr
    assert "Traceback" not in refused.stderr
