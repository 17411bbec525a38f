"""Reviews: what was sent for approval, what became of it, and what was said meanwhile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bulletin.models.checks import Finding


class Decision(StrEnum):
    """What became of a version that was sent for approval."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"  # an approver wants changes
    ENDED = "ended"  # it was edited, so nobody could approve it any more


@dataclass(frozen=True, slots=True)
class Review:
    """A version of an issue that was sent for approval.

    number: counts the versions of an issue that were sent.
    hash:   of its snapshot, which is what would go out.
    remark: what its sender said to the approver, or "".
    reason: why it was returned, why it ended, or why it was approved although a check blocked.
    """

    id: int
    issue_id: int
    number: int
    hash: str
    asked_by: str
    asked_at: datetime
    decision: Decision
    remark: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Advice that somebody decided not to follow, and why."""

    fingerprint: str
    message: str
    reason: str
    accepted_by: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about an item of an issue, or about the issue (item_id None).

    text: plain text. thread_id: the comment that it answers, or None.
    resolved_by, resolved_at: of the first comment of a thread: who said that it is settled.
    """

    id: int
    issue_id: int
    item_id: int | None
    thread_id: int | None
    author: str
    text: str
    written_at: datetime
    resolved_by: str = ""
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and its answers, oldest first."""

    first: Comment
    answers: tuple[Comment, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.first.resolved_at is None


@dataclass(frozen=True, slots=True)
class TrialCopy:
    """A copy that somebody had sent to one of the team, and what became of it.

    outcome: submitted (accepted by the mail server), failed, or uncertain.
    detail:  why it failed, in the other side's own words.
    edition: whose it was, in words.
    """

    id: int
    issue_id: int
    address: str
    edition: str
    sent_by: str
    sent_at: datetime
    outcome: str
    detail: str = ""


def fingerprint_of(finding: Finding) -> str:
    """What a finding is known by, as long as it says the same: 64 hexadecimal digits."""
    said = f"{finding.code}\0{finding.item_id}\0{finding.message}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
