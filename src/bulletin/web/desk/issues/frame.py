"""What stands above every page of an issue: its name, its state, and the stages it goes through."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.models.issues import Issue, IssueState
from bulletin.wiring import Services

_ORDER = (
    ("compose", "Compose"),
    ("check", "Check"),
    ("approve", "Approve"),
    ("schedule", "Schedule"),
    ("sending", "Sent"),
)
# How many stages lie behind an issue in this state. Every stage can be looked at in any state:
# the order is kept by what may be done there.
_BEHIND = {
    IssueState.DRAFT: 0,
    IssueState.IN_REVIEW: 2,
    IssueState.APPROVED: 3,
    IssueState.SCHEDULED: 4,
    IssueState.SENDING: 4,
    IssueState.PAUSED: 4,
    IssueState.SENT: 5,
    IssueState.CANCELLED: 4,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of an issue. done: it lies behind; here: this is its page."""

    key: str
    name: str
    path: str
    done: bool
    here: bool


@dataclass(frozen=True, slots=True)
class IssueFrame:
    """An issue and its stages, as templates/desk/issues/base.html shows them."""

    issue: Issue
    stages: tuple[Stage, ...]
    root: str


def frame_of(issue: Issue, here: str) -> IssueFrame:
    """here: the key of the stage whose page it is, or "" for a page beside them."""
    root = f"/app/issues/{issue.id}"
    behind = _BEHIND[issue.state]
    stages = [
        Stage(key, name, f"{root}/{key}", done=place < behind, here=key == here)
        for place, (key, name) in enumerate(_ORDER)
    ]
    return IssueFrame(issue, tuple(stages), root)


def framed(services: Services, number: int, here: str) -> IssueFrame:
    """The frame of the issue with this number. Raises NotFound."""
    return frame_of(services.drafting.issue(str(number)), here)
