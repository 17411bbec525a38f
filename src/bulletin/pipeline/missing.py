"""Missing: whom an issue missed, counted before anything is sent to them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bulletin.composition import compose
from bulletin.models.issues import Issue
from bulletin.models.progress import Tally
from bulletin.pipeline.clock import day_in
from bulletin.pipeline.freeze import thaw
from bulletin.pipeline.plan import resolved
from bulletin.pipeline.resend import Resent, asked_for, check_went_out, resent_of
from bulletin.pipeline.showing.keeping import Keeping
from bulletin.store.store import Store, Transaction

_SMALL = 5_000  # copies; an issue with no more is counted anew every time


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a count is kept under: another one is due once copies failed, or went again.

    ledger: how many copies are where it matters.
    """

    issue_id: int
    ledger: tuple[int, ...]
    uncertain: bool


@dataclass(frozen=True, slots=True)
class _Counted:
    resent: Resent
    copies: int


class Missing:
    """Counts what `Resending` would prepare, and changes nothing. Safe to share between threads.

    zone: where the readers are, for the day on which a pause ends. ticks: see Keeping.
    """

    def __init__(
        self, store: Store, zone: ZoneInfo, *, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._zone = zone
        self._kept = Keeping[_Asked, _Counted](
            lambda counted: counted.copies, small=_SMALL, ticks=ticks
        )

    def count(self, reference: str | int, *, uncertain: bool = False) -> Resent:
        """How many copies of an issue would be prepared. uncertain: as `resend_missed` takes it.

        Raises NotFound, and Refused as `resend_missed` does.
        """
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            check_went_out(tx, issue)
            tally = tx.tallies.of(issue.id)
        asked = _Asked(issue.id, _ledger(tally), uncertain)
        return self._kept.get(asked, lambda: self._count(asked, tally.planned)).resent

    def _count(self, asked: _Asked, copies: int) -> _Counted:
        today = day_in(self._zone, self._store.clock())
        with self._store.read() as tx:
            issue = tx.issues.get(asked.issue_id)
            states = asked_for(uncertain=asked.uncertain)
            again = tx.missed.again(issue.id, states, today=today)
            resent = resent_of(again, late=self._late(tx, issue), held=0)
            held = tx.missed.held(issue.id) - resent.uncertain
        return _Counted(replace(resent, held=held), copies)

    def _late(self, tx: Transaction, issue: Issue) -> int:
        """People who would be planned for. Nobody gets an edition that has nothing for them."""
        today = day_in(self._zone, self._store.clock())
        include, exclude = resolved(tx, issue, issue.audience)
        found = tx.missed.latecomers(issue.id, include, exclude, today=today)
        late = sum(people for _, planned, people in found if planned)
        if unplanned := [(kind, people) for kind, planned, people in found if not planned]:
            content, _ = thaw(tx.issues.snapshot(issue))
            late += sum(people for kind, people in unplanned if compose(content, kind).items)
        return late


def _ledger(tally: Tally) -> tuple[int, ...]:
    return (
        tally.planned, tally.left_out, tally.withdrawn, tally.failed, tally.came_back,
        tally.uncertain,
    )  # fmt: skip
