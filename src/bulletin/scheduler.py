"""The clock of `bulletin serve`: APScheduler asks the ledger, every few seconds, what is due.

The scheduler keeps no jobs of its own. `issues.scheduled_at` is the truth, and starting an issue
is one guarded transaction, so a restart, a late tick or a second machine cannot send it twice.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bulletin.errors import BulletinError
from bulletin.pipeline.letters import Correspondence
from bulletin.pipeline.plan import Planning
from bulletin.pipeline.simulate import Simulating

TICK_SECONDS = 5
TIDY_HOURS = 24
NEWS_SECONDS = 20


class Clock:
    """Starts scheduled issues when their time has come, and tidies up once a day.

    simulating: tells now and then what became of simulated copies, if there can be any.
    """

    def __init__(
        self,
        planning: Planning,
        correspondence: Correspondence,
        simulating: Simulating | None = None,
    ) -> None:
        self._planning = planning
        self._correspondence = correspondence
        self._simulating = simulating
        self._log = structlog.get_logger("bulletin.clock")
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._repeat(self.tick, seconds=TICK_SECONDS)
        self._repeat(self.tidy, hours=TIDY_HOURS)
        if simulating is not None:
            self._repeat(self.tell, seconds=NEWS_SECONDS)

    def _repeat(self, job: Callable[[], None], **every: int) -> None:
        self._scheduler.add_job(
            job,
            "interval",
            **every,
            coalesce=True,  # after a long sleep one look at the ledger is enough
            max_instances=1,
            misfire_grace_time=None,  # the default of one second would skip late ticks
        )

    def start(self) -> None:
        self.tick()
        self.tidy()
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Start what is due now, and say what was started or missed."""
        try:
            for fired in self._planning.start_due():
                say = self._log.info if fired.started else self._log.warning
                say("scheduled issue", issue=fired.issue.slug, outcome=fired.explanation)
        except BulletinError as error:
            self._log.error("the clock could not look", reason=str(error))

    def tell(self) -> None:
        """Tell what became of simulated copies."""
        try:
            if self._simulating is not None:
                self._simulating.tell()
        except BulletinError as error:
            self._log.error("the simulator could not tell its news", reason=str(error))

    def tidy(self) -> None:
        """Forget what nobody confirmed and letters of long ago."""
        try:
            requests, letters = self._correspondence.tidy()
        except BulletinError as error:
            self._log.error("nothing could be tidied up", reason=str(error))
        else:
            if requests or letters:
                self._log.info("tidied up", requests=requests, letters=letters)
