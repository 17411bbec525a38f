"""Following: the links of an issue are looked at while its editor goes on working."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bulletin.errors import BulletinError
from bulletin.models.checks import LinkCheck
from bulletin.pipeline.checking_links import LinkChecking

LONGEST = 180.0
"""Seconds for which links are looked at. Those that are left count as not looked at."""


@dataclass(frozen=True, slots=True)
class FollowingProgress:
    """How far a look is. of: 0 until that is known. trouble: why it ended before its end, or ""."""

    done: int
    of: int
    running: bool
    trouble: str = ""


class Following:
    """Looks at the links of issues in threads of its own, one for each issue at most.

    What is found is kept link by link, so nothing is lost when a look ends early. Looks of other
    processes are not known here. ticks: seconds from a clock that only goes on.
    """

    def __init__(
        self, link_checking: LinkChecking, *, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._link_checking = link_checking
        self._ticks = ticks
        self._looks: dict[int, _Look] = {}
        self._lock = threading.Lock()

    def begin(self, issue_id: int, *, wait: float = 0.0) -> FollowingProgress:
        """Look at an issue's links, unless that is being done. wait: seconds to see it end."""
        with self._lock:
            look = self._looks.get(issue_id)
            if look is None or not look.thread.is_alive():
                look = _Look(self._link_checking, issue_id, self._ticks)
                self._looks[issue_id] = look
                look.thread.start()
        look.thread.join(wait)
        return look.progress()

    def progress(self, issue_id: int) -> FollowingProgress | None:
        """How far the newest look at an issue's links is; None if there was none."""
        look = self._looks.get(issue_id)
        return look.progress() if look else None

    def close(self) -> None:
        """End all looks; each finishes the pages it has in hand."""
        for look in self._looks.values():
            look.stop.set()
        for look in self._looks.values():
            look.thread.join()


class _Look:
    """One look at the links of one issue."""

    def __init__(
        self, link_checking: LinkChecking, issue_id: int, ticks: Callable[[], float]
    ) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"links of issue {issue_id}")
        self._link_checking = link_checking
        self._issue_id = issue_id
        self._ticks = ticks
        self._until = ticks() + LONGEST
        self._done, self._of, self._trouble = 0, 0, ""

    def progress(self) -> FollowingProgress:
        return FollowingProgress(self._done, self._of, self.thread.is_alive(), self._trouble)

    def _run(self) -> None:
        try:
            self._link_checking.look(str(self._issue_id), self._seen, self.stop)
        except BulletinError as error:
            self._trouble = str(error)
            structlog.get_logger("bulletin.links").warning("links not looked at", why=str(error))

    def _seen(self, _check: LinkCheck, of: int) -> None:
        self._done, self._of = self._done + 1, of
        if self._ticks() > self._until:
            self._trouble = "It took too long, and was ended."
            self.stop.set()
