"""Prometheus metrics: counts and times of the bot itself. No label names a person, a server or a channel."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Seconds; the edges that matter are our second and Discord's three.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


class Metrics:
    """One registry a process, so that a test or a rehearsal can have its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._interactions = Histogram(
            "evenkeel_interaction_seconds", "Time from arrival to the end of the handler", ["action"],
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._jobs = Histogram(
            "evenkeel_job_seconds", "Time an attempt at a job took", ["kind", "outcome"],
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._unexpected = Counter("evenkeel_unexpected_errors", "Errors that nobody expected", registry=self.registry)
        self._discord_errors = Counter(
            "evenkeel_discord_errors", "Refused or failed deliveries", ["status"], registry=self.registry
        )
        self._ready = Gauge("evenkeel_gateway_ready", "1 while the gateway is ready", registry=self.registry)
        self._lag = Gauge("evenkeel_scheduler_lag_seconds", "How late the oldest due job is", registry=self.registry)

    def interaction(self, action: str, seconds: float) -> None:
        """Record one handled interaction; `action` is a name of the policy's table."""
        self._interactions.labels(action).observe(seconds)

    def job(self, kind: str, outcome: str, seconds: float) -> None:
        """Record one attempt at a job."""
        self._jobs.labels(kind, outcome).observe(seconds)

    def unexpected_error(self) -> None:
        """Count an error that nobody expected."""
        self._unexpected.inc()

    def discord_error(self, status: int) -> None:
        """Count a delivery that Discord refused or failed, by HTTP status."""
        self._discord_errors.labels(str(status)).inc()

    def watch(self, ready: Callable[[], bool], lag: Callable[[], float]) -> None:
        """Read the two gauges from their sources at every scrape."""
        self._ready.set_function(lambda: float(ready()))
        self._lag.set_function(lag)

    def render(self) -> bytes:
        """Return the text that a Prometheus server scrapes."""
        return generate_latest(self.registry)
