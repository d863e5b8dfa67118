"""What the operator can measure: counts and times, with no text and no person in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_WATCHED: Final = {
    "smp_bot_records_away_seconds": "Seconds for which the database has been away; 0: it is not.",
    "smp_bot_faq_refused": "1 while the newest FAQ has faults and an earlier one serves.",
    "smp_bot_oldest_unanswered_seconds": "Age of the oldest message whose answer is not sent.",
    "smp_bot_loop_stall_seconds": "Longest time since it was last asked that all else waited.",
}
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counts for Prometheus, since the start of this process."""

    def __init__(self) -> None:
        here = self._registry = CollectorRegistry()
        asked = "Questions, by kind of reply and entry (empty: none)."
        self._questions = Counter("smp_bot_questions", asked, ("kind", "entry"), registry=here)
        shown = "Alerts shown, by level."
        self._alerts = Counter("smp_bot_alerts", shown, ("level",), registry=here)
        taken = "Seconds from an update coming in until it is confirmed."
        self._seconds = Histogram("smp_bot_update_seconds", taken, buckets=_BUCKETS, registry=here)
        failed = "Updates or messages that failed, by type of exception."
        self._failures = Counter("smp_bot_failures", failed, ("type",), registry=here)
        self._watched = {name: Gauge(name, told, registry=here) for name, told in _WATCHED.items()}

    def watch(self, figures: Mapping[str, Callable[[], float]]) -> None:
        """Say how to read the figures that are looked at when the page is asked for, by name."""
        for name, read in figures.items():
            self._watched[name].set_function(read)

    def question(self, kind: str, entry_ids: Sequence[str], alert: str | None) -> None:
        """Count a reply by its kind, its entries and the level of its alert."""
        for entry_id in entry_ids or ("",):
            self._questions.labels(kind, entry_id).inc()
        if alert:
            self._alerts.labels(alert).inc()

    def answered(self, seconds: float) -> None:
        """Note how long an update took, from its coming in to when it is confirmed."""
        self._seconds.observe(seconds)

    def failure(self, kind: str) -> None:
        """Count a failure by the type of its exception."""
        self._failures.labels(kind).inc()

    def page(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self._registry)
