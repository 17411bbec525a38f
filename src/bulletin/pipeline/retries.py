"""When to try again what was provably not accepted."""

from __future__ import annotations

from datetime import datetime, timedelta

_FIRST = timedelta(minutes=5)
_LONGEST = timedelta(hours=4)


def next_try(now: datetime, *, since: datetime, within: timedelta) -> datetime | None:
    """5 minutes after the first try, then twice as long each time, at most 4 hours.

    since: when the first try was; each pause is as long as all before it, and 5 minutes. None once
    the next try would come later than `within` after the first.
    """
    at = now + min(_FIRST + (now - since), _LONGEST)
    return at if at - since <= within else None
