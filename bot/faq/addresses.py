"""Tries the web addresses of references, for `smp-bot check --links`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.faq.problems import Problem
from bot.faq.source import Source

_PATIENCE = 20
"""Seconds that an address is waited for."""
_AT_ONCE = 8
_RESOLVERS = ("https://doi.org/",)
"""Addresses that are meant to lead to another one."""


def dead_addresses(sources: Source) -> Iterator[Problem]:
    """Yield a warning for each address of a reference that fails, or leads to another one."""
    urls = list(sources.texts(("references", ..., "url")))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(_trouble, (url for _, url in urls))
        for (trail, _), trouble in zip(urls, found, strict=True):
            if trouble:
                yield sources.fault(trail, "dead-address", what=trouble)


def _trouble(url: str) -> str:
    # The addresses are those of the FAQ's own references, not of somebody who asks.
    request = Request(url, headers={"User-Agent": "smp-bot check --links"})  # noqa: S310
    try:
        with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            final = str(answer.geturl())
    except HTTPError as fault:
        return f"this address answers with the error {fault.code}"
    except (OSError, HTTPException) as fault:
        return f"this address does not answer: {fault}"
    if final.rstrip("/") == url.rstrip("/") or url.startswith(_RESOLVERS):
        return ""
    return f"this address leads to another one: {final}"
