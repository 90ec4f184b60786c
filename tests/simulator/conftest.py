"""A hotline with its simulator on a real port, as `hotline run` has it, without the waiting."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest
import requests
from werkzeug.serving import make_server

from hotline.app import create_app
from hotline.runtime import Hotline, start_hotline
from hotline.settings import demo_settings
from hotline.simulator import simulator_blueprint


@dataclass(frozen=True)
class House:
    """Everything running; `url` is its address."""

    url: str
    hotline: Hotline

    def post(self, path: str, **data: str) -> requests.Response:
        return requests.post(f"{self.url}/simulator{path}", json=data, timeout=10)

    def state(self) -> dict:
        return requests.get(f"{self.url}/simulator/state", timeout=10).json()

    def until(self, true: Callable[[dict], object], seconds: float = 10) -> dict:
        """The page's state, once something is true of it."""
        deadline = monotonic() + seconds
        while monotonic() < deadline:
            state = self.state()
            if true(state):
                return state
            sleep(0.05)
        raise AssertionError(f"it did not come true: {self.state()}")


@pytest.fixture
def house(redis_url: str, free_port: int, tmp_path: Path) -> Iterator[House]:
    address = f"http://127.0.0.1:{free_port}"
    settings = demo_settings(
        tmp_path / "data", public_url=address, environ={"HOTLINE_REDIS_URL": redis_url}
    )
    hotline = start_hotline(settings)
    app = create_app(hotline)
    if "simulation" not in app.blueprints:
        app.register_blueprint(simulator_blueprint(hotline, pace=0))
    server = make_server("127.0.0.1", free_port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield House(address, hotline)
    server.shutdown()
    thread.join()
    server.server_close()
    hotline.close()
