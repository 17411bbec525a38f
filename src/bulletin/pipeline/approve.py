"""Approve: an issue is sent to somebody else, and signed or returned.

What is sent for approval is frozen there and then: the bytes that are approved are the bytes that
were looked at. Any edit ends that (pipeline/voiding.py).
"""

from __future__ import annotations

from datetime import datetime

from bulletin.errors import Conflict, InvalidInput, Refused
from bulletin.models.issues import Issue, IssueState, Snapshot
from bulletin.models.reviews import Decision, Review
from bulletin.pipeline.freeze import freeze, signed_by
from bulletin.pipeline.reviewing.approvers import Approvers, approvers_of
from bulletin.pipeline.reviewing.proving import Proof, Proving
from bulletin.store.store import Store, Transaction

APPROVABLE = frozenset({IssueState.DRAFT, IssueState.IN_REVIEW})


class OtherVersion(Conflict):
    """What somebody wants to decide on is not what waits for a decision."""


class SomebodyElse(Refused):
    """It is not for this person to approve the issue."""


class Approval:
    """Checks issues, sends them for approval, and freezes the approved ones.

    self_approval: whether one person may approve what they made themselves.
    """

    def __init__(self, store: Store, proving: Proving, *, self_approval: bool) -> None:
        self._store = store
        self._proving = proving
        self._self_approval = self_approval

    def preflight(self, reference: str) -> Proof:
        """Check an issue as it stands, or as it was frozen; changes nothing."""
        return self._proving.prove(reference)

    def approvers(self, tx: Transaction, issue: Issue) -> Approvers:
        """Who may sign an issue."""
        return approvers_of(tx, issue, self_approval=self._self_approval)

    def ask(self, reference: str, actor: str, remark: str = "") -> Review:
        """Send an issue for approval: it is frozen as it stands, and any edit ends the review.

        remark: what the approver should know; needed if a check blocks. Raises Refused if the
        issue is no draft, or if a check blocks and nothing is said about it.
        """
        remark = remark.strip()
        proof = self.preflight(reference)
        if proof.issue.state is not IssueState.DRAFT:
            raise Refused(f"Issue '{proof.issue.slug}' {_why_not_asked(proof.issue.state)}")
        if proof.blocking and not remark:
            raise Refused(
                f"{_to_fix(proof)}: mend it, or say to the approver why it should go out as it is."
            )
        snapshot = _frozen(proof)
        now = self._store.clock()
        with self._store.write() as tx:
            tx.issues.move(proof.issue, IssueState.IN_REVIEW, now)
            tx.issues.set_aside(proof.issue.id, snapshot, now)
            number = tx.reviews.ask(proof.issue.id, snapshot.hash, actor, now, remark)
            tx.audit.record(
                actor, "issue.submit", f"issue:{proof.issue.id}", now,
                hash=snapshot.hash, version=number,
            )  # fmt: skip
            return _waiting(tx, proof.issue)

    def approve(
        self, reference: str, actor: str, override: str = "", *, expected: str = ""
    ) -> Issue:
        """Sign an issue: from here on it is frozen, and any edit voids the approval.

        What was sent for approval is signed byte for byte; a draft is frozen and signed at once.
        override: why it goes out although a check blocks it; recorded. expected: the hash of what
        was looked at. Raises OtherVersion if that is not what would be signed, Refused if a check
        blocks, or if this person may not approve it.
        """
        override = override.strip()
        proof = self.preflight(reference)
        if expected:
            self._check_expected(proof, expected)
        if proof.issue.state not in APPROVABLE:
            raise Refused(f"Issue '{proof.issue.slug}' is {proof.issue.state.value} already.")
        if proof.blocking and not override:
            reasons = "; ".join(finding.message for finding in proof.blocking)
            raise Refused(
                f"{_to_fix(proof)} before issue '{proof.issue.slug}' can be approved: {reasons}"
            )
        snapshot = signed_by(_frozen(proof), actor, override)
        now = self._store.clock()
        with self._store.write() as tx:
            self._check_approver(tx, proof.issue, actor)
            tx.issues.move(proof.issue, IssueState.APPROVED, now, approved_hash=snapshot.hash)
            tx.issues.freeze(proof.issue.id, snapshot, now)
            self._put_on_record(tx, proof, snapshot, now)
            return tx.issues.get(proof.issue.id)

    def give_back(self, reference: str, actor: str, reason: str, *, expected: str = "") -> Issue:
        """Return an issue for changes: it is a draft again, which says why.

        expected: the hash of what was looked at. Raises InvalidInput without a reason, OtherVersion
        if something else waits, and Refused if nothing does.
        """
        reason = reason.strip()
        if not reason:
            raise InvalidInput("Say what has to change: whoever wrote the issue reads it.")
        now = self._store.clock()
        with self._store.write() as tx:
            issue = tx.issues.lock(reference)
            review = _waiting(tx, issue)
            if expected and review.hash != expected:
                raise _other_version(tx, issue)
            tx.issues.move(issue, IssueState.DRAFT, now, reason=f"returned for changes: {reason}")
            tx.reviews.decide(issue.id, Decision.RETURNED, now, by=actor, reason=reason)
            tx.audit.record(
                actor, "issue.return", f"issue:{issue.id}", now,
                version=review.number, because=reason,
            )  # fmt: skip
            return tx.issues.get(issue.id)

    def _put_on_record(
        self, tx: Transaction, proof: Proof, snapshot: Snapshot, now: datetime
    ) -> None:
        """That it was approved; one who approves a draft asks and answers at once."""
        actor, override, number = snapshot.approved_by, snapshot.override_reason, proof.issue.id
        if proof.review is None:
            tx.reviews.ask(number, snapshot.hash, actor, now, "")
        tx.reviews.decide(number, Decision.APPROVED, now, by=actor, reason=override)
        tx.audit.record(
            actor, "issue.approve", f"issue:{number}", now, hash=snapshot.hash, override=override
        )

    def _check_expected(self, proof: Proof, expected: str) -> None:
        if proof.review is None or proof.review.hash != expected:
            with self._store.read() as tx:
                raise _other_version(tx, proof.issue)

    def _check_approver(self, tx: Transaction, issue: Issue, actor: str) -> None:
        if why := self.approvers(tx, issue).why_not(actor):
            raise SomebodyElse(why)


