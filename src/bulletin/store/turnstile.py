"""A queue of threads: one at a time, each in the order in which it came."""

from __future__ import annotations

import threading
from collections import deque


class Turnstile:
    """Lets one thread through at a time. Whoever waits longest goes next; nobody has to poll."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def enter(self, timeout: float) -> bool:
        """Wait for one's turn, at most so many seconds. False if it did not come."""
        turn = threading.Event()
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(turn)
        try:
            came = turn.wait(timeout)
        except BaseException:  # such as an interruption: nobody will come to leave
            if self._give_up(turn):
                self.leave()
            raise
        return came or self._give_up(turn)

    def _give_up(self, turn: threading.Event) -> bool:
        """Leave the queue; true if the turn came at that very moment."""
        with self._lock:
            if turn.is_set():
                return True
            self._waiting.remove(turn)
        return False

    def leave(self) -> None:
        """Let the next one through."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
