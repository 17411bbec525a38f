"""The workers inside `bulletin serve`: threads that do whatever the database holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from bulletin.errors import BulletinError, StoreError
from bulletin.pipeline.deliver import Delivery
from bulletin.pipeline.patience import Patience

if TYPE_CHECKING:
    from bulletin.pipeline.looking import Looking  # slow to load: it reads texts

_IDLE_SECONDS = 1.0
_TURN_SECONDS = 10.0  # of an issue, while others wait
_LOOK_EVERY = 1.0

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


class _Turn:
    """Whether an issue has had its turn: it has after some seconds, once another waits."""

    def __init__(self, delivery: Delivery, issue_id: int) -> None:
        self._delivery = delivery
        self._issue_id = issue_id
        self._ends = time.monotonic() + _TURN_SECONDS
        self._over = False

    def __call__(self) -> bool:
        if not self._over and time.monotonic() >= self._ends:
            self._ends = time.monotonic() + _LOOK_EVERY
            with suppress(StoreError):  # asked in the midst of sending, which that must not end
                self._over = self._delivery.others_wait(self._issue_id)
        return self._over


class _Sending:
    """Sends issues in turns, so that none keeps another waiting: not one that is long, nor one that
    has to go slowly, nor one that cannot be sent. That one is left alone for longer each time."""

    def __init__(self, delivery: Delivery, on_sent: Callable[[int], None]) -> None:
        self._delivery = delivery
        self._on_sent = on_sent
        self._resting: dict[int, tuple[Patience, float]] = {}
        self._log = structlog.get_logger("bulletin.sending")

    def __call__(self, stop: threading.Event) -> None:
        self._delivery.settle_orphans()
        issues = self._delivery.sending()
        # Whoever paused and resumed an issue has mended something: it is tried at once.
        going = {issue.id for issue in issues}
        self._resting = {key: rest for key, rest in self._resting.items() if key in going}
        for issue in issues:
            patience, until = self._resting.pop(issue.id, (Patience(), 0.0))
            if stop.is_set() or time.monotonic() < until:
                self._resting[issue.id] = patience, until
            elif error := self._send(issue.id, stop):
                self._resting[issue.id] = patience, time.monotonic() + patience.lose(error)
                known = isinstance(error, BulletinError)
                reason = str(error) if known else f"{type(error).__name__}: {error}"
                self._log.warning("stopped", issue=issue.slug, reason=reason)

    def _send(self, issue_id: int, stop: threading.Event) -> Exception | None:
        turn = _Turn(self._delivery, issue_id)
        try:
            return self._delivery.run(issue_id, stop, self._on_sent, enough=turn).error
        except Exception as error:  # noqa: BLE001  # the other issues have to go, whatever it was
            return error


def sending(delivery: Delivery, on_sent: Callable[[int], None]) -> Job:
    """The job of sending issues. on_sent: told how many copies were settled, now and then."""
    return _Sending(delivery, on_sent)


def looking_at_sources(looking: Looking) -> Job:
    """The job of looking at watched sources whose turn it is; says what came of each."""
    log = structlog.get_logger("bulletin.sources")

    def look(stop: threading.Event) -> None:
        for looked in looking.due(stop.is_set):
            name = looked.source.name
            if looked.source.trouble:
                log.warning("failed", source=name, reason=looked.source.trouble)
            elif looked.new or looked.brought.revised or looked.remarks:
                changed = len(looked.brought.revised)
                remarks = list(looked.remarks)
                log.info("looked", source=name, new=looked.new, changed=changed, remarks=remarks)

    return look
