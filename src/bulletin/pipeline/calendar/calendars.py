"""Calendars: when issues go out by the rhythm, and the year as an editor sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.errors import NotFound, Refused
from bulletin.models.days import spoken_month
from bulletin.models.issues import Issue
from bulletin.models.items import Nation
from bulletin.models.rhythm import Beat, Otherwise, Rhythm, Turn, turns
from bulletin.models.terms import Almanac, Term, Terms
from bulletin.pipeline.calendar.bank_holidays import bank_holidays_on
from bulletin.pipeline.calendar.slots import Slot, slots_of
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.composing.listing import Listing
from bulletin.store.calendar import Outing
from bulletin.store.store import Store, Transaction

_AHEAD = 30  # days of the rhythm that are looked at: two years of a monthly one
_HORIZON = timedelta(days=800)
_BEFORE = timedelta(days=4)  # an issue of these days may be that of a day that is still to come


@dataclass(frozen=True)
class CalendarView:
    """What a calendar shows of a stretch of days.

    slots: the days of the rhythm in it that are to come; ahead: the next three, wherever they are.
    """

    first: date
    last: date
    today: date
    rhythm: Rhythm | None
    terms: tuple[Term, ...]
    almanac: Almanac
    outings: tuple[Outing, ...]
    slots: tuple[Slot, ...]
    ahead: tuple[Slot, ...]


class Calendars:
    """Keeps the rhythm and reads the calendar.

    zone: where the readers are. listing: begins issues; name: of the bulletin, for their titles.
    """

    def __init__(self, store: Store, zone: ZoneInfo, listing: Listing, name: str) -> None:
        self._store = store
        self.zone = zone
        self._listing = listing
        self._name = name

    def rhythm(self) -> Rhythm | None:
        """The rhythm that is kept."""
        with self._store.read() as tx:
            return rhythm_of(tx)

    def set_rhythm(self, rhythm: Rhythm, actor: str) -> None:
        """Keep a rhythm. Raises WrongFields for one that cannot be."""
        rule = _plain(rhythm.checked())
        now = self._store.clock()
        with self._store.write() as tx:
            tx.calendar.set_rhythm(rule, actor, now)
            tx.audit.record(actor, "calendar.rhythm", "calendar", now, **rule)

    def remove_rhythm(self, actor: str) -> None:
        """Go without one."""
        with self._store.write() as tx:
            tx.calendar.remove_rhythm()
            tx.audit.record(actor, "calendar.no_rhythm", "calendar", self._store.clock())

    def next_turns(self, rhythm: Rhythm, count: int) -> list[Turn]:
        """The next days of a rhythm, which need not be the one that is kept."""
        with self._store.read() as tx:
            almanac = almanac_of(tx.calendar.terms())
        return list(islice(turns(rhythm, almanac, self._store.clock(), self.zone), count))

    def view(self, first: date, last: date) -> CalendarView:
        """The calendar from a day to a day."""
        with self._store.read() as tx:
            terms = tx.calendar.terms()
            shown = tx.calendar.outings(self._midnight(first), self._midnight(last, later=1))
            rhythm, slots = rhythm_of(tx), self._slots(tx)
        return CalendarView(
            first=first,
            last=last,
            today=day_in(self.zone, self._store.clock()),
            rhythm=rhythm,
            terms=tuple(terms),
            almanac=almanac_of(terms),
            outings=tuple(each for each in shown if each.at is not None),
            slots=tuple(slot for slot in slots if first <= slot.turn.day <= last),
            ahead=tuple(slots[:3]),
        )

    def suggestion(self, issue: Issue) -> Turn | None:
        """When an issue should go out by the rhythm: on the day it was begun for, or else on the
        next that no other issue has. None without a rhythm, or for a correction."""
        if issue.corrects_issue_id is not None:
            return None
        with self._store.read() as tx:
            slots = self._slots(tx)
        own = (slot.turn for slot in slots if slot.outing and slot.outing.issue_id == issue.id)
        free = (slot.turn for slot in slots if slot.outing is None)
        return next(own, None) or next(free, None)

    def begin(self, day: date, actor: str) -> Issue:
        """Start the issue for a day of the rhythm.

        Raises NotFound if none is due on that day, Refused if the day has its issue already.
        """
        with self._store.read() as tx:
            slot = next((each for each in self._slots(tx) if each.turn.day == day), None)
        if slot is None:
            raise NotFound("No issue is due on that day any more. Look at the calendar again.")
        if slot.outing is not None:
            raise Refused(f"That day has its issue already: {slot.outing.title}.")
        month = spoken_month(day)
        issue = self._listing.begin(f"{self._name}, {month}", month, actor, take_over=True)
        with self._store.write() as tx:
            tx.calendar.plan(issue.id, day)
        return issue

    def _slots(self, tx: Transaction) -> list[Slot]:
        """The days of the rhythm to come."""
        rhythm, now = rhythm_of(tx), self._store.clock()
        if rhythm is None:
            return []
        almanac = almanac_of(tx.calendar.terms())
        coming = islice(turns(rhythm, almanac, now, self.zone), _AHEAD)
        return slots_of(coming, tx.calendar.outings(now - _BEFORE, now + _HORIZON))

    def _midnight(self, day: date, later: int = 0) -> datetime:
        return datetime.combine(day + timedelta(days=later), time(), tzinfo=self.zone)


def almanac_of(terms: Iterable[Term]) -> Almanac:
    """What is known of days, with these terms."""
    return Almanac(Terms(terms), bank_holidays_on)


def rhythm_of(tx: Transaction) -> Rhythm | None:
    """The rhythm that is kept."""
    rule = tx.calendar.rhythm()
    return None if rule is None else _read(rule)


def _plain(rhythm: Rhythm) -> dict[str, Any]:
    since = rhythm.since.isoformat() if rhythm.since else None
    nations = [nation.value for nation in rhythm.nations]
    at = rhythm.at.isoformat("minutes")
    return asdict(rhythm) | {"at": at, "since": since, "nations": nations}


def _read(rule: Mapping[str, Any]) -> Rhythm:
    return Rhythm(**{
        **rule,
        "beat": Beat(rule["beat"]),
        "at": time.fromisoformat(rule["at"]),
        "since": date.fromisoformat(rule["since"]) if rule["since"] else None,
        "otherwise": Otherwise(rule["otherwise"]),
        "nations": tuple(map(Nation, rule["nations"])),
    })  # fmt: skip
