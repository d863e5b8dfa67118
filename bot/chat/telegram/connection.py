"""The connection to Telegram: the bot object, its HTTP, and waiting until there is a network.

A `sendMessage` takes 0.3 ms of processor time by aiohttp, and 2.1 ms with the library's own
`HTTPXRequest` (1,500 sends, 16 at once, uvloop, no limiter): more than the rest of an answer.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
import yarl
from telegram import Bot
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData

from bot.errors import UsageError, describe_error
from bot.records.replicas import keys
from bot.settings import PUBLIC_API, Settings

_LOG = logging.getLogger(__name__)

SECONDS: Final = 5.0
"""How long a connection may take."""
READ_SECONDS: Final = 30.0
"""How long Telegram may take to answer: what is sent again too soon comes twice."""
_COMPARE_SECONDS = 60.0
_WRONG_SECONDS = 120.0
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_HOW_TO_GET_ONE = "Get one from @BotFather in Telegram (/newbot, or /token) and set it in .env."
_CONNECTIONS = 128
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

KEY: Final = "idempotency_key"
"""The parameter of a call that goes out as the header `keys.HEADER`."""

# What the library must have to make a message of, and nobody reads.
_REST_OF_A_MESSAGE: Final = {"date": 0, "chat": {"id": 0, "type": "private"}}
# Reading the certificates takes a while, and once is enough. `SSL_CERT_FILE` names others.
_certificates = functools.cache(httpx.create_ssl_context)


@dataclass
class Contact:
    """When Telegram last answered (None: never), and how many seconds its clock is `ahead`."""

    last: float | None = None
    ahead: float = 0.0
    since: float = field(default_factory=time.time)
    _compared: float = float("-inf")
    _ours: float = 0.0

    def heard(self, date: str | None) -> None:
        """Telegram has answered, at the time of this `Date` header."""
        self.last = time.time()
        if not date or time.monotonic() - self._compared < _COMPARE_SECONDS:
            return
        self._compared, self._ours = time.monotonic(), self.last
        with suppress(ValueError):
            ahead = parsedate_to_datetime(date).timestamp() - self.last
            if abs(ahead) > _WRONG_SECONDS >= abs(self.ahead):
                _LOG.error(
                    "The clock of this machine is wrong by %d minutes, says Telegram's. Until it "
                    "is set (timedatectl set-ntp true) the bot goes by Telegram's",
                    abs(ahead) // 60,
                )
            self.ahead = ahead if abs(ahead) > _WRONG_SECONDS else 0.0

    def now(self) -> float:
        """Seconds since 1970 by Telegram's clock, as messages are dated; ours may jump."""
        passed = time.monotonic() - self._compared
        return self.ahead + (self._ours + passed if self._ours else time.time())

    def known(self) -> float | None:
        """The same once Telegram has answered, and so has told when ours is wrong."""
        return None if self.last is None else self.now()


