"""Pacing: how fast mail may leave, by the clock and the calendar of this installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bulletin.models.pace import Limits
from bulletin.pipeline.clock import day_in, same_time_tomorrow
from bulletin.store.pace import Pace
from bulletin.store.store import Transaction


@dataclass(frozen=True)
class Pacing:
    """The limits of the settings, with what days are counted by.

    zone: where the readers are; clock: what time it is.
    """

    limits: Limits
    zone: ZoneInfo
    clock: Callable[[], datetime]

    def at(self, tx: Transaction, now: datetime) -> Pace:
        """What may go now, by the clock of leases."""
        return tx.pace(self.limits, now, day_in(self.zone, self.clock()))

    def tomorrow(self, like: datetime | None) -> datetime:
        """The moment tomorrow at which clocks show the time that `like` has; else that of now."""
        now = self.clock()
        return same_time_tomorrow(like or now, now, self.zone)
