"""Serving Telegram from start to stop: polling, or a webhook when `WEBHOOK_URL` is set."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from functools import partial
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotDescription,
    BotShortDescription,
)
from telegram.error import BadRequest, TelegramError

from bot.chat.reloading import Serving
from bot.chat.telegram import web
from bot.chat.telegram.connection import Connection, connect, make_connection, retry_forever
from bot.chat.telegram.delivery import Delivery
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.logs import set_up_logging
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.outbox import Outbox
from bot.chat.telegram.polling import Poller
from bot.chat.telegram.routing import ALLOWED_UPDATES
from bot.chat.telegram.serving import Service
from bot.errors import UsageError, describe_error
from bot.faq.models import Knowledge
from bot.faq.replies import Command as MenuCommand
from bot.records.port import Records
from bot.settings import Settings

_LOG = logging.getLogger(__name__)

GRACE_SECONDS: Final = 6.0
"""After a signal to stop, what was taken has this long to be answered; all is over in 10 s."""
_MOST_CONNECTIONS = 40


def serve(settings: Settings, serving: Serving, records: Records) -> None:
    """Serve until SIGTERM or SIGINT, then answer what was taken; a wrong setting: `UsageError`."""
    secrets = [settings.telegram_bot_token, settings.webhook_secret, settings.database_url]
    set_up_logging(settings.log_level, [each.get_secret_value() for each in secrets if each])
    with (
        suppress(KeyboardInterrupt),  # where there are no signal handlers, after the stop
        asyncio.Runner(loop_factory=_loop_factory()) as runner,
    ):
        runner.run(_serve(settings, serving, records))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Uvloop where it is installed, which serves a tenth more people; None for the usual loop."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(settings: Settings, serving: Serving, records: Records) -> None:
    connection, metrics, pulse = make_connection(settings), Metrics(), web.Pulse()
    bot, contact = connection.bot, connection.contact
    delivery = Delivery(bot)
    records.go_by(contact.known)
    outbox = Outbox(
        delivery, lambda: serving.answerer.knowledge, records, metrics, clock=contact.now
    )
    service = Service(bot, serving, delivery, outbox, records, metrics)
    intake = Intake(service)
    metrics.watch(
        {
            "smp_bot_records_away_seconds": records.away,
            "smp_bot_faq_refused": lambda: serving.refused,
            "smp_bot_oldest_unanswered_seconds": intake.oldest,
            "smp_bot_loop_stall_seconds": pulse.longest,
        }
    )
    mode = _webhook if settings.webhook_url else _polling
    work = asyncio.create_task(mode(settings, connection, service, intake))

    def stop() -> None:
        if not work.cancelling():  # a second signal would break off the stopping itself
            work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends `asyncio.run` itself
            asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        async with _background(web.watchdog(contact), pulse.beat()):
            await work
    except asyncio.CancelledError:
        _LOG.info("Stopped")
    finally:
        with suppress(TelegramError, RuntimeError):
            await bot.shutdown()


async def _polling(
    settings: Settings, connection: Connection, service: Service, intake: Intake
) -> None:
    bot = connection.bot
    poller = Poller(bot, connection.updates, intake)
    try:
        beside: AbstractAsyncContextManager[None] = web.served(
            web.pages(connection.contact, service.metrics), web.listen(settings)
        )
    except UsageError as fault:
        _LOG.error("No /healthz: %s", fault)  # noqa: TRY400 - its words are for the operator
        beside = nullcontext()
    async with beside:
        await connect(bot)
        # An update that waits is kept: somebody wrote it.
        await retry_forever(lambda: bot.delete_webhook(drop_pending_updates=False))
        _LOG.info("Serving by polling, %d entries", len(service.knowledge.faq.entries))
        async with _background(set_profile(bot, service.knowledge), service.outbox.adopt()):
            try:
                await poller.run()
            finally:
                await poller.close(GRACE_SECONDS)
                await intake.close(0)


async def _webhook(
    settings: Settings, connection: Connection, service: Service, intake: Intake
) -> None:
    bot, contact, secret = connection.bot, connection.contact, web.read_secret(settings)
    url = settings.webhook_url or ""
    app = web.pages(contact, service.metrics)
    app.add_routes([web.webhook(bot, intake, urlsplit(url).path or "/", secret)])
    try:
        async with web.served(app, web.listen(settings), GRACE_SECONDS):
            await connect(bot)
            await _set_webhook(connection, url, secret)
            _LOG.info("Serving by webhook, %d entries", len(service.knowledge.faq.entries))
            profile = set_profile(bot, service.knowledge)
            async with _background(profile, service.outbox.adopt()):
                await _keep_contact(connection)
    finally:
        await intake.close(0)


async def _set_webhook(connection: Connection, url: str, secret: str) -> None:
    try:
        await retry_forever(
            lambda: connection.bot.set_webhook(
                url,
                secret_token=secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=_MOST_CONNECTIONS,
                drop_pending_updates=False,
            )
        )
    except BadRequest as refusal:
        raise UsageError(f"WEBHOOK_URL is refused by Telegram: {refusal.message}") from None


async def _keep_contact(connection: Connection) -> None:
    """Where nobody writes, only asking tells whether Telegram can be reached."""
    while True:
        await asyncio.sleep(web.AWAY_SECONDS / 4)
        if time.time() - (connection.contact.last or 0.0) > web.AWAY_SECONDS / 4:
            with suppress(TelegramError):
                await connection.bot.get_me()


@asynccontextmanager
async def _background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


_MOST_OF_DESCRIPTION = 512
_MOST_OF_SHORT_DESCRIPTION = 120
_LETTERS_OF_A_CODE = 2
"""Telegram takes no longer code of a language."""


async def set_profile(bot: Bot, knowledge: Knowledge) -> None:
    """Set commands and descriptions, unless they are so; a failure is logged and stops nothing."""
    long = _clipped(knowledge.replies.welcome, _MOST_OF_DESCRIPTION)
    short = _clipped(knowledge.replies.about, _MOST_OF_SHORT_DESCRIPTION)
    set_long = partial(bot.set_my_description, long)
    set_short = partial(bot.set_my_short_description, short)
    await asyncio.gather(
        _set_commands(bot, knowledge),
        _set(bot.get_my_description, BotDescription(long), set_long),
        _set(bot.get_my_short_description, BotShortDescription(short), set_short),
    )


async def _set_commands(bot: Bot, knowledge: Knowledge) -> None:
    check = knowledge.replies.self_check
    offered = [name for name in get_args(MenuCommand) if name != "check" or check]
    # None is for everybody whose language is not among them.
    described: dict[str | None, Mapping[MenuCommand, str]] = {
        None: knowledge.replies.faces.commands,
        **{each.code: each.commands for each in knowledge.languages.languages},
    }
    for code, texts in described.items():
        if not texts or len(code or "") > _LETTERS_OF_A_CODE:
            continue
        group = tuple(BotCommand(name, texts[name]) for name in offered)
        private = tuple(command for command in group if command.command != "ask")
        in_private, in_groups = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
        for wanted, scope in ((private, in_private), (group, in_groups)):
            shown = partial(bot.get_my_commands, scope, code)
            await _set(shown, wanted, partial(bot.set_my_commands, wanted, scope, code))


async def _set(
    shown: Callable[[], Awaitable[object]],
    wanted: object,
    set_it: Callable[[], Awaitable[object]],
) -> None:
    """Set what is not shown as it is wanted."""

    async def step() -> None:
        if await shown() != wanted:
            await set_it()

    try:
        await retry_forever(step)
    except TelegramError as fault:
        where = describe_error(fault)
        _LOG.warning("The bot's commands or descriptions could not be set: %s", where)


def _clipped(text: str, most: int) -> str:
    """As many whole sentences as there is room for."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    end = words.rfind(". ", 0, most)
    return words[: end + 1] if end > 0 else f"{words[: most - 1].rstrip()}…"
