"""hotline doctor: a healthy installation has no fault; each planted one is found with its mend."""

import json
import os
import secrets
import subprocess
import sys

from hotline.cli.doctor_findings import Verdict
from hotline.cli.twilio_number import wanted_settings
from hotline.escalation.heartbeat import LAST_SEEN
from hotline.escalation.rota import Rota
from hotline.settings import read_settings
from tests.cli.conftest import Installation


def test_a_healthy_installation_has_no_fault_and_says_what_is_well(house: Installation) -> None:
    found = house.findings()
    assert [one for one in found if one.verdict is Verdict.FAULT] == []
    well = {one.about for one in found if one.verdict is Verdict.OK}
    assert well >= {"settings", "redis version", "durability", "secret key", "rota", "worker"}
    assert well >= {"public address", "number", "country", "review", "disk", "clock", "memory"}


def test_a_missing_and_a_malformed_setting(house: Installation) -> None:
    del house.environ["TWILIO_AUTH_TOKEN"]
    found = house.findings(HOTLINE_COUNTRY="Britain")
    assert [one.about for one in found] == ["settings", "settings"]
    assert {one.says.split()[0] for one in found} == {"TWILIO_AUTH_TOKEN", "HOTLINE_COUNTRY"}


def test_redis_down(house: Installation) -> None:
    assert "does not answer" in house.faults(HOTLINE_REDIS_URL="redis://127.0.0.1:1/0")["redis"]


def test_no_append_only_file(house: Installation) -> None:
    house.redis.config_set("appendonly", "no")
    assert "no append-only file" in house.faults()["durability"]


def test_appendfsync_is_read_from_the_running_server(house: Installation) -> None:
    house.redis.config_set("appendfsync", "no")
    assert "appendfsync no" in house.faults()["durability"]
    house.redis.config_set("appendfsync", "everysec")
    weak = [one for one in house.findings() if one.about == "durability"]
    assert [one.verdict for one in weak] == [Verdict.WARNING]


def test_redis_may_throw_sessions_away(house: Installation) -> None:
    house.redis.config_set("maxmemory-policy", "allkeys-lru")
    assert "allkeys-lru" in house.faults()["memory"]


def test_redis_is_a_replica(house: Installation) -> None:
    house.redis.replicaof("127.0.0.1", "1")
    assert "slave" in house.faults()["redis role"]


def test_fewer_replicas_than_must_have_a_text(house: Installation) -> None:
    assert "0 replicas follow" in house.faults(HOTLINE_REPLICAS="1")["replicas"]


def test_a_secret_key_that_opens_nothing(house: Installation) -> None:
    faults = house.faults(HOTLINE_SECRET_KEY=secrets.token_urlsafe(32))
    assert "opens nothing" in faults["secret key"]


def test_another_number_of_partitions(house: Installation) -> None:
    assert "made with 1 partitions" in house.faults(HOTLINE_PARTITIONS="8")["partitions"]


def test_the_public_address_is_not_reached(house: Installation) -> None:
    faults = house.faults(HOTLINE_PUBLIC_URL="http://127.0.0.1:1")
    assert "not reached" in faults["public address"]


def test_something_else_answers_at_the_public_address(house: Installation) -> None:
    faults = house.faults(HOTLINE_PUBLIC_URL=house.environ["HOTLINE_PUBLIC_URL"] + "/elsewhere")
    assert "answers 404" in faults["public address"]


def test_the_web_process_has_another_token(house: Installation) -> None:
    faults = house.faults(TWILIO_AUTH_TOKEN=secrets.token_hex(16))
    assert "refused" in faults["public address"]


def test_a_number_that_the_account_does_not_have(house: Installation) -> None:
    assert "no number" in house.faults(HOTLINE_NUMBER="+441632960999")["number"]


def test_a_number_that_leads_elsewhere(house: Installation) -> None:
    faults = house.faults(HOTLINE_PUBLIC_URL=house.environ["HOTLINE_PUBLIC_URL"] + "/")
    assert "number" not in faults
    wrong = house.environ["HOTLINE_PUBLIC_URL"].replace("127.0.0.1", "localhost")
    assert "sms_url" in house.faults(HOTLINE_PUBLIC_URL=wrong)["number"]


