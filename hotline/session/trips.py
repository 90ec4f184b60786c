"""Round trips to Redis on the hot path: one command, one answer, on a connection kept by thread.

redis-py's own `execute_command` takes three times the processor time of the trip itself (57
against 19 microseconds). Its connections, their timeouts and their parser are used as they are.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from typing import Any

from hiredis import pack_command
from redis import RedisCluster, exceptions
from redis.exceptions import AskError, MovedError, RedisError, ResponseError

from hotline.errors import StoreUnavailable
from hotline.session.connection import FAILURES, Client

TRIES = 3
PAUSE_SECONDS = 0.02
REST_SECONDS = 0.5
"""How long everybody is refused at once after Redis did not answer in time."""

REFRESH_SECONDS = 0.25
"""How often the cluster's map may be asked for while a node is away."""

REPLICA_MS = 500
"""How long a replica has to confirm a write."""

Part = str | bytes | int
_pack: Any = pack_command  # its stub says one argument and means any number


class Trips:
    """Sends commands to the server that holds a key.

    A lost connection is tried again at once: reads may be repeated, and the scripts are guarded
    by a revision. A server that does not answer in time is not asked again for a moment, by
    nobody: else a few hanging trips would hold every thread past the time a webhook has.
    """

    def __init__(self, client: Client, replicas: int = 0) -> None:
        """`replicas`: how many replicas must have a write before it counts as written."""
        self.client = client
        self.replicas = replicas
        self._kept = threading.local()
        self._cluster = isinstance(client, RedisCluster)
        self._resting: dict[str, float] = {}
        self._refresh = threading.Lock()
        self._refreshed = 0.0

    def ask(self, key: str, *command: Part) -> Any:  # noqa: ANN401 whatever the command answers
        """The answer to a command on this key.

        Raises StoreUnavailable when the server cannot be reached or does not answer; what the
        server answers as an error is raised as redis' own exception.
        """
        return self._tried(key, _packed(*command), confirmed=False)

    def ask_to_keep(self, key: str, *command: Part) -> Any:  # noqa: ANN401 see ask
        """As ask, for a write: the replicas asked for have it too when this returns."""
        packed = _packed(*command)
        if self.replicas:
            packed += _packed("WAIT", self.replicas, REPLICA_MS)
        return self._tried(key, packed, confirmed=self.replicas > 0)

    def _tried(self, key: str, packed: bytes, *, confirmed: bool) -> Any:  # noqa: ANN401
        for tries in range(1, TRIES + 1):
            try:
                name, line = self._line(key)
                return self._one(name, line, packed, confirmed=confirmed)
            except MovedError as moved:
                self.client.nodes_manager.move_slot(moved)
            except (exceptions.ConnectionError, AskError) as lost:
                if tries == TRIES:
                    raise StoreUnavailable(str(lost)) from lost
                self._look_again()
            except FAILURES as failure:
                if isinstance(failure, ResponseError):
                    raise
                raise StoreUnavailable(str(failure)) from failure
        raise StoreUnavailable("the cluster moved this key again and again")

    def _one(self, name: str, line: Any, packed: bytes, *, confirmed: bool) -> Any:  # noqa: ANN401
        try:
            if not line.is_connected:
                line.connect()  # behind Sentinel this asks who the primary is; sending would not
            _wait_in_kernel(line)
            line.send_packed_command((packed,), check_health=False)
            if not confirmed:
                return line.read_response()
            return self._confirmed(line)
        except (exceptions.TimeoutError, exceptions.ConnectionError) as failure:
            if not _is_late(failure):
                raise
            self._resting[name] = time.monotonic() + REST_SECONDS
            raise StoreUnavailable(str(failure)) from failure

    def _confirmed(self, line: Any) -> Any:  # noqa: ANN401
        refused: RedisError | None = None
        answer = None
        try:
            answer = line.read_response()
        except ResponseError as error:
            refused = error
        copies = line.read_response()
        if refused is not None:
            raise refused
        if copies < self.replicas:
            raise StoreUnavailable(f"written, but only {copies} replicas confirmed it")
        return answer

    def _line(self, key: str) -> tuple[str, Any]:
        """This thread's connection to the server that holds the key, and that server's name."""
        name, client = "", self.client
        if self._cluster:
            node = self.client.get_node_from_key(key)
            name, client = node.name, self.client.get_redis_connection(node)
        if self._resting and time.monotonic() < self._resting.get(name, 0.0):
            raise StoreUnavailable("Redis did not answer a moment ago")
        lines: dict[str, tuple[Any, Any]] = self._kept.__dict__
        kept = lines.get(name)
        if kept is None or kept[0] is not client:
            kept = lines[name] = (client, client.connection_pool.get_connection())
        return name, kept[1]

    def _look_again(self) -> None:
        """A short rest; and the cluster's map anew, once for all threads."""
        time.sleep(PAUSE_SECONDS * (0.5 + random.random()))  # noqa: S311 only jitter
        if not self._cluster or not self._refresh.acquire(blocking=False):
            return
        try:
            if time.monotonic() - self._refreshed > REFRESH_SECONDS:
                self._refreshed = time.monotonic()
                self.client.nodes_manager.initialize()
        except FAILURES as failure:
            raise StoreUnavailable(str(failure)) from failure
        finally:
            self._refresh.release()


def _wait_in_kernel(line: Any) -> None:  # noqa: ANN401 a connection of redis-py
    """Let the kernel end a wait for the server, where Python would poll before each call.

    A socket with a timeout of Python's costs a poll, and a turn of the interpreter's lock, before
    every send and every receive: eight of sixteen for a text. TLS keeps Python's way.
    """
    wire = line._sock  # noqa: SLF001 redis-py has no public name for it
    if type(wire) is not socket.socket or (seconds := wire.gettimeout()) is None:
        return
    limit = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    wire.settimeout(None)


def _is_late(failure: Exception) -> bool:
    """Whether the server did not answer in time; redis-py calls the kernel's word for it lost."""
    return isinstance(failure, exceptions.TimeoutError) or isinstance(
        failure.__context__, BlockingIOError
    )


def _packed(*command: Part) -> bytes:
    packed: bytes = _pack(command)
    return packed
