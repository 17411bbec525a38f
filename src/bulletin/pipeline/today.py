"""Today: what waits for somebody at the desk, and the issue that is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bulletin.models.inbox import PasteName
from bulletin.models.issues import Issue, IssueState
from bulletin.models.progress import Tally
from bulletin.models.sources import WatchedSource
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.reviewing.approvers import approvers_of
from bulletin.pipeline.watching import FAILING_FOR
from bulletin.store.store import Store, Transaction

# Of what comes first; within one line the order is by time.
_URGENCY: Final = (
    IssueState.PAUSED,
    IssueState.SENDING,
    IssueState.IN_REVIEW,
    IssueState.SCHEDULED,
    IssueState.APPROVED,
    IssueState.DRAFT,
)
_UNDER_WAY: Final = frozenset({IssueState.PAUSED, IssueState.SENDING})
_MOST_ISSUES: Final = 20
_MOST_TITLES: Final = 4


@dataclass(frozen=True, slots=True)
class Current:
    """An issue that somebody works on or that is on its way.

    items:    how many stand in it.
    tally:    where its copies are, once its sending has begun.
    yours:    it waits for an approval that this visitor may give.
    returned: (by whom, why) if its last review wants changes.
    """

    issue: Issue
    items: int
    tally: Tally | None = None
    yours: bool = False
    returned: tuple[str, str] | None = None

    @property
    def missed(self) -> bool:
        """Its time has passed without a sending, and nobody has said what to do."""
        return self.issue.state is IssueState.SCHEDULED and self.issue.missed_at is not None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page says. uncertain: (issue's id, title, copies); titles: (item's id, title).

    issues: the most urgent first. more_issues: how many further ones are left out.
    """

    day: date
    to_sort: int
    doubtful: int
    titles: tuple[tuple[int, str], ...]
    pastes: tuple[PasteName, ...]
    issues: tuple[Current, ...]
    more_issues: int
    uncertain: tuple[tuple[int, str, int], ...]
    failing: tuple[WatchedSource, ...]
    last_sent: Issue | None
    has_items: bool
    has_readers: bool

    @property
    def is_new(self) -> bool:
        """Nobody has done anything yet."""
        return not (self.has_items or self.issues or self.pastes or self.last_sent)

    @property
    def next(self) -> Current | None:
        """The issue to go on with: the one that goes out next, or the draft touched last."""
        waiting = [one for one in self.issues if one.issue.state not in _UNDER_WAY]
        timed = [one for one in waiting if one.issue.scheduled_at and not one.missed]
        first = min(timed, key=_time, default=None)
        return first or (waiting[0] if waiting else None)

    @property
    def urgent(self) -> tuple[Current, ...]:
        """Issues that want somebody to do something now."""
        return tuple(one for one in self.issues if _is_urgent(one))

    @property
    def others(self) -> tuple[Current, ...]:
        """Issues that are neither next nor urgent."""
        return tuple(one for one in self.issues if one is not self.next and not _is_urgent(one))


class Today:
    """Looks at what there is to do. zone: whose day it is; self_approval: see `approvers_of`."""

    def __init__(self, store: Store, zone: ZoneInfo, *, self_approval: bool) -> None:
        self._store = store
        self._zone = zone
        self._self_approval = self_approval

    def to_sort(self) -> int:
        """How many items wait in the inbox, for the head of every page."""
        with self._store.read() as tx:
            return tx.agenda.to_sort()

    def overview(self, email: str) -> Overview:
        """What there is to do for whoever signs in with this address."""
        now = self._store.clock()
        with self._store.read() as tx:
            opened = sorted(tx.issues.list_issues(states=_URGENCY), key=_order)
            last = tx.agenda.last_sent()
            return Overview(
                day=day_in(self._zone, now),
                to_sort=tx.agenda.to_sort(),
                doubtful=tx.agenda.doubtful(),
                titles=tuple(tx.agenda.newest_titles(_MOST_TITLES)),
                pastes=tuple(tx.pastes.waiting(_MOST_TITLES)),
                issues=self._current(tx, opened[:_MOST_ISSUES], email),
                more_issues=max(0, len(opened) - _MOST_ISSUES),
                uncertain=tuple(tx.agenda.uncertain()),
                failing=tuple(tx.watched.failing_since(now - FAILING_FOR)),
                last_sent=tx.issues.get(last) if last else None,
                has_items=tx.agenda.has_items(),
                has_readers=tx.agenda.has_readers(),
            )

    def _current(self, tx: Transaction, issues: list[Issue], email: str) -> tuple[Current, ...]:
        ids = [issue.id for issue in issues]
        sizes = tx.issues.sizes(ids)
        returned = tx.agenda.returned(ids)
        return tuple(
            Current(
                issue,
                sizes.get(issue.id, 0),
                tally=tx.tallies.of(issue.id) if issue.state in _UNDER_WAY else None,
                yours=self._is_yours(tx, issue, email),
                returned=returned.get(issue.id) if issue.state is IssueState.DRAFT else None,
            )
            for issue in issues
        )

    def _is_yours(self, tx: Transaction, issue: Issue, email: str) -> bool:
        if issue.state is not IssueState.IN_REVIEW:
            return False
        able = approvers_of(tx, issue, self_approval=self._self_approval)
        return email in {user.email for user in able.may}


def _order(issue: Issue) -> tuple[bool, int, float]:
    missed = issue.missed_at is not None and issue.state is IssueState.SCHEDULED
    return (not missed, _URGENCY.index(issue.state), -issue.updated_at.timestamp())


def _time(one: Current) -> float:
    at = one.issue.scheduled_at
    return at.timestamp() if at else 0.0


def _is_urgent(one: Current) -> bool:
    under_way = one.issue.state in _UNDER_WAY
    return under_way or one.missed or one.yours or one.returned is not None
