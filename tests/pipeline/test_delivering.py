"""Delivering: whatever the transport does, every copy is accounted for and nobody has two."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from posted import Post, nth, started

from bulletin import worker
from bulletin.errors import (
    Misconfigured,
    StoreError,
    StoreFull,
    StoreUnavailable,
    TransportBlocked,
    TransportUnavailable,
)
from bulletin.models.deliveries import Consignment, Copy, Outcome, Receipt
from bulletin.models.issues import IssueState, Snapshot, Visibility
from bulletin.models.pace import NO_LIMITS
from bulletin.pipeline.deliver import Halt
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.press import Press
from bulletin.store.ledger import Claim, Ledger, Take, Verdict
from bulletin.transports.memory import MemoryTransport, accept
from bulletin.worker import sending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Desk


def raising(error: Exception) -> Callable[[], Outcome]:
    def fail() -> Outcome:
        raise error

    return fail


def test_everybody_gets_one_copy_and_the_issue_is_sent(desk: Desk) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport())
    assert post.run(reference) == Halt()
    assert sorted(post.copies.values()) == [1] * 25
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 25)


def test_a_transport_that_is_unavailable_leaves_the_rest_prepared_without_an_attempt(
    desk: Desk,
) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport(nth(7, raising(TransportUnavailable("gone")))))
    assert isinstance(post.run(reference).error, TransportUnavailable)
    status = post.status(reference)
    assert (status.state, status.submitted, status.prepared) == ("sending", 6, 19)
    again = Post(desk, MemoryTransport())
    again.run(reference)
    assert sorted((post.copies + again.copies).values()) == [1] * 25


def test_a_transport_that_is_blocked_pauses_the_issue_and_says_why(desk: Desk) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport(nth(1, raising(TransportBlocked("wrong key")))))
    post.run(reference)
    issue = desk.drafting.issue(reference)
    assert (issue.state, issue.state_reason) == (IssueState.PAUSED, "wrong key")
    assert post.status(reference).prepared == 25


def test_a_transport_that_breaks_unexpectedly_leaves_copies_uncertain_and_no_more(
    desk: Desk,
) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport(nth(7, raising(ValueError("bug"))), window=10))
    assert isinstance(post.run(reference).error, ValueError)
    status = post.status(reference)
    assert (status.submitted, status.uncertain, status.prepared) == (6, 4, 15)
    Post(desk, MemoryTransport()).run(reference)
    assert (post.status(reference).state, post.status(reference).sending) == ("sent", 0)


def failing_first(error: Exception) -> Callable[..., None]:
    """A `Ledger.record` that raises once when it has something to write."""
    record, broken = Ledger.record, iter([True])

    def fail_once(self: Ledger, verdicts: list[Verdict], now: datetime) -> None:
        if verdicts and next(broken, False):
            raise error
        record(self, verdicts, now)

    return fail_once


@pytest.mark.parametrize("trouble", [StoreFull("no room"), StoreUnavailable("restarting")])
def test_outcomes_are_kept_until_the_database_takes_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """A full disk, or a database that restarts, between the server's answer and our record."""
    reference = started(desk)
    monkeypatch.setattr(Ledger, "record", failing_first(trouble))
    post = Post(desk, MemoryTransport(window=10))
    assert post.run(reference) == Halt()
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 25)
    assert sorted(post.copies.values()) == [1] * 25


def test_an_outcome_that_can_never_be_written_leaves_its_copies_uncertain_not_sending(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = started(desk)
    monkeypatch.setattr(Ledger, "record", failing_first(StoreError("no such column")))
    post = Post(desk, MemoryTransport(window=10))
    assert isinstance(post.run(reference).error, StoreError)
    post.run(reference)
    status = post.status(reference)
    assert (status.state, status.sending) == ("sent", 0)
    assert (status.submitted, status.uncertain) == (15, 10)
    assert sorted(post.copies.values()) == [1] * 25


def test_what_is_wrong_with_the_next_copies_costs_no_outcome_of_those_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport(window=10))
    take = Ledger.take

    def fail_later(self: Ledger, claim: Claim, limit: int, *rest: Any) -> Take:
        if limit and post.transport.accepted:
            raise AttributeError("no such thing")
        return take(self, claim, limit, *rest)

    monkeypatch.setattr(Ledger, "take", fail_later)
    assert isinstance(post.run(reference).error, AttributeError)
    status = post.status(reference)
    assert (status.submitted, status.sending, status.uncertain) == (10, 0, 0)


