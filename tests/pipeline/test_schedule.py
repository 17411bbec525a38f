"""The schedule: at its time, once, or not at all; the ledger is the truth, not the scheduler."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulletin.errors import (
    BulletinError,
    InvalidInput,
    Misconfigured,
    NotFound,
    Refused,
    StoreUnavailable,
)
from bulletin.models.issues import Audience, IssueState, Sender, Visibility
from bulletin.pipeline.clock import moment
from bulletin.pipeline.draft import PlacingOptions
from bulletin.pipeline.plan import Planning

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> str:
    return moment(text, LONDON).isoformat()


def scheduled(desk: Desk, text: str) -> str:
    reference = desk.approved()
    desk.planning.schedule(reference, moment(text, LONDON), None, "test")
    return reference


@pytest.mark.parametrize(
    "local", ["2026-12-01T07:30", "2027-03-28T09:00", "2027-03-29T07:30", "2027-10-31T09:00"]
)
def test_an_issue_goes_out_at_its_uk_time_and_once_also_on_the_days_the_clocks_change(
    desk: Desk, local: str
) -> None:
    reference = scheduled(desk, local)
    desk.clock.now = moment(local, LONDON) - timedelta(seconds=1)
    assert desk.planning.start_due() == []
    desk.clock.now = moment(local, LONDON)
    assert [fired.started for fired in desk.planning.start_due()] == [True]
    assert desk.planning.start_due() == []
    assert desk.drafting.issue(reference).state is IssueState.SENDING
    assert desk.reporting.status(reference)[1].prepared == 3


def test_a_restart_a_little_late_still_sends(desk: Desk) -> None:
    """engine.md: APScheduler's own grace of one second would never send it."""
    reference = scheduled(desk, "2026-12-01T07:30")
    desk.clock.set(at("2026-12-01T09:29"))
    again = Planning(desk.store, chunk_size=10, grace=timedelta(hours=2), zone=LONDON)
    assert again.start_due()[0].started
    assert desk.drafting.issue(reference).state is IssueState.SENDING


def test_a_window_that_was_missed_waits_for_a_person_and_says_so(desk: Desk) -> None:
    reference = scheduled(desk, "2026-12-01T07:30")
    desk.clock.set(at("2026-12-01T09:31"))
    (fired,) = desk.planning.start_due()
    assert not fired.started
    assert "missed its time" in fired.explanation
    assert desk.planning.start_due() == []
    issue = desk.drafting.issue(reference)
    assert issue.state is IssueState.SCHEDULED
    assert issue.missed_at is not None
    assert "missed its time" in issue.state_reason
    assert desk.planning.start(reference, None, "test").state is IssueState.SENDING


def test_a_missed_issue_can_be_scheduled_again(desk: Desk) -> None:
    reference = scheduled(desk, "2026-12-01T07:30")
    desk.clock.set(at("2026-12-02T07:30"))
    desk.planning.start_due()
    later = moment("2026-12-03T07:30", LONDON)
    issue = desk.planning.schedule(reference, later, None, "test")
    assert (issue.missed_at, issue.state_reason) == (None, "")
    desk.clock.now = later
    assert desk.planning.start_due()[0].started


def test_several_clocks_at_once_start_an_issue_once(desk: Desk) -> None:
    """engine.md: two schedulers on one job store fire everything twice."""
    reference = scheduled(desk, "2026-12-01T07:30")
    desk.clock.set(at("2026-12-01T07:30"))
    started: list[bool] = []
    barrier = threading.Barrier(4)

    def clock() -> None:
        barrier.wait()
        started.extend(fired.started for fired in desk.planning.start_due())

    threads = [threading.Thread(target=clock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert started == [True]
    assert desk.reporting.status(reference)[1].audience == 3


@pytest.mark.parametrize(
    ("trouble", "held_back"),
    [
        (Misconfigured("BULLETIN_FROM_EMAIL is missing."), True),
        (InvalidInput("its sender is none"), True),
        (StoreUnavailable("it is locked"), False),
    ],
)
def test_no_issue_keeps_another_from_starting_on_time(
    desk: Desk, trouble: BulletinError, held_back: bool
) -> None:
    slugs = []
    for title in ("First", "Second"):
        slug = desk.drafting.new(title, {}, Visibility.PUBLIC, "test").slug
        desk.drafting.place(slug, desk.add_items(title), PlacingOptions(), "test")
        desk.approval.approve(slug, "test")
        desk.planning.schedule(slug, moment("2026-12-01T07:30", LONDON), None, "test")
        slugs.append(slug)
    desk.enrol(("reader@school.example", "dsl"))
    troubles = iter([trouble])

    def check(_sender: Sender) -> None:
        if error := next(troubles, None):
            raise error

    planning = Planning(
        desk.store, chunk_size=10, grace=timedelta(hours=2), zone=LONDON, check_sender=check
    )
    desk.clock.set(at("2026-12-01T07:30"))
    fired = planning.start_due()
    assert [each.started for each in fired] == [False, True]
    assert str(trouble) in fired[0].explanation
    stuck = desk.drafting.issue(fired[0].issue.slug)
    assert (stuck.missed_at is not None, str(trouble) in stuck.state_reason) == (held_back,) * 2


def test_an_edit_takes_an_issue_off_the_schedule(desk: Desk) -> None:
    reference = scheduled(desk, "2026-12-01T07:30")
    desk.drafting.edit(reference, {"subject": "Changed"}, "test")
    desk.clock.set(at("2026-12-01T07:30"))
    assert desk.planning.start_due() == []
    assert desk.drafting.issue(reference).state is IssueState.DRAFT


def test_only_an_approved_issue_and_a_time_to_come_can_be_scheduled(quick_desk: Desk) -> None:
    reference = quick_desk.issue()
    later = moment("2026-12-01T07:30", LONDON)
    with pytest.raises(Refused, match="only an approved issue"):
        quick_desk.planning.schedule(reference, later, None, "test")
    quick_desk.approval.approve(reference, "test")
    with pytest.raises(Refused, match="gone by"):
        quick_desk.planning.schedule(reference, quick_desk.clock.now, None, "test")
    with pytest.raises(NotFound, match="no segment 'leeds'"):
        quick_desk.planning.schedule(reference, later, Audience(("leeds",)), "test")


def test_an_issue_that_nobody_would_get_is_not_started(quick_desk: Desk) -> None:
    reference = quick_desk.approved(readers=0)
    with pytest.raises(Refused, match="Nobody would get"):
        quick_desk.planning.start(reference, None, "test")
    assert quick_desk.drafting.issue(reference).state is IssueState.APPROVED
    assert quick_desk.reporting.status(reference)[1].audience == 0


def test_looking_at_the_forecast_writes_nothing(desk: Desk) -> None:
    reference = desk.approved()
    rows = desk.planning.forecast(reference)
    assert [(row.items, row.people, row.reason) for row in rows] == [(2, 3, "")]
    assert desk.reporting.status(reference)[1].audience == 0
