"""Pausing, cancelling and ending act at once, however slow the other side is."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from installation import Installation, MailServer, large_issue

from bulletin.errors import Refused
from bulletin.models.issues import IssueState
from bulletin.wiring import Services

READERS, CONNECTIONS = 60, 2
# A message that is being taken, and one that was announced behind it.
IN_FLIGHT = CONNECTIONS * 2


class SlowMailServer(MailServer):
    """Takes its time over every message until it is told to hurry."""

    pause = 0.4

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.pause)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def server() -> Iterator[SlowMailServer]:
    with SlowMailServer() as made:
        yield made


@contextmanager
def sending(
    folder: Path, server: SlowMailServer, database_url: str
) -> Iterator[tuple[Services, str, threading.Event, threading.Thread]]:
    """An issue that a thread sends: some copies have gone when the block begins."""
    settings = {"TRANSPORT": "smtp", "SMTP_URL": server.url, "SMTP_CONNECTIONS": str(CONNECTIONS)}
    at = Installation(folder, {**settings, "DATABASE_URL": database_url})
    issue = large_issue(at, READERS)
    stop = threading.Event()
    with at.services() as made:
        number = made.planning.start(issue, None, "test").id
        thread = threading.Thread(
            target=made.delivery.run, args=(number, stop, lambda _copies: None)
        )
        thread.start()
        while len(server.accepted) < 3:
            time.sleep(0.005)
        yield made, issue, stop, thread
        thread.join()


@pytest.mark.parametrize("wish", ["pause", "cancel", "stop"])
def test_nothing_arrives_but_what_was_in_flight(
    tmp_path: Path, server: SlowMailServer, database_url: str, wish: str
) -> None:
    """A window is 50 copies, which this server would take ten seconds for."""
    with sending(tmp_path, server, database_url) as (made, issue, stop, thread):
        if wish == "stop":
            stop.set()
        else:
            getattr(made.delivery, wish)(issue, "test")
        seen = len(server.accepted)
        thread.join()
        # A look at the ledger every quarter of a second, then what each connection has in hand.
        assert len(server.accepted) <= seen + IN_FLIGHT + CONNECTIONS
        _, status = made.reporting.status(issue)
        assert (status.sending, status.uncertain) == (0, 0)
        assert status.submitted == len(server.accepted)
        left = status.excluded if wish == "cancel" else status.prepared
        assert left == READERS - status.submitted
        if wish == "cancel":
            return
        server.pause = 0
        if wish == "pause":
            made.delivery.resume(issue, "test")
        made.delivery.run(issue, threading.Event(), lambda _copies: None)
        assert made.reporting.status(issue)[1].submitted == READERS
    copies = Counter(address for address, _ in server.accepted)
    assert (len(copies), max(copies.values())) == (READERS, 1)


def test_a_schedule_can_be_taken_away_and_the_issue_stays_approved(tmp_path: Path) -> None:
    at = Installation(tmp_path, {})
    issue = large_issue(at, 2)
    with at.services() as made:
        made.planning.schedule(issue, datetime(2099, 12, 1, 7, 30, tzinfo=UTC), None, "test")
        found = made.delivery.unschedule(issue, "test")
        assert (found.state, found.scheduled_at) == (IssueState.APPROVED, None)
        with pytest.raises(Refused, match="is approved"):
            made.delivery.unschedule(issue, "test")
