"""Pace: one allowance for everybody who sends, whatever process or machine they are in.

Rows are locked in one order (the day, "all", domains) until the transaction ends that hands copies
out: what is booked is exactly what goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, case, func, select, update

from bulletin.models.pace import Limits, Rate, domain_of
from bulletin.store.tables import pace, sending_days
from bulletin.store.upsert import upsert

_ALL = "all"  # no domain of a reader is without a dot


@dataclass(frozen=True, slots=True)
class Room:
    """How many copies may go now.

    free_at: when the next may, if none may because of the rate of all.
    spent:   none may go today any more.
    closed:  domains to which none may go now, each with the moment from which one may.
    """

    copies: int
    free_at: datetime | None = None
    spent: bool = False
    closed: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the plan for a new sender: the `number`th of `days`, and its copies."""

    number: int
    days: int
    allowed: int
    gone: int

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.gone)


class Pace:
    """The allowance at one moment, in one transaction.

    now: by the clock that all senders share; today: the day where the readers are.
    """

    def __init__(self, connection: Connection, limits: Limits, now: datetime, today: date) -> None:
        self._connection = connection
        self._limits = limits
        self.now = now
        self.today = today
        self._used: dict[str, datetime] = {}
        self._open: dict[str, int] = {}

    def room(self, wanted: int) -> Room:
        """How many of so many copies may go now. Holds the allowance until the transaction ends."""
        if not self._limits.exist:
            return Room(wanted)
        copies = self._left_today(wanted)
        if not copies:
            return Room(0, spent=True)
        rates = self._rates(self._limits.domains)
        self._used = self._locked(rates)
        fits = {name: rate.fits(self._used[name], self.now) for name, rate in rates.items()}
        copies = min(copies, fits.pop(_ALL, copies))
        if not copies and self._limits.rate is not None:
            return Room(0, free_at=self._limits.rate.free_at(self._used[_ALL]))
        self._open = fits
        closed = {
            name: rates[name].free_at(self._used[name]) for name, fit in fits.items() if not fit
        }
        return Room(copies, closed=closed)

    def admits(self, address: str) -> bool:
        """Whether one more copy may go to that address, which counts as gone then; after `room`."""
        domain = domain_of(address)
        if domain not in self._open:
            return True
        self._open[domain] -= 1
        return self._open[domain] >= 0

    def book(self, addresses: Iterable[str]) -> None:
        """Use the allowance up for copies that go now, whether it is there or not."""
        going = Counter(map(domain_of, addresses))
        copies = going.total()
        if not copies or not self._limits.exist:
            return
        self._count(copies)  # days before rates, as in `room`: so nobody waits in a circle
        rates = self._rates([domain for domain in going if domain in self._limits.domains])
        used = {**self._locked(rates.keys() - self._used.keys()), **self._used}
        for name, rate in rates.items():
            number = copies if name == _ALL else going[name]
            if number:
                self._put(name, rate.after(used[name], self.now, number))

    def give_back(self, copies: int) -> None:
        """So many copies have not gone after all; no day's count falls below none."""
        self._count(-copies)

    def _rates(self, domains: Iterable[str]) -> dict[str, Rate]:
        everything = {_ALL: self._limits.rate} if self._limits.rate is not None else {}
        return everything | {domain: self._limits.domains[domain] for domain in domains}

    def _locked(self, names: Iterable[str]) -> dict[str, datetime]:
        """Until when each of these is used up, held in one order for everybody."""
        found = {}
        for name in sorted(names, key=lambda name: (name != _ALL, name)):
            mine = select(pace.c.used_until).where(pace.c.name == name).with_for_update()
            used = self._connection.scalar(mine)
            if used is None:
                new = upsert(self._connection, pace).values(name=name, used_until=self.now)
                self._connection.execute(new.on_conflict_do_nothing())
                used = self._connection.scalar(mine)
            found[name] = used or self.now
        return found

    def _put(self, name: str, used_until: datetime) -> None:
        self._connection.execute(
            update(pace).where(pace.c.name == name).values(used_until=used_until)
        )

    def day(self) -> Day | None:
        """How today stands in the plan for a new sender; None without one, or when it is over."""
        plan = self._limits.warm_up
        if not plan:
            return None
        before = select(func.count()).where(
            sending_days.c.day < self.today, sending_days.c.copies > 0
        )
        past = self._connection.scalar(before) or 0
        if past >= len(plan):
            return None
        today = select(sending_days.c.copies).where(sending_days.c.day == self.today)
        return Day(past + 1, len(plan), plan[past], self._connection.scalar(today) or 0)

    def _left_today(self, wanted: int) -> int:
        """How many of so many the plan lets go today. Holds the day's count."""
        self._count(0)
        day = self.day()
        return wanted if day is None else min(wanted, day.left)

    def _count(self, copies: int) -> None:
        if not self._limits.warm_up:
            return  # an old sender that gets a plan is a new one from that day
        put = upsert(self._connection, sending_days).values(day=self.today, copies=max(copies, 0))
        # What is given back after midnight was booked on the day before.
        counted = case((sending_days.c.copies > -copies, sending_days.c.copies + copies), else_=0)
        more = put.on_conflict_do_update(index_elements=["day"], set_={"copies": counted})
        self._connection.execute(more)
