"""Every setting: its name outside, its kind, its default where one is safe, and its mend."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from hotline.settings.kinds import (
    Folder,
    FolderToBe,
    LogLevel,
    RedisAddress,
    Secrets,
    StrongSecrets,
    WebAddress,
)


def flows_dir() -> Path:
    """Where the flows are when nobody says: inside an installed package, else the checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "_flows"
    return packaged if packaged.is_dir() else package.parent / "flows"


class Settings(BaseModel):
    """The settings by name. Make one with `read_settings`; aliases are the names outside.

    A field's description is the mend: it follows the fault in a SettingsError.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    twilio_account_sid: str = Field(
        alias="TWILIO_ACCOUNT_SID",
        pattern=r"^AC[0-9a-f]{32}$",
        description="Copy the Account SID from Twilio's console: AC and 32 hexadecimal digits.",
    )
    twilio_auth_tokens: Secrets = Field(
        alias="TWILIO_AUTH_TOKEN",
        description="Copy the Auth Token from Twilio's console; while one is being replaced, "
        "both with a comma between, the primary first.",
    )
    twilio_api_key: str = Field(
        alias="TWILIO_API_KEY",
        pattern=r"^SK[0-9a-f]{32}$",
        description="Make an API key in Twilio's console and copy its SID: SK and 32 "
        "hexadecimal digits.",
    )
    twilio_api_secret: SecretStr = Field(
        alias="TWILIO_API_SECRET",
        description="It is shown once, when the API key is made.",
    )
    twilio_api_base_url: WebAddress | None = Field(
        default=None,
        alias="TWILIO_API_BASE_URL",
        description="Leave it out to use Twilio; a stand-in's address is https:// or local.",
    )
    public_url: WebAddress = Field(
        alias="HOTLINE_PUBLIC_URL",
        description="Write the address Twilio calls, as Twilio sees it: https://host.",
    )
    number: str = Field(
        alias="HOTLINE_NUMBER",
        pattern=r"^(\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7})$",
        description="Write the hotline's own number with + and country code, no spaces "
        "(+441632960000), or its short code.",
    )
    secret_keys: StrongSecrets = Field(
        alias="HOTLINE_SECRET_KEY",
        description="Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'."
        " To replace one, put the new key before the old one with a comma between.",
    )
    country: str = Field(
        alias="HOTLINE_COUNTRY",
        pattern=r"^[A-Z]{2}$",
        description="Write the country to assume when a number does not tell: two capital "
        "letters (GB).",
    )
    language: str = Field(
        default="en",
        alias="HOTLINE_LANGUAGE",
        pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$",
        description="Write a language code: en, es, pt-BR.",
    )
    redis_url: RedisAddress | None = Field(
        default=None,
        alias="HOTLINE_REDIS_URL",
        description="Leave it out to have a Redis started in HOTLINE_DATA_DIR.",
    )
    data_dir: FolderToBe = Field(
        default=Path("data"),
        alias="HOTLINE_DATA_DIR",
        validate_default=True,
        description="Name a folder that only the hotline's user can read.",
    )
    flows: Folder = Field(
        default_factory=flows_dir,
        alias="HOTLINE_FLOWS",
        validate_default=True,
        description="Name the folder that holds countries.yaml and the flows.",
    )
    partitions: int = Field(
        default=1,
        ge=1,
        le=16384,
        alias="HOTLINE_PARTITIONS",
        description="Write a whole number, 1 to 16384; it is fixed at the first start.",
    )
    replicas: int = Field(
        default=0,
        ge=0,
        le=8,
        alias="HOTLINE_REPLICAS",
        description="Write how many Redis replicas must have a text before it is answered, "
        "0 to 8; 0 leaves it to the primary's disk.",
    )
    serve_drafts: bool = Field(
        default=False,
        alias="HOTLINE_SERVE_DRAFTS",
        description="Write yes to serve a flow that no clinician has signed off, else no.",
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        le=36500,
        alias="HOTLINE_RETENTION_DAYS",
        description="Write the whole number of days after which a session is removed.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO,
        alias="HOTLINE_LOG_LEVEL",
        description="Write debug, info, warning or error.",
    )
