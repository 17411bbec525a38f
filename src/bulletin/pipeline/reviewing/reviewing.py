"""Reviewing: what an approver needs to decide on an issue, and what was decided before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bulletin.composition import compose
from bulletin.errors import InvalidInput, NotFound
from bulletin.models.checks import Finding, Level
from bulletin.models.editions import ReaderKind
from bulletin.models.issues import Issue, IssueContent, IssueState, Sender
from bulletin.models.people import User
from bulletin.models.reviews import Acceptance, Decision, Review, fingerprint_of
from bulletin.pipeline.approve import Approval
from bulletin.pipeline.freeze import thaw
from bulletin.pipeline.reviewing.approvers import Approvers
from bulletin.pipeline.reviewing.comparing import IssueDifferences, issue_differences
from bulletin.pipeline.reviewing.proving import Proof
from bulletin.pipeline.showing.forecasting import Forecasting, Group
from bulletin.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class EditionToSee:
    """An edition that somebody in the audience gets.

    key:   what it is known by within a version of an issue. kinds: who reads it, most people first.
    seen:  whether this user has opened it in this review.
    """

    key: str
    kinds: tuple[ReaderKind, ...]
    items: int
    people: int
    seen: bool


@dataclass(frozen=True)
class ReviewSheet:
    """An issue before its approver.

    history: every version that was sent for approval, newest first.
    review:  the version that waits, or the one that is approved; None of a draft.
    base:    the earlier version that `changes` starts from; None: there is none.
    """

    proof: Proof
    history: tuple[Review, ...]
    review: Review | None
    base: Review | None
    changes: IssueDifferences
    editions: tuple[EditionToSee, ...]
    approvers: Approvers

    @property
    def issue(self) -> Issue:
        return self.proof.issue

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide."""
        return self.review is not None and self.review.decision is Decision.WAITING

    @property
    def last(self) -> Review | None:
        """The newest version, whatever became of it."""
        return self.history[0] if self.history else None

    @property
    def seen(self) -> int:
        """How many editions this user has opened."""
        return sum(edition.seen for edition in self.editions)

    def edition(self, key: str) -> EditionToSee | None:
        """The edition with this key, or else the one that most people get."""
        found = (edition for edition in self.editions if edition.key == key)
        return next(found, next(iter(self.editions), None))


class Reviewing:
    """Shows approvers what they sign, and keeps what they looked at and left as it is."""

    def __init__(self, store: Store, approval: Approval, forecasting: Forecasting) -> None:
        self._store = store
        self._approval = approval
        self._forecasting = forecasting

    def sheet(self, reference: str, user: User, since: int | None = None) -> ReviewSheet:
        """Everything about an issue that waits for approval, is approved, or is a draft.

        since: the number of the earlier version to compare with; else the one that was last
        approved, or was last sent for approval. Raises NotFound, and as `Proving.prove`.
        """
        proof = self._approval.preflight(reference)
        issue, galley = proof.issue, proof.galley
        with self._store.read() as tx:
            history = tuple(tx.reviews.of(issue.id))
            review = _in_force(issue, history)
            base = _base(history, review, since)
            changes = _changes(tx, base, galley.content, galley.sender)
            groups = self._forecasting.with_content(tx, issue, galley.content).groups
            looked_at = tx.reviews.looked_at(review.id, user.id) if review else frozenset()
            approvers = self._approval.approvers(tx, issue)
        editions = tuple(_editions(galley.content, groups, looked_at))
        return ReviewSheet(proof, history, review, base, changes, editions, approvers)

    def look(self, reference: str, user: User, edition: str) -> None:
        """Put down that somebody opened an edition of the version that waits for approval.

        Of a version that nobody has to decide on any more, nothing is put down.
        """
        with self._store.write() as tx:
            review = tx.reviews.waiting(tx.issues.get(reference).id)
            if review is not None and len(edition) <= _KEY_LENGTH:
                tx.reviews.look(review.id, user.id, edition, self._store.clock())

    def accept(
        self, reference: str, fingerprints: Sequence[str], reason: str, actor: str
    ) -> tuple[Finding, ...]:
        """Leave advice as it is. Holds as long as the finding says the same.

        Raises InvalidInput without a reason, NotFound if nothing of it is found any more.
        """
        if not (reason := reason.strip()):
            raise InvalidInput("Say why it can stay as it is: whoever approves the issue reads it.")
        proof = self._approval.preflight(reference)
        wanted = [
            finding
            for finding in proof.findings
            if finding.level is Level.ADVISORY and fingerprint_of(finding) in fingerprints
        ]
        if not wanted:
            raise NotFound("That advice is no longer given.")
        now, subject = self._store.clock(), f"issue:{proof.issue.id}"
        with self._store.write() as tx:
            for finding in wanted:
                key = fingerprint_of(finding)
                tx.reviews.accept(
                    proof.issue.id, Acceptance(key, finding.message, reason, actor, now)
                )
            said = [finding.message for finding in wanted]
            tx.audit.record(actor, "issue.accept", subject, now, findings=said, because=reason)
        return tuple(wanted)

    def take_back(self, reference: str, fingerprints: Iterable[str], actor: str) -> int:
        """Let advice count again. Returns how many findings that are."""
        with self._store.write() as tx:
            issue = tx.issues.get(reference)
            ended = sum(tx.reviews.take_back(issue.id, key) for key in dict.fromkeys(fingerprints))
            if ended:
                now = self._store.clock()
                subject = f"issue:{issue.id}"
                tx.audit.record(actor, "issue.accept_no_more", subject, now, findings=ended)
        return ended


_KEY_LENGTH = 16


def _in_force(issue: Issue, history: Sequence[Review]) -> Review | None:
    """The version that an issue's state speaks of."""
    if issue.state is IssueState.IN_REVIEW:
        return next((one for one in history if one.decision is Decision.WAITING), None)
    approved = (one for one in history if one.decision is Decision.APPROVED)
    return next((one for one in approved if one.hash == issue.approved_hash), None)


def _base(history: Sequence[Review], review: Review | None, since: int | None) -> Review | None:
    """What to compare with: what is asked for, else the last approved, else the last sent."""
    earlier = [one for one in history if review is None or one.number < review.number]
    asked_for = next((one for one in earlier if one.number == since), None)
    approved = next((one for one in earlier if one.decision is Decision.APPROVED), None)
    return asked_for or approved or next(iter(earlier), None)


def _changes(
    tx: Transaction, base: Review | None, content: IssueContent, sender: Sender
) -> IssueDifferences:
    if base is None:
        return IssueDifferences()
    before = thaw(tx.issues.frozen(base.issue_id, base.hash))
    return issue_differences(before, (content, sender))


def _editions(
    content: IssueContent, groups: Iterable[Group], looked_at: frozenset[str]
) -> Iterable[EditionToSee]:
    """Each edition that somebody gets, once, those of most people first."""
    alike: dict[frozenset[str], list[Group]] = {}
    for group in groups:
        if group.reached:
            alike.setdefault(compose(content, group.kind).visible, []).append(group)
    by_people = sorted(alike.items(), key=lambda each: -sum(one.people for one in each[1]))
    for visible, readers in by_people:
        key = _key(visible)
        readers.sort(key=lambda group: -group.people)
        kinds = tuple(group.kind for group in readers)
        people = sum(group.people for group in readers)
        yield EditionToSee(key, kinds, readers[0].items, people, key in looked_at)


def _key(visible: frozenset[str]) -> str:
    return hashlib.sha256("\n".join(sorted(visible)).encode()).hexdigest()[:_KEY_LENGTH]
