"""Proving: an issue compiled and checked, as it stands or as it was frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bulletin.messages import Skeleton, static_headers
from bulletin.models.checks import Circumstances, Finding, Level
from bulletin.models.issues import Issue, IssueState
from bulletin.models.reviews import Acceptance, Review, fingerprint_of
from bulletin.pipeline.checking import Checking
from bulletin.pipeline.fit import Fit, fit_of
from bulletin.pipeline.showing.galley import Galley, Galleys
from bulletin.preflight import Examined, Rendered, Texts, examine, read_texts
from bulletin.preflight.register import assured
from bulletin.store.store import Store


@dataclass(frozen=True)
class Proof:
    """An issue compiled, and what the checks found in it.

    around:    what the checks knew beside the issue itself.
    links:     how many web pages it links to.
    unchecked: how many of those nobody has looked at lately.
    passed:    what is in order, in words: what each check that found nothing makes sure of.
    review:    what was sent for approval, if that is what was checked.
    accepted:  advice that somebody decided not to follow, by the finding's fingerprint.
    """

    issue: Issue
    galley: Galley
    around: Circumstances
    findings: tuple[Finding, ...]
    links: int
    unchecked: int
    passed: tuple[str, ...] = ()
    review: Review | None = None
    accepted: Mapping[str, Acceptance] = field(default_factory=dict)

    @cached_property
    def fit(self) -> Fit:
        """How long it is."""
        return fit_of(self.galley.content, self.galley.compiled)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.BLOCKING)

    @cached_property
    def advice(self) -> tuple[Finding, ...]:
        """What is to consider: advice that nobody has decided to leave."""
        return tuple(one for one in self._advising if fingerprint_of(one) not in self.accepted)

    @cached_property
    def left(self) -> tuple[tuple[Finding, Acceptance], ...]:
        """Advice that is not followed, with who decided that and why."""
        known = ((one, self.accepted.get(fingerprint_of(one))) for one in self._advising)
        return tuple((finding, accepted) for finding, accepted in known if accepted is not None)

    @property
    def _advising(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ADVISORY)


_READ = 8  # issues whose texts are kept as the checks read them: some 100 kB each


class Proving:
    """Checks issues. Safe to share between threads.

    checking: knows what the checks ask beside the issue itself.
    """

    def __init__(self, store: Store, galleys: Galleys, checking: Checking) -> None:
        self._store = store
        self._galleys = galleys
        self._checking = checking
        self._texts = lru_cache(maxsize=_READ)(read_texts)

    def prove(self, reference: str) -> Proof:
        """Check an issue: what was frozen of it, or else what it says now. Changes nothing.

        Raises as `Galleys.of`, and InvalidInput if no message can be made of it.
        """
        issue, galley = self._galleys.of(reference)
        texts = self._texts(galley.content)
        pages = texts.pages()
        with self._store.read() as tx:
            review = tx.reviews.waiting(issue.id) if issue.state is IssueState.IN_REVIEW else None
            around = self._checking.around(tx, issue, galley.content, texts)
            accepted = tx.reviews.accepted(issue.id)
        # What cannot become a message is found now, not when it is sent.
        headers = static_headers(issue_id=issue.id, sender=galley.sender)
        Skeleton(galley.cutter.whole(), galley.sender, headers)
        findings, passed = examine(_examined(galley, texts, around))
        unchecked = sum(page not in around.links for page in pages)
        return Proof(
            issue,
            galley,
            around,
            tuple(findings),
            links=len(pages),
            unchecked=unchecked,
            passed=assured(passed, unchecked=unchecked),
            review=review,
            accepted=accepted,
        )


def _examined(galley: Galley, texts: Texts, around: Circumstances) -> Examined:
    rendered = Rendered(html_bytes=galley.html_bytes)
    return Examined(galley.content, galley.sender, rendered, around, texts)
