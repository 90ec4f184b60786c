"""An installation that is well: web, Redis, the simulator as Twilio, a worker's sign of life."""

import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from werkzeug.serving import make_server

from hotline.app import create_app
from hotline.cli.doctor import examine
from hotline.cli.doctor_findings import Finding, Verdict
from hotline.embedded import EmbeddedRedis
from hotline.escalation.heartbeat import Heartbeat
from hotline.escalation.rota_store import RotaStore
from hotline.runtime import start_hotline
from hotline.settings import read_settings
from hotline.simulator import simulator_blueprint


@dataclass
class Installation:
    """A healthy installation: its environment, its Redis, and a folder to plant things in."""

    environ: dict[str, str]
    redis: redis.Redis
    folder: Path

    def findings(self, **changed: str) -> list[Finding]:
        return list(examine({**self.environ, **changed}))

    def faults(self, **changed: str) -> dict[str, str]:
        found = self.findings(**changed)
        assert all(one.mend for one in found if one.verdict is Verdict.WARNING)
        return {one.about: one.says for one in found if one.verdict is Verdict.FAULT}

    def rotas(self) -> RotaStore:
        hotline = start_hotline(read_settings(self.environ))
        hotline.close()
        return RotaStore(hotline.store)

    def flows(self, change: Callable[[str], str]) -> str:
        copy = self.folder / "flows"
        shutil.copytree(self.environ["HOTLINE_FLOWS"], copy)
        file = copy / "bleeding" / "flow.yaml"
        file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
        return str(copy)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path_factory.mktemp("doctor")) as server:
        yield server


@pytest.fixture
def house(
    server: EmbeddedRedis, free_port: int, tmp_path: Path, repository: Path
) -> Iterator[Installation]:
    client = redis.Redis.from_url(server.url)
    client.flushall()
    address = f"http://127.0.0.1:{free_port}"
    environ = {
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_KEY": f"SK{secrets.token_hex(16)}",
        "TWILIO_API_SECRET": secrets.token_urlsafe(24),
        "TWILIO_API_BASE_URL": f"{address}/simulator/api",
        "HOTLINE_PUBLIC_URL": address,
        "HOTLINE_NUMBER": "+441632960100",
        "HOTLINE_SECRET_KEY": secrets.token_urlsafe(32),
        "HOTLINE_COUNTRY": "GB",
        "HOTLINE_REDIS_URL": server.url,
        "HOTLINE_DATA_DIR": str(tmp_path / "data"),
        "HOTLINE_FLOWS": str(repository / "flows"),
        "HOTLINE_SERVE_DRAFTS": "yes",
    }
    hotline = start_hotline(read_settings(environ))
    app = create_app(hotline)
    if "simulation" not in app.blueprints:
        app.register_blueprint(simulator_blueprint(hotline, pace=0))
    web = make_server("127.0.0.1", free_port, app, threaded=True)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    Heartbeat(hotline.store).beat()
    with closing(client):
        yield Installation(environ, client, tmp_path)
        for name, value in (("appendonly", "yes"), ("appendfsync", "always")):
            client.config_set(name, value)
        client.config_set("maxmemory-policy", "noeviction")
        client.replicaof("NO", "ONE")
    web.shutdown()
    thread.join()
    web.server_close()
    hotline.close()