class Twice(MemoryTransport):
    """Says of every copy that it was accepted, and then that it was refused."""

    def send(self, consignment: Consignment) -> Iterator[Receipt]:
        for receipt in super().send(consignment):
            yield receipt
            yield Receipt(receipt.delivery_id, Outcome.FAILED)


def test_what_was_accepted_is_never_taken_back_by_a_second_receipt(desk: Desk) -> None:
    reference = started(desk)
    post = Post(desk, Twice())
    post.run(reference)
    assert (post.status(reference).submitted, post.status(reference).failed) == (25, 0)


def test_a_slow_server_does_not_cost_a_live_sender_its_chunk(quick_desk: Desk) -> None:
    reference = started(quick_desk, readers=8)

    def slowly(_copy: Copy) -> Outcome:
        time.sleep(0.5)
        return Outcome.SUBMITTED

    lease = timedelta(seconds=2.5)
    post = Post(quick_desk, MemoryTransport(slowly), lease=lease)
    rival = Post(quick_desk, MemoryTransport(), lease=lease)
    thread = threading.Thread(target=post.run, args=(reference,))
    thread.start()
    while not post.transport.accepted:
        time.sleep(0.01)
    while thread.is_alive():
        rival.run(reference)
        time.sleep(0.2)
    thread.join()
    assert (len(post.copies), len(rival.copies)) == (8, 0)
    assert post.status(reference).uncertain == 0


def test_a_refusal_for_now_is_tried_again_when_its_time_has_come(desk: Desk) -> None:
    """Requirement 31."""
    reference = started(desk, readers=3)
    post = Post(desk, MemoryTransport(nth(2, lambda: Outcome.RETRY)))
    halt = post.run(reference)
    assert halt.next_moment is not None
    wait = halt.next_moment - datetime.now(UTC)
    assert timedelta(minutes=4) < wait < timedelta(minutes=6)
    assert post.status(reference).prepared == 1
    assert desk.drafting.issue(reference).state is IssueState.SENDING
    with desk.store.write() as tx:  # leases go by the database's clock: bring the time nearer
        tx._connection.exec_driver_sql("UPDATE chunks SET run_after = NULL")
        tx._connection.exec_driver_sql("UPDATE deliveries SET retry_at = '2020-01-01 00:00:00'")
    post.run(reference)
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 3)
    assert sorted(post.copies.values()) == [1] * 3


@pytest.mark.parametrize("answer", [Outcome.RETRY, Outcome.SUBMITTED, Outcome.FAILED])
def test_cancelling_in_mid_send_leaves_nothing_open(desk: Desk, answer: Outcome) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport(accept, window=10))

    def cancel(_copy: Copy) -> Outcome:
        if desk.drafting.issue(reference).state is IssueState.SENDING:
            post.delivery.cancel(reference, "test")
        return answer

    post.transport._answer = cancel
    post.run(reference)
    status = post.status(reference)
    assert (status.state, status.prepared, status.sending) == ("cancelled", 0, 0)
    assert status.audience == status.excluded + status.submitted + status.failed


def test_pausing_takes_no_more_and_resuming_goes_on(desk: Desk) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport(accept, window=5))

    def pause(_copy: Copy) -> Outcome:
        if desk.drafting.issue(reference).state is IssueState.SENDING:
            post.delivery.pause(reference, "test")
        return Outcome.SUBMITTED

    post.transport._answer = pause
    post.run(reference)
    assert (post.status(reference).submitted, post.status(reference).prepared) == (5, 20)
    post.transport._answer = accept
    post.delivery.resume(reference, "test")
    post.run(reference)
    assert sorted(post.copies.values()) == [1] * 25


def test_a_copy_carries_the_fields_and_links_of_its_own_reader(quick_desk: Desk) -> None:
    reference = started(quick_desk, readers=3)
    post = Post(quick_desk, MemoryTransport())
    post.run(reference)
    links = {copy.list_unsubscribe for copy, _ in post.transport.accepted}
    ids = {copy.message_id for copy, _ in post.transport.accepted}
    assert (len(links), len(ids)) == (3, 3)
    assert all(identity.endswith("@school.example>") for identity in ids)


