"""What is counted, for Prometheus: numbers only, never a word or a number of hers."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

LATENCY = Histogram(
    "hotline_webhook_seconds",
    "Time from a webhook's arrival to its reply",
    ["channel"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5),
)
TURNS = Counter("hotline_turns_total", "Inputs taken", ["channel", "delivery"])
SAFE_REPLIES = Counter("hotline_safe_replies_total", "Safe replies given", ["channel"])