class Line(BaseRequest):
    """HTTP to Telegram that keeps in `contact` when it last worked; no files are sent.

    Requests beyond the number of connections wait until one is free, for as long as it takes.
    """

    def __init__(
        self, connections: int, proxy: str | None = None, contact: Contact | None = None
    ) -> None:
        self._contact = contact or Contact()
        self._connections = connections
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds; asking for updates adds to it as long as Telegram may hold the answer back."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open; connections are made when they are needed, and kept."""
        if self._session is not None:
            return
        given: dict[str, Any] = {"limit": self._connections, "ssl": _certificates()}
        if _is_socks(self._proxy):
            from aiohttp_socks import ProxyConnector

            proxy, self._proxy = str(self._proxy), None
            connector: aiohttp.BaseConnector = ProxyConnector.from_url(
                proxy.replace("socks5h:", "socks5:", 1), **given
            )
        else:
            connector = aiohttp.TCPConnector(**given)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; raises `TelegramError` where it is none of the Bot API.

        Of a message that was sent only the id: to build the rest costs more than to send it.
        """
        answer: Any = BaseRequest.parse_json_payload(payload)
        if not isinstance(answer, dict) or not {"result", "description"} & answer.keys():
            raise TelegramError("Invalid server response")
        result = answer.get("result")
        if isinstance(result, dict) and "message_id" in result:
            answer["result"] = {**_REST_OF_A_MESSAGE, "message_id": result["message_id"]}
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a request; any answer but a server's fault is a contact.

        Raises `TimedOut` or `NetworkError` where there was no whole answer.
        """
        if self._session is None:
            raise RuntimeError("the line is not open")
        parameters = dict(request_data.json_parameters) if request_data else {}
        key = parameters.pop(KEY, None)
        # The standard library takes four times as long to write a form.
        form = yarl.URL.build(query=parameters).raw_query_string.encode()
        default = BaseRequest.DEFAULT_NONE
        limits = aiohttp.ClientTimeout(
            sock_connect=SECONDS if connect_timeout is default else connect_timeout,
            sock_read=READ_SECONDS if read_timeout is default else read_timeout,
        )
        try:
            async with self._session.request(
                method,
                url,
                data=form or None,
                headers={"Content-Type": "application/x-www-form-urlencoded"}
                | ({keys.HEADER: key} if key else {}),
                timeout=limits,
                proxy=self._proxy,
                allow_redirects=False,
            ) as answer:
                status, body = answer.status, await answer.read()
        except (TimeoutError, aiohttp.ClientPayloadError) as fault:
            # Where the answer breaks off, Telegram has taken the call, as after a time-out it may.
            raise TimedOut from fault
        except Exception as fault:  # a proxy fails in ways of its own
            # Its own words may hold the address, and so the token.
            raise NetworkError(type(fault).__name__) from fault
        if status < 500:
            self._contact.heard(answer.headers.get("Date"))
        return status, body


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for a URL; one of no use is a `UsageError`."""
    target, named = urlsplit(url), getproxies()
    proxy = named.get(target.scheme) or named.get("all")
    if not proxy or proxy_bypass(target.hostname or ""):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    kind = urlsplit(proxy).scheme
    told = f"{target.scheme.upper()}_PROXY or ALL_PROXY names a proxy of the kind {kind}"
    if kind not in ("http", "https", "socks4", "socks5", "socks5h"):
        raise UsageError(f"{told}; only http://, https://, socks4:// and socks5:// can be used.")
    if _is_socks(proxy) and find_spec("aiohttp_socks") is None:
        raise UsageError(f"{told}. Install what it needs with: pip install 'smp-risk-bot[socks]'")
    return proxy


def _is_socks(proxy: str | None) -> bool:
    return bool(proxy and proxy.startswith("socks"))


def read_token(settings: Settings) -> str:
    """The bot's token; a missing or malformed one is a `UsageError`, before any network."""
    secret = settings.telegram_bot_token
    token = secret.get_secret_value().strip() if secret else ""
    if not token:
        raise UsageError(f"TELEGRAM_BOT_TOKEN is not set. {_HOW_TO_GET_ONE}")
    if not _TOKEN.fullmatch(token):
        raise UsageError(
            "TELEGRAM_BOT_TOKEN is not a bot token; one looks like 110201543:AA… "
            f"{_HOW_TO_GET_ONE}"
        )
    return token


@dataclass(frozen=True)
class Connection:
    """The bot object, the line on which it asks for updates, and when Telegram last answered."""

    bot: Bot
    updates: Line
    contact: Contact


def make_connection(settings: Settings) -> Connection:
    """A connection, not yet open. Nothing holds messages back: Telegram says when to wait."""
    proxy, contact = proxy_for(settings.telegram_api_url), Contact()
    updates = Line(1, proxy, contact)
    bot = Bot(
        read_token(settings),
        base_url=f"{settings.telegram_api_url.rstrip('/')}/bot",
        request=Line(_CONNECTIONS, proxy, contact),
        get_updates_request=updates,
    )
    return Connection(bot, updates, contact)


async def connect(bot: Bot) -> None:
    """Reach Telegram for the first time; a network that is down is waited out.

    Raises `UsageError` where Telegram does not know the token, or something else answers.
    """
    try:
        await retry_forever(bot.initialize, InvalidToken)
    except InvalidToken as refusal:
        if "Unauthorized" not in getattr(refusal.__cause__, "message", ""):
            raise UsageError(
                "TELEGRAM_API_URL: nothing answers there as the Bot API does (404 Not Found). "
                f"It is the address before /bot, such as {PUBLIC_API}"
            ) from None
        raise UsageError(f"TELEGRAM_BOT_TOKEN is refused by Telegram. {_HOW_TO_GET_ONE}") from None


def seconds_of(limit: RetryAfter) -> float:
    """Seconds that Telegram asks to wait. The package sets the switch that makes it a delta."""
    return float(limit.retry_after.total_seconds())  # type: ignore[union-attr]


async def retry_forever(
    call: Callable[[], Awaitable[object]], *final: type[TelegramError]
) -> None:
    """Make a call for as long as it takes; what is `final`, or Telegram refuses, is raised."""
    pause, told = _FIRST_PAUSE, False
    while True:
        try:
            await call()
        except RetryAfter as limit:
            pause = seconds_of(limit)
        except TelegramError as trouble:
            if isinstance(trouble, (BadRequest, Forbidden, *final)):
                raise
            if not told:
                _LOG.warning("Telegram cannot be reached (%s); trying on", describe_error(trouble))
                told = True
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
