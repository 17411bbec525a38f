"""Polling: a look into the bounce mailbox every minute, less often while it cannot be read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bulletin.errors import BulletinError
from bulletin.events.inbox import Inbox
from bulletin.pipeline.reports import Ingested, Reports

EVERY = 60.0
LONGEST = 3600.0
"""Seconds between two looks, and at most between two that fail."""


class Polling:
    """A job for a worker, which asks once a second.

    open_inbox: connects; it may raise what the mailbox does.
    seen:       told what each look brought.
    """

    def __init__(
        self,
        reports: Reports,
        open_inbox: Callable[[], Inbox],
        seen: Callable[[Ingested], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reports = reports
        self._open_inbox = open_inbox
        self._seen = seen
        self._clock = clock
        self._next = clock()
        self._pause = EVERY
        self._said = ""

    def __call__(self, stop: threading.Event) -> Exception | None:
        """Look if it is time, until the event is set.

        Returns why it could not, the first time that this is why.
        """
        if self._clock() < self._next:
            return None
        trouble: Exception | None = None
        try:
            found = self._look(stop)
        except BulletinError as error:
            self._pause = min(self._pause * 2, LONGEST)
            trouble = error if str(error) != self._said else None
            self._said = str(error)
        else:
            self._pause, self._said = EVERY, ""
            if found.read:
                self._seen(found)
        self._next = self._clock() + self._pause
        return trouble

    def _look(self, stop: threading.Event) -> Ingested:
        inbox = self._open_inbox()
        try:
            return self._reports.ingest(inbox, lambda: not stop.is_set())
        finally:
            inbox.close()
