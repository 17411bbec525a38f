"""The senders that run inside `bulletin serve`: threads that do whatever the database holds."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from bulletin.errors import TransportUnavailable
from bulletin.pipeline.deliver import Delivery

_IDLE_SECONDS = 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0

Job = Callable[[threading.Event], Exception | None]
"""Does what there is to do until the event is set, and returns what kept it from the rest."""


class Worker:
    """Does a job once a second in a thread of its own; waits longer while it cannot be done.

    name: of the thread, and what the log calls it.
    """

    def __init__(self, name: str, job: Job) -> None:
        self._job = job
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name)
        self._pause = _IDLE_SECONDS
        self._log = structlog.get_logger(f"bulletin.{name}")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail in hand, take no more, and return when that is done."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._heed(self._job(self._stop))
            except Exception as error:  # noqa: BLE001  # this thread has to outlive any fault
                self._log.error("failed", reason=f"{type(error).__name__}: {error}")
                self._slow_down(None)
            self._stop.wait(self._pause)

    def _heed(self, error: Exception | None) -> None:
        if error is None:
            self._pause = _IDLE_SECONDS
            return
        self._log.warning("stopped", reason=str(error))
        self._slow_down(error.retry_after if isinstance(error, TransportUnavailable) else None)

    def _slow_down(self, asked: float | None) -> None:
        doubled = max(_FIRST_PAUSE, min(self._pause * 2, _LONGEST_PAUSE))
        self._pause = asked if asked is not None else doubled


def sending(delivery: Delivery, on_sent: Callable[[int], None]) -> Job:
    """The job of sending issues. on_sent: told how many copies were settled, now and then."""

    def send(stop: threading.Event) -> Exception | None:
        halts = [delivery.run(issue.id, stop, on_sent) for issue in delivery.sending()]
        return next((halt.error for halt in halts if halt.error is not None), None)

    return send
