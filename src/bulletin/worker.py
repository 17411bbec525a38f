"""The senders that run inside `bulletin serve`: threads that do whatever the database holds."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from bulletin.pipeline.deliver import Delivery
from bulletin.pipeline.patience import Patience

_IDLE_SECONDS = 1.0

Job = Callable[[threading.Event], Exception | None]
"""Does what there is to do until the event is set, and returns what kept it from the rest."""


class Worker:
    """Does a job again and again in a thread of its own; waits longer while it cannot be done.

    name: of the thread, and what the log calls it.
    every: seconds from the end of one round to the next.
    """

    def __init__(self, name: str, job: Job, *, every: float = _IDLE_SECONDS) -> None:
        self._job = job
        self._every = every
        self._patience = Patience()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name)
        self._log = structlog.get_logger(f"bulletin.{name}")

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Take no more; several workers can finish at the same time."""
        self._stop.set()

    def stop(self) -> None:
        """Finish the mail in hand, take no more, and return when that is done."""
        self.ask_to_stop()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.is_set():
            self._stop.wait(self._round())

    def _round(self) -> float:
        """Do the job once. Returns how long to wait before the next time."""
        try:
            trouble = self._job(self._stop)
        except Exception as error:  # noqa: BLE001  # this thread has to outlive any fault
            self._log.error("failed", reason=f"{type(error).__name__}: {error}")
            return self._patience.lose(error)
        if trouble is not None:
            self._log.warning("stopped", reason=str(trouble))
            return self._patience.lose(trouble)
        self._patience.regain()
        return self._every


def sending(delivery: Delivery, on_sent: Callable[[int], None]) -> Job:
    """The job of sending issues. on_sent: told how many copies were settled, now and then."""

    def send(stop: threading.Event) -> Exception | None:
        halts = [delivery.run(issue.id, stop, on_sent) for issue in delivery.sending()]
        return next((halt.error for halt in halts if halt.error is not None), None)

    return send
