"""hotline staff and hotline sessions on a real store."""

import json

import pytest
from click.testing import CliRunner

from hotline.cli.sessions import sessions
from hotline.cli.staff import staff
from hotline.console.accounts import Accounts
from hotline.console.audit import Audit
from hotline.runtime import library_at, wire
from hotline.session.connection import connect
from hotline.session.incoming import Incoming
from hotline.settings import read_settings
from tests.server import environment

PASSWORD = "correct horse battery"
HER = "+447700900123"
FAINTED = "i fainted and the blood is soaking through everything"


@pytest.fixture(scope="module")
def library():
    return library_at(read_settings(environment(8000)).flows)


@pytest.fixture
def hotline(redis_url, library, monkeypatch):
    for name, value in environment(8000, HOTLINE_REDIS_URL=redis_url).items():
        monkeypatch.setenv(name, value)
    settings = read_settings(environment(8000, HOTLINE_REDIS_URL=redis_url))
    running = wire(settings, library, connect(redis_url))
    yield running
    running.close()


@pytest.fixture
def woman(hotline):
    for count, words in enumerate(("hi", FAINTED)):
        taken = hotline.turns.take(Incoming(HER, "+441632960100", words, f"SM{count:032d}"))
    return taken.session.id


def run(group, *words, given="", status=0):
    result = CliRunner().invoke(group, words, input=given, catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


def test_an_account_is_made_listed_shut_opened_and_given_a_password(hotline):
    text = run(staff, "add", "ann", "--role", "nurse", "--shown", "Ann Bell", given=PASSWORD)
    assert "act" in text
    assert PASSWORD not in text
    accounts = Accounts(hotline.store)
    assert accounts.check("ann", PASSWORD, "").shown == "Ann Bell"
    run(staff, "disable", "ann")
    assert accounts.check("ann", PASSWORD, "") is None
    assert "SHUT" in run(staff, "list")
    run(staff, "disable", "ann", "--again")
    run(staff, "password", "ann", given="another long password")
    assert accounts.check("ann", "another long password", "") is not None
    assert "otpauth://totp/" in run(staff, "totp", "ann")
    assert "one-time codes" in run(staff, "list")
    assert accounts.check("ann", "another long password", "") is None
    run(staff, "totp", "ann", "--off")
    assert accounts.check("ann", "another long password", "") is not None


def test_sessions_are_listed_with_the_number_masked(woman):
    text = run(sessions, "list", "--level", "emergency")
    assert woman in text
    assert HER not in text
    assert run(sessions, "list", "--level", "soon") == ""


def test_showing_one_is_in_the_audit_log(hotline, woman):
    text = run(sessions, "show", woman)
    assert FAINTED in text
    assert HER not in text
    assert HER in run(sessions, "show", woman, "--number")
    assert [one.did for one in Audit(hotline.store).read()] == ["saw a number", "saw a transcript"]


def test_a_replay_comes_to_the_stored_result(woman):
    text = run(sessions, "replay", woman)
    assert "stored  emergency" in text
    assert "again   emergency" in text


def test_an_export_is_pseudonymous_unless_named(woman):
    plain = json.loads(run(sessions, "export", woman))
    assert plain["level"] == "emergency"
    assert FAINTED not in str(plain)
    assert FAINTED in run(sessions, "export", "--named")
    assert run(sessions, "export", "--form", "csv").count("\n") == 2


def test_erasing_leaves_nothing_of_her(hotline, woman, redis_client):
    assert "1 session removed" in run(sessions, "erase", woman, "--yes")
    contact = woman.partition(".")[0].encode()
    left = [key for key in redis_client.keys("*") if contact in key]
    assert left == []
    assert run(sessions, "list") == ""
    run(sessions, "show", woman, status=1)