def test_an_api_key_that_twilio_refuses(house: Installation) -> None:
    assert "refused the API key" in house.faults(TWILIO_API_SECRET="not-the-secret")["number"]


def test_a_flow_with_a_mistake_is_named_with_its_line(house: Installation) -> None:
    flows = house.flows(lambda text: text.replace("level: emergency", "level: grave", 1))
    assert "flow.yaml:" in house.faults(HOTLINE_FLOWS=flows)["flow"]


def test_a_review_that_is_overdue(house: Installation) -> None:
    flows = house.flows(lambda text: text.replace("2027-05-22", "2025-05-22"))
    assert "due on 2025-05-22" in house.faults(HOTLINE_FLOWS=flows)["review"]


def test_a_draft_that_nobody_said_to_serve(house: Installation) -> None:
    assert "draft" in house.faults(HOTLINE_SERVE_DRAFTS="no")["flow"]


def test_a_country_and_a_language_that_are_not_there(house: Installation) -> None:
    faults = house.faults(HOTLINE_COUNTRY="AQ", HOTLINE_LANGUAGE="xx")
    assert "AQ" in faults["country"]
    assert "xx" in faults["language"]


def test_nobody_on_the_rota(house: Installation) -> None:
    rotas = house.rotas()
    rotas.save(Rota(), rotas.load().revision)
    assert "no rota" in house.faults()["rota"]


def test_hours_without_anybody_on_call(house: Installation) -> None:
    rotas = house.rotas()
    stored = rotas.load()
    (nurse,) = stored.rota.people
    rotas.save(Rota(people=(nurse.__class__("n", "N", nurse.phone),)), stored.revision)
    assert "Nobody is on call now" in house.faults()["rota"]
    assert any("336 hours" in one.says for one in house.findings())


def test_no_worker(house: Installation) -> None:
    house.redis.delete(LAST_SEEN)
    assert "has ever come by" in house.faults()["worker"]
    house.redis.set(LAST_SEEN, 1_000_000)
    assert "No worker has come by for" in house.faults()["worker"]


def test_a_task_that_nobody_does(house: Installation) -> None:
    house.redis.zadd("hl:{0}:due", {"page:x": 1_000_000})
    assert "has been due" in house.faults()["queue"]


def test_the_command_prints_each_line_with_its_mend_and_tells_by_its_exit_code(
    house: Installation,
) -> None:
    command = [sys.executable, "-m", "hotline.cli", "doctor"]
    environ = {"PATH": os.environ["PATH"], **house.environ}
    well = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert well.returncode == 0, well.stdout + well.stderr
    assert "ok       durability" in well.stdout
    broken = {**environ, "HOTLINE_NUMBER": "+441632960999"}
    ill = subprocess.run(
        [*command, "--json"], env=broken, capture_output=True, text=True, check=False
    )
    assert ill.returncode == 1
    found = [json.loads(line) for line in ill.stdout.splitlines()]
    assert {"verdict", "about", "says", "mend"} == found[0].keys()
    assert any(one["verdict"] == "fault" and one["mend"] for one in found)


def test_setup_shows_the_change_first_and_does_nothing_without_a_yes(house: Installation) -> None:
    settings = read_settings(house.environ)
    command = [sys.executable, "-m", "hotline.cli", "twilio", "setup"]
    environ = {"PATH": os.environ["PATH"], **house.environ}
    options = ["--fallback", "https://static.example.org/hotline"]

    def setup(*more: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], env=environ, input=said, capture_output=True, text=True, check=False
        )

    first = setup(*options, said="n\n")
    assert first.returncode == 1
    assert "voice.GB.en.xml" in first.stdout
    done = setup(*options, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing to change" in setup(*options, "--yes").stdout
    assert (
        wanted_settings(settings)["sms_url"] in house.environ["HOTLINE_PUBLIC_URL"] + "/twilio/sms"
    )
    assert not [one for one in house.findings() if one.about == "fallback"]
