"""Counters for Prometheus. Labels are ours (routes, outcomes), never anything that was sent."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 8.0, 10.0)


class Metrics:
    """All counters of one gateway."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        self.requests = Counter("gateway_requests", "Requests by route", ("method", "route", "status"), registry=own)
        self.conversations = Counter("gateway_conversations", "Conversations begun", registry=own)
        self.turns = Counter("gateway_turns", "Answered turns by outcome", ("outcome",), registry=own)
        self.failures = Counter("gateway_bot_failures", "Turns without a usable reply", ("reason",), registry=own)
        self.seconds = Histogram("gateway_turn_seconds", "From message to answer", buckets=SECONDS, registry=own)
        self.open_turns = Gauge("gateway_open_turns", "Turns being answered", registry=own)

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self.registry)
