"""Approvers: who may sign an issue. Nobody signs what they wrote (invariant 7)."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.models.issues import Issue
from bulletin.models.people import User
from bulletin.models.rights import RIGHTS, Right
from bulletin.store.store import Transaction

# Whatever else is done to an issue or item writes it: what is new here bars somebody too many,
# and never one too few.
_NO_WRITING = (
    "issue.accept", "issue.accept_no_more", "issue.approve", "issue.cancel", "issue.missed",
    "issue.pause", "issue.paused", "issue.publish", "issue.rehearse", "issue.reopen",
    "issue.resend", "issue.resume", "issue.return", "issue.schedule", "issue.start",
    "issue.submit", "issue.unpublish", "issue.unschedule", "item.keep", "item.reject",
    "item.restore", "item.unsort", "delivery.resend", "delivery.resolve",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who could sign an issue as it is now.

    may:     users who could, in the order of their accounts.
    writers: addresses of those who made it, or changed it since it was last approved.
    alone:   one person does it all: there is nobody else, or a setting says so.
    """

    may: tuple[User, ...]
    writers: frozenset[str]
    alone: bool

    def why_not(self, actor: str) -> str:
        """Why somebody may not sign it, as a sentence, or ""."""
        email = actor.strip().lower()
        if self.alone or email in {user.email for user in self.may}:
            return ""
        if email in self.writers:
            return (
                "Whoever wrote an issue cannot approve it: you made it, or changed it since it was "
                "last approved. Ask a colleague with the role approver or admin."
            )
        return "Somebody with the role approver or admin has to approve this."


def approvers_of(tx: Transaction, issue: Issue, *, self_approval: bool) -> Approvers:
    """Who may approve an issue. With nobody else to ask, one person does it all.

    self_approval: whether that holds with several people, too.
    """
    users = tx.users.list_users()
    writers = _writers(tx, issue)
    alone = self_approval or len(users) < 2
    able = [user for user in users if Right.APPROVE in RIGHTS[user.role]]
    may = able if alone else [user for user in able if user.email not in writers]
    return Approvers(tuple(may), writers, alone)


def _writers(tx: Transaction, issue: Issue) -> frozenset[str]:
    """Who made an issue, and who changed it or an item of it since it was last approved."""
    own = f"issue:{issue.id}"
    # A database may give the number of a deleted issue to another.
    since = max(tx.audit.last(own, "issue.approve"), tx.audit.last(own, "issue.delete"))
    items = [f"item:{placed.item_id}" for placed in tx.issues.placements(issue.id)]
    wrote = tx.audit.actors([own, *items], but_for=_NO_WRITING, after=since)
    return frozenset(name.strip().lower() for name in {issue.created_by, *wrote})
