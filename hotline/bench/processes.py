"""The processes that the bench starts: web servers and load generators."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from hotline.bench.load import Outcome, Plan
from hotline.settings import flows_dir

_START_SECONDS = 30.0
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Web:
    """A web server that answers: its port, its process, and how long it took to be ready."""

    port: int
    token: str
    pid: int
    ready_seconds: float

    @property
    def url(self) -> str:
        """Its address, which is also what signatures are made for."""
        return f"http://{_HOST}:{self.port}"

    def get(self, path: str) -> str:
        """The body behind a path."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=5) as answer:  # noqa: S310 ours
            body: bytes = answer.read()
        return body.decode()

    def memory_mb(self) -> float:
        """The resident memory of its largest process (its worker), in MB of 1,000,000 bytes."""
        return max(_resident(pid) for pid in (self.pid, *_children(self.pid))) / 1e6

    def busy_seconds(self) -> float:
        """The processor time that its processes have used until now."""
        return sum(_used(pid) for pid in (self.pid, *_children(self.pid)))


def environment(redis_url: str, port: int, data: Path) -> dict[str, str]:
    """The settings of a production process for the bench: made-up secrets, drafts served.

    Nothing is compiled yet where it keeps the word lists, as on a new machine.
    """
    ours = ("HOTLINE_", "TWILIO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_KEY": "SK" + "0" * 32,
        "TWILIO_API_SECRET": secrets.token_hex(16),
        "HOTLINE_PUBLIC_URL": f"http://{_HOST}:{port}",
        "HOTLINE_NUMBER": "+441632960100",
        "HOTLINE_SECRET_KEY": secrets.token_urlsafe(32),
        "HOTLINE_COUNTRY": "GB",
        "HOTLINE_SERVE_DRAFTS": "yes",
        "HOTLINE_REDIS_URL": redis_url,
        "HOTLINE_DATA_DIR": str(data),
        "XDG_CACHE_HOME": str(data / "cache"),
        "HOTLINE_FLOWS": os.environ.get("HOTLINE_FLOWS", str(flows_dir())),
    }


def free_port() -> int:
    """A TCP port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def hotline_web(env: Mapping[str, str], *, workers: int = 1) -> Iterator[Web]:
    """`hotline serve` as its own process, from start to SIGTERM."""
    port = int(env["HOTLINE_PUBLIC_URL"].rpartition(":")[2])
    command = ["-m", "hotline.cli", "serve", "--port", str(port), "--workers", str(workers)]
    with _running(command, env, port, "/readyz") as web:
        yield web


@contextmanager
def floor_web(env: Mapping[str, str]) -> Iterator[Web]:
    """The floor on the same server with the same settings."""
    port = free_port()
    code = (
        "from hotline.cli.serving import serve_app;"
        f"serve_app('hotline.bench.floor:floor_app', '{_HOST}', {port})"
    )
    with _running(["-c", code], env, port, "/") as web:
        yield web


@contextmanager
def _running(arguments: list[str], env: Mapping[str, str], port: int, path: str) -> Iterator[Web]:
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], env=dict(env))  # noqa: S603 our own
    try:
        _await(process, port, path)
        ready = time.perf_counter() - began
        yield Web(port, env["TWILIO_AUTH_TOKEN"], process.pid, ready)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once (code {process.returncode})")
        try:
            with socket.create_connection((_HOST, port), timeout=1) as line:
                line.sendall(request)
                if line.recv(64).startswith((b"HTTP/1.1 200", b"HTTP/1.1 404")):
                    return
        except OSError:
            pass
        time.sleep(0.01)
    raise RuntimeError("the server was not ready in time")


def drive(*plans: Plan) -> list[Outcome]:
    """Run plans at the same time, each in a generator process of its own."""
    running = []
    for plan in plans:
        command = [sys.executable, "-m", "hotline.bench.load"]
        process = subprocess.Popen(  # noqa: S603 our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if process.stdin is None:
            raise RuntimeError("no way to tell the load generator its plan")
        process.stdin.write(json.dumps(asdict(plan)))
        process.stdin.close()
        running.append(process)
    outcomes = []
    for process in running:
        said = process.stdout.read() if process.stdout else ""
        if process.wait() != 0:
            raise RuntimeError("a load generator failed")
        outcomes.append(Outcome(**json.loads(said.splitlines()[-1])))
    return outcomes


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    direct = [int(one) for one in text.split()]
    return [*direct, *(deeper for child in direct for deeper in _children(child))]


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
