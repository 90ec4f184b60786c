"""Settings are read once, from names or files, and every fault is told at once."""

import secrets
from pathlib import Path

import pytest
from pydantic import ValidationError

from hotline.errors import SettingsError
from hotline.settings import LogLevel, Settings, names, read_settings

KEY = "a-made-up-key-of-43-characters-0123456789ab"
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    """The least that a production start must be told."""
    return {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_KEY": "SK" + "0" * 32,
        "TWILIO_API_SECRET": "made up",
        "HOTLINE_PUBLIC_URL": "https://hotline.example",
        "HOTLINE_NUMBER": "+441632960100",
        "HOTLINE_SECRET_KEY": KEY,
        "HOTLINE_COUNTRY": "GB",
        "HOTLINE_FLOWS": str(tmp_path),
    }


def faults(environ) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    return list(caught.value.faults)


def test_the_least_is_enough_and_the_rest_has_safe_defaults(complete):
    settings = read_settings(complete)

    assert settings.number == "+441632960100"
    assert settings.language == "en"
    assert settings.redis_url is None
    assert settings.partitions == 1
    assert settings.serve_drafts is False
    assert settings.log_level is LogLevel.INFO
    assert settings.data_dir.is_absolute()


def test_nothing_set_tells_every_missing_name_and_no_other(complete):
    told = {fault.split()[0] for fault in faults({"HOTLINE_FLOWS": complete["HOTLINE_FLOWS"]})}

    assert told == complete.keys() - {"HOTLINE_FLOWS"}


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET", "HOTLINE_SECRET_KEY"])
def test_no_secret_has_a_default(complete, name):
    (fault,) = faults({**complete, name: ""})

    assert fault.startswith(f"{name} is missing. ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "SK" + "0" * 32),
        ("TWILIO_ACCOUNT_SID", "AC12"),
        ("TWILIO_AUTH_TOKEN", " , "),
        ("TWILIO_API_KEY", "AC" + "0" * 32),
        ("TWILIO_API_BASE_URL", "http://api.example"),
        ("HOTLINE_PUBLIC_URL", "http://hotline.example"),
        ("HOTLINE_PUBLIC_URL", "hotline.example"),
        ("HOTLINE_PUBLIC_URL", "https://hotline.example/?a=b"),
        ("HOTLINE_PUBLIC_URL", "https://user@hotline.example"),
        ("HOTLINE_NUMBER", "01632 960100"),
        ("HOTLINE_NUMBER", "+44 1632 960100"),
        ("HOTLINE_SECRET_KEY", "short"),
        ("HOTLINE_SECRET_KEY", "x" * 64),
        ("HOTLINE_SECRET_KEY", f"{KEY},short"),
        ("HOTLINE_COUNTRY", "gb"),
        ("HOTLINE_COUNTRY", "GBR"),
        ("HOTLINE_LANGUAGE", "English"),
        ("HOTLINE_REDIS_URL", "localhost:6379"),
        ("HOTLINE_FLOWS", "/nowhere/at/all"),
        ("HOTLINE_PARTITIONS", "0"),
        ("HOTLINE_PARTITIONS", "many"),
        ("HOTLINE_SERVE_DRAFTS", "perhaps"),
        ("HOTLINE_RETENTION_DAYS", "0"),
        ("HOTLINE_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_told_by_name_with_its_mend_and_without_itself(complete, name, value):
    (fault,) = faults({**complete, name: value})

    field = next(f for f in Settings.model_fields.values() if f.alias == name)
    assert fault.startswith(f"{name} ")
    assert fault.endswith(field.description)
    assert name != "HOTLINE_SECRET_KEY" or value not in fault


def test_faults_of_every_kind_come_together(complete, tmp_path):
    del complete["TWILIO_API_KEY"]
    told = faults(
        {
            **complete,
            "HOTLINE_COUNTRY": "gb",
            "HOTLINE_SECRET_KEY_FILE": str(tmp_path / "absent"),
            "HOTLINE_RETENTION_DAY": "7",
        }
    )

    assert len(told) == 4
    assert told[0] == "HOTLINE_RETENTION_DAY is not a setting. Did you mean HOTLINE_RETENTION_DAYS?"


def test_several_tokens_and_keys_are_read_in_order(complete):
    other = secrets.token_urlsafe(32)
    settings = read_settings(
        {**complete, "TWILIO_AUTH_TOKEN": f"{TOKEN}, new", "HOTLINE_SECRET_KEY": f"{other},{KEY}"}
    )

    assert [t.get_secret_value() for t in settings.twilio_auth_tokens] == [TOKEN, "new"]
    assert [k.get_secret_value() for k in settings.secret_keys] == [other, KEY]


@pytest.mark.parametrize("name", names())
def test_every_setting_may_be_in_a_file(complete, tmp_path, name):
    every = {
        **complete,
        "TWILIO_API_BASE_URL": "http://127.0.0.1:9000",
        "HOTLINE_LANGUAGE": "es",
        "HOTLINE_REDIS_URL": "redis://:word@redis.example",
        "HOTLINE_DATA_DIR": str(tmp_path / "data"),
        "HOTLINE_PARTITIONS": "4",
        "HOTLINE_REPLICAS": "1",
        "HOTLINE_SERVE_DRAFTS": "yes",
        "HOTLINE_RETENTION_DAYS": "7",
        "HOTLINE_LOG_LEVEL": "debug",
    }
    file = tmp_path / "value"
    file.write_text(f"{every[name]}\n", encoding="utf-8")
    by_file = {k: v for k, v in every.items() if k != name} | {f"{name}_FILE": str(file)}

    assert read_settings(by_file) == read_settings(every)


def test_a_name_and_its_file_at_once_are_a_fault(complete):
    (fault,) = faults({**complete, "HOTLINE_COUNTRY_FILE": "/etc/hostname"})

    assert fault.startswith("HOTLINE_COUNTRY and HOTLINE_COUNTRY_FILE are both set.")


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "No such file"), (b" \n", "empty"), (b"\xff\xfe", "not text")],
)
def test_a_file_that_gives_nothing_is_a_fault(complete, tmp_path, content, problem):
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    del complete["HOTLINE_SECRET_KEY"]

    (fault,) = faults({**complete, "HOTLINE_SECRET_KEY_FILE": str(file)})

    assert str(file) in fault
    assert problem in fault


