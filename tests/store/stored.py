"""People and issues to fill a store with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bulletin.models.issues import Issue, IssueState, Visibility
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.store.store import Store

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def person(email: str, *roles: str, **facts: object) -> SubscriberDraft:
    """A subscriber of a school, whom no consent is needed to mail."""
    given = {"kind": SubscriberKind.CORPORATE, **facts}
    return SubscriberDraft(email=email, roles=roles or ("dsl",), **given)  # type: ignore[arg-type]


def enrol(store: Store, people: Iterable[SubscriberDraft]) -> None:
    with store.write() as tx:
        tx.roster_import(NOON, "test").run((draft, False) for draft in people)


def sending_issue(store: Store, *, chunk_size: int = 1000) -> Issue:
    """An issue with one edition for everybody, planned and being sent."""
    with store.write() as tx:
        issue = tx.issues.add(
            slug="december", title="December", texts={}, visibility=Visibility.PRIVATE,
            actor="test", now=NOON,
        )  # fmt: skip
        groups = tx.planning.groups([])
        tx.planning.set_editions(issue.id, [(group, 1, 3) for group in groups])
        tx.planning.plan(issue.id, [], [], chunk_size, today=NOON.date())
        tx.issues.move(issue, IssueState.SENDING, NOON)
        return tx.issues.get(issue.id)
