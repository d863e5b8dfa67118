"""The settings: read from the environment, then from `.env` in the working folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import UsageError

HttpUrl = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^https?://[^\s/]+\S*$")
]
PUBLIC_API = "https://api.telegram.org"
_QuestionLog = Annotated[Literal["off", "redacted"], BeforeValidator(str.lower)]
_LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class Settings(BaseSettings):
    """Every setting, by the name it has in the environment; see `.env.example` for each.

    An empty variable counts as not set. Secrets never show in a representation or an error. Where
    not any text will do, the description says what will.
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
    telegram_api_url: HttpUrl = Field(
        PUBLIC_API, description=f"a web address without spaces, such as {PUBLIC_API}"
    )
    faq_dir: Path | None = None
    webhook_url: HttpUrl | None = Field(
        None,
        description="a web address without spaces, such as https://bot.example.org/telegram",
    )
    webhook_secret: SecretStr | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(
        8080, ge=1, le=65535, description="a whole number from 1 to 65535, such as 8080"
    )
    database_url: SecretStr | None = None
    question_log: _QuestionLog = Field("off", description="off or redacted")
    question_log_days: int = Field(
        30, ge=1, le=3650, description="a whole number from 1 to 3650, such as 30"
    )
    log_level: _LogLevel = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")


def load_settings() -> Settings:
    """Read the settings; every unusable one is named in one `UsageError`, its value never."""
    try:
        faults = [*_misspelt()]
    except UnicodeDecodeError as fault:
        raise UsageError(f".env cannot be read as settings: {type(fault).__name__}") from None
    try:
        settings = Settings()
    except ValidationError as refused:
        for name in dict.fromkeys(str(each["loc"][0]) for each in refused.errors()):
            what = Settings.model_fields[name].description
            faults.append(f"{name.upper()} must be {what}.")
    if faults:
        raise UsageError("\n".join([*faults, "See .env.example for what each may be."]))
    return settings


def _misspelt() -> Iterator[str]:
    """What is wrong with the names in `.env`: a setting that is misspelt would not hold."""
    ours = [name.upper() for name in Settings.model_fields]
    for name in dotenv_values(".env", interpolate=False):
        if name.upper() not in ours:
            near = process.extractOne(name.upper(), ours, scorer=OSA.distance, score_cutoff=2)
            if near:
                yield f".env: there is no setting {name}. Did you mean {near[0]}?"
