"""The clock: APScheduler asks the ledger, every few seconds, what is due.

The scheduler keeps no jobs of its own. `issues.scheduled_at` is the truth, and starting an issue
is one guarded transaction, so a restart, a late tick or a second machine cannot send it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bulletin.errors import BulletinError
from bulletin.pipeline.clearing import Clearing
from bulletin.pipeline.events import Intake
from bulletin.pipeline.letters import Correspondence
from bulletin.pipeline.plan import Planning

_log = structlog.get_logger("bulletin.clock")


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do every so many seconds, as soon as the clock starts. Safe to do on several
    machines at once."""

    name: str
    every: float
    do: Callable[[], object]


class Clock:
    """Does its duties, each in its own time. One that fails is said, and done again."""

    def __init__(self, duties: Iterable[Duty]) -> None:
        self._duties = list(duties)
        self._scheduler = BackgroundScheduler(timezone="UTC")
        for duty in self._duties:
            self._scheduler.add_job(
                _guarded,
                "interval",
                [duty],
                seconds=duty.every,
                coalesce=True,  # after a long sleep one look at the ledger is enough
                max_instances=1,
                misfire_grace_time=None,  # the default of one second would skip late ticks
            )

    def start(self) -> None:
        for duty in self._duties:
            _guarded(duty)
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done, and do no more."""
        self._scheduler.shutdown(wait=True)


def _guarded(duty: Duty) -> None:
    try:
        duty.do()
    except BulletinError as error:
        _log.error("failed", duty=duty.name, reason=str(error))


def starting(planning: Planning) -> Callable[[], None]:
    """Starts scheduled issues whose time has come, and says what was started or missed."""

    def start() -> None:
        for fired in planning.start_due():
            say = _log.info if fired.started else _log.warning
            say("scheduled issue", issue=fired.issue.slug, outcome=fired.explanation)

    return start


def settling(clearing: Clearing) -> Callable[[], None]:
    """Has copies sent again of which nobody told in time, if that is the setting, and says so."""

    def settle() -> None:
        if copies := clearing.settle_uncertain():
            _log.warning("nobody told what became of them: they go again", copies=copies)

    return settle


def recovering(correspondence: Correspondence) -> Callable[[], None]:
    """Doubts letters whose sender has long been silent, and says so."""

    def recover() -> None:
        if doubtful := correspondence.recover(alone=False):
            _log.warning("letters may or may not have left", letters=doubtful)

    return recover


def tidying(correspondence: Correspondence, intake: Intake) -> Callable[[], None]:
    """Forgets what nobody confirmed, and letters and events of long ago."""

    def tidy() -> None:
        requests, letters = correspondence.tidy()
        events = intake.tidy()
        if requests or letters or events:
            _log.info("tidied up", requests=requests, letters=letters, events=events)

    return tidy


def forgetting(*parts: Callable[[], int]) -> Callable[[], None]:
    """Lets parts of the desk delete what has had its time; each returns how many things it was."""

    def forget() -> None:
        if gone := sum(part() for part in parts):
            _log.info("forgotten", things=gone)

    return forget
