"""Voiding: an approval ends when what was approved is changed (invariant of freezing)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bulletin.models.issues import Issue, IssueState
from bulletin.models.reviews import Decision
from bulletin.store.store import Transaction

OPEN_STATES = frozenset(
    {IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.APPROVED, IssueState.SCHEDULED}
)


def void(tx: Transaction, issue: Issue, why: str, now: datetime) -> None:
    """Make an open issue a draft again. why: a phrase, such as "it was edited"."""
    if issue.state is IssueState.DRAFT:
        # A new version, so that an approval under way notices and fails.
        tx.issues.edit(issue, now)
        return
    in_review = tx.reviews.decide(issue.id, Decision.ENDED, now, reason=why)
    after = "sent for approval" if in_review else "approved"
    tx.issues.move(
        issue,
        IssueState.DRAFT,
        now,
        reason=f"needs approval again: {why} after it was {after}",
        approved_hash=None,
        scheduled_at=None,
        missed_at=None,
    )


def void_all(tx: Transaction, slugs: Iterable[str], why: str, now: datetime) -> None:
    """The same for those of the issues that are open still."""
    for slug in sorted(slugs):
        issue = tx.issues.lock(slug)
        if issue.state in OPEN_STATES:
            void(tx, issue, why, now)
