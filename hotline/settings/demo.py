"""Settings for a hotline on one's own machine, which has no carrier and no real secrets."""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hotline.errors import SettingsError
from hotline.settings.environment import read_settings
from hotline.settings.model import Settings

SECRETS_FILE = "demo-secrets.json"
# What a developer may say from outside. Twilio's names are not here on purpose: a shell that
# holds real credentials must not make a demo text real people.
_MAY_CHANGE = (
    "HOTLINE_NUMBER",
    "HOTLINE_COUNTRY",
    "HOTLINE_LANGUAGE",
    "HOTLINE_REDIS_URL",
    "HOTLINE_FLOWS",
    "HOTLINE_PARTITIONS",
    "HOTLINE_RETENTION_DAYS",
    "HOTLINE_LOG_LEVEL",
)


def demo_settings(
    data_dir: Path,
    *,
    public_url: str = "http://127.0.0.1:8000",
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Settings for `hotline run`: drafts served, the simulator as carrier, random secrets.

    The secrets are made at the first start and kept in `data_dir` (mode 0600), so that what
    was encrypted stays readable. Raises SettingsError when that file is there but unreadable.
    """
    given = environ or {}
    values = {
        "HOTLINE_NUMBER": "+441632960100",  # in the range kept for drama: nobody's number
        "HOTLINE_COUNTRY": "GB",
        "HOTLINE_SERVE_DRAFTS": "yes",
        "HOTLINE_PUBLIC_URL": public_url,
        "HOTLINE_DATA_DIR": str(data_dir),
        "TWILIO_API_BASE_URL": f"{public_url}/simulator/api",
        **_kept_secrets(data_dir),
    }
    for name in _MAY_CHANGE:
        for spelling in (name, f"{name}_FILE"):
            if spelling in given:
                values.pop(name, None)
                values[spelling] = given[spelling]
    return read_settings(values)


def _kept_secrets(data_dir: Path) -> dict[str, str]:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = data_dir / SECRETS_FILE
    if not file.exists():
        _write_once(file, json.dumps(_new_secrets(), indent=2))
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = None
    if not isinstance(kept, dict) or kept.keys() != _new_secrets().keys():
        raise SettingsError(
            [f"{file} does not hold the demo's secrets. Restore it, or remove the whole folder."]
        )
    return {str(name): str(value) for name, value in kept.items()}


def _new_secrets() -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_KEY": f"SK{secrets.token_hex(16)}",
        "TWILIO_API_SECRET": secrets.token_urlsafe(24),
        "HOTLINE_SECRET_KEY": secrets.token_urlsafe(32),
    }


def _write_once(file: Path, text: str) -> None:
    """Write a private file whole or not at all; whoever was first wins."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
