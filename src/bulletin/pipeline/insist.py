"""Insist: what has to be written is written, however long the database is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from bulletin.errors import StoreFull, StoreUnavailable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
GRACE = 60.0
"""Seconds for which it still tries once it is told to stop."""

T = TypeVar("T")


def insist(do: Callable[[], T], stop: threading.Event, *, grace: float = GRACE) -> T:
    """Do something until the database lets it: again after 0.1 seconds, then later and later.

    It must be safe to do twice: a database that vanishes may have kept what it did not confirm.
    Raises StoreUnavailable or StoreFull when it was told to stop and `grace` seconds did not help;
    any other error at once.
    """
    told: float | None = None
    pause = _FIRST_PAUSE
    while True:
        try:
            return do()
        except (StoreUnavailable, StoreFull) as error:
            now = time.monotonic()
            told = now if told is None and stop.is_set() else told
            if told is not None and now - told >= grace:
                raise
            if pause == _FIRST_PAUSE:
                log = structlog.get_logger("bulletin.sending")
                log.warning("outcomes wait until the database takes them", reason=str(error))
        # `stop.wait` would not wait at all once somebody has said stop.
        wait = time.sleep if stop.is_set() else stop.wait
        wait(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
