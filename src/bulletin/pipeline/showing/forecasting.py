"""Forecasting: how many people would get which items of an issue, and how many none and why."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bulletin.composition import seen_items
from bulletin.models.deliveries import Exclusion
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Issue, IssueContent
from bulletin.models.segments import Pick
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.plan import resolved
from bulletin.pipeline.showing.galley import standing_content
from bulletin.pipeline.showing.keeping import Keeping
from bulletin.store.readership import Readers
from bulletin.store.store import Store, Transaction

_Audience = tuple[tuple[Pick, ...], tuple[Pick, ...], date]

SMALL = 5_000  # people; a list of no more is counted anew every time


@dataclass(frozen=True, slots=True)
class Group:
    """Everybody of one kind of reader. items: what they see of the issue; barred: by Exclusion."""

    kind: ReaderKind
    items: int
    people: int
    barred: Mapping[str, int]

    @property
    def reached(self) -> int:
        """How many of them would get a copy."""
        return self.people if self.items else 0


@dataclass(frozen=True)
class Forecast:
    """What sending an issue now would do. of: items in the issue; counted_at: when people were."""

    groups: tuple[Group, ...]
    of: int
    counted_at: datetime

    @cached_property
    def by_kind(self) -> Mapping[ReaderKind, Group]:
        return {group.kind: group for group in self.groups}

    @cached_property
    def reached(self) -> int:
        """How many people would get a copy."""
        return sum(group.reached for group in self.groups)

    @cached_property
    def excluded(self) -> Mapping[str, int]:
        """How many people would get none, by Exclusion: as the plan of the send would write it."""
        counts: Counter[str] = Counter()
        for group in self.groups:
            counts.update(group.barred)
            if not group.items:
                counts[Exclusion.NOTHING_FOR_ROLES] += group.people
        return {reason: people for reason, people in counts.items() if people}

    @cached_property
    def empty(self) -> tuple[Group, ...]:
        """The groups that would get a copy if anything in the issue were for them."""
        return tuple(group for group in self.groups if group.people and not group.items)

    @cached_property
    def nothing(self) -> int:
        """How many people those are."""
        return sum(group.people for group in self.empty)

    def largest(self, roles: Sequence[str]) -> ReaderKind | None:
        """The kind of reader that most people are; None if nobody is on the list.

        roles: in their order; among kinds of equally many people the first role goes first.
        """

        def size(group: Group) -> tuple[int, int]:
            return group.people, -min(map(roles.index, group.kind.roles), default=len(roles))

        best = max(self.groups, key=size, default=None)
        return best.kind if best else None

    def holding(self, kind: ReaderKind) -> int:
        """How many people in that nation hold these roles and others, and would get a copy."""
        return sum(
            group.reached
            for group in self.groups
            if group.kind.nation == kind.nation and group.kind.roles > kind.roles
        )


class Forecasting:
    """Counts people once for an audience, and items anew for every version of an issue.

    zone: where the readers are, for the day on which a pause ends.
    small: how many people are counted anew every time; see Keeping, also for ticks.
    """

    def __init__(
        self,
        store: Store,
        zone: ZoneInfo,
        *,
        small: int = SMALL,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._zone = zone
        self._counts = Keeping[_Audience, _Count](_people, small=small, ticks=ticks)

    def of(self, reference: str) -> Forecast:
        """The forecast of an issue as it stands. Raises NotFound."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            return self.with_content(tx, issue, standing_content(tx, issue))

    def with_content(self, tx: Transaction, issue: Issue, content: IssueContent) -> Forecast:
        """The same, of what an issue would say."""
        count = self._count(tx, issue)
        items = sum(len(topic.items) for topic in content.topics)
        return Forecast(tuple(_groups(count.readers, content)), items, count.at)

    def _count(self, tx: Transaction, issue: Issue) -> _Count:
        include, exclude = resolved(tx, issue, issue.audience)
        today = day_in(self._zone, self._store.clock())
        audience = tuple(include), tuple(exclude), today
        return self._counts.get(audience, lambda: self._counted(*audience))

    def _counted(self, include: tuple[Pick, ...], exclude: tuple[Pick, ...], today: date) -> _Count:
        with self._store.read() as tx:
            readers = tuple(tx.readership.counted(include, exclude, today=today))
        return _Count(readers, self._store.clock())


@dataclass(frozen=True, slots=True)
class _Count:
    readers: tuple[Readers, ...]
    at: datetime


def _people(count: _Count) -> int:
    return sum(each.people for each in count.readers)


def _groups(readers: Iterable[Readers], content: IssueContent) -> Iterable[Group]:
    people: Counter[ReaderKind] = Counter()
    barred: dict[ReaderKind, dict[str, int]] = {}
    for each in readers:
        reasons = barred.setdefault(each.kind, {})
        if each.reason:
            reasons[each.reason] = each.people
        else:
            people[each.kind] += each.people
    for kind, reasons in barred.items():
        yield Group(kind, seen_items(content, kind), people[kind], reasons)
