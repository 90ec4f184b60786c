"""A stand-in of the carrier's REST API: a real HTTP server that records, and can misbehave.

It accepts texts and calls at the paths of Twilio's API. What it accepted, it lists in `accepted`;
every request, accepted or not, in `requests`. `fault` decides per request how it behaves.
"""

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Fault:
    """How to treat one request; all defaults: accept it at once."""

    status: int = 201
    code: int | None = None
    slow: float = 0.0
    drop: bool = False
    drop_after_accepting: bool = False
    garbage: bool = False
    retry_after: int | None = None


OK = Fault()
SERVER_ERROR = Fault(status=500, code=20500)
TOO_FAST = Fault(status=429, code=20429, retry_after=3)
OPTED_OUT = Fault(status=400, code=21610)
UNREACHABLE = Fault(status=400, code=30003)
LOST_AFTER_ACCEPTING = Fault(drop_after_accepting=True)


@dataclass(frozen=True)
class Asked:
    """One request: `kind` Messages or Calls, the form's fields, who signed in, when (monotonic)."""

    kind: str
    form: dict[str, str]
    user: str
    at: float
    sid: str | None


@dataclass
class Standin(AbstractContextManager["Standin"]):
    """Use as a context manager; `url` is its base address."""

    fault: Callable[[dict[str, str]], Fault] = field(default=lambda form: OK)
    requests: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def accepted(self) -> list[Asked]:
        """The requests it took, whether or not its answer arrived."""
        return [one for one in self.requests if one.sid is not None]

    def texts(self, to: str | None = None) -> list[Asked]:
        """The accepted texts, all or to one number."""
        return [a for a in self.accepted if a.kind == "Messages" and to in {None, a.form["To"]}]

    def calls(self, to: str | None = None) -> list[Asked]:
        """The accepted calls, all or to one number."""
        return [a for a in self.accepted if a.kind == "Calls" and to in {None, a.form["To"]}]

    def script(self, faults: Iterable[Fault]) -> None:
        """Treat the next requests in turn like this, then accept."""
        waiting = iter(list(faults))
        self.fault = lambda form: next(waiting, OK)

    def by_number(self, faults: dict[str, Fault]) -> None:
        """Treat requests by the number they go to."""
        self.fault = lambda form: faults.get(form.get("To", ""), OK)

    def take(self, kind: str, form: dict[str, str], user: str) -> tuple[Fault, str | None]:
        """Record one request and say how to answer it."""
        with self._lock:
            fault = self.fault(form)
            taken = fault.status < 300 and not fault.drop
            prefix = "SM" if kind == "Messages" else "CA"
            sid = f"{prefix}{next(self._numbers):032x}" if taken else None
            self.requests.append(Asked(kind, form, user, time.monotonic(), sid))
            return fault, sid


def _handler(standin: Standin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            fields = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            form = {name: ",".join(values) for name, values in fields.items()}
            kind = self.path.rsplit("/", 1)[-1].removesuffix(".json")
            fault, sid = standin.take(kind, form, self._user())
            if fault.slow:
                time.sleep(fault.slow)
            if fault.drop or fault.drop_after_accepting:
                self.close_connection = True
                self.connection.close()
                return
            self._answer(fault, sid)

        def _user(self) -> str:
            scheme, _, coded = self.headers.get("Authorization", "").partition(" ")
            return b64decode(coded).decode().partition(":")[0] if scheme == "Basic" else ""

        def _answer(self, fault: Fault, sid: str | None) -> None:
            code = fault.code or fault.status
            words = {"code": code, "message": f"refused {code}", "status": fault.status}
            body = json.dumps({"sid": sid, "status": "queued"} if sid else words)
            data = ("<html>" if fault.garbage else body).encode()
            try:
                self.send_response(fault.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                if fault.retry_after is not None:
                    self.send_header("Retry-After", str(fault.retry_after))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True  # the other side had waited long enough

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