def _frozen(proof: Proof) -> Snapshot:
    """What was proved. Of what was frozen before, the same again: its hash proves that."""
    snapshot = freeze(proof.galley.content, proof.galley.sender, proof.galley.compiled)
    if proof.review is not None and snapshot.hash != proof.review.hash:
        raise Refused("What was sent for approval is not what is kept of it: send it again.")
    return snapshot


def _waiting(tx: Transaction, issue: Issue) -> Review:
    """Raises Refused, with what became of the last one, if no version waits for a decision."""
    review = tx.reviews.waiting(issue.id)
    if review is None:
        raise _other_version(tx, issue)
    return review


def _other_version(tx: Transaction, issue: Issue) -> Refused:
    """What to say to somebody who looked at another version than the one that waits."""
    last = next(iter(tx.reviews.of(issue.id)), None)
    if last is None:
        return Refused(f"Issue '{issue.slug}' was not sent for approval.")
    became = {
        Decision.WAITING: f"version {last.number} waits for approval now, and you looked at an "
        "earlier one. Look at what changed, then decide",
        Decision.APPROVED: f"version {last.number} was approved by {last.decided_by}",
        Decision.RETURNED: f"version {last.number} was returned for changes by {last.decided_by}",
        Decision.ENDED: f"version {last.number} needs to be sent for approval again, because "
        f"{last.reason or 'it was edited'} meanwhile",
    }[last.decision]
    return OtherVersion(f"Nothing was done: {became}.")


def _to_fix(proof: Proof) -> str:
    return f"{len(proof.blocking)} to fix"


def _why_not_asked(state: IssueState) -> str:
    if state is IssueState.IN_REVIEW:
        return "waits for approval already."
    return f"is {state.value} already."
