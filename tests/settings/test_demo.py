"""`hotline run` needs no settings: it makes its own secrets once and keeps them private."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from hotline.settings import demo_settings
from hotline.settings.demo import SECRETS_FILE


@pytest.fixture
def flows(tmp_path: Path) -> dict[str, str]:
    return {"HOTLINE_FLOWS": str(tmp_path)}


def test_the_second_start_has_the_secrets_of_the_first(tmp_path, flows):
    first = demo_settings(tmp_path / "data", environ=flows)

    assert demo_settings(tmp_path / "data", environ=flows) == first
    assert demo_settings(tmp_path / "other", environ=flows) != first


def test_the_secrets_are_for_their_owner_only(tmp_path, flows):
    demo_settings(tmp_path / "data", environ=flows)

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / SECRETS_FILE).stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == [SECRETS_FILE]


def test_starts_at_the_same_moment_agree_on_the_secrets(tmp_path, flows):
    with ThreadPoolExecutor(8) as pool:
        starts = [pool.submit(demo_settings, tmp_path / "data", environ=flows) for _ in range(8)]

    assert len({start.result() for start in starts}) == 1


def test_a_shell_with_real_credentials_does_not_make_the_demo_use_them(tmp_path, flows):
    real = {"TWILIO_AUTH_TOKEN": "real", "TWILIO_API_BASE_URL": "https://api.example"}
    settings = demo_settings(tmp_path / "data", environ={**flows, **real, "HOTLINE_COUNTRY": "IE"})

    assert settings.country == "IE"
    assert settings.twilio_auth_tokens[0].get_secret_value() != "real"
    assert settings.twilio_api_base_url == "http://127.0.0.1:8000/simulator/api"


@pytest.mark.parametrize("content", ["", "{}", "[1]", "half a fi"])
def test_a_broken_file_of_secrets_is_told_and_not_replaced(tmp_path, flows, content):
    (tmp_path / SECRETS_FILE).write_text(content, encoding="utf-8")

    with pytest.raises(SettingsError, match=SECRETS_FILE):
        demo_settings(tmp_path, environ=flows)
    assert (tmp_path / SECRETS_FILE).read_text(encoding="utf-8") == content
