"""The pace: a distance between two requests to one host, shared by all threads of a process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from bulletin.errors import Unreachable

_LONGEST_WAIT: Final = 60.0
_LONGEST_HOLD: Final = 86_400.0
_MANY: Final = 10_000


class Pace:
    """One request in so many seconds to a host, and none while it asks to be left alone.

    every: seconds from one request to a host to the next; 0 for no distance.
    """

    def __init__(
        self,
        every: float = 1.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._every = every
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Return when it is this request's turn.

        Raises Unreachable, with the seconds to wait, if that would take more than a minute.
        """
        with self._lock:
            now = self._clock()
            turn = max(now, self._free_at.get(host, now))
            if turn - now > _LONGEST_WAIT:
                raise Unreachable(
                    f"{host} has asked to be left alone for another {turn - now:.0f} seconds.",
                    retry_after=turn - now,
                )
            self._free_at[host] = turn + self._every
            self._forget(now)
        if turn > now:
            self._sleep(turn - now)

    def hold(self, host: str, seconds: float) -> None:
        """Ask a host nothing for so long, a day at most: it said so (RFC 9110 section 10.2.3)."""
        with self._lock:
            until = self._clock() + min(seconds, _LONGEST_HOLD)
            self._free_at[host] = max(self._free_at.get(host, until), until)

    def _forget(self, now: float) -> None:
        if len(self._free_at) > _MANY:
            self._free_at = {host: free for host, free in self._free_at.items() if free > now}
