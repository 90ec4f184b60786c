"""What is killed comes back where it was; what cannot be reached still answers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import unused_port
from tests.server import Server, data_dir, environment, new_number, running_server, start_server

pytestmark = pytest.mark.fault


def redis_of(server: Server) -> int:
    """The process id of the redis-server that this server started."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status = (entry / "status").read_text()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        if fields["Name"] == "redis-server" and fields["PPid"] == str(server.process.pid):
            return int(entry.name)
    raise AssertionError("no redis-server was started")


def test_the_server_killed_between_two_texts_goes_on_where_it_was(tmp_path: Path):
    number = new_number()
    port = unused_port()
    first = start_server(port, **data_dir(tmp_path))
    try:
        first.converse("hi", "1", "2", number=number)
    finally:
        first.kill()
    with running_server(unused_port(), **data_dir(tmp_path)) as second:
        assert "pain" in second.text("2", number).text


def test_redis_killed_between_two_texts_is_started_again_with_everything(tmp_path: Path):
    number = new_number()
    with running_server(unused_port(), **data_dir(tmp_path)) as server:
        server.converse("hi", "1", "2", number=number)
        os.kill(redis_of(server), signal.SIGKILL)
        deadline = time.monotonic() + 15
        answer = server.text("2", number)
        while "pain" not in answer.text and time.monotonic() < deadline:
            assert answer.status == 200
            assert "999" in answer.messages[0][:70]
            time.sleep(0.2)
            answer = server.text("2", number)
        assert "pain" in answer.text


def test_with_redis_stopped_the_reply_is_the_emergency_line_within_three_seconds(tmp_path: Path):
    number = new_number()
    with running_server(unused_port(), **data_dir(tmp_path)) as server:
        server.text("hi", number)
        redis = redis_of(server)
        os.kill(redis, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            answer = server.text("1", number)
            took = time.monotonic() - begun
        finally:
            os.kill(redis, signal.SIGCONT)
        assert answer.status == 200
        assert answer.messages[0].startswith("CALL 999 NOW")
        assert took < 3


def test_two_hotlines_on_one_folder_the_second_says_so_and_stops(tmp_path: Path):
    with running_server(unused_port(), **data_dir(tmp_path)):
        second = subprocess.run(
            [sys.executable, "-m", "hotline.cli", "serve", "--port", str(unused_port())],
            env=environment(0, **data_dir(tmp_path)),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert second.returncode == 2
    assert tmp_path.name in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"HOTLINE_SERVE_DRAFTS": "no"}, "draft"),
        ({"HOTLINE_SECRET_KEY": ""}, "HOTLINE_SECRET_KEY"),
        ({"TWILIO_AUTH_TOKEN": "", "HOTLINE_COUNTRY": "Britain"}, "HOTLINE_COUNTRY"),
    ],
)
def test_the_server_refuses_bad_settings_with_every_fault_named(tmp_path: Path, fault, said):
    refused = subprocess.run(
        [sys.executable, "-m", "hotline.cli", "serve", "--port", str(unused_port())],
        env=environment(0, **data_dir(tmp_path), **fault),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    if len(fault) > 1:
        assert "TWILIO_AUTH_TOKEN" in refused.stderr


def test_a_flow_with_a_mistake_stops_the_server_with_file_line_and_mend(tmp_path: Path, repository):
    flows = tmp_path / "flows"
    shutil.copytree(repository / "flows", flows)
    flow = flows / "bleeding" / "flow.yaml"
    text = flow.read_text().replace("when: {pain: severe}", "when: {pian: severe}", 1)
    flow.write_text(text)
    line = next(i for i, one in enumerate(text.splitlines(), 1) if "pian" in one)
    refused = subprocess.run(
        [sys.executable, "-m", "hotline.cli", "serve", "--port", str(unused_port())],
        env=environment(0, **data_dir(tmp_path / "data"), HOTLINE_FLOWS=str(flows)),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 2
    assert f"flow.yaml:{line}" in refused.stderr
    assert "'pian'" in refused.stderr
    assert "pain" in refused.stderr
