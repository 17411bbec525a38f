"""An installation in which everything has happened: an issue in each state, readers, items.

For looking at every page, by machines (test_desk_accessible.py) and by eye (checks/desk).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from at_desk import a_user
from sqlalchemy import update

from bulletin.models.deliveries import DeliveryState
from bulletin.models.inbox import Pasted
from bulletin.models.issues import Issue, Visibility
from bulletin.models.items import ItemDraft, ItemWarning, Nation
from bulletin.models.people import (
    SubscriberDraft,
    SubscriberKind,
    SuppressionReason,
    UserRole,
)
from bulletin.models.sources import NewSource, SourceDefaults, SourceKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.example import EXAMPLE, annotated, example_issue
from bulletin.roster import open_roster
from bulletin.settings import load_settings
from bulletin.sources import SourceFormat, read
from bulletin.store.database import Database
from bulletin.store.store import Store
from bulletin.store.tables import sources
from bulletin.wiring import Services

AUTHOR = "sam.specimen@school.example"
APPROVER = "ruth.sample@school.example"
_SEGMENT = "role in (governor) and nation = Wales"
_ROSTER = """Email,Name,Roles,Organisation
anna@oak.school.example,Anna Example{long},DSL,Oak School{long}
bert@elm.school.example,Bert Specimen{long},Governor,Elm School{long}
"""
_WRONG = """no address{long},Cora Sample{long},Governor,Ash School{long}
dora@ash.school.example,Dora Sample{long},Chair of cheese{long},Ash School{long}
"""
_PASTE = """County notices

New first-aid course for school staff{long}

Source: County board, published Friday 20 November 2026

The course covers pupils with epilepsy and lasts half a day. It is for schools in England.

Book a place: First-aid course
https://board.example/first-aid

Private fostering: what to tell the council{long}

Source: County board, published Monday 23 November 2026

A child who lives with somebody else for 28 days or more may be privately fostered.

Read the leaflet: Private fostering
https://board.example/private-fostering
"""
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@dataclass
class Clock:
    """Shows what it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def installed(folder: Path, **how: Any) -> EveryState:
    """An installation of its own in a folder, filled. Whoever asks for it closes its services.

    how: what `EveryState` is told.
    """
    url = f"sqlite:///{folder / 'bulletin.db'}"
    services = Services(
        load_settings(
            _env_file=None, database_url=url, secret_key="a secret of at least 32 characters",
            from_email="bulletin@school.example", from_name="Fernhill Safeguarding Partnership",
            postal_address="1 Example Street, Fernhill FE1 1AA", outbox_dir=folder / "outbox",
        )
    )  # fmt: skip
    clock = Clock()
    services.__dict__["bare_store"] = Store(Database(url), clock)
    state = EveryState(services, clock, **how)
    state.fill()
    return state


