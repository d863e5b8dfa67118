"""Serving Telegram from start to stop: polling, or a webhook when `WEBHOOK_URL` is set."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.chat.telegram.connection import (
    MESSAGES_A_SECOND,
    Connection,
    connect,
    make_connection,
    read_token,
)
from bot.chat.telegram.delivery import Delivery, Undelivered
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.logs import set_up_logging
from bot.chat.telegram.polling import Poller
from bot.chat.telegram.profile import set_profile
from bot.chat.telegram.routing import ALLOWED_UPDATES
from bot.chat.telegram.serving import Service, Serving
from bot.errors import UsageError
from bot.records.port import NoRecords, Records
from bot.settings import Settings

_LOG = logging.getLogger(__name__)

GRACE_SECONDS: Final = 6.0
"""After a signal to stop, what was taken has this long to be answered; all is over in 10 s."""
_MOST_CONNECTIONS = 40
_PAUSE = 5.0


def serve(
    settings: Settings,
    serving: Serving,
    records: Records | None = None,
    *,
    messages_a_second: float = MESSAGES_A_SECOND,
) -> None:
    """Serve until SIGTERM or SIGINT, then answer what was taken and return.

    `messages_a_second` is Telegram's limit; 0 is for measuring, against another server.

    Raises:
        UsageError: a setting cannot be used.
    """
    secrets = [settings.telegram_bot_token, settings.webhook_secret, settings.database_url]
    set_up_logging(settings.log_level, [each.get_secret_value() for each in secrets if each])
    read_token(settings)
    work = _serve(settings, serving, records or NoRecords(), messages_a_second)
    with (
        suppress(KeyboardInterrupt),  # where there are no signal handlers, after the stop
        asyncio.Runner(loop_factory=_loop_factory()) as runner,
    ):
        runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Uvloop where it is installed, which serves a tenth more people; None for the usual loop."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(
    settings: Settings, serving: Serving, records: Records, messages_a_second: float
) -> None:
    connection = make_connection(settings, messages_a_second)
    mode = _webhook if settings.webhook_url else _polling
    work = asyncio.create_task(mode(settings, connection, serving, records))
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if not work.cancelling():  # a second signal would break off the stopping itself
            work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends `asyncio.run` itself
            loop.add_signal_handler(number, stop)
    try:
        await work
    except asyncio.CancelledError:
        _LOG.info("Stopped")
    finally:
        with suppress(TelegramError, RuntimeError):
            await connection.bot.shutdown()


async def _polling(
    settings: Settings, connection: Connection, serving: Serving, records: Records
) -> None:
    bot = connection.bot
    delivery = Delivery(bot)
    service = Service(bot, serving, delivery, records)
    intake = Intake(service)
    poller = Poller(bot, connection.updates, intake)
    await connect(bot)
    # An update that waits is kept: somebody wrote it.
    await _retry_forever(delivery, lambda: bot.delete_webhook(drop_pending_updates=False))
    _LOG.info("Serving by polling, %d entries", len(service.knowledge.faq.entries))
    async with _background_task(set_profile(bot, delivery, service.knowledge)):
        try:
            await poller.run()
        finally:
            await poller.close(GRACE_SECONDS)
            await intake.close(0)


async def _webhook(
    settings: Settings, connection: Connection, serving: Serving, records: Records
) -> None:
    try:
        from bot.chat.telegram import webhook
        from bot.chat.telegram.metrics import PrometheusMetrics

        metrics = PrometheusMetrics()
    except ImportError as missing:
        raise UsageError(
            f"WEBHOOK_URL is set, but {missing.name} is not installed. "
            "Install it with: pip install 'smp-risk-bot[webhook]'"
        ) from None
    secret = webhook.read_secret(settings)
    bot = connection.bot
    delivery = Delivery(bot)
    service = Service(bot, serving, delivery, records, metrics)
    intake = Intake(service, shared=True)
    path = urlsplit(settings.webhook_url or "").path or "/"
    app = webhook.application(bot, intake, metrics, connection.contact, path, secret)
    server = webhook.server(app, GRACE_SECONDS)
    with webhook.listen(settings) as port:
        web = asyncio.create_task(server.serve(sockets=[port]))
        try:
            await connect(bot)
            await _set_webhook(bot, delivery, settings.webhook_url or "", secret)
            _LOG.info("Serving by webhook, %d entries", len(service.knowledge.faq.entries))
            async with _background_task(set_profile(bot, delivery, service.knowledge)):
                await asyncio.shield(web)
        finally:
            server.should_exit = True
            await web
            await intake.close(0)


async def _set_webhook(bot: Bot, delivery: Delivery, url: str, secret: str) -> None:
    async def call() -> bool:
        return await bot.set_webhook(
            url,
            secret_token=secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=_MOST_CONNECTIONS,
            drop_pending_updates=False,
        )

    try:
        await _retry_forever(delivery, call)
    except BadRequest as refusal:
        raise UsageError(f"WEBHOOK_URL is refused by Telegram: {refusal.message}") from None


async def _retry_forever(delivery: Delivery, call: Callable[[], Awaitable[bool]]) -> None:
    """Make a call that serving cannot begin without, for as long as it takes."""
    while True:
        try:
            await delivery.with_retries(call)
        except Undelivered as fault:
            _LOG.warning("Telegram cannot be reached (%s); trying on", fault)
            await asyncio.sleep(_PAUSE)
        else:
            return


@asynccontextmanager
async def _background_task(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do some work at the side, for as long as the block runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
