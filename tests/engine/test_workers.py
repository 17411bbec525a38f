"""Workers as they run: real processes, a real PostgreSQL, a real mail server."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, Envelope, Session
from installation import Installation, MailServer, free_port, large_issue

from bulletin.models.deliveries import IssueStatus
from bulletin.models.requests import LetterKind, RequestKind, Wish
from workers import copies_each, impatient_workers, wait_until, workers_installed

if TYPE_CHECKING:
    from conftest import PostgresServer

READERS = 300
SLOTS, WINDOW = 2, 20


class PatientMailServer(MailServer):
    """Takes its time over every message, so that there is a middle of a send to fail in."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self._seconds)
        return await super().handle_DATA(server, session, envelope)


def begin(at: Installation, readers: int = READERS) -> str:
    issue = large_issue(at, readers)
    with at.services() as made:
        made.planning.start(issue, None, "test")
    return issue


def until_sent(at: Installation, issue: str, *workers: subprocess.Popen[str]) -> IssueStatus:
    with at.services() as made:
        wait_until(lambda: made.reporting.status(issue)[1].state == "sent", *workers)
        return made.reporting.status(issue)[1]


def end(worker: subprocess.Popen[str]) -> str:
    """Tell a worker to stop; what it said."""
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=30)
    assert worker.returncode == 0, out + err
    assert "Traceback" not in out + err, out + err
    return out


def test_a_worker_killed_and_another_frozen_past_its_lease_lose_and_double_nobody(
    tmp_path: Path, postgres_database: str
) -> None:
    """Requirements 78, 79. engine.md: a frozen worker's chunk runs twice, overlapping."""
    with PatientMailServer(0.02) as mail:
        at = workers_installed(tmp_path, postgres_database, mail)
        with impatient_workers(at, 3, SLOTS) as (killed, frozen, left):
            issue = begin(at)
            wait_until(lambda: len(mail.accepted) >= 30, killed, frozen, left)
            killed.kill()
            frozen.send_signal(signal.SIGSTOP)
            until_sent(at, issue, left)
            frozen.send_signal(signal.SIGCONT)
            time.sleep(1)  # in which it would send what it had in hand once more
            for worker in (frozen, left):
                end(worker)
        status = until_sent(at, issue)
    copies = copies_each(mail)
    # What the frozen one then knows it did not hand over is failed: shown, and for resend-missed.
    doubtful = status.uncertain + status.failed
    assert max(copies.values()) == 1
    assert status.submitted + doubtful == READERS
    assert READERS - len(copies) <= doubtful <= 2 * SLOTS * WINDOW
    assert status.submitted <= len(copies)


def test_workers_go_on_by_themselves_after_postgresql_crashed_and_came_back(
    tmp_path: Path, postgres_of_its_own: PostgresServer
) -> None:
    """Requirement 78. engine.md: a listener dies silently, or a worker ends with exit code 0."""
    with PatientMailServer(0.02) as mail:
        at = workers_installed(tmp_path, postgres_of_its_own.url, mail)
        with impatient_workers(at, 3, SLOTS) as workers:
            issue = begin(at)
            wait_until(lambda: len(mail.accepted) >= 30, *workers)
            postgres_of_its_own.crash()
            time.sleep(1)
            assert [worker.poll() for worker in workers] == [None] * 3
            postgres_of_its_own.start()
            status = until_sent(at, issue, *workers)
            for worker in workers:
                end(worker)
    copies = copies_each(mail)
    assert max(copies.values()) == 1
    assert status.submitted + status.uncertain == READERS
    assert READERS - len(copies) <= status.uncertain <= 3 * SLOTS * WINDOW


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand_and_others_go_on(
    tmp_path: Path, postgres_database: str
) -> None:
    with PatientMailServer(0.02) as mail:
        at = workers_installed(tmp_path, postgres_database, mail)
        with impatient_workers(at, 2, SLOTS) as (first, second):
            issue = begin(at, 200)
            wait_until(lambda: len(mail.accepted) >= 20, first, second)
            said = end(first)
            assert 0 < len(mail.accepted) < 200
            status = until_sent(at, issue, second)
    assert "the copies in hand are finished first" in said
    assert (status.submitted, status.uncertain) == (200, 0)
    assert sorted(copies_each(mail).values()) == [1] * 200


def test_a_second_signal_ends_a_worker_at_once(tmp_path: Path, postgres_database: str) -> None:
    with PatientMailServer(20) as mail:
        at = workers_installed(tmp_path, postgres_database, mail)
        begin(at, 5)
        worker = at.start("worker", "--pool", "bulk")
        with at.services() as made:
            wait_until(lambda: made.reporting.status("december")[1].sending > 0, worker)
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=5)
    assert worker.returncode == -signal.SIGTERM


def test_a_worker_without_the_setting_says_what_to_set(tmp_path: Path) -> None:
    said = Installation(tmp_path, {}).run("worker", code=1)
    assert "BULLETIN_ENGINE=distributed" in said


def test_serve_starts_a_scheduled_issue_and_sends_nothing_and_a_worker_of_both_pools_does(
    tmp_path: Path, postgres_database: str
) -> None:
    with MailServer() as mail:
        at = workers_installed(tmp_path, postgres_database, mail)
        issue = large_issue(at, 30)
        soon = datetime.now(UTC) + timedelta(seconds=1)
        port = free_port()
        with at.services() as made:
            made.planning.schedule(issue, soon, None, "test")
            server = at.start("serve", "--port", str(port))
            wait_until(lambda: made.drafting.issue(issue).state.value == "sending", server)
            server.send_signal(signal.SIGTERM)
            assert "sends nothing itself" in server.communicate(timeout=30)[1]
            assert server.returncode == 0
            assert mail.accepted == []
            made.asking.ask(
                Wish(RequestKind.JOIN, "sam@elsewhere.example", "192.0.2.1"),
                LetterKind.CONFIRM_JOIN,
            )
        worker = at.start("worker")
        until_sent(at, issue, worker)
        wait_until(lambda: "sam@elsewhere.example" in copies_each(mail), worker)
        end(worker)
    assert sorted(copies_each(mail).values()) == [1] * 31
