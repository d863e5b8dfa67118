"""What the operator can measure: counts and times, with no text and no person in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

WATCHED: Final[Mapping[str, str]] = {
    "smp_bot_records_away_seconds": "Seconds for which the database has been away; 0: it is not.",
    "smp_bot_faq_refused": "1 while the newest FAQ has faults and an earlier one serves.",
    "smp_bot_oldest_unanswered_seconds": "Age of the oldest message whose answer is not sent.",
    "smp_bot_loop_stall_seconds": "Longest time since it was last asked that all else waited.",
}
"""What is looked at when the page is asked for, and what each figure is."""


class Metrics:
    """Where counts go; this one keeps none, for where the extra `webhook` is not installed."""

    def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        """Count a reply by its kind, its entries and the level of its alert."""

    def answered(self, seconds: float) -> None:
        """Note how long an update took, from its coming in to when it is confirmed."""

    def failure(self, kind: str) -> None:
        """Count a failure by the type of its exception."""

    def watch(self, figures: Mapping[str, Callable[[], float]]) -> None:
        """Say how to read the figures that are `WATCHED`, by name."""

    def page(self) -> bytes:
        """All figures in Prometheus's text format; nothing where none are kept."""
        return b""


class PrometheusMetrics(Metrics):
    """Counts for Prometheus; needs the extra `webhook`."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = CollectorRegistry()
        self._questions = Counter(
            "smp_bot_questions",
            "Questions, by kind of reply and entry (empty: none).",
            ("kind", "entry"),
            registry=self._registry,
        )
        self._alerts = Counter(
            "smp_bot_alerts", "Alerts shown, by level.", ("level",), registry=self._registry
        )
        self._seconds = Histogram(
            "smp_bot_update_seconds",
            "Seconds from an update coming in until it is confirmed.",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            registry=self._registry,
        )
        self._failures = Counter(
            "smp_bot_failures",
            "Updates or messages that failed, by type of exception.",
            ("type",),
            registry=self._registry,
        )
        self._watched = {
            name: Gauge(name, words, registry=self._registry) for name, words in WATCHED.items()
        }

    def watch(self, figures: Mapping[str, Callable[[], float]]) -> None:
        """Say how to read the figures that are `WATCHED`, by name."""
        for name, read in figures.items():
            self._watched[name].set_function(read)

    def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        """Count a reply by its kind, its entries and the level of its alert."""
        for entry_id in entry_ids or ("",):
            self._questions.labels(kind, entry_id).inc()
        if alert:
            self._alerts.labels(alert).inc()

    def answered(self, seconds: float) -> None:
        """Note how long an update took, from its coming in to its last message."""
        self._seconds.observe(seconds)

    def failure(self, kind: str) -> None:
        """Count a failure by the type of its exception."""
        self._failures.labels(kind).inc()

    def page(self) -> bytes:
        """All figures in Prometheus's text format."""
        from prometheus_client import generate_latest

        return generate_latest(self._registry)
