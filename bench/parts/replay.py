"""What comes back after a send: the servers' record as events, and a person's decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from bulletin.models.events import Event, EventKind
from bulletin.web.app import create_app
from bulletin.wiring import Services
from parts.webhook import Provider, event

Accepted = tuple[str, int]
"""An address, and the copy that a server accepted for it."""

_AT_ONCE = 1000


def by_webhook(made: Services, provider: Provider, record: Sequence[Accepted]) -> None:
    """As SendGrid tells it: signed posts, delivered before processed, and each post twice."""
    app = TestClient(create_app(made))
    for kind in ("delivered", "processed"):
        for part in _parts(record):
            post = provider.post([event(kind, number, address) for address, number in part])
            post.to(app)
            post.to(app)


def by_report(made: Services, record: Sequence[Accepted]) -> None:
    """As a mail server's log could tell it; SMTP itself tells only of what does not arrive."""
    now = datetime.now(UTC)
    for part in _parts(record):
        made.intake.record(
            [
                Event("bench", str(number), EventKind.PROCESSED, number, now, address)
                for address, number in part
            ]
        )


def _parts(record: Sequence[Accepted]) -> Iterator[Sequence[Accepted]]:
    for start in range(0, len(record), _AT_ONCE):
        yield record[start : start + _AT_ONCE]


def resend_the_rest(made: Services, issue: str) -> None:
    """Decide, as a person would who knows the server's log: what is still uncertain goes again."""
    made.resending.resend_missed(issue, "bench", uncertain=True)