@dataclass
class EveryState:
    """Fills an installation. Titles: of its issues, by the state that each gets.

    long: added to titles and names, so that nothing about them is short.
    crowd: how many further candidates wait in the inbox, and items stand in the draft.
    """

    services: Services
    clock: Clock
    long: str = ""
    crowd: int = 0
    issues: dict[str, Issue] = field(default_factory=dict)
    paste: int = 0
    segment: int = 0
    source: int = 0
    rosters: dict[str, int] = field(default_factory=dict)
    items: list[int] = field(default_factory=list)
    crowded: int = 0
    reader: int = 0
    invitation: str = ""
    reset: str = ""

    def fill(self) -> None:
        self._users()
        self._people()
        self._items()
        for step in (
            self._sent, self._cancelled, self._paused, self._sending, self._missed,
            self._scheduled, self._approved, self._in_review, self._draft, self._lists,
        ):  # fmt: skip
            step()
        self.clock.now = NOW

    def _users(self) -> None:
        a_user(self.services, UserRole.AUTHOR, AUTHOR)
        a_user(self.services, UserRole.APPROVER, APPROVER)
        admin = a_user(self.services, UserRole.ADMIN, "office@school.example")
        _, link = self.services.managing_users.invite("new@school.example", UserRole.EDITOR, AUTHOR)
        self.invitation = link.rsplit("/", 1)[-1]
        with self.services.store.write() as tx:
            self.reset = self.services.accounts.reset_link(tx, admin).rsplit("/", 1)[-1]

    def _people(self) -> None:
        with (EXAMPLE / "subscribers.csv").open("rb") as source:
            self.services.enrolment.import_subscribers(
                open_roster(source), mapping={}, partial=False, dry_run=False, actor=AUTHOR
            )
        draft = SubscriberDraft(
            "reader@school.example", ("dsl",), name=f"Rosa Reader{self.long[:150]}",
            organisation=f"Larch School{self.long[:150]}", kind=SubscriberKind.CORPORATE,
        )  # fmt: skip
        self.services.enrolment.add(draft, AUTHOR)
        with self.services.store.read() as tx:
            reader = tx.subscribers.find(draft.email)
        assert reader is not None
        self.reader = reader.id

    def _items(self) -> None:
        text = (EXAMPLE / "newsfeed.txt").read_bytes()
        kept = self.services.collecting.keep(read(text, SourceFormat.TEXT), AUTHOR)
        self.items = [one.id for one in kept]
        self.crowded = self._notices("Notice")[0] if self.crowd else self.items[0]
        pasted = Pasted("county.txt", _PASTE.format(long=self.long).encode())
        self.paste = self.services.pasting.take(f"county.txt{self.long}", [pasted], AUTHOR)

    def _lists(self) -> None:
        """A segment, a stopped address, a list on its way in and one that has come in."""
        enrolment, files = self.services.enrolment, self.services.roster_files
        self.segment, _ = enrolment.add_segment("Governors in Wales", _SEGMENT, AUTHOR)
        enrolment.suppress("gone@school.example", SuppressionReason.MANUAL, "Left in July.", AUTHOR)
        new = NewSource(
            "https://board.example/feed", SourceKind.FEED, f"County board{self.long}",
            SourceDefaults(), 60,
        )  # fmt: skip
        with self.services.store.write() as tx:
            self.source = tx.watched.add(new, self.clock.now, AUTHOR)
            failing = {"failing_since": NOW - timedelta(days=9), "trouble": "It answered with 500."}
            tx._connection.execute(update(sources).values(failing))
        for name, rows in (("waiting", _ROSTER + _WRONG), ("done", _ROSTER)):
            text = rows.format(long=self.long[:100])
            self.rosters[name] = files.bring(f"{name}.csv{self.long}", text.encode(), APPROVER)
        files.bring_in(self.rosters["done"], 2, APPROVER)

    def _notices(self, called: str) -> list[int]:
        """As many candidates as the crowd is; every third carries a doubt."""
        doubt = ItemWarning("no_source", "It does not say where it is from.")
        drafts = []
        for number in range(1, self.crowd + 1):
            long = self.long if number % 50 == 1 else ""
            drafts.append(
                ItemDraft(
                    f"{called} {number} for schools{long}", topic=f"Notices{long}",
                    body=f"What is new in {called} {number}.{long}",
                    source=f"County board{long}", nations=(Nation.WALES,),
                    warnings=(doubt,) if number % 3 == 0 else (),
                )
            )  # fmt: skip
        with self.services.store.write() as tx:
            return tx.items.add_all(drafts, self.clock.now)

    def _new(self, state: str, title: str, items: int = 4) -> Issue:
        """A draft with some of the items, written by the author."""
        drafting, example = self.services.drafting, example_issue()
        issue = drafting.new(title + self.long, example.rest, Visibility.PUBLIC, AUTHOR)
        for placing in example.placings[:items]:
            item = self.items[placing.item - 1]
            self.services.editing.revise(item, partial(annotated, placing), AUTHOR)
            drafting.place(issue.slug, [item], placing.options, AUTHOR)
        self.issues[state] = issue
        return issue

    def _signed(self, state: str, title: str) -> Issue:
        issue = self._new(state, title)
        return self.services.approval.approve(issue.slug, APPROVER, "Looked through by hand.")

    def _started(self, state: str, title: str) -> Issue:
        issue = self._signed(state, title)
        return self.services.planning.start(issue.slug, None, APPROVER)

    def _sent(self) -> None:
        self.clock.now = NOW - timedelta(days=28)
        issue = self._started("sent", "November 2026")
        halt = self.services.delivery.run(issue.id, threading.Event(), lambda _copies: None)
        assert halt.error is None
        self._spoil(issue)

    def _spoil(self, issue: Issue) -> None:
        """Some copies fared otherwise: failed, came back, nobody knows."""
        states = (DeliveryState.FAILED, DeliveryState.BOUNCED_HARD, DeliveryState.UNCERTAIN)
        with self.services.store.write() as tx:
            for place, state in enumerate(states):
                tx._connection.exec_driver_sql(
                    "UPDATE deliveries SET state = ?, detail = ?, uncertain_at = ? WHERE id ="
                    " (SELECT id FROM deliveries WHERE issue_id = ? AND state = 'submitted'"
                    " ORDER BY id LIMIT 1 OFFSET ?)",
                    (state.value, "550 5.1.1 No such mailbox",
                     "2026-11-03 09:30:00+00:00" if state is DeliveryState.UNCERTAIN else None,
                     issue.id, place),
                )  # fmt: skip

    def _cancelled(self) -> None:
        issue = self._signed("cancelled", "Extra: closed roads")
        self.services.delivery.cancel(issue.slug, APPROVER)

    def _paused(self) -> None:
        issue = self._started("paused", "Extra: storm warning")
        self.services.delivery.pause(issue.slug, APPROVER)

    def _sending(self) -> None:
        self._started("sending", "Extra: new helpline")

    def _missed(self) -> None:
        self.clock.now = NOW - timedelta(days=1)
        issue = self._signed("missed", "Extra: training places")
        at = self.clock.now + timedelta(hours=1)
        self.services.planning.schedule(issue.slug, at, None, APPROVER)
        self.clock.now = NOW
        self.services.planning.start_due()

    def _scheduled(self) -> None:
        issue = self._signed("scheduled", "December 2026")
        at = NOW + timedelta(days=7, hours=22)
        self.services.planning.schedule(issue.slug, at, None, APPROVER)

    def _approved(self) -> None:
        self._signed("approved", "January 2027")

    def _in_review(self) -> None:
        issue = self._new("in_review", "February 2027", items=5)
        approval, drafting = self.services.approval, self.services.drafting
        approval.ask(issue.slug, AUTHOR)
        approval.give_back(issue.slug, APPROVER, "Open with the helpline, not with the survey.")
        drafting.edit(issue.slug, {"intro": "The helpline has a new number."}, AUTHOR)
        drafting.remove(issue.slug, [self.items[1]], AUTHOR)
        approval.ask(issue.slug, AUTHOR, "The Welsh item came in late.")

    def _draft(self) -> None:
        issue = self._new("draft", "March 2027", items=6)
        if self.crowd:
            placed = self._notices("Reminder")
            self.services.drafting.place(issue.slug, placed, PlacingOptions(), AUTHOR)
