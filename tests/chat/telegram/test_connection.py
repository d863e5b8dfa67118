from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from bot.chat.telegram import connection
from bot.chat.telegram.connection import connect, make_connection, read_token
from bot.chat.telegram.run import set_profile
from bot.errors import UsageError
from bot.faq.models import Knowledge, Languages
from bot.settings import Settings
from tests.chat.telegram.conftest import Bench
from tests.telegram_api import faults
from tests.telegram_api.server import TelegramServer, new_token


@pytest.mark.parametrize(
    "token", ["", "   ", "nonsense", "123:", ":short", "x" * 50, "12345:two words"]
)
def test_a_token_that_cannot_be_one_is_named_before_any_network(token: str) -> None:
    settings = Settings(_env_file=None, telegram_bot_token=SecretStr(token))
    with pytest.raises(UsageError) as fault:
        read_token(settings)
    told = str(fault.value)
    assert told.startswith("TELEGRAM_BOT_TOKEN")
    assert "@BotFather" in told
    assert "\n" not in told
    assert not token.strip() or token not in told


async def test_a_token_that_telegram_does_not_know_is_named(telegram: TelegramServer) -> None:
    token = new_token()
    settings = Settings(
        _env_file=None, telegram_bot_token=SecretStr(token), telegram_api_url=telegram.url
    )
    bot = make_connection(settings).bot
    with pytest.raises(UsageError, match="^TELEGRAM_BOT_TOKEN is refused") as fault:
        await connect(bot)
    assert token not in str(fault.value)
    await bot.shutdown()


async def test_a_network_that_is_down_is_waited_out_and_logged_once(
    settings_for: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(connection, "_FIRST_PAUSE", 0.05)
    server = TelegramServer()
    bot = make_connection(settings_for(server)).bot
    waiting = asyncio.create_task(connect(bot))
    await asyncio.sleep(0.3)
    with server:
        await waiting
        assert bot.username == "scalp_facts_bot"
        await bot.shutdown()
    assert len(caplog.records) == 1
    assert server.token not in caplog.text


async def test_the_profile_is_set_for_private_chats_and_groups(bench: Bench) -> None:
    await set_profile(bench.bot, bench.service.knowledge)
    profile = bench.server.world.profile
    private = [each["command"] for each in profile["commands:all_private_chats"]]
    group = [each["command"] for each in profile["commands:all_group_chats"]]
    assert private == ["topics", "help", "sources", "privacy", "about"]
    assert group == ["ask", *private]
    assert profile["description:default"].startswith("Hello.")
    methods = ("setMyDescription", "setMyShortDescription", "setMyCommands")
    before = [bench.server.count(method) for method in methods]
    await set_profile(bench.bot, bench.service.knowledge)
    assert [bench.server.count(method) for method in methods] == before


async def test_commands_are_described_in_the_language_of_the_telephone(
    bench: Bench, served_knowledge: Knowledge
) -> None:
    profile = bench.server.world.profile
    profile.clear()
    await set_profile(bench.bot, served_knowledge)
    languages = served_knowledge.languages.languages
    assert len(languages) == 20
    for language in languages:
        for scope in ("all_private_chats", "all_group_chats"):
            shown = profile[f"commands:{scope}:{language.code}"]
            texts = {each["command"]: each["description"] for each in shown}
            assert texts.items() <= language.commands.items()
            assert set(language.commands) - set(texts) <= {"ask"}
    of_three_letters = languages[0].model_copy(update={"code": "fil"})
    knowledge = served_knowledge.model_copy(
        update={"languages": Languages(languages=(of_three_letters,))}
    )
    before = bench.server.count("setMyCommands")
    await set_profile(bench.bot, knowledge)
    assert bench.server.count("setMyCommands") == before


async def test_a_profile_that_telegram_does_not_tell_at_once_is_set(bench: Bench) -> None:
    profile = bench.server.world.profile
    for method in ("getMyDescription", "getMyShortDescription"):
        bench.server.fails(method, faults.server_error())
    profile.clear()
    await set_profile(bench.bot, bench.service.knowledge)
    assert profile["description:default"].startswith("Hello.")
    assert profile["short_description:default"]


async def test_a_profile_that_cannot_be_set_stops_nothing(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.server.world.profile.clear()
    bench.server.fails("setMyCommands", faults.refused("BOT_COMMAND_INVALID"))
    await set_profile(bench.bot, bench.service.knowledge)
    assert len(caplog.records) == 1
    assert bench.server.world.profile["short_description:default"]


async def test_an_address_that_is_not_the_bot_api_is_named(telegram: TelegramServer) -> None:
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(telegram.token),
        telegram_api_url=f"{telegram.url}/wrong",
    )
    bot = make_connection(settings).bot
    with pytest.raises(UsageError, match="^TELEGRAM_API_URL"):
        await connect(bot)
    await bot.shutdown()
