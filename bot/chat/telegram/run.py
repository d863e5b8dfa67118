"""Serving Telegram from start to stop: polling, or a webhook when `WEBHOOK_URL` is set."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import Any, Final
from urllib.parse import urlsplit

from telegram.error import BadRequest, TelegramError

from bot.chat.reloading import Serving
from bot.chat.telegram.connection import (
    Connection,
    connect,
    make_connection,
    read_token,
    retry_forever,
)
from bot.chat.telegram.delivery import Delivery
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.logs import set_up_logging
from bot.chat.telegram.metrics import Metrics
from bot.chat.telegram.outbox import Outbox
from bot.chat.telegram.polling import Poller
from bot.chat.telegram.profile import set_profile
from bot.chat.telegram.routing import ALLOWED_UPDATES
from bot.chat.telegram.serving import Service
from bot.chat.telegram.web import (
    AWAY_SECONDS,
    Pulse,
    listen,
    pages,
    read_secret,
    served,
    watchdog,
    webhook,
)
from bot.errors import UsageError
from bot.records.port import Records
from bot.settings import Settings

_LOG = logging.getLogger(__name__)

GRACE_SECONDS: Final = 6.0
"""After a signal to stop, what was taken has this long to be answered; all is over in 10 s."""
_MOST_CONNECTIONS = 40


def serve(settings: Settings, serving: Serving, records: Records) -> None:
    """Serve until SIGTERM or SIGINT, then answer what was taken and return.

    Raises `UsageError` where a setting cannot be used.
    """
    secrets = [settings.telegram_bot_token, settings.webhook_secret, settings.database_url]
    set_up_logging(settings.log_level, [each.get_secret_value() for each in secrets if each])
    read_token(settings)
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
    connection, metrics, pulse = make_connection(settings), Metrics(), Pulse()
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
        async with _background(watchdog(contact), pulse.beat()):
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
        beside: AbstractAsyncContextManager[None] = served(
            pages(connection.contact, service.metrics), listen(settings)
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
    bot, contact, secret = connection.bot, connection.contact, read_secret(settings)
    url = settings.webhook_url or ""
    app = pages(contact, service.metrics)
    app.add_routes([webhook(bot, intake, urlsplit(url).path or "/", secret)])
    try:
        async with served(app, listen(settings), GRACE_SECONDS):
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
        await asyncio.sleep(AWAY_SECONDS / 4)
        if time.time() - (connection.contact.last or 0.0) > AWAY_SECONDS / 4:
            with suppress(TelegramError):
                await connection.bot.get_me()


@asynccontextmanager
async def _background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do some work at the side, for as long as the block runs."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
