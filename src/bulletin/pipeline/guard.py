"""Guard: an issue that goes wrong is stopped before it goes wrong for everybody."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from bulletin.models.deliveries import Toll
from bulletin.models.issues import IssueState
from bulletin.models.progress import Tally
from bulletin.store.store import Store, Transaction

ENOUGH = 20
"""Copies without which a share says nothing."""
COMPLAINTS_WARN, COMPLAINTS_STOP = 0.001, 0.003
"""Shares of readers who mark an issue as spam (requirement 26): mailbox providers act at 0.3 %."""
_FEWEST_COMPLAINTS = 2  # one reader's finger may slip

AUTOMATICALLY = "stopped automatically: "
"""How the reason of such a pause begins."""
_LONG = 10_000  # copies whose count takes a while
_COST = 20  # of such a list, counting may take a twentieth of the time


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why an issue has to stop, or ""; and what a person should know meanwhile."""

    stop: str = ""
    warnings: tuple[str, ...] = ()


def judge(toll: Toll, overlooked: Toll, most_failed_percent: float) -> Judgement:
    """Whether an issue with this toll may go on. A copy in doubt counts as one that failed.

    overlooked: the toll at which a person let it go on; only what came since can stop it again.
    """
    since = toll.since(overlooked)
    warnings, stop = [], ""
    if _is_failing(since, most_failed_percent):
        stop = f"{_share(since)}, more than {most_failed_percent:g} %. {_advice(since)}"
    elif _is_failing(toll, most_failed_percent):
        warnings.append(f"{_share(toll)}.")
    share = toll.complained / toll.accepted if toll.accepted else 0.0
    said = f"{toll.complained:,} of {toll.accepted:,} readers marked it as spam"
    if share >= COMPLAINTS_STOP and since.complained >= _FEWEST_COMPLAINTS:
        stop = stop or (
            f"{said}, more than {COMPLAINTS_STOP:.1%}: mailbox providers refuse mail from senders "
            "like that. Ask whether these readers joined by themselves, before you resume it"
        )
    if share >= COMPLAINTS_WARN:
        warnings.append(f"{said}; above {COMPLAINTS_STOP:.1%} providers refuse a sender's mail.")
    return Judgement(stop, tuple(warnings))


def _is_failing(toll: Toll, percent: float) -> bool:
    return toll.handed_over >= ENOUGH and toll.went_wrong * 100 > percent * toll.handed_over


def _share(toll: Toll) -> str:
    what = "failed, bounced or were not confirmed"
    if not toll.uncertain:
        what = "failed or bounced"
    elif not toll.failed:
        what = "were not confirmed"
    return f"{toll.went_wrong:,} of {toll.handed_over:,} copies {what}"


def _advice(toll: Toll) -> str:
    if toll.uncertain > toll.failed:
        return (
            "See whether the mail server or provider is well, and whose copies were not confirmed, "
            "then resume the issue: these copies stay as they are"
        )
    return "See who and why, mend the list or the settings, then resume the issue"


class Guard:
    """Looks at what became of an issue's copies, and pauses it.

    most_failed_percent: the share of copies that may fail.
    """

    def __init__(self, store: Store, most_failed_percent: float) -> None:
        self._store = store
        self._most = most_failed_percent
        self._lock = threading.Lock()
        self._next_look: dict[int, float] = {}

    def judge(self, tx: Transaction, issue_id: int, tally: Tally | None = None) -> Judgement:
        """What there is to say of an issue now; changes nothing. tally: its, if known."""
        return self._judge(tx, issue_id, tx.deliveries.toll(issue_id, tally))

    def _judge(self, tx: Transaction, issue_id: int, toll: Toll) -> Judgement:
        return judge(toll, tx.deliveries.overlooked(issue_id), self._most)

    def check(self, tx: Transaction, issue_id: int) -> Judgement:
        """Pause an issue that is being sent if it has to stop.

        It locks the issue, so call it before a transaction locks copies, or in one of its own.
        """
        issue = tx.issues.lock(issue_id)
        judgement = self.judge(tx, issue_id)
        if judgement.stop and issue.state is IssueState.SENDING:
            now = self._store.clock()
            reason = AUTOMATICALLY + judgement.stop
            tx.issues.move(issue, IssueState.PAUSED, now, reason=reason)
            tx.audit.record("guard", "issue.paused", f"issue:{issue_id}", now, reason=reason)
        return judgement

    def look(self, issue_id: int) -> None:
        """Check an issue; but a long list, whose count takes a while, only now and then."""
        if not self._is_time(issue_id):
            return
        began = time.monotonic()
        with self._store.read() as tx:
            toll = tx.deliveries.toll(issue_id)
            stop = self._judge(tx, issue_id, toll).stop
        if toll.planned >= _LONG:
            self._again_after(issue_id, (time.monotonic() - began) * _COST)
        if stop:
            with self._store.write() as tx:
                self.check(tx, issue_id)

    def _is_time(self, issue_id: int) -> bool:
        with self._lock:
            return time.monotonic() >= self._next_look.get(issue_id, 0.0)

    def _again_after(self, issue_id: int, seconds: float) -> None:
        with self._lock:
            now = time.monotonic()
            later = {each: at for each, at in self._next_look.items() if at > now}
            self._next_look = {**later, issue_id: now + seconds}
