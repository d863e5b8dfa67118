"""Serving Telegram from start to stop: polling, or a webhook when `WEBHOOK_URL` is set."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from urllib.parse import urlsplit

from telegram.error import BadRequest, TelegramError

from bot.chat.telegram.connection import (
    Connection,
    connect,
    make_connection,
    read_token,
    retry_forever,
)
from bot.chat.telegram.delivery import Delivery
from bot.chat.telegram.health import AWAY_SECONDS, Pulse, pages, watchdog
from bot.chat.telegram.intake import Intake
from bot.chat.telegram.logs import set_up_logging
from bot.chat.telegram.metrics import Metrics, PrometheusMetrics
from bot.chat.telegram.outbox import Outbox
from bot.chat.telegram.polling import Poller
from bot.chat.telegram.profile import set_profile
from bot.chat.telegram.routing import ALLOWED_UPDATES
from bot.chat.telegram.serving import Service, Serving
from bot.errors import UsageError
from bot.records.port import Records
from bot.settings import Settings

_LOG = logging.getLogger(__name__)

GRACE_SECONDS: Final = 6.0
"""After a signal to stop, what was taken has this long to be answered; all is over in 10 s."""
_MOST_CONNECTIONS = 40


def serve(settings: Settings, serving: Serving, records: Records | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then answer what was taken and return.

    Raises:
        UsageError: a setting cannot be used.
    """
    secrets = [settings.telegram_bot_token, settings.webhook_secret, settings.database_url]
    set_up_logging(settings.log_level, [each.get_secret_value() for each in secrets if each])
    read_token(settings)
    work = _serve(settings, serving, records or Records())
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


async def _serve(settings: Settings, serving: Serving, records: Records) -> None:
    connection = make_connection(settings)
    bot, contact = connection.bot, connection.contact
    try:
        metrics: Metrics = PrometheusMetrics()
    except ImportError:
        metrics = Metrics()

    def knowledge() -> Any:
        return serving.answerer.knowledge

    delivery = Delivery(bot)
    records.go_by(contact.known)
    outbox = Outbox(delivery, knowledge, records, metrics, clock=contact.now)
    service = Service(bot, serving, delivery, outbox, records, metrics)
    mode = _webhook if settings.webhook_url else _polling
    intake, pulse = Intake(service), Pulse()
    metrics.watch(
        {
            "smp_bot_records_away_seconds": records.away,
            "smp_bot_faq_refused": lambda: serving.refused,
            "smp_bot_oldest_unanswered_seconds": intake.oldest,
            "smp_bot_loop_stall_seconds": pulse.longest,
        }
    )
    work = asyncio.create_task(mode(settings, connection, service, intake))
    beside = [asyncio.create_task(each) for each in (watchdog(contact), pulse.beat())]
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
        for each in beside:
            each.cancel()
        with suppress(TelegramError, RuntimeError):
            await bot.shutdown()


async def _polling(
    settings: Settings, connection: Connection, service: Service, intake: Intake
) -> None:
    bot = connection.bot
    poller = Poller(bot, connection.updates, intake)
    host, port = settings.webhook_host, settings.webhook_port
    async with pages(host, port, connection.contact, service.metrics):
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
    try:
        from bot.chat.telegram import webhook
    except ImportError as missing:
        raise UsageError(
            f"WEBHOOK_URL is set, but {missing.name} is not installed. "
            "Install it with: pip install 'smp-risk-bot[webhook]'"
        ) from None
    secret = webhook.read_secret(settings)
    bot = connection.bot
    path = urlsplit(settings.webhook_url or "").path or "/"
    app = webhook.application(bot, intake, service.metrics, connection.contact, path, secret)
    server = webhook.server(app, GRACE_SECONDS)
    with webhook.listen(settings) as port:
        web = asyncio.create_task(server.serve(sockets=[port]))
        try:
            await connect(bot)
            await _set_webhook(connection, settings.webhook_url or "", secret)
            _LOG.info("Serving by webhook, %d entries", len(service.knowledge.faq.entries))
            profile = set_profile(bot, service.knowledge)
            async with _background(profile, service.outbox.adopt(), _keep_contact(connection)):
                await asyncio.shield(web)
        finally:
            server.should_exit = True
            await web
            await intake.close(0)


async def _set_webhook(connection: Connection, url: str, secret: str) -> None:
    async def call() -> None:
        await connection.bot.set_webhook(
            url,
            secret_token=secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=_MOST_CONNECTIONS,
            drop_pending_updates=False,
        )

    try:
        await retry_forever(call)
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
