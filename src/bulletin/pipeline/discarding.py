"""Discarding: a draft that nobody wants goes for good; its items stay in the library."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.errors import Refused
from bulletin.models.issues import Issue, IssueState
from bulletin.models.items import ItemState
from bulletin.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Discard:
    """A draft, and what deleting it would do.

    items: how many stand in it. why_not: why it cannot be deleted, as a sentence, or "".
    """

    issue: Issue
    items: int
    why_not: str


class Discarding:
    """Deletes drafts that were never approved, so that there is nothing to answer for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def look(self, reference: str) -> Discard:
        """What deleting an issue would do. Raises NotFound."""
        with self._store.read() as tx:
            issue = tx.issues.get(reference)
            items = len(tx.issues.placements(issue.id))
            return Discard(issue, items, _why_not(tx, issue))

    def discard(self, reference: str, actor: str) -> Discard:
        """Delete a draft with its words, order, comments and versions. That cannot be undone.

        Its items stay; those that stand in no other issue are kept for later. Raises Refused if
        it is no draft, or was approved once; NotFound.
        """
        with self._store.write() as tx:
            tx.items.take_turns()
            issue = tx.issues.lock(reference)
            if why_not := _why_not(tx, issue):
                raise Refused(why_not)
            ids = [placed.item_id for placed in tx.issues.placements(issue.id)]
            tx.issues.delete(issue.id)
            now = self._store.clock()
            loose = [item.id for item in tx.items.list_items(ids=ids) if not item.issues]
            tx.items.set_state(loose, ItemState.KEPT, now)
            detail = {"title": issue.title, "slug": issue.slug, "items": ids}
            tx.audit.record(actor, "issue.delete", f"issue:{issue.id}", now, **detail)
            return Discard(issue, len(ids), "")


def _why_not(tx: Transaction, issue: Issue) -> str:
    subject = f"issue:{issue.id}"
    if issue.state is not IssueState.DRAFT:
        return f"Only a draft can be deleted, and '{issue.title}' {_STANDS[issue.state]}."
    # A database may give the number of a deleted issue to another.
    if tx.audit.last(subject, "issue.approve") > tx.audit.last(subject, "issue.delete"):
        return f"'{issue.title}' was approved once, so it stays on record."
    if tx.issues.is_named(issue.id):
        return f"'{issue.title}' has a correction or a rehearsal, so it stays on record."
    return ""


_STANDS = {
    IssueState.IN_REVIEW: "is waiting for its approval",
    IssueState.APPROVED: "is approved",
    IssueState.SCHEDULED: "is scheduled",
    IssueState.SENDING: "is going out",
    IssueState.PAUSED: "is paused while it goes out",
    IssueState.SENT: "has gone out",
    IssueState.CANCELLED: "was cancelled",
}