def test_one_chunk_can_be_sent_alone_and_the_last_one_settles_the_issue(desk: Desk) -> None:
    """What a worker's job does: 25 readers in chunks of 10."""
    reference = started(desk)
    post = Post(desk, MemoryTransport())
    number = desk.drafting.issue(reference).id
    sent = []
    for position in (2, 0, 0, 1):
        halt = post.delivery.run_chunk(number, position, threading.Event(), lambda _: None)
        assert halt == Halt()
        sent.append((len(post.copies), post.status(reference).state))
    assert sent == [(5, "sending"), (15, "sending"), (15, "sending"), (25, "sent")]


def test_a_chunk_that_somebody_else_holds_says_when_to_come_back(desk: Desk) -> None:
    reference = started(desk)
    post = Post(desk, MemoryTransport())
    number = desk.drafting.issue(reference).id
    with desk.store.write() as tx:
        now = tx.lease_clock()
        assert tx.ledger.claim(number, "elsewhere:1", now, timedelta(seconds=60), position=1)
    halt = post.delivery.run_chunk(number, 1, threading.Event(), lambda _: None)
    assert halt == Halt(next_moment=now + timedelta(seconds=60))
    assert not post.copies


def two_started(desk: Desk) -> list[str]:
    """Two issues that are being sent to 25 readers each, the first begun first."""
    first = started(desk)
    (item,) = desk.add_items("What cannot wait")
    second = desk.drafting.new("Urgent", {}, Visibility.PUBLIC, "test").slug
    desk.drafting.place(second, [item], PlacingOptions(), "test")
    desk.approval.approve(second, "test")
    desk.planning.start(second, None, "test")
    return [first, second]


@pytest.mark.parametrize("broken", [1, 2])
def test_an_issue_that_cannot_be_sent_keeps_no_other_waiting(desk: Desk, broken: int) -> None:
    asked = []

    def press(issue_id: int, snapshot: Snapshot) -> Press:
        asked.append(issue_id)
        if issue_id == broken:
            raise Misconfigured("its theme is gone")
        return Press(issue_id, snapshot)

    references = two_started(desk)
    post = Post(desk, MemoryTransport(), press=press)
    job = sending(post.delivery, lambda _: None)
    for _ in range(2):
        job(threading.Event())
    states = [post.status(reference).state for reference in references]
    assert sorted(zip(states, (1, 2), strict=True)) == [("sending", broken), ("sent", 3 - broken)]
    assert asked.count(broken) == 1  # it is left alone for a while


def test_issues_go_in_turns_so_that_a_slow_one_keeps_no_other_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = two_started(desk)
    post = Post(desk, MemoryTransport(window=5))
    a_second_each = SimpleNamespace(monotonic=lambda: float(len(post.transport.accepted)))
    monkeypatch.setattr(worker, "time", a_second_each)
    job, rounds = sending(post.delivery, lambda _: None), 0
    while any(post.status(each).state != "sent" for each in references):
        rounds += 1
        assert rounds < 20
        job(threading.Event())
        if rounds == 1:
            assert all(post.status(each).submitted for each in references)
    assert len(post.transport.accepted) == 50
    assert len({copy.delivery_id for copy, _ in post.transport.accepted}) == 50


@pytest.mark.parametrize(
    ("halt", "left"), [("cancel", ("cancelled", 0, 22)), ("pause", ("paused", 22, 0))]
)
def test_what_a_sender_that_died_had_in_hand_is_seen_though_its_issue_goes_no_further(
    desk: Desk, halt: str, left: tuple[str, int, int]
) -> None:
    """Nobody takes its chunk over; whoever looks after issues finds it once the lease is over."""
    reference = started(desk)
    post = Post(desk, MemoryTransport())
    with desk.store.write() as tx:
        issue, now = tx.issues.get(reference), tx.lease_clock()
        pace = tx.pace(NO_LIMITS, now, now.date())
        dead = tx.ledger.claim(issue.id, "elsewhere:1:0", now, timedelta(seconds=60))
        assert dead
        tx.ledger.take(dead, 3, timedelta(seconds=60), pace)
    getattr(post.delivery, halt)(reference, "test")
    post.delivery.settle_orphans()
    assert (post.status(reference).sending, post.status(reference).uncertain) == (3, 0)
    with desk.store.write() as tx:
        tx.chunks.expire(issue.id, "elsewhere:1:0", tx.lease_clock())
    post.delivery.settle_orphans()
    status = post.status(reference)
    assert (status.state, status.prepared, status.excluded) == left
    assert (status.sending, status.uncertain) == (0, 3)
    with desk.store.read() as tx:
        assert tx.chunks.orphaned(tx.lease_clock()) == []
