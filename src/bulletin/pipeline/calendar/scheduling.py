"""Scheduling: what is to be known before it is decided when an issue goes out, and to whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bulletin.models.issues import Audience, Issue
from bulletin.models.rhythm import Turn
from bulletin.pipeline.calendar.calendars import Calendars, almanac_of
from bulletin.pipeline.calendar.obstacles import obstacles
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.plan import chosen_audience, resolved
from bulletin.pipeline.showing.forecasting import Forecast, Forecasting
from bulletin.pipeline.showing.galley import standing_content
from bulletin.store.places import Place
from bulletin.store.store import Store, Transaction

_AROUND = timedelta(days=2)


@dataclass(frozen=True)
class Departure:
    """An issue before it goes out.

    turn:     when the rhythm would have it go, or None.
    forecast: who would get it. nations: those people by nation, most first; "" is unknown.
    warnings: what speaks against the moment that was looked at.
    segments: the names of all that there are.
    """

    issue: Issue
    now: datetime
    turn: Turn | None
    audience: Audience
    forecast: Forecast
    nations: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...]
    segments: tuple[str, ...]
    grace: timedelta


class Scheduling:
    """Looks ahead to the day an issue goes out. grace: how late it may still start by itself."""

    def __init__(
        self,
        store: Store,
        forecasting: Forecasting,
        calendars: Calendars,
        grace: timedelta,
    ) -> None:
        self._store = store
        self._forecasting = forecasting
        self._calendars = calendars
        self._grace = grace

    def look(
        self, reference: str, audience: Audience | None = None, at: datetime | None = None
    ) -> Departure:
        """How it would go; changes nothing.

        audience: else the issue's own. at: the moment to look at; else its schedule, or that of
        the rhythm. Raises NotFound for an issue or a segment that there is not.
        """
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
        turn = self._calendars.suggestion(issue)
        with self._store.read() as tx:
            chosen = chosen_audience(issue, audience)
            aimed = replace(issue, audience=chosen)
            forecast = self._forecasting.with_content(tx, aimed, standing_content(tx, issue))
            when = at or issue.scheduled_at or (turn.at if turn else None)
            return Departure(
                issue=issue,
                now=self._store.clock(),
                turn=turn,
                audience=chosen,
                forecast=forecast,
                nations=_by_nation(forecast),
                warnings=tuple(self._warnings(tx, aimed, forecast, when)) if when else (),
                segments=tuple(name for _, name, _ in tx.segments.list_segments()),
                grace=self._grace,
            )

    def _warnings(
        self, tx: Transaction, issue: Issue, forecast: Forecast, at: datetime
    ) -> list[str]:
        almanac = almanac_of(tx.calendar.terms())
        zone = self._calendars.zone
        if almanac.terms.differ_by_authority:
            include, exclude = resolved(tx, issue, issue.audience)
            today = day_in(zone, self._store.clock())
            places = tx.places.counted(include, exclude, today=today)
        else:
            places = _places(forecast)
        around = tx.calendar.outings(at - _AROUND, at + _AROUND)
        others = [each for each in around if each.issue_id != issue.id]
        return list(obstacles(at, zone, almanac, places, others))


def _by_nation(forecast: Forecast) -> tuple[tuple[str, int], ...]:
    people: Counter[str] = Counter()
    for group in forecast.groups:
        people[group.kind.nation.value if group.kind.nation else ""] += group.reached
    return tuple((nation, count) for nation, count in people.most_common() if count)


def _places(forecast: Forecast) -> list[Place]:
    return [Place(group.kind.nation, "", group.reached) for group in forecast.groups]
