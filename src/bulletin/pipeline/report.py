"""Report: what became of an issue, derived from the ledger's counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bulletin.models.deliveries import DeliveryState, IssueStatus
from bulletin.models.issues import Issue
from bulletin.store.store import Store

# Which count of the contract a row's state belongs to. Every state is in exactly one.
_COUNTED_AS = {
    DeliveryState.PREPARED: "prepared",
    DeliveryState.RETRY_WAIT: "prepared",
    DeliveryState.SENDING: "sending",
    DeliveryState.SUBMITTED: "submitted",
    DeliveryState.DEFERRED: "deferred",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.BOUNCED_HARD: "bounced",
    DeliveryState.BOUNCED_SOFT: "bounced",
    DeliveryState.DROPPED: "failed",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNCERTAIN: "uncertain",
    DeliveryState.EXCLUDED: "excluded",
}


class Reporting:
    """Reads the ledger for people."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def status(self, reference: str | int) -> tuple[Issue, IssueStatus]:
        """An issue and its counts. Raises NotFound."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            complained, unsubscribed = tx.deliveries.flags(issue.id)
            counts = tx.deliveries.counts(issue.id)
        return issue, summed(issue.state.value, counts, complained, unsubscribed)

    def not_sent(self, issue_id: int, limit: int = 50) -> list[tuple[str, str, str, str]]:
        """(address, state, reason, detail) of readers whose copy is not on its way."""
        with self._store.read() as tx:
            return tx.deliveries.not_sent(issue_id, limit)


def summed(
    state: str, counts: Mapping[tuple[str, str], int], complained: int, unsubscribed: int
) -> IssueStatus:
    """The status from people per (state, reason). All but the two flags add up to `audience`."""
    totals: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for (row_state, reason), people in counts.items():
        counted_as = _COUNTED_AS[DeliveryState(row_state)]
        totals[counted_as] += people
        if counted_as == "excluded":
            reasons[reason] += people
    return IssueStatus(
        state=state,
        audience=totals.total(),
        excluded=totals["excluded"],
        excluded_by_reason=dict(sorted(reasons.items())),
        prepared=totals["prepared"],
        sending=totals["sending"],
        submitted=totals["submitted"],
        delivered=totals["delivered"],
        deferred=totals["deferred"],
        bounced=totals["bounced"],
        failed=totals["failed"],
        uncertain=totals["uncertain"],
        complained=complained,
        unsubscribed=unsubscribed,
    )
