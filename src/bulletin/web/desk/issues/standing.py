"""How an issue stands, in words, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.models.issues import Issue, IssueState


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state as a badge shows it. tone: of the design system, "" for none."""

    words: str
    tone: str


_WORDS = {
    IssueState.DRAFT: StateWords("Draft", ""),
    IssueState.IN_REVIEW: StateWords("Waiting for approval", "info"),
    IssueState.APPROVED: StateWords("Approved, no date yet", "ok"),
    IssueState.SCHEDULED: StateWords("Scheduled", "ok"),
    IssueState.SENDING: StateWords("Being sent", "info"),
    IssueState.PAUSED: StateWords("Paused", "warn"),
    IssueState.SENT: StateWords("Sent", "ok"),
    IssueState.CANCELLED: StateWords("Cancelled", ""),
}
_STEPS = {
    IssueState.DRAFT: ("compose", "Compose"),
    IssueState.IN_REVIEW: ("approve", "Look and approve"),
    IssueState.APPROVED: ("schedule", "Choose a date"),
    IssueState.SCHEDULED: ("schedule", "See the schedule"),
    IssueState.SENDING: ("sending", "Watch it go out"),
    IssueState.PAUSED: ("sending", "Go on or cancel"),
    IssueState.SENT: ("report", "Read the report"),
    IssueState.CANCELLED: ("sending", "See what went out"),
}


def state_words(issue: Issue) -> StateWords:
    """How an issue stands."""
    if issue.state is IssueState.SCHEDULED and issue.missed_at is not None:
        return StateWords("Missed its time", "warn")
    return _WORDS[issue.state]


def next_step(issue: Issue) -> tuple[str, str]:
    """The address of the page where an issue goes on, and what is done there."""
    page, words = _STEPS[issue.state]
    return f"/app/issues/{issue.id}/{page}", words
