"""The rhythm of a bulletin: on which days its issues go out. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from bulletin.errors import WrongFields
from bulletin.models.items import Nation
from bulletin.models.terms import Almanac, is_weekend

LAST = -1
MOST_WEEKS = 26
_YEARS = range(2000, 2101)
_LOOKED_AT = 240  # regular days after which a rhythm that never finds one is given up


class Beat(StrEnum):
    """What a rhythm counts by."""

    WEEKDAY = "weekday"
    DAY = "day"
    WEEKS = "weeks"


class Otherwise(StrEnum):
    """What becomes of an issue whose regular day will not do."""

    NEXT_DAY = "next"
    WEEK_LATER = "week"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When issues go out.

    weekday, nth: of WEEKDAY: Monday is 0; the first to the fourth of a month, or LAST.
    day:          of DAY: 1 to 31; a shorter month has it on its last day.
    weeks, since: of WEEKS: every so many weeks from a first day on.
    in_term:      only while schools in these nations have term.
    no_holidays:  not on a bank holiday of these nations. Both keep weekends free, too.
    """

    beat: Beat
    at: time
    weekday: int = 1
    nth: int = 2
    day: int = 1
    weeks: int = 4
    since: date | None = None
    in_term: bool = False
    no_holidays: bool = False
    otherwise: Otherwise = Otherwise.NEXT_DAY
    nations: tuple[Nation, ...] = (Nation.ENGLAND,)

    def checked(self) -> Rhythm:
        """The same. Raises WrongFields for one that cannot be, or that never comes."""
        wrong = dict(self._wrong())
        if wrong:
            raise WrongFields(wrong)
        return self

    def _wrong(self) -> Iterator[tuple[str, str]]:
        if self.beat is Beat.WEEKDAY and not (
            0 <= self.weekday <= 6 and self.nth in {1, 2, 3, 4, LAST}
        ):
            yield "nth", "Choose which weekday of the month."
        if self.beat is Beat.DAY and not 1 <= self.day <= 31:
            yield "day", "Give a day of the month from 1 to 31."
        if self.beat is Beat.WEEKS and not 1 <= self.weeks <= MOST_WEEKS:
            yield "weeks", f"Give a number of weeks from 1 to {MOST_WEEKS}."
        if self.beat is Beat.WEEKS and (self.since is None or self.since.year not in _YEARS):
            yield "since", "Give the first day, from which the weeks are counted."
        if self.is_particular and not self.nations:
            yield "nations", "Choose whose terms and bank holidays count."
        if self.is_particular and self._always_at_weekends:
            yield "in_term", "Schools are closed at weekends. Choose a weekday, or leave this out."

    @property
    def is_particular(self) -> bool:
        """Whether not every day will do."""
        return self.in_term or self.no_holidays

    @property
    def _always_at_weekends(self) -> bool:
        if self.beat is Beat.WEEKDAY:
            return self.weekday >= 5
        return self.beat is Beat.WEEKS and self.since is not None and is_weekend(self.since)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which an issue goes out, by the rhythm.

    at:      the moment. regular: the day that it would be if every day did.
    is_sure: False if term was asked for and no term dates are known for then.
    """

    day: date
    at: datetime
    regular: date
    is_sure: bool

    @property
    def is_moved(self) -> bool:
        return self.day != self.regular


def turns(rhythm: Rhythm, almanac: Almanac, after: datetime, zone: ZoneInfo) -> Iterator[Turn]:
    """The days of a rhythm whose moment is later than `after`, the earliest first.

    A day that will not do is put off by less than half the way to the next regular one, else it
    is left out: nobody wants two issues in a week, one of them late.
    """
    start = after.astimezone(zone).date() - timedelta(days=62)  # what was put off may still come
    for day, following in islice(pairwise(_regular_days(rhythm, start)), _LOOKED_AT):
        found = _settled(rhythm, almanac, day, day + (following - day) / 2)
        if found is None:
            continue
        # An hour that the spring change skips is an hour later by the clock.
        at = datetime.combine(found, rhythm.at, tzinfo=zone).astimezone(after.tzinfo)
        if at > after:
            in_term = almanac.in_term(found, rhythm.nations)
            yield Turn(found, at, day, not rhythm.in_term or in_term is not None)


def _settled(rhythm: Rhythm, almanac: Almanac, day: date, end: date) -> date | None:
    """The day itself, or the one it is put off to, before `end`; None if there is none."""
    if suits(rhythm, almanac, day):
        return day
    if rhythm.otherwise is Otherwise.SKIP:
        return None
    step = timedelta(days=7 if rhythm.otherwise is Otherwise.WEEK_LATER else 1)
    later = day + step
    while later < end:
        if suits(rhythm, almanac, later):
            return later
        later += step
    return None


def suits(rhythm: Rhythm, almanac: Almanac, day: date) -> bool:
    """Whether an issue may go out on a day, by the rhythm's wishes; unknown terms do."""
    if not rhythm.is_particular:
        return True
    if is_weekend(day):
        return False
    if rhythm.no_holidays and almanac.is_bank_holiday(day, rhythm.nations):
        return False
    return not rhythm.in_term or almanac.in_term(day, rhythm.nations) is not False


def _regular_days(rhythm: Rhythm, start: date) -> Iterator[date]:
    """The days by the beat alone, from about `start` on."""
    if rhythm.beat is Beat.WEEKS:
        step = timedelta(weeks=rhythm.weeks)
        since = rhythm.since or start
        day = since + max(0, (start - since) // step) * step
        while True:
            yield day
            day += step
    year, month = start.year, start.month
    while True:
        yield _day_of_month(rhythm, year, month)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _day_of_month(rhythm: Rhythm, year: int, month: int) -> date:
    first, length = calendar.monthrange(year, month)
    if rhythm.beat is Beat.DAY:
        return date(year, month, min(rhythm.day, length))
    day = 1 + (rhythm.weekday - first) % 7
    if rhythm.nth == LAST:
        return date(year, month, day + (length - day) // 7 * 7)
    return date(year, month, day + 7 * (rhythm.nth - 1))
