"""The image, compose files, manifests, alerts and dashboard: well formed, and true to the code."""

import configparser
import json
import re
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from prometheus_client import REGISTRY

from hotline.app import create_app
from hotline.cli import cli
from hotline.embedded import EmbeddedRedis
from hotline.metrics import exposition
from hotline.runtime import start_hotline
from hotline.settings import demo_settings, names
from tests.cli.deployment import COMPOSE, manifest_schema

COMPOSE_FILES = ("docker-compose.yml", "docs/deploy/sentinel.yml", "docs/deploy/cluster.yml")
DURABLE = ["--appendonly", "yes", "--appendfsync", "always"]
SETTING = re.compile(r"\b(?:HOTLINE|TWILIO)_[A-Z_]+\b")


def read(repository: Path, file: str) -> Any:
    return yaml.safe_load((repository / file).read_text(encoding="utf-8"))


def known(name: str) -> bool:
    return name.removesuffix("_FILE") in names()


@pytest.mark.parametrize("file", COMPOSE_FILES)
def test_a_compose_file_fits_its_schema_and_names_only_settings(
    repository: Path, file: str
) -> None:
    jsonschema.validate(read(repository, file), COMPOSE)
    text = (repository / file).read_text(encoding="utf-8")
    assert [one for one in SETTING.findall(text) if not known(one)] == []


def test_every_needed_setting_and_every_secret_is_given_by_compose(repository: Path) -> None:
    compose = read(repository, "docker-compose.yml")
    given = {one.removesuffix("_FILE") for one in compose["services"]["web"]["environment"]}
    assert given >= {
        *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET"),
        *("HOTLINE_PUBLIC_URL", "HOTLINE_NUMBER", "HOTLINE_SECRET_KEY", "HOTLINE_COUNTRY"),
    }
    for service in ("web", "worker"):
        one = compose["services"][service]
        files = [value for name, value in one["environment"].items() if name.endswith("_FILE")]
        assert {Path(file).name for file in files} == set(one["secrets"])
    assert set(compose["secrets"]) == set(compose["services"]["web"]["secrets"])


def test_nothing_runs_as_root_or_on_a_file_system_it_can_write(repository: Path) -> None:
    compose = read(repository, "docker-compose.yml")
    for service in compose["services"].values():
        assert not str(service["user"]).startswith("0")
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "healthcheck" in service
    assert re.search(r"^USER 10001", (repository / "Dockerfile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("file", COMPOSE_FILES)
def test_every_redis_that_holds_data_has_it_on_disk_before_it_answers(
    repository: Path, file: str
) -> None:
    for name, service in read(repository, file)["services"].items():
        command = [str(part) for part in service.get("command", ())]
        if "redis-server" in command:
            start = command.index(DURABLE[0])
            assert command[start : start + len(DURABLE)] == DURABLE, name


def test_the_manifests_fit_their_schemas_and_hang_together(repository: Path) -> None:
    items = read(repository, "docs/deploy/kubernetes.yaml")["items"]
    for item in items:
        jsonschema.validate(item, manifest_schema(item))
    found = {(item["kind"], item["metadata"]["name"]): item for item in items}
    settings = found["ConfigMap", "hotline"]["data"], found["Secret", "hotline"]["stringData"]
    assert [name for part in settings for name in part if not known(name)] == []
    web = found["Deployment", "web"]["spec"]["template"]["spec"]["containers"][0]
    port = web["ports"][0]["containerPort"]
    assert web["args"][-1] == str(port)
    labels = {pod["spec"]["template"]["metadata"]["labels"]["app"] for pod in pods(items)}
    for kind, name in found:
        if kind == "Service":
            assert found[kind, name]["spec"]["selector"]["app"] in labels
    redis = found["StatefulSet", "redis"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert redis[: len(DURABLE)] == DURABLE


def pods(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in items if item["kind"] in {"Deployment", "StatefulSet"}]


@pytest.mark.parametrize("unit", ["web", "worker"])
def test_a_systemd_unit_starts_a_command_that_exists_without_root(
    repository: Path, unit: str
) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(repository / "docs/deploy" / f"hotline-{unit}.service", encoding="utf-8")
    service = parser["Service"]
    program, command, *options = service["ExecStart"].split()
    assert Path(program).name == "hotline"
    shown = cli.get_command(click.Context(cli), command)
    assert shown is not None
    shown.make_context(command, options)
    assert service["User"] == "hotline"
    assert service["NoNewPrivileges"] == "yes"
    assert known(service["Environment"].partition("=")[0])


def test_every_port_and_path_that_is_probed_is_served(repository: Path, tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path / "redis") as server:
        environ = {"HOTLINE_REDIS_URL": server.url}
        hotline = start_hotline(demo_settings(tmp_path / "data", environ=environ))
        app = create_app(hotline)
        paths = {str(rule) for rule in app.url_map.iter_rules()}
        hotline.close()
    compose = read(repository, "docker-compose.yml")["services"]["web"]
    manifests = (repository / "docs/deploy/kubernetes.yaml").read_text(encoding="utf-8")
    docker = (repository / "Dockerfile").read_text(encoding="utf-8")
    assert {"/healthz", "/readyz", "/metrics"} <= paths
    for path in re.findall(r"path: (/[a-z]+)", manifests):
        assert any(one.startswith(path) for one in paths), path
    assert compose["ports"] == ["127.0.0.1:8000:8000"]
    assert compose["command"][-1] == "8000"
    assert ":8000/readyz" in compose["healthcheck"]["test"][-1]
    assert "EXPOSE 8000" in docker
    assert '"--port", "8000"' in docker


def test_alerts_and_dashboard_name_only_metrics_that_exist(
    repository: Path, tmp_path: Path
) -> None:
    with EmbeddedRedis(tmp_path / "redis") as server:
        environ = {"HOTLINE_REDIS_URL": server.url}
        hotline = start_hotline(demo_settings(tmp_path / "data", environ=environ))
        told = exposition(hotline.store).decode()
        hotline.close()
    exist = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    exist |= {f"{one.name}_bucket" for one in REGISTRY.collect() if one.type == "histogram"}
    alerts = read(repository, "docs/alerts.yml")
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in rules)
    board = json.loads((repository / "docs/grafana.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    used = {
        name
        for expression in [*shown, *(rule["expr"] for rule in rules)]
        for name in re.findall(r"hotline_[a-z_]+", expression)
    }
    assert used - exist == set()
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
