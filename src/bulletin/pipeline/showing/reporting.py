"""Reporting: what became of an issue, by role and nation, and the people behind each figure."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bulletin.errors import Refused
from bulletin.models.deliveries import DeliveryState
from bulletin.models.editions import ReaderKind
from bulletin.models.evidence import Organisation, Share
from bulletin.models.figures import STATES, Figure, Narrowing, Pressed, Row, Tallied
from bulletin.models.issues import Issue
from bulletin.models.items import Nation
from bulletin.models.people import Role
from bulletin.models.progress import Tally
from bulletin.models.reasons import cause_of
from bulletin.pipeline.showing.keeping import Keeping
from bulletin.store.store import Store, Transaction

PAGE = 50
_SMALL = 5_000  # copies; an issue with no more is counted anew every time
_STREAMED = 1_000  # rows at a time, so that a file of a million costs no memory


@dataclass(frozen=True)
class Counts:
    """An issue's ledger, counted. causes: why copies were refused or came back, in words."""

    tallied: tuple[Tallied, ...]
    pressed: tuple[Pressed, ...]
    causes: Mapping[str, int]
    at: datetime

    @cached_property
    def size(self) -> int:
        return sum(each.people for each in self.tallied)

    def of(self, figure: Figure, role: str = "", nation: str | None = None) -> int:
        """People behind a figure: all, or those who hold a role, or are in a nation.

        nation: None for all, "" for readers whose nation is not known.
        """
        if figure is Figure.ACKNOWLEDGED:
            return sum(each.people for each in self.pressed if _fits(each.kind, role, nation))
        mine = [each for each in self.tallied if _fits(each.kind, role, nation)]
        if figure is Figure.COMPLAINED:
            return sum(each.complained for each in mine)
        if figure is Figure.UNSUBSCRIBED:
            return sum(each.unsubscribed for each in mine)
        states = STATES[figure]
        return sum(each.people for each in mine if each.state in states)

    @cached_property
    def excluded(self) -> Mapping[str, int]:
        """People who were left out, by Exclusion, most first."""
        counts: Counter[str] = Counter()
        for each in self.tallied:
            if each.state is DeliveryState.EXCLUDED:
                counts[each.reason] += each.people
        return dict(counts.most_common())

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset[str]().union(*(each.kind.roles for each in self.tallied))

    @cached_property
    def nations(self) -> tuple[str, ...]:
        """Where somebody is, in the order of the enum; "", not known, last."""
        home = {_home(each.kind) for each in self.tallied}
        return tuple(nation for nation in (*Nation, "") if nation in home)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an issue. roles: those that somebody in its audience holds."""

    issue: Issue
    counts: Counts
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An issue in a list of those that went out. copies: that were planned; not their readers."""

    issue: Issue
    tally: Tally
    acknowledged: int

    @property
    def audience(self) -> int:
        return self.tally.planned + self.tally.left_out

    @property
    def accepted(self) -> int:
        """Copies that a mail server said yes to, whatever became of them then."""
        return self.tally.accepted + self.tally.came_back

    @property
    def share(self) -> int:
        """Acknowledgements for a hundred accepted copies."""
        return round(100 * self.acknowledged / self.accepted) if self.accepted else 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a list of issues says of each. pressed: acknowledgements."""

    tallies: Mapping[int, Tally]
    pressed: Mapping[int, int]

    @property
    def size(self) -> int:
        return sum(tally.planned + tally.left_out for tally in self.tallies.values())


@dataclass(frozen=True, slots=True)
class Shared:
    """An issue by organisation. planned: copies, all of which are gone through to count them."""

    shares: tuple[Share, ...]
    planned: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of the people behind a figure. after: the cursor of the next page, or ""."""

    issue: Issue
    rows: tuple[Row, ...]
    after: str
    roles: Mapping[str, str]


