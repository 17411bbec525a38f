"""What a worker does with its jobs: nothing is forgotten, and nobody knocks at a closed door."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from queued import approved, change, distributed, jobs
from sqlalchemy import text

from bulletin.errors import TransportBlocked, TransportUnavailable
from bulletin.models.deliveries import Copy, Outcome
from bulletin.models.issues import Issue, IssueState
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.owners import machine
from bulletin.transports.memory import MemoryTransport, accept
from bulletin.wiring import Services


@pytest.fixture
def house(postgres_database: str, tmp_path: Path) -> Iterator[Services]:
    with distributed(postgres_database, tmp_path) as services:
        yield services


def answer(house: Services, how: Callable[[Copy], Outcome]) -> MemoryTransport:
    """Have all copies and letters answered so."""
    transport = MemoryTransport(how)
    house.open_transport = lambda: transport  # type: ignore[method-assign]
    return transport


def raising(error: Exception) -> Callable[[Copy], Outcome]:
    def fail(_copy: Copy) -> Outcome:
        raise error

    return fail


def started(house: Services, readers: int = 25) -> Issue:
    """An issue on its way, whose jobs have been taken out of the queue."""
    issue = house.planning.start(approved(house, readers), None, "test")
    change(house, "DELETE FROM procrastinate_jobs")
    return issue


def send(house: Services, issue: Issue, position: int = 0) -> None:
    house.dispatch.chunk(issue.id, position, threading.Event())


def waiting_until(house: Services) -> list[tuple[int, datetime | None]]:
    """(chunk, not before) of every job, in order of chunks."""
    query = text("SELECT (args->>'position')::int, scheduled_at FROM procrastinate_jobs ORDER BY 1")
    with house.store.read() as tx:
        return [(row[0], row[1]) for row in tx._connection.execute(query)]


def test_a_chunk_that_is_done_leaves_no_job_behind(house: Services) -> None:
    transport = answer(house, accept)
    issue = started(house)
    send(house, issue)
    send(house, issue)  # a job too many finds nothing to do
    assert len(transport.accepted) == 10
    assert jobs(house) == []


def test_the_last_chunk_calls_the_issue_sent(house: Services) -> None:
    answer(house, accept)
    issue = started(house)
    for position in range(3):
        send(house, issue, position)
    assert house.drafting.issue(issue.slug).state is IssueState.SENT


def test_a_chunk_whose_copies_are_tried_again_later_is_looked_at_then(house: Services) -> None:
    """Requirement 31."""
    answer(house, lambda _copy: Outcome.RETRY)
    issue = started(house, readers=10)
    send(house, issue)
    ((position, moment),) = waiting_until(house)
    assert position == 0
    assert moment is not None
    assert timedelta(minutes=2) < moment - house.store.clock() < timedelta(minutes=15)


def test_a_transport_that_is_away_is_left_alone_as_long_as_it_asks_by_all_chunks(
    house: Services,
) -> None:
    transport = answer(house, raising(TransportUnavailable("slow down", retry_after=90)))
    issue = started(house)
    send(house, issue)
    ((_, moment),) = waiting_until(house)
    assert moment is not None
    assert timedelta(seconds=80) < moment - house.store.clock() <= timedelta(seconds=90)
    house.dispatch.sweep()
    assert len(waiting_until(house)) == 1
    transport._answer = accept
    send(house, issue, 1)
    assert transport.accepted == []


class Waits(threading.Event):
    """Notes how long somebody would wait, and lets no time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.noted.append(timeout or 0)
        return self.is_set()


def test_a_machine_that_cannot_send_waits_by_itself_and_keeps_nobody_waiting(
    house: Services,
) -> None:
    transport = answer(house, raising(TransportUnavailable("no route to the server")))
    issue = started(house)
    stop = Waits()
    house.dispatch.chunk(issue.id, 0, stop)
    assert waiting_until(house) == [(0, None)]
    assert 4 < sum(stop.noted) <= 5
    transport._answer = accept
    for position in range(3):
        send(house, issue, position)
    assert len(transport.accepted) == 25


