"""Limits that fail a run: how low or how high a figure may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from bot.errors import UsageError
from bot.evaluation.evaluation import LIMITS
from bot.evaluation.measures import Figure
from bot.faq.problems import in_order
from bot.faq.reading import read


def read_floor(file: Path) -> dict[str, float]:
    """Read limits from a YAML file of lines such as `min-right: 0.92`.

    `UsageError` names every fault, such as a limit that is not among `LIMITS`.
    """
    source = read(file)
    problems = [problem for problem in source.problems if problem.level == "error"]
    values = source.value if isinstance(source.value, dict) else {}
    if not problems and not values:
        told = "limits are lines such as `min-right: 0.92`"
        problems.append(source.fault((), "limit", why=told))
    for name, share in values.items():
        if why := _fault(name, share):
            problems.append(source.fault(source.key_place((name,)), "limit", why=why))
    if problems:
        raise UsageError("\n".join(map(str, in_order(problems))))
    return {name: float(share) for name, share in values.items()}


def read_limits(given: Iterable[str]) -> dict[str, float]:
    """Read limits from texts such as `min-right=0.92`; fails as `read_floor` does."""
    limits = {}
    for text in given:
        name, _, share = text.partition("=")
        if why := _fault(name, share):
            raise UsageError(f"--limit {text}: {why}")
        limits[name] = float(share)
    return limits


def _fault(name: str, share: object) -> str | None:
    """Say what is wrong with a limit as it is written, if anything is."""
    if name not in LIMITS:
        return f"there is no limit `{name}`; the limits are {', '.join(sorted(LIMITS))}"
    with suppress(ValueError):
        if 0 <= float(str(share)) <= 1:
            return None
    return f"`{name}` must be a share between 0 and 1, such as 0.92"


def past_limits(figures: Iterable[Figure], limits: Mapping[str, float]) -> tuple[str, ...]:
    """A sentence for each of the `limits`, 0..1, that a figure is past, or that has no figure."""
    measured = {figure.limit: figure for figure in figures}
    failures = []
    for name, limit in limits.items():
        figure = measured.get(name)
        if figure is None:
            failures.append(f"{name} {limit:.1%}: no question in these files measures it")
            continue
        side = "over" if figure.low_is_good else "under"
        short = figure.value - limit if figure.low_is_good else limit - figure.value
        if not short <= 1e-9:  # not a number, as a limit, is never kept
            failures.append(
                f"{name} {limit:.1%}: {figure.label.strip()} is {figure.value:.1%}, "
                f"{100 * short:.1f} points {side} the limit"
            )
    return tuple(failures)