class IssueReports:
    """Reads what became of issues. Safe to share between threads. ticks: see Keeping."""

    def __init__(self, store: Store, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._kept = Keeping[int, Counts](lambda counts: counts.size, small=_SMALL, ticks=ticks)
        self._told = Keeping[tuple[int, ...], Told](
            lambda told: told.size, small=_SMALL, ticks=ticks
        )
        self._shared = Keeping[int, Shared](
            lambda shared: shared.planned, small=_SMALL, ticks=ticks
        )

    def report(self, reference: str | int) -> Report:
        """Raises NotFound, or Refused for a rehearsal, which is evidence of nothing."""
        with self._store.read() as tx:
            issue = _real(tx, reference)
            roles = tx.roles.list_roles()
        counts = self._kept.get(issue.id, lambda: self._count(issue.id))
        return Report(issue, counts, tuple(role for role in roles if role.key in counts.roles))

    def _count(self, issue_id: int) -> Counts:
        causes: Counter[str] = Counter()
        with self._store.read() as tx:
            for detail, _, copies in tx.figures.details(issue_id):
                causes[cause_of(detail)] += copies
            return Counts(
                tuple(tx.figures.tallied(issue_id)),
                tuple(tx.figures.pressed(issue_id)),
                dict(causes.most_common()),
                self._store.clock(),
            )

    def lines(self, first: int, limit: int) -> tuple[int, list[Line]]:
        """How many issues went out, and some of them with their figures, the newest first."""
        with self._store.read() as tx:
            total, page = tx.issues.begun(limit, first)
        ids = tuple(issue.id for issue in page)
        told = self._told.get(ids, lambda: self._tell(ids))
        return total, [
            Line(issue, told.tallies[issue.id], told.pressed.get(issue.id, 0)) for issue in page
        ]

    def _tell(self, issue_ids: tuple[int, ...]) -> Told:
        with self._store.read() as tx:
            return Told(tx.tallies.of_each(issue_ids), tx.figures.acknowledged(issue_ids))

    def shares(self, reference: str | int) -> tuple[Issue, tuple[Share, ...]]:
        """Copies and acknowledgements by organisation, by name; none last. Raises as `report`."""
        with self._store.read() as tx:
            issue = _real(tx, reference)

        def count() -> Shared:
            with self._store.read() as tx:
                shares = tuple(tx.evidence.shares(issue.id))
                return Shared(shares, tx.tallies.of(issue.id).planned)

        return issue, self._shared.get(issue.id, count).shares

    def organisations(self, words: str, first: int) -> tuple[int, list[Organisation]]:
        """How many organisations have these words in their name or URN, and a page of them."""
        with self._store.read() as tx:
            return tx.figures.organisations(words.strip(), first, PAGE)

    def rows(
        self, reference: str | int, figure: Figure, narrowing: Narrowing, after: str = ""
    ) -> Rows:
        """A page of the people behind a figure. Raises as `report`."""
        with self._store.read() as tx:
            issue = _real(tx, reference)
            found = tx.figures.rows(issue.id, figure, narrowing, after, PAGE + 1)
            names = {role.key: role.short for role in tx.roles.list_roles()}
        page = found[:PAGE]
        return Rows(issue, tuple(page), page[-1].cursor if len(found) > PAGE else "", names)

    def all_rows(self, issue_id: int, figure: Figure, narrowing: Narrowing) -> Iterator[Row]:
        """Everybody behind a figure, some at a time, each time in a transaction of its own."""
        after = ""
        while True:
            with self._store.read() as tx:
                found = tx.figures.rows(issue_id, figure, narrowing, after, _STREAMED)
            yield from found
            if len(found) < _STREAMED:
                return
            after = found[-1].cursor

    def role_names(self) -> Mapping[str, str]:
        """The short name of each role, by key."""
        with self._store.read() as tx:
            return {role.key: role.short for role in tx.roles.list_roles()}


def _real(tx: Transaction, reference: str | int) -> Issue:
    issue = tx.issues.get(reference)
    if issue.rehearsal_of is not None:
        raise Refused(f"Issue '{issue.slug}' is a rehearsal: nobody was sent it.")
    return issue


def _fits(kind: ReaderKind, role: str, nation: str | None) -> bool:
    return (not role or role in kind.roles) and nation in {None, _home(kind)}


def _home(kind: ReaderKind) -> str:
    return kind.nation.value if kind.nation else ""