def test_a_name_that_no_file_can_have_is_a_fault(complete):
    del complete["HOTLINE_SECRET_KEY"]

    (fault,) = faults({**complete, "HOTLINE_SECRET_KEY_FILE": "/run/\0key"})

    assert fault.startswith("HOTLINE_SECRET_KEY_FILE names")


def test_secrets_are_in_no_representation_and_in_no_error(complete):
    secret = "redis://:word-of-redis@redis.example"
    settings = read_settings({**complete, "HOTLINE_REDIS_URL": secret})
    shown = f"{settings!r} {settings} {settings.model_dump_json()}"

    for value in (KEY, TOKEN, "made up", "word-of-redis"):
        assert value not in shown
    with pytest.raises(SettingsError) as caught:
        read_settings({**complete, "HOTLINE_SECRET_KEY": "guessable", "HOTLINE_COUNTRY": "gb"})
    assert "guessable" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_settings_do_not_change(complete):
    settings = read_settings(complete)

    with pytest.raises(ValidationError):
        settings.country = "IE"


def test_a_final_slash_of_the_public_address_is_dropped(complete):
    settings = read_settings({**complete, "HOTLINE_PUBLIC_URL": "https://hotline.example/"})

    assert settings.public_url == "https://hotline.example"


def test_names_of_others_are_none_of_our_business(complete):
    read_settings({**complete, "TWILIO_WORKSPACE": "x", "HOTLINE_BENCH": "1", "PATH": "/bin"})
