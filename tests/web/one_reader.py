"""The smallest installation there is: one reader on the list."""

from __future__ import annotations

from pathlib import Path

from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.settings import load_settings
from bulletin.wiring import Services

SECRET = "a secret of at least thirty-two characters"


def installed_over(database_url: str, folder: Path) -> Services:
    """Its services, over an empty database. Whoever makes them closes them."""
    made = Services(
        load_settings(
            database_url=database_url,
            secret_key=SECRET,
            from_email="bulletin@school.example",
            outbox_dir=folder / "outbox",
        )
    )
    draft = SubscriberDraft("dsl@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
    made.enrolment.add(draft, "test")
    return made
