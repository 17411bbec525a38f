"""A pause is honoured when a send is planned and once more when a copy is taken."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from stored import NOON, enrol, person, sending_issue

from bulletin.models.pace import NO_LIMITS
from bulletin.models.people import SuppressionReason
from bulletin.store.store import Store

TODAY = NOON.date()
LEASE = timedelta(seconds=60)


def pause(store: Store, email: str, until: date | None) -> None:
    with store.write() as tx:
        tx.subscribers.pause(tx.subscribers.by_email(email).id, until, NOON)


def outcomes(store: Store, issue_id: int) -> dict[tuple[str, str], int]:
    with store.read() as tx:
        return tx.deliveries.counts(issue_id)


@pytest.mark.parametrize(
    ("until", "outcome"),
    [
        (None, ("prepared", "")),
        (TODAY - timedelta(days=1), ("prepared", "")),
        (TODAY, ("prepared", "")),
        (TODAY + timedelta(days=1), ("excluded", "paused")),
        (TODAY + timedelta(days=365), ("excluded", "paused")),
    ],
)
def test_the_bulletin_comes_again_on_the_day_that_a_pause_names(
    store: Store, until: date | None, outcome: tuple[str, str]
) -> None:
    enrol(store, [person("a@school.example")])
    pause(store, "a@school.example", until)
    assert outcomes(store, sending_issue(store).id) == {outcome: 1}


def test_the_forecast_counts_who_is_paused(store: Store) -> None:
    enrol(store, [person("a@school.example"), person("b@school.example")])
    pause(store, "a@school.example", TODAY + timedelta(days=1))
    issue = sending_issue(store)
    with store.read() as tx:
        rows = tx.planning.forecast(issue.id, [], [], today=TODAY)
    assert {row.reason: row.people for row in rows} == {"": 1, "paused": 1}


def test_who_left_is_counted_as_gone_and_not_as_paused(store: Store) -> None:
    enrol(store, [person("a@school.example")])
    pause(store, "a@school.example", TODAY + timedelta(days=1))
    with store.write() as tx:
        tx.suppressions.add("a@school.example", SuppressionReason.UNSUBSCRIBED, NOON)
    assert outcomes(store, sending_issue(store).id) == {("excluded", "unsubscribed"): 1}


def test_a_pause_set_in_mid_send_stops_the_copy_that_has_not_gone(store: Store) -> None:
    """Requirement 27: what a reader asks for holds at once, also in mid-issue."""
    enrol(store, [person(f"{name}@school.example") for name in "abc"])
    issue = sending_issue(store)
    with store.write() as tx:
        claim = tx.ledger.claim(issue.id, "here:1", NOON, LEASE)
        assert claim is not None
        pace = tx.pace(NO_LIMITS, NOON, TODAY)
        assert len(tx.ledger.take(claim, 1, LEASE, pace).copies) == 1
    pause(store, "b@school.example", TODAY + timedelta(days=1))
    pause(store, "c@school.example", TODAY)
    with store.write() as tx:
        taken = tx.ledger.take(claim, 10, LEASE, tx.pace(NO_LIMITS, NOON, TODAY)).copies
    assert [copy.email for copy in taken] == ["c@school.example"]
    assert outcomes(store, issue.id) == {("sending", ""): 2, ("excluded", "paused"): 1}
