"""Clearing: what ends the doubt about copies that may have been accepted, or may not.

News of a copy ends it by itself (`pipeline/events.py`). Otherwise a person decides, or, where the
setting says so, the copy goes again after a time without news.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bulletin.errors import NotFound, Refused
from bulletin.models.deliveries import DeliveryState, Doubt, Resolution
from bulletin.models.issues import Issue, IssueState
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.correct import check_nothing_corrects
from bulletin.store.store import Store, Transaction

SETTLING = timedelta(minutes=15)
"""How long news may take. A provider that is alive tells within a minute."""
GIVE_UP = timedelta(hours=72)  # requirement 76
MOST_ATTEMPTS = 3
_GOES_AGAIN = frozenset({IssueState.SENDING, IssueState.PAUSED, IssueState.SENT})
_WORDS = {
    Resolution.SUBMITTED: (DeliveryState.SUBMITTED, "a person found that it was accepted"),
    Resolution.FAILED: (DeliveryState.FAILED, "a person found that it was not accepted"),
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a decision came to. left: copies in doubt of people who may not be mailed."""

    issue: Issue
    copies: int
    left: int = 0


class Clearing:
    """Shows what is in doubt, and settles it.

    resend:   whether copies go again of which nothing was heard in time.
    zone:     where the readers are, for the day on which a pause ends.
    settling: how long news may take.
    """

    def __init__(
        self, store: Store, *, resend: bool, zone: ZoneInfo, settling: timedelta = SETTLING
    ) -> None:
        self._store = store
        self._resend = resend
        self._zone = zone
        self._settling = settling

    def doubts(self, reference: str | None, limit: int) -> list[Doubt]:
        """Copies in doubt of an issue or of all, the oldest first. Raises NotFound."""
        with self._store.read() as tx:
            issue_id = tx.issues.get(reference).id if reference is not None else None
            return tx.doubts.listed(issue_id, limit)

    def resolve(
        self,
        reference: str,
        resolution: Resolution,
        delivery_ids: Collection[int] | None,
        actor: str,
    ) -> Resolved:
        """Settle an issue's copies in doubt by hand, or only those named; put on record.

        Raises NotFound if one that is named is not in doubt, Refused if nothing of the issue may
        go again: it was cancelled or corrected.
        """
        with self._store.write() as tx:
            issue = tx.issues.lock(reference)
            named = tx.doubts.among(issue.id, delivery_ids) if delivery_ids is not None else None
            if named is not None and (strange := set(delivery_ids or ()) - named):
                raise NotFound(
                    f"Copy {min(strange)} of issue '{issue.slug}' is not in doubt.",
                    command=f"See: bulletin deliveries uncertain {issue.slug}",
                )
            if resolution is Resolution.RESEND:
                copies = self._prepare(tx, issue, named)
                left = tx.missed.held(issue.id) if named is None else len(named) - copies
            else:
                copies = tx.doubts.settle(issue.id, named, *_WORDS[resolution])
                left = 0
            tx.audit.record(
                actor, "delivery.resolve", f"issue:{issue.id}", self._store.clock(),
                to=resolution.value, copies=copies, deliveries=sorted(named or ()),
            )  # fmt: skip
            return Resolved(tx.issues.get(issue.id), copies, left)

    def _prepare(self, tx: Transaction, issue: Issue, named: Collection[int] | None) -> int:
        if issue.state not in _GOES_AGAIN or issue.rehearsal_of is not None:
            raise Refused(f"Issue '{issue.slug}' is {issue.state.value}; nothing of it goes again.")
        check_nothing_corrects(tx, issue)
        copies = tx.doubts.prepare_again(issue.id, named, today=self._today())
        self._reopen(tx, issue, copies)
        return copies

    def settle_uncertain(self) -> int:
        """Prepare again what nobody told of in time, if that is the setting. Returns how many.

        The copy keeps its Message-ID, so a mailbox that did get it can show it once. Safe to call
        as often as one likes.
        """
        if not self._resend:
            return 0
        with self._store.read() as tx:
            now = tx.lease_clock()
            waiting = tx.doubts.overdue_in(now - GIVE_UP, now - self._settling)
        return sum(self._settle(issue_id) for issue_id in waiting)

    def _settle(self, issue_id: int) -> int:
        with self._store.write() as tx:
            issue = tx.issues.lock(issue_id)
            if issue.state not in _GOES_AGAIN or _is_corrected(tx, issue):
                return 0
            before = tx.lease_clock() - self._settling
            copies = tx.doubts.prepare_overdue(issue_id, before, MOST_ATTEMPTS, today=self._today())
            if copies:
                self._reopen(tx, issue, copies)
                now = self._store.clock()
                tx.audit.record("clock", "delivery.resend", f"issue:{issue_id}", now, copies=copies)
        return copies

    def _reopen(self, tx: Transaction, issue: Issue, copies: int) -> None:
        if copies and issue.state is IssueState.SENT:
            now = self._store.clock()
            tx.issues.move(issue, IssueState.SENDING, now, finished_at=None)
        tx.jobs.chunks(issue.id)

    def _today(self) -> date:
        return day_in(self._zone, self._store.clock())


def _is_corrected(tx: Transaction, issue: Issue) -> bool:
    try:
        check_nothing_corrects(tx, issue)
    except Refused:
        return True
    return False
