"""The sender that runs inside `bulletin serve`: a thread that sends whatever the ledger holds."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from bulletin.errors import TransportUnavailable
from bulletin.pipeline.deliver import Delivery, Halt

_IDLE_SECONDS = 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0


class SendingThread:
    """Looks for issues to send once a second; waits longer while the transport is unreachable."""

    def __init__(self, delivery: Delivery, on_sent: Callable[[int], None]) -> None:
        self._delivery = delivery
        self._on_sent = on_sent
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sending")
        self._pause = _IDLE_SECONDS
        self._log = structlog.get_logger("bulletin.sending")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the copies in hand, take no more, and return when that is done."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._send_all()
            except Exception as error:  # noqa: BLE001  # this thread has to outlive any fault
                self._log.error("sending failed", reason=f"{type(error).__name__}: {error}")
                self._slow_down(None)
            self._stop.wait(self._pause)

    def _send_all(self) -> None:
        issues = self._delivery.sending()
        if not issues:
            self._pause = _IDLE_SECONDS
        for issue in issues:
            halt = self._delivery.run(issue.id, self._stop, self._on_sent)
            self._heed(issue.slug, halt)

    def _heed(self, slug: str, halt: Halt) -> None:
        if halt.error is None:
            self._pause = _IDLE_SECONDS
            return
        self._log.warning("sending stopped", issue=slug, reason=str(halt.error))
        asked = halt.error.retry_after if isinstance(halt.error, TransportUnavailable) else None
        self._slow_down(asked)

    def _slow_down(self, asked: float | None) -> None:
        doubled = max(_FIRST_PAUSE, min(self._pause * 2, _LONGEST_PAUSE))
        self._pause = asked if asked is not None else doubled
