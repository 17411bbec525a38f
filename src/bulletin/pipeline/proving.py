"""Proving: an issue compiled and checked, as it stands or as it was frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bulletin.messages import Skeleton, static_headers
from bulletin.models.checks import Circumstances, Finding, Level
from bulletin.models.issues import Issue, IssueContent, IssueState, Sender, Snapshot
from bulletin.models.reviews import Acceptance, Review, fingerprint_of
from bulletin.pipeline.checking import Checking
from bulletin.pipeline.draft import content_of
from bulletin.pipeline.fit import Fit, fit_of, fitted
from bulletin.pipeline.freeze import thaw
from bulletin.preflight import Examined, Rendered, Texts, examine, read_texts
from bulletin.preflight.register import assured
from bulletin.rendering import Cutter, Renderer
from bulletin.store.store import Store, Transaction


@dataclass(frozen=True)
class Proof:
    """An issue compiled, and what the checks found in it.

    links:     how many web pages it links to.
    unchecked: how many of those nobody has looked at lately.
    passed:    what is in order, in words: what each check that found nothing makes sure of.
    review:    what was sent for approval, if that is what was checked.
    snapshot:  what was frozen, if it was.
    accepted:  advice that somebody decided not to follow, by the finding's fingerprint.
    """

    issue: Issue
    fit: Fit
    sender: Sender
    findings: tuple[Finding, ...]
    links: int
    unchecked: int
    passed: tuple[str, ...] = ()
    review: Review | None = None
    snapshot: Snapshot | None = None
    accepted: dict[str, Acceptance] | None = None

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.BLOCKING)

    @cached_property
    def advice(self) -> tuple[Finding, ...]:
        """What is to consider: advice that nobody has accepted to leave as it is."""
        return tuple(one for one in self._advising if self.acceptance(one) is None)

    @cached_property
    def left(self) -> tuple[tuple[Finding, Acceptance], ...]:
        """Advice that is not followed, with who decided that and why."""
        pairs = ((one, self.acceptance(one)) for one in self._advising)
        return tuple((finding, accepted) for finding, accepted in pairs if accepted is not None)

    @property
    def _advising(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ADVISORY)

    def acceptance(self, finding: Finding) -> Acceptance | None:
        return (self.accepted or {}).get(fingerprint_of(finding))


class Proving:
    """Compiles issues and checks them.

    sender:   who the bulletin comes from; raises Misconfigured if that is not set.
    checking: knows what the checks ask beside the issue itself.
    """

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        *,
        sender: Callable[[], Sender],
        checking: Checking,
    ) -> None:
        self._store = store
        self._renderer = renderer
        self._sender = sender
        self._checking = checking

    def prove(self, reference: str) -> Proof:
        """Check an issue: what was frozen of it, or else what it says now. Changes nothing.

        Raises NotFound, Refused if what was frozen is not what the database holds, and InvalidInput
        if no message can be made of it.
        """
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            review = tx.reviews.waiting(issue.id) if issue.state is IssueState.IN_REVIEW else None
            snapshot = _frozen(tx, issue, review)
            content, sender = _said(tx, issue, snapshot, self._sender)
            texts = read_texts(content)
            around = self._checking.around(tx, issue, content, texts.pages())
            accepted = tx.reviews.accepted(issue.id)
        if snapshot is None:
            fit = fitted(self._renderer, content, sender, issue.length)
        else:
            fit = fit_of(content, snapshot.compiled)
        found = _Found(fit, sender, texts, around)
        return found.proof(issue, review, snapshot, accepted)


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that the checks are given."""

    fit: Fit
    sender: Sender
    texts: Texts
    around: Circumstances

    def proof(
        self,
        issue: Issue,
        review: Review | None,
        snapshot: Snapshot | None,
        accepted: dict[str, Acceptance],
    ) -> Proof:
        whole = Cutter(self.fit.compiled).whole()
        # What cannot become a message is found now, not when it is sent. Raises InvalidInput.
        Skeleton(whole, self.sender, static_headers(issue_id=issue.id, sender=self.sender))
        rendered = Rendered(html_bytes=self.fit.html_bytes)
        examined = Examined(self.fit.content, self.sender, rendered, self.around, self.texts)
        findings, passed = examine(examined)
        pages = self.texts.pages()
        unchecked = sum(page not in self.around.links for page in pages)
        return Proof(
            issue,
            self.fit,
            self.sender,
            tuple(findings),
            links=len(pages),
            unchecked=unchecked,
            passed=assured(passed, unchecked=unchecked),
            review=review,
            snapshot=snapshot,
            accepted=accepted,
        )


def _frozen(tx: Transaction, issue: Issue, review: Review | None) -> Snapshot | None:
    """What was frozen of an issue: sent for approval, or approved."""
    known = review.hash if review else issue.approved_hash
    return tx.issues.frozen(issue.id, known) if known else None


def _said(
    tx: Transaction, issue: Issue, snapshot: Snapshot | None, sender: Callable[[], Sender]
) -> tuple[IssueContent, Sender]:
    return thaw(snapshot) if snapshot else (content_of(tx, issue), sender())
