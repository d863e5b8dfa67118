"""The settings: read from the environment, then from `.env` in the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from bot.errors import UsageError

HttpUrl = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^https?://[^\s/]+\S*$")
]
PUBLIC_API = "https://api.telegram.org"


class Settings(BaseSettings):
    """Every setting, by the name it has in the environment; see `.env.example` for each.

    An empty variable counts as not set. Secrets never show in a representation or an error.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: HttpUrl = PUBLIC_API
    faq_dir: Path | None = None
    webhook_url: HttpUrl | None = None
    webhook_secret: SecretStr | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    database_url: SecretStr | None = None
    question_log: Literal["off", "redacted"] = "off"
    question_log_days: Annotated[int, Field(ge=1, le=3650)] = 30
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


def load_settings() -> Settings:
    """Read the settings; every unusable one is named in one `UsageError`, its value never."""
    try:
        return Settings()
    except ValidationError as fault:
        lines = [
            f"{'.'.join(map(str, error['loc'])).upper()}: {error['msg']}"
            for error in fault.errors(
                include_input=False, include_url=False, include_context=False
            )
        ]
        raise UsageError("\n".join([*lines, "See .env.example for what each may be."])) from None
    except (SettingsError, UnicodeDecodeError) as fault:
        raise UsageError(f".env cannot be read as settings: {type(fault).__name__}") from None
