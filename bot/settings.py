"""The settings: read from the environment, then from `.env` in the working folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from rapidfuzz import process
from rapidfuzz.distance import OSA

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

    @field_validator("question_log", mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


_USABLE: Final[Mapping[str, str]] = {
    "telegram_bot_token": "must be text, such as 110201543:AA...",
    "telegram_api_url": f"must be a web address without spaces, such as {PUBLIC_API}",
    "faq_dir": "must be the path of a folder, such as /srv/smp-bot/faq",
    "webhook_url": "must be a web address without spaces, such as https://bot.example.org/telegram",
    "webhook_secret": "must be text, such as what this prints: openssl rand -hex 32",
    "webhook_host": "must be an address of this machine, such as 127.0.0.1",
    "webhook_port": "must be a whole number from 1 to 65535, such as 8080",
    "database_url": "must be the address of a database, such as sqlite:////var/lib/smp-bot/bot.sqlite3",
    "question_log": "must be off or redacted",
    "question_log_days": "must be a whole number from 1 to 3650, such as 30",
    "log_level": "must be DEBUG, INFO, WARNING or ERROR",
}
"""What each setting may be, in words."""


_OTHERS = ("POSTGRES_PASSWORD", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "HTTP_PROXY")
"""Names that may stand in `.env` for others than the bot."""


def load_settings() -> Settings:
    """Read the settings; every unusable one is named in one `UsageError`, its value never."""
    try:
        faults = [*_misspelt()]
        try:
            settings = Settings()
        except ValidationError as refused:
            names = [str(error["loc"][0]) for error in refused.errors(include_input=False)]
            faults += [f"{name.upper()} {_USABLE[name]}." for name in dict.fromkeys(names)]
    except (SettingsError, UnicodeDecodeError) as fault:
        raise UsageError(f".env cannot be read as settings: {type(fault).__name__}") from None
    if faults:
        raise UsageError("\n".join([*faults, "See .env.example for what each may be."]))
    return settings


def _misspelt() -> Iterator[str]:
    """What is wrong with the names in `.env`: a setting that is misspelt would not hold."""
    ours = [name.upper() for name in Settings.model_fields]
    for name in dotenv_values(".env", interpolate=False):
        if name.upper() not in (*ours, *_OTHERS):
            near = process.extractOne(name.upper(), ours, scorer=OSA.distance, score_cutoff=2)
            if near:
                yield f".env: there is no setting {name}. Did you mean {near[0]}?"
