"""Open consoles: a process of its own with signed-in staff whose pages ask as the browser does."""

from __future__ import annotations

import http.client
import json
import os
import re
import selectors
import socket
import time
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from hotline.bench.load import whole

POLL_SECONDS = 2.0
"""POLL_MS of static/console.js: so long after an answer the page asks again."""

GO, REST, END = "go", "rest", "end"
_TOKEN = re.compile(r'name="csrf" content="([^"]+)"')
_TAG = re.compile(r'data-live="[^"]+" data-tag="([^"]+)"')
_ETAG = re.compile(rb'\r\netag: "([^"]+)"', re.IGNORECASE)
_BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
    "Accept-Language": "en-GB,en;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who sits at the consoles: the accounts' names, one console each, and their password."""

    port: int
    names: list[str]
    password: str


@dataclass(slots=True)
class Watched:
    """What the consoles got: pages anew, "nothing changed", failures; the slowest answer (ms)."""

    changed: int = 0
    same: int = 0
    bad: int = 0
    bytes: int = 0
    times: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Visit:
    """One signed-in browser: its cookie, and plain requests over a connection of its own."""

    port: int
    cookie: str = ""

    def sign_in(self, name: str, password: str) -> None:
        """As a person does: open the form, send it. Raises RuntimeError when it is refused."""
        token = _found(_TOKEN, self.ask("GET", "/console/sign-in")[1])
        form = {"csrf_token": token, "name": name, "password": password, "code": ""}
        status, _ = self.ask("POST", "/console/sign-in", urlencode(form))
        if status != http.client.SEE_OTHER:
            raise RuntimeError(f"signing in was answered with {status}")

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """The status and the body of an answer; a cookie that it sets is kept."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        cookie = answer.getheader("Set-Cookie")
        self.cookie = cookie.partition(";")[0] if cookie else self.cookie
        line.close()
        return answer.status, text


class Console:
    """The Now page of one browser: asks, waits, keeps the tag of what it shows."""

    def __init__(self, visit: Visit) -> None:
        """Load the page; nothing is asked for yet."""
        self._cookie = visit.cookie
        self._tag = _found(_TAG, visit.ask("GET", "/console/")[1])
        self._place = ("127.0.0.1", visit.port)
        self.socket = self.connect()
        self._taken = bytearray()
        self._began = 0.0
        self.due = 0.0
        self.busy = False

    def connect(self) -> socket.socket:
        """A new connection, as a browser makes one when the server has closed the last."""
        self.socket = socket.create_connection(self._place)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def poll(self, now: float) -> None:
        """Send what setUpLive() in static/console.js sends."""
        headers = {
            "Host": "{}:{}".format(*self._place),
            "Connection": "keep-alive",
            "Cookie": self._cookie,
            "X-Live": "1",
            "If-None-Match": f'"{self._tag}"',
            "Accept": "*/*",
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            **_BROWSER,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.socket.sendall(f"GET /console/now HTTP/1.1\r\n{head}\r\n".encode())
        self._began, self.busy = now, True

    def receive(self, part: bytes, watched: Watched) -> None:
        """Take what came; the next question is due two seconds after the whole answer."""
        self._taken += part
        same = self._taken.startswith(b"HTTP/1.1 304") and b"\r\n\r\n" in self._taken
        if not same and not whole(self._taken):
            return
        now = time.perf_counter()
        watched.times.append((now - self._began) * 1000)
        watched.bytes += len(self._taken)
        if same:
            watched.same += 1
        elif self._taken.startswith(b"HTTP/1.1 200") and (tag := _ETAG.search(self._taken)):
            watched.changed += 1
            self._tag = tag[1].decode()
        else:
            watched.bad += 1
        self._taken.clear()
        self.busy, self.due = False, now + POLL_SECONDS


class Consoles:
    """All of them, asked evenly: they were not opened in the same moment."""

    def __init__(self, staff: Staff) -> None:
        """Sign everybody in and open the page."""
        self._all = []
        for name in staff.names:
            visit = Visit(staff.port)
            visit.sign_in(name, staff.password)
            self._all.append(Console(visit))
        self._selector = selectors.DefaultSelector()
        for one in self._all:
            self._selector.register(one.socket, selectors.EVENT_READ, one)
        self._selector.register(0, selectors.EVENT_READ)
        self._live = False
        self.watched = Watched()

    def run(self) -> None:
        """Ask while told to by lines on standard input, until its end or "end"."""
        while True:
            now = time.perf_counter()
            for one in self._all:
                if self._live and not one.busy and one.due <= now:
                    one.poll(now)
            for key, _ in self._selector.select(0.01):
                if key.data is not None:
                    self._receive(key.data)
                elif not self._obey(os.read(0, 4096).decode().split() or [END]):
                    return

    def _receive(self, one: Console) -> None:
        part = one.socket.recv(65536)
        if part:
            one.receive(part, self.watched)
            return
        if one.busy:
            raise ConnectionError("the server closed a console's connection before it answered")
        self._selector.unregister(one.socket)
        one.socket.close()
        self._selector.register(one.connect(), selectors.EVENT_READ, one)

    def _obey(self, told: list[str]) -> bool:
        self._live = told[-1] == GO
        now = time.perf_counter()
        for place, one in enumerate(self._all):
            one.due = now + POLL_SECONDS * place / len(self._all)
        return END not in told


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise RuntimeError("the console's page is not what the bench expects")
    return found[1]


def main() -> None:
    """Sign in whom the first line names (JSON), say "ready", obey, and tell what came."""
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(0, 1)
    consoles = Consoles(Staff(**json.loads(line)))
    print("ready", flush=True)  # noqa: T201 the protocol with the bench
    consoles.run()
    print(json.dumps(asdict(consoles.watched)))  # noqa: T201 the same


if __name__ == "__main__":
    main()
