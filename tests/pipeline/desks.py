"""A desk: the pipeline's parts over a store, a list of people, and a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bulletin.models.issues import Visibility
from bulletin.models.items import Action, Item, ItemDraft
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.approve import Approval
from bulletin.pipeline.checking import Checking
from bulletin.pipeline.checking_repeats import RepeatChecking
from bulletin.pipeline.draft import Drafting, PlacingOptions
from bulletin.pipeline.editing import Editing
from bulletin.pipeline.plan import Planning
from bulletin.pipeline.report import Reporting
from bulletin.pipeline.reviewing.proving import Proving
from bulletin.pipeline.revise import ItemChanges, changed
from bulletin.pipeline.showing.galley import Galleys
from bulletin.rendering import Renderer
from bulletin.store.store import Store
from example_issue import SENDER

RENDERER = Renderer()
LONDON = ZoneInfo("Europe/London")


class Clock:
    """Says what time it is; a test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        self.now = datetime.fromisoformat(text)


@dataclass
class Desk:
    """The pipeline's parts over one store."""

    store: Store
    clock: Clock

    def __post_init__(self) -> None:
        self.drafting = Drafting(self.store)
        self.editing = Editing(self.store)
        checking = Checking(
            self.store, zone=LONDON, stale_after=120, links_for=timedelta(hours=24),
            repeats=RepeatChecking(LONDON),
        )  # fmt: skip
        self.proving = Proving(self.store, Galleys(self.store, RENDERER, lambda: SENDER), checking)
        self.approval = Approval(self.store, self.proving, self_approval=False)
        self.planning = Planning(self.store, chunk_size=10, grace=timedelta(hours=2), zone=LONDON)
        self.reporting = Reporting(self.store)

    def add_items(self, *titles: str) -> list[int]:
        drafts = [
            ItemDraft(
                title=title,
                body="What schools need to know.",
                source="Example Board",
                actions=(Action("Read the advice", url="https://guidance.example/advice"),),
            )
            for title in titles
        ]
        with self.store.write() as tx:
            return [tx.items.add(draft, self.clock()) for draft in drafts]

    def change(self, item_id: int, **changes: Any) -> Item:
        """Edit an item. changes: those of ItemChanges."""
        edit = partial(changed, changes=ItemChanges(**changes))
        return self.editing.revise(item_id, edit, "test")

    def enrol(self, *people: tuple[str, ...]) -> None:
        """People as (address, role, role ...)."""
        drafts = [
            SubscriberDraft(address, tuple(roles), kind=SubscriberKind.CORPORATE)
            for address, *roles in people
        ]
        with self.store.write() as tx:
            tx.roster_import(self.clock(), "test").run((draft, False) for draft in drafts)

    def issue(self, *, readers: int = 3) -> str:
        """An issue with one item for everybody and one for DSLs, with that many readers."""
        for_all, for_dsl = self.add_items("For everybody", "For leads")
        self.enrol(*((f"reader{n}@school.example", "dsl") for n in range(readers)))
        self.drafting.new("December", {}, Visibility.PUBLIC, "editor@school.example")
        self.drafting.place("december", [for_all], PlacingOptions(), "test")
        self.drafting.place("december", [for_dsl], PlacingOptions(roles=["dsl"]), "test")
        return "december"

    def approved(self, *, readers: int = 3) -> str:
        reference = self.issue(readers=readers)
        self.approval.approve(reference, "test")
        return reference
