"""Approve: the checks before an issue goes out, and the signature under what does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bulletin.errors import Refused
from bulletin.messages import Skeleton, static_headers
from bulletin.models.checks import Circumstances, Finding, Level
from bulletin.models.issues import Issue, IssueContent, IssueState, Sender
from bulletin.models.people import UserRole
from bulletin.pipeline.checking import Checking
from bulletin.pipeline.draft import content_of
from bulletin.pipeline.fit import Fit, fitted
from bulletin.pipeline.freeze import freeze
from bulletin.preflight import Examined, Rendered, Texts, read_texts, run_checks
from bulletin.rendering import Cutter, Renderer
from bulletin.store.store import Store, Transaction

APPROVABLE = frozenset({IssueState.DRAFT, IssueState.IN_REVIEW})
_MAY_APPROVE = frozenset({UserRole.APPROVER, UserRole.ADMIN})


@dataclass(frozen=True, slots=True)
class Proof:
    """An issue compiled as it stands, and what the checks found in it.

    links:     how many web pages it links to.
    unchecked: how many of those nobody has looked at lately.
    """

    issue: Issue
    fit: Fit
    findings: tuple[Finding, ...]
    links: int
    unchecked: int

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.BLOCKING)


class Approval:
    """Checks issues and freezes the approved ones.

    sender:        who the bulletin comes from; raises Misconfigured if that is not set.
    self_approval: whether one person may approve what they made themselves.
    checking:      knows what the checks ask beside the issue itself.
    """

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        *,
        sender: Callable[[], Sender],
        self_approval: bool,
        checking: Checking,
    ) -> None:
        self._store = store
        self._checking = checking
        self._renderer = renderer
        self._sender = sender
        self._self_approval = self_approval

    def preflight(self, reference: str) -> Proof:
        """Check an issue as it stands now; changes nothing."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            content = content_of(tx, issue)
            texts = read_texts(content)
            around = self._checking.around(tx, issue, content, texts.pages())
        return self._proof(issue, content, texts, around)

    def _proof(
        self, issue: Issue, content: IssueContent, texts: Texts, around: Circumstances
    ) -> Proof:
        sender = self._sender()
        fit = fitted(self._renderer, content, sender, issue.length)
        whole = Cutter(fit.compiled).whole()
        # What cannot become a message is found now, not when it is sent. Raises InvalidInput.
        Skeleton(whole, sender, static_headers(issue_id=issue.id, sender=sender))
        rendered = Rendered(html_bytes=fit.html_bytes)
        findings = run_checks(Examined(fit.content, sender, rendered, around, texts))
        pages = texts.pages()
        unchecked = sum(page not in around.links for page in pages)
        return Proof(issue, fit, tuple(findings), links=len(pages), unchecked=unchecked)

    def approve(self, reference: str, actor: str, override: str = "") -> Issue:
        """Sign an issue: from here on it is frozen, and any edit voids the approval.

        override: why it goes out although a check blocks it; recorded.
        Raises Refused if a check blocks, or if this person may not approve it.
        """
        override = override.strip()
        proof = self.preflight(reference)
        if proof.issue.state not in APPROVABLE:
            raise Refused(f"Issue '{proof.issue.slug}' is {proof.issue.state.value} already.")
        if proof.blocking and not override:
            reasons = "; ".join(finding.message for finding in proof.blocking)
            raise Refused(
                f"{len(proof.blocking)} to fix before issue '{proof.issue.slug}' can be approved: "
                f"{reasons}"
            )
        sender = self._sender()
        snapshot = freeze(
            proof.fit.content,
            sender,
            proof.fit.compiled,
            approved_by=actor,
            override_reason=override,
        )
        now = self._store.clock()
        with self._store.write() as tx:
            self._check_approver(tx, proof.issue, actor)
            tx.issues.move(proof.issue, IssueState.APPROVED, now, approved_hash=snapshot.hash)
            tx.issues.freeze(proof.issue.id, snapshot, now)
            tx.audit.record(
                actor, "issue.approve", f"issue:{proof.issue.id}", now,
                hash=snapshot.hash, override=override,
            )  # fmt: skip
            return tx.issues.get(proof.issue.id)

    def _check_approver(self, tx: Transaction, issue: Issue, actor: str) -> None:
        # With nobody else to ask, one person does it all; a second account ends that.
        if self._self_approval or len(tx.users.list_users()) < 2:
            return
        user = tx.users.by_email(actor)
        if user is None or user.role not in _MAY_APPROVE:
            raise Refused(
                "Somebody with the role approver or admin has to approve this: "
                "add --as THEIR-EMAIL (or set BULLETIN_SELF_APPROVAL=true)."
            )
        if issue.created_by.strip().lower() == user.email:
            raise Refused(
                "Whoever made an issue cannot approve it. Ask a colleague "
                "(or set BULLETIN_SELF_APPROVAL=true)."
            )
