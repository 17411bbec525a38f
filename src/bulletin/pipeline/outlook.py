"""Outlook: what a person should know of an issue that is being sent, beside the counts."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.models.issues import Issue, IssueState
from bulletin.models.progress import Tally
from bulletin.pipeline.clock import spoken
from bulletin.pipeline.guard import Guard
from bulletin.pipeline.pacing import Pacing
from bulletin.store.store import Store, Transaction

_UNDER_WAY = frozenset({IssueState.SENDING, IssueState.PAUSED, IssueState.SENT})


@dataclass(frozen=True, slots=True)
class Remarks:
    """Sentences. warnings: what goes wrong; waiting: what waits, for what and until when."""

    warnings: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


class Outlook:
    """Puts into words how an issue goes on."""

    def __init__(self, store: Store, guard: Guard, pacing: Pacing) -> None:
        self._store = store
        self._guard = guard
        self._pacing = pacing

    def of(self, issue: Issue) -> Remarks:
        """What there is to say of an issue now."""
        with self._store.read() as tx:
            return self.with_tally(tx, issue, tx.tallies.of(issue.id))

    def with_tally(self, tx: Transaction, issue: Issue, tally: Tally) -> Remarks:
        """The same, of an issue whose copies have been counted."""
        if issue.state not in _UNDER_WAY:
            return Remarks()
        judgement = self._guard.judge(tx, issue.id, tally)
        is_going = issue.state is IssueState.SENDING
        return Remarks(judgement.warnings, self._waiting(tx, issue, tally) if is_going else ())

    def _waiting(self, tx: Transaction, issue: Issue, tally: Tally) -> tuple[str, ...]:
        said = [self._warming_up(tx, issue)] if tally.waiting else []
        if tally.again:
            said.append(self._retries(tx, issue, tally.again))
        return tuple(filter(None, said))

    def _warming_up(self, tx: Transaction, issue: Issue) -> str:
        day = self._pacing.at(tx, tx.lease_clock()).day()
        if day is None or day.left:
            return ""
        when = spoken(self._pacing.tomorrow(issue.started_at), self._pacing.zone)
        return (
            f"The warm-up plan lets {day.allowed:,} copies go today, which is day {day.number} of "
            f"{day.days}, and they have gone. The next go on {when}."
        )

    def _retries(self, tx: Transaction, issue: Issue, copies: int) -> str:
        next_try = tx.deliveries.next_try(issue.id)
        when = f", next on {spoken(next_try, self._pacing.zone)}" if next_try else ""
        were = "copies were" if copies != 1 else "copy was"
        return (
            f"{copies:,} {were} refused for now and will be tried again{when}, until 72 hours "
            "after the first try."
        )
