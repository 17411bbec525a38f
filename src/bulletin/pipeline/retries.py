"""When to try again what was provably not accepted."""

from __future__ import annotations

from datetime import datetime, timedelta

_FIRST = timedelta(minutes=5)
_LONGEST = timedelta(hours=4)


def next_try(now: datetime, *, attempt: int, since: datetime, within: timedelta) -> datetime | None:
    """5 minutes after the first try, then twice as long each time, at most 4 hours.

    attempt: how many tries there were; since: when the first was. None once the next one would
    come later than `within` after that.
    """
    at = now + min(_FIRST * 2 ** min(attempt - 1, 10), _LONGEST)
    return at if at - since <= within else None
