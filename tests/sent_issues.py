"""A house with a clock that the test moves, where issues go out and are acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bulletin.models.evidence import Slip
from bulletin.models.issues import Issue, Visibility
from bulletin.models.items import ItemDraft
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.pipeline.draft import PlacingOptions
from bulletin.settings import load_settings
from bulletin.store.database import Database
from bulletin.store.store import Store
from bulletin.tokens import Purpose
from bulletin.wiring import Services

OAK = {"organisation": "Oak School", "urn": "100001"}
ELM = {"organisation": "Elm School", "urn": "100002"}


@dataclass
class House:
    """Everything wired for real, over one database and one outbox."""

    services: Services
    now: datetime

    def enrol(self, email: str, *roles: str, **facts: object) -> None:
        """Put somebody on the list, or change them; at Oak School unless told otherwise."""
        given = {"kind": SubscriberKind.CORPORATE, **OAK, **facts}
        draft = SubscriberDraft(email, roles or ("dsl",), **given)  # type: ignore[arg-type]
        self.services.enrolment.add(draft, "test")

    def send(self, title: str, on: str) -> Issue:
        """Send an issue to everybody, at half past seven in the morning of a day (UTC)."""
        self.now = datetime.fromisoformat(f"{on}T07:30:00+00:00")
        made = self.services
        with made.store.write() as tx:
            item = tx.items.add(ItemDraft(title, body="What is new.", source="Board"), self.now)
        issue = made.drafting.new(title, {}, Visibility.PRIVATE, "test")
        made.drafting.place(issue.slug, [item], PlacingOptions(), "test")
        made.approval.approve(issue.slug, "test")
        started = made.planning.start(issue.slug, None, "test")
        halt = made.delivery.run(started.id, threading.Event(), lambda _: None)
        assert halt.error is None
        return made.drafting.issue(issue.slug)

    def delivery(self, issue: Issue, email: str) -> int:
        """The id of somebody's delivery."""
        query = text("SELECT id FROM deliveries WHERE issue_id = :issue AND email = :email")
        with self.services.store.read() as tx:
            return int(
                tx._connection.execute(query, {"issue": issue.id, "email": email}).scalar_one()
            )

    def token(self, issue: Issue, email: str) -> str:
        """The token of the acknowledgement link in somebody's copy."""
        return self.services.signer.sign(Purpose.ACKNOWLEDGE, self.delivery(issue, email))

    def press(self, issue: Issue, email: str, on: str | None = None) -> Slip:
        """Have somebody press the button, on a day or at the moment that it is."""
        if on is not None:
            self.now = datetime.fromisoformat(f"{on}T10:00:00+00:00")
        slip = self.services.acknowledging.acknowledge(self.token(issue, email))
        assert slip is not None
        return slip


def open_house(database_url: str, folder: Path) -> House:
    """A house over an empty database. Whoever opens it closes its services."""
    services = Services(
        load_settings(
            database_url=database_url,
            secret_key="a secret of at least thirty-two characters",
            from_email="bulletin@school.example",
            outbox_dir=folder / "outbox",
        )
    )
    house = House(services, datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
    clock: Callable[[], datetime] = lambda: house.now  # noqa: E731
    services.__dict__["bare_store"] = Store(Database(database_url), clock)
    return house
