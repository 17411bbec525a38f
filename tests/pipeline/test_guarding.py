"""An issue that goes wrong is stopped, says why, and goes on when a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from posted import Post, started
from sqlalchemy import update

from bulletin.models.deliveries import Copy, Outcome, Toll
from bulletin.models.issues import IssueState
from bulletin.pipeline.guard import AUTOMATICALLY, Guard, judge
from bulletin.store.deliveries import Deliveries
from bulletin.store.tables import deliveries
from bulletin.transports.memory import MemoryTransport, accept

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Desk

CLEAN = Toll()


def refuse(_copy: Copy) -> Outcome:
    return Outcome.FAILED


@pytest.mark.parametrize(
    ("toll", "stops"),
    [
        (Toll(19, 0, 19), False),
        (Toll(20, 18, 2), False),
        (Toll(20, 17, 3), True),
        (Toll(1000, 900, 100), False),
        (Toll(1000, 899, 101), True),
        (Toll(20, 18, 1, uncertain=1), False),
        (Toll(20, 17, 1, uncertain=2), True),
        (Toll(20, 0, 0, uncertain=20), True),
    ],
)
def test_a_share_of_failures_and_doubts_stops_an_issue_of_twenty_copies_or_more(
    toll: Toll, stops: bool
) -> None:
    assert bool(judge(toll, CLEAN, 10).stop) is stops


@pytest.mark.parametrize(
    ("complained", "accepted", "warns", "stops"),
    [
        (0, 1000, False, False),
        (1, 1001, False, False),
        (1, 1000, True, False),
        (1, 20, True, False),
        (2, 1000, True, False),
        (3, 1000, True, True),
        (2, 20, True, True),
    ],
)
def test_complaints_warn_at_a_thousandth_and_stop_at_three(
    complained: int, accepted: int, warns: bool, stops: bool
) -> None:
    """Requirement 26."""
    found = judge(Toll(accepted, accepted, 0, complained), CLEAN, 10)
    assert (bool(found.warnings), bool(found.stop)) == (warns, stops)


def test_what_a_person_overlooked_warns_and_does_not_stop_again() -> None:
    toll = Toll(handed_over=100, accepted=70, failed=30, complained=5)
    again = judge(toll, toll, 10)
    assert (again.stop, len(again.warnings)) == ("", 2)
    worse = Toll(handed_over=140, accepted=100, failed=40, complained=5)
    assert judge(worse, toll, 10).stop.startswith("10 of 40 copies")


def test_an_issue_that_doubts_stopped_says_what_to_do() -> None:
    said = judge(Toll(1000, 0, 3, uncertain=997), CLEAN, 10).stop
    assert said.startswith(
        "1,000 of 1,000 copies failed, bounced or were not confirmed, more than 10 %. "
        "See whether the mail server or provider is well"
    )
    assert "whose copies were not confirmed" in said
    assert "confirmed" not in judge(Toll(20, 0, 20), CLEAN, 10).stop
    assert "failed" not in judge(Toll(20, 0, 0, uncertain=20), CLEAN, 10).stop


def test_doubts_that_were_settled_meanwhile_make_up_for_no_failures() -> None:
    overlooked = Toll(1000, 0, 0, uncertain=1000)
    settled = Toll(1040, accepted=1030, failed=10)
    assert judge(settled, overlooked, 10).stop.startswith("10 of 40 copies failed or bounced,")


def guarded(desk: Desk, transport: MemoryTransport) -> Post:
    return Post(desk, transport, look=Guard(desk.store, 10).look)


def test_an_issue_that_nobody_takes_stops_by_itself_and_resuming_goes_on(desk: Desk) -> None:
    reference = started(desk, readers=70)
    post = guarded(desk, MemoryTransport(refuse, window=10))
    post.run(reference)
    issue = desk.drafting.issue(reference)
    assert (issue.state, post.status(reference).failed) == (IssueState.PAUSED, 20)
    assert issue.state_reason.startswith(AUTOMATICALLY + "20 of 20 copies failed")
    post.delivery.resume(reference, "test")
    Guard(desk.store, 10).look(issue.id)
    assert desk.drafting.issue(reference).state is IssueState.SENDING
    post.run(reference)
    assert (post.status(reference).state, post.status(reference).failed) == ("paused", 40)
    post.transport._answer = accept
    post.delivery.resume(reference, "test")
    post.run(reference)
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 30)


def doubt(_copy: Copy) -> Outcome:
    return Outcome.UNCERTAIN


def break_down(_copy: Copy) -> Outcome:
    raise ValueError("bug")


@pytest.mark.parametrize("answer", [doubt, break_down])
def test_a_run_of_doubts_stops_the_issue_and_is_not_called_sent(
    desk: Desk, answer: Callable[[Copy], Outcome]
) -> None:
    reference = started(desk, readers=70)
    post = guarded(desk, MemoryTransport(answer, window=10))
    for _ in range(2):  # a transport that breaks ends a run
        post.run(reference)
    status = post.status(reference)
    assert (status.state, status.uncertain, status.prepared) == ("paused", 20, 50)
    assert "20 of 20 copies" in desk.drafting.issue(reference).state_reason
    post.transport._answer = accept
    post.delivery.resume(reference, "test")
    post.run(reference)
    status = post.status(reference)
    assert (status.state, status.uncertain, status.submitted) == ("sent", 20, 50)


def test_complaints_stop_an_issue_that_is_being_sent_and_no_other(desk: Desk) -> None:
    reference = started(desk)
    number = desk.drafting.issue(reference).id
    guard = Guard(desk.store, 10)
    with desk.store.write() as tx:
        tx._connection.execute(update(deliveries).values(state="delivered", complained=True))
        assert guard.check(tx, number).stop
    issue = desk.drafting.issue(reference)
    assert issue.state is IssueState.PAUSED
    assert "25 of 25 readers marked it as spam" in issue.state_reason
    with desk.store.write() as tx:
        assert guard.check(tx, number).stop
    assert desk.drafting.issue(reference).version == issue.version


def test_counting_a_long_list_takes_no_more_than_a_little_of_the_time(
    quick_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = quick_desk.drafting.issue(started(quick_desk)).id
    monkeypatch.setattr("bulletin.pipeline.guard._LONG", 25)
    now = [100.0]
    monkeypatch.setattr("bulletin.pipeline.guard.time.monotonic", lambda: now[0])
    counts = []

    def count(self: Deliveries, issue_id: int) -> Toll:
        counts.append(issue_id)
        now[0] += 1
        return Toll(planned=25)

    monkeypatch.setattr(Deliveries, "toll", count)
    guard = Guard(quick_desk.store, 10)
    for _ in range(3):
        guard.look(number)  # the first takes a second, so the next is due after twenty
    assert len(counts) == 1
    now[0] += 20
    guard.look(number)
    assert len(counts) == 2
