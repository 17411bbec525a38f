"""An issue that is ready to go out, readers to get it, and a clock that the test moves."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bulletin.models.issues import Issue, Visibility
from bulletin.models.items import ItemDraft, Nation
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.wiring import Services

LONDON = ZoneInfo("Europe/London")


class Clock:
    """Says what time it is; a test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, local: str) -> None:
        """local: UK time, such as `2026-12-08T07:30`."""
        self.now = datetime.fromisoformat(local).replace(tzinfo=LONDON).astimezone(UTC)


def with_clock(services: Services) -> Clock:
    """Have everything of these services go by a clock of the test's own."""
    clock = Clock()
    services.store.clock = clock
    return clock


def enrol(services: Services, count: int, nation: Nation = Nation.ENGLAND, **facts: str) -> None:
    """Put people on the list: `england1@school.example` and so on."""
    name = nation.value.split()[0].lower()
    with services.store.write() as tx:
        drafts = (
            SubscriberDraft(
                f"{name}{number}@school.example", ("dsl",), nation=nation,
                kind=SubscriberKind.CORPORATE, **facts,
            )
            for number in range(count)
        )  # fmt: skip
        tx.roster_import(services.store.clock(), "test").run((draft, False) for draft in drafts)


def an_issue(services: Services, title: str = "December news") -> Issue:
    """A draft with one item for everybody."""
    with services.store.write() as tx:
        item = tx.items.add(
            ItemDraft(title, body="What is new.", source="Board"), services.store.clock()
        )
    issue = services.drafting.new(title, {}, Visibility.PRIVATE, "author@school.example")
    services.drafting.place(issue.slug, [item], PlacingOptions(), "author@school.example")
    return services.drafting.issue(str(issue.id))


def approved(services: Services, title: str = "December news") -> Issue:
    issue = an_issue(services, title)
    services.approval.approve(issue.slug, "approver@school.example")
    return services.drafting.issue(str(issue.id))


def send_all(services: Services, issue: Issue) -> None:
    """Do what the sender of `bulletin serve` does with an issue, until nothing is left."""
    halt = services.delivery.run(issue.id, threading.Event(), lambda _: None)
    assert halt.error is None