def test_what_a_person_must_mend_pauses_the_issue_and_resuming_makes_jobs_at_once(
    house: Services,
) -> None:
    answer(house, raising(TransportBlocked("wrong password")))
    issue = started(house)
    send(house, issue)
    assert jobs(house) == []
    assert house.drafting.issue(issue.slug).state is IssueState.PAUSED
    house.delivery.resume(issue.slug, "test")
    assert waiting_until(house) == [(0, None), (1, None), (2, None)]


def test_a_worker_that_is_told_to_stop_hands_its_chunk_to_others_now(house: Services) -> None:
    answer(house, accept)
    issue = started(house)
    stop = threading.Event()
    stop.set()
    house.dispatch.chunk(issue.id, 0, stop)
    assert waiting_until(house) == [(0, None)]


def test_a_sweep_calls_an_issue_sent_whose_last_sender_died_before_it_could(
    house: Services,
) -> None:
    issue = started(house)
    change(house, "UPDATE deliveries SET state = 'submitted'")
    change(house, "UPDATE chunks SET state = 'done'")
    house.dispatch.sweep()
    assert house.drafting.issue(issue.slug).state is IssueState.SENT


def test_chunks_of_a_process_of_this_machine_that_died_go_on_at_the_next_sweep(
    house: Services,
) -> None:
    started(house)
    dead = f"{machine()}:{2**22 + 1}:00000000"  # no process has such a number
    change(
        house,
        "UPDATE chunks SET state = 'sending', lease_until = now() + interval '1 minute', "
        f"owner = CASE WHEN position = 1 THEN '{dead}' ELSE 'elsewhere:1:00000000' END",
    )
    house.dispatch.sweep()
    assert waiting_until(house) == [(1, None)]


def test_letters_wait_while_what_sends_them_is_away_and_are_not_forgotten(
    house: Services,
) -> None:
    answer(house, raising(TransportUnavailable("nobody there")))
    wish = Wish(RequestKind.JOIN, "sam@elsewhere.example", "192.0.2.1")
    house.asking.ask(wish, LetterKind.CONFIRM_JOIN)
    change(house, "DELETE FROM procrastinate_jobs")
    house.dispatch.letters(threading.Event())
    assert [task for task, _, _ in jobs(house)] == ["send_letters"]
    transport = answer(house, accept)
    house.dispatch.letters(threading.Event())
    house.dispatch.sweep()
    assert len(jobs(house)) == 1
    assert transport.accepted == []


def test_a_letter_whose_job_was_lost_is_found_by_a_sweep(house: Services) -> None:
    transport = answer(house, accept)
    wish = Wish(RequestKind.JOIN, "sam@elsewhere.example", "192.0.2.1")
    house.asking.ask(wish, LetterKind.CONFIRM_JOIN)
    change(house, "DELETE FROM procrastinate_jobs")
    for _ in range(2):
        house.dispatch.sweep()
    assert [task for task, _, _ in jobs(house)] == ["send_letters"]
    house.dispatch.letters(threading.Event())
    assert [copy.address for copy, _ in transport.accepted] == ["sam@elsewhere.example"]


def test_a_letter_in_the_hands_of_another_worker_is_doubted_only_after_a_long_time(
    house: Services,
) -> None:
    wish = Wish(RequestKind.JOIN, "sam@elsewhere.example", "192.0.2.1")
    house.asking.ask(wish, LetterKind.CONFIRM_JOIN)
    with house.store.write() as tx:
        assert tx.letters.take(house.store.clock()) is not None
    assert house.correspondence.recover(alone=False) == 0
    change(house, "UPDATE letters SET taken_at = now() - interval '11 minutes'")
    assert house.correspondence.recover(alone=False) == 1
