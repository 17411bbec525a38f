"""Months as a calendar shows them: weeks of days with what is on each, and notes in words. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bulletin.models.days import spoken_month
from bulletin.models.issues import IssueState
from bulletin.models.items import Nation
from bulletin.models.nations import UK
from bulletin.models.terms import BankHoliday, is_weekend
from bulletin.pipeline.calendar.calendars import CalendarView
from bulletin.pipeline.calendar.obstacles import listed
from bulletin.pipeline.calendar.slots import Slot
from bulletin.pipeline.clock import spoken
from bulletin.store.calendar import Outing

_STATES = {
    IssueState.SCHEDULED: "scheduled",
    IssueState.SENDING: "being sent",
    IssueState.PAUSED: "paused",
    IssueState.SENT: "sent",
    IssueState.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose terms are shown: a nation's, or an authority's in it."""

    nation: Nation
    authority: str = ""

    @property
    def key(self) -> str:
        return f"{self.nation}|{self.authority}"

    @property
    def name(self) -> str:
        return f"{self.authority}, {self.nation}" if self.authority else self.nation.value


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month. is_off: the schools of the place have no term then, as far as is known.

    mark: how its issue stands, or "due" for one that is still to be started, or "".
    """

    on: date
    is_today: bool
    is_weekend: bool
    is_off: bool
    holidays: tuple[str, ...]
    mark: str
    title: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a day, in words. kind: "issue", "due", "bank" or "term"."""

    on: date
    kind: str
    words: str
    outing: Outing | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """weeks: seven days each, from Monday; None where another month is."""

    name: str
    weeks: tuple[tuple[Day | None, ...], ...]
    notes: tuple[Note, ...]


def months_of(view: CalendarView, place: Place, zone: ZoneInfo) -> list[Month]:
    """Every month of a calendar."""
    outings: dict[date, list[Outing]] = {}
    for outing in view.outings:
        if outing.at is not None:
            outings.setdefault(outing.at.astimezone(zone).date(), []).append(outing)
    due = {slot.turn.day: slot for slot in view.slots if slot.outing is None or not slot.outing.at}
    found = []
    first = view.first
    while first <= view.last:
        found.append(_month(first, view, place, outings, due, zone))
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found


def places_of(view: CalendarView) -> list[Place]:
    """Whose terms can be shown: all nations, and the authorities that have terms of their own."""
    own = {(term.nation, term.authority) for term in view.terms if term.authority}
    return [
        place
        for nation in UK
        for place in (Place(nation), *(Place(*each) for each in sorted(own) if each[0] is nation))
    ]


def _month(
    first: date,
    view: CalendarView,
    place: Place,
    outings: Mapping[date, list[Outing]],
    due: Mapping[date, Slot],
    zone: ZoneInfo,
) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    days = [day for week in weeks for day in week if day.month == first.month]
    return Month(
        spoken_month(first),
        tuple(
            tuple(
                _day(day, view, place, outings.get(day, []), due.get(day))
                if day.month == first.month
                else None
                for day in week
            )
            for week in weeks
        ),
        tuple(
            note
            for day in days
            for note in _notes(day, view, place, outings.get(day, []), due.get(day), zone)
        ),
    )


def _day(
    day: date, view: CalendarView, place: Place, outings: list[Outing], due: Slot | None
) -> Day:
    mark = _mark(outings[0]) if outings else "due" if due else ""
    return Day(
        on=day,
        is_today=day == view.today,
        is_weekend=is_weekend(day),
        is_off=view.almanac.terms.running(day, place.nation, place.authority) is False,
        holidays=tuple(
            holiday.name
            for holiday in view.almanac.holidays_on(day)
            if place.nation in holiday.nations
        ),
        mark=mark,
        title=outings[0].title if outings else "an issue is due" if due else "",
    )


def _mark(outing: Outing) -> str:
    return "missed" if outing.missed else _STATES[outing.state]


def _notes(
    day: date,
    view: CalendarView,
    place: Place,
    outings: Iterable[Outing],
    due: Slot | None,
    zone: ZoneInfo,
) -> Iterator[Note]:
    for outing in outings:
        at = spoken(outing.at, zone).rpartition(", ")[2] if outing.at else ""
        yield Note(day, "issue", f"{_mark(outing)}, {at}", outing)
    if due is not None:
        at = spoken(due.turn.at, zone).rpartition(", ")[2]
        begun = "due, " if due.outing else "an issue is due, "
        yield Note(day, "due", begun + at, due.outing)
    for holiday in view.almanac.holidays_on(day):
        yield Note(day, "bank", f"{holiday.name}, bank holiday{_where(holiday)}")
    for term in view.terms:
        if term.nation == place.nation and term.authority.casefold() in {
            "",
            place.authority.casefold(),
        }:
            if term.first == day:
                yield Note(day, "term", f"{term.name} begins, {term.place}")
            if term.last == day:
                yield Note(day, "term", f"{term.name} ends, {term.place}")


def _where(holiday: BankHoliday) -> str:
    if len(holiday.nations) == len(UK):
        return ""
    return f" in {listed([nation.value for nation in UK if nation in holiday.nations])}"
