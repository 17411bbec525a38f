"""Obstacles: what speaks against sending at a moment, in sentences. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.models.issues import IssueState
from bulletin.models.terms import Almanac, Terms, is_weekend
from bulletin.pipeline.clock import spoken
from bulletin.store.calendar import Outing
from bulletin.store.places import Place

_EARLIEST, _LATEST = 6, 20  # hours between which nobody minds a mail
_TOO_CLOSE = timedelta(hours=20)


def obstacles(
    at: datetime,
    zone: ZoneInfo,
    almanac: Almanac,
    places: Sequence[Place],
    others: Iterable[Outing],
) -> Iterator[str]:
    """Sentences about a moment; none if it is a good one.

    places: where the readers are. others: issues that go out, besides the one in question.
    """
    local = at.astimezone(zone)
    if is_weekend(local.date()):
        yield f"That is a {local:%A}: most readers are not at work."
    if not _EARLIEST <= local.hour < _LATEST:
        yield f"That is at night, {spoken(at, zone).rpartition(', ')[2]} UK time."
    yield from _bank_holidays(local, almanac, places)
    yield from _school_holidays(local, almanac.terms, places)
    for other in others:
        if other.state in _GOING and other.at and abs(other.at - at) < _TOO_CLOSE:
            yield f"“{other.title}” goes out {spoken(other.at, zone)}, close to this time."


_GOING = frozenset({IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED})


def _bank_holidays(local: datetime, almanac: Almanac, places: Iterable[Place]) -> Iterator[str]:
    people = Counter({place.nation: 0 for place in places})
    for place in places:
        people[place.nation] += place.people
    for holiday in almanac.holidays_on(local.date()):
        where = listed(sorted(nation.value for nation in holiday.nations))
        met = sum(people[nation] for nation in holiday.nations)
        if met or not people:
            yield f"That is {holiday.name}, a bank holiday in {where}{_met(met)}."


def _met(people: int) -> str:
    return f": {people:,} of the readers {'is' if people == 1 else 'are'} there" if people else ""


def _school_holidays(local: datetime, terms: Terms, places: Iterable[Place]) -> Iterator[str]:
    away: Counter[str] = Counter()
    for place in places:
        if place.nation and terms.running(local.date(), place.nation, place.authority) is False:
            own = terms.has_own(place.nation, place.authority)
            away[place.authority if own else place.nation.value] += place.people
    people = away.total()
    if people:
        each = listed([f"{count:,} in {where}" for where, count in away.most_common(4)])
        more = " and elsewhere" if len(away) > 4 else ""
        whose = "1 person's school is" if people == 1 else f"{people:,} people's schools are"
        yield f"{whose} on holiday then: {each}{more}."


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
