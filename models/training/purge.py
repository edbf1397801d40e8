"""Where a span of training or scoring ends: the one rule that keeps what came later out. Plain numbers or arrays of them; nothing to install."""

from __future__ import annotations

from typing import Any

MINUTE_MICROS = 60_000_000
DAY_MICROS = 1_440 * MINUTE_MICROS
EMBARGO_MICROS = DAY_MICROS
"""Between the last target that a model was fitted on and the first origin that it is judged on."""


def within(at: Any, minutes: int, until: int, since: int = 0) -> Any:
    """Origins at or after `since` whose window of `minutes` ahead had ended by `until` (microseconds): the last `minutes` before a boundary are purged."""
    return (at >= since) & (at + minutes * MINUTE_MICROS <= until)
