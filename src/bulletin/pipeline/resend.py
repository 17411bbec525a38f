"""Resend: another chance for those whom an issue missed, and for nobody who may have a copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bulletin.errors import Refused
from bulletin.models.deliveries import DeliveryState
from bulletin.models.issues import Issue, IssueState
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.correct import check_nothing_corrects
from bulletin.pipeline.freeze import thaw
from bulletin.pipeline.plan import numbered, resolved
from bulletin.store.store import Store, Transaction

_NOT_THERE = (DeliveryState.FAILED, DeliveryState.DROPPED)
_SENT_OUT = frozenset({IssueState.SENT, IssueState.SENDING, IssueState.PAUSED})


@dataclass(frozen=True, slots=True)
class Resent:
    """How many copies were prepared.

    failed:    that had failed, or that a provider dropped.
    uncertain: of which nobody can say whether they arrived; these people may get two.
    late:      for people who joined the audience since, or were excluded and are not any more.
    held:      that are uncertain and were left as they are.
    """

    failed: int
    uncertain: int
    late: int
    held: int

    @property
    def prepared(self) -> int:
        return self.failed + self.uncertain + self.late


class Resending:
    """Prepares what an issue missed; whoever sends then sends it.

    zone: where the readers are, for the day on which a pause ends.
    """

    def __init__(self, store: Store, *, chunk_size: int, zone: ZoneInfo) -> None:
        self._store = store
        self._chunk_size = chunk_size
        self._zone = zone

    def resend_missed(self, reference: str, actor: str, *, uncertain: bool = False) -> Resent:
        """Prepare an issue for those who have no copy of it; `Missing` counts them before.

        uncertain: also what may have arrived. Raises Refused if the issue has not gone out, or
        was corrected.
        """
        with self._store.write() as tx:
            issue = tx.issues.lock(reference)
            check_went_out(tx, issue)
            resent = self._prepare(tx, issue, uncertain=uncertain)
            now = self._store.clock()
            if resent.prepared and issue.state is IssueState.SENT:
                tx.issues.move(issue, IssueState.SENDING, now, finished_at=None)
            tx.jobs.chunks(issue.id)
            tx.audit.record(
                actor, "issue.resend", f"issue:{issue.id}", now,
                failed=resent.failed, uncertain=resent.uncertain, late=resent.late,
            )  # fmt: skip
        return resent

    def _prepare(self, tx: Transaction, issue: Issue, *, uncertain: bool) -> Resent:
        today = day_in(self._zone, self._store.clock())
        # First who joined late: they are not sent to an address that an uncertain copy went to.
        late = self._plan_late(tx, issue)
        again = tx.missed.prepare_again(issue.id, asked_for(uncertain=uncertain), today=today)
        return resent_of(again, late=late, held=tx.missed.held(issue.id))

    def _plan_late(self, tx: Transaction, issue: Issue) -> int:
        today = day_in(self._zone, self._store.clock())
        include, exclude = resolved(tx, issue, issue.audience)
        content, _ = thaw(tx.issues.snapshot(issue))
        tx.planning.take_turn()
        known = tx.planning.numbered(issue.id)
        new = [group for group in tx.planning.groups(include) if group not in dict(known)]
        tx.planning.add_editions(issue.id, numbered(content, new, known))
        tx.missed.forget_exclusions(issue.id, include, exclude, today=today)
        return tx.planning.plan(issue.id, include, exclude, self._chunk_size, today=today)


def asked_for(*, uncertain: bool) -> tuple[DeliveryState, ...]:
    """The states of copies that can go again. uncertain: whether what may have arrived can."""
    return (*_NOT_THERE, DeliveryState.UNCERTAIN) if uncertain else _NOT_THERE


def resent_of(again: Mapping[DeliveryState, int], *, late: int, held: int) -> Resent:
    """again: copies by the state that they were in."""
    return Resent(
        failed=sum(again[state] for state in _NOT_THERE),
        uncertain=again.get(DeliveryState.UNCERTAIN, 0),
        late=late,
        held=held,
    )


def check_went_out(tx: Transaction, issue: Issue) -> None:
    """Raises Refused unless somebody can have missed an issue, and may still get it."""
    if issue.rehearsal_of is not None:
        raise Refused(f"Issue '{issue.slug}' is a rehearsal: it missed nobody.")
    if issue.state not in _SENT_OUT:
        raise Refused(f"Issue '{issue.slug}' is {issue.state.value}; nothing was missed.")
    check_nothing_corrects(tx, issue)
