"""Doubt about copies ends by a person's word, or, where that is set, by silence that says much."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from posted import Post, nth, started
from sqlalchemy import select, update

from bulletin.errors import NotFound, Refused
from bulletin.models.deliveries import Copy, Outcome, Resolution
from bulletin.models.events import Event, EventKind
from bulletin.models.people import SuppressionReason
from bulletin.pipeline.clearing import MOST_ATTEMPTS, Clearing
from bulletin.pipeline.events import Intake
from bulletin.store.tables import audit, deliveries
from bulletin.transports.memory import MemoryTransport, accept

if TYPE_CHECKING:
    from conftest import Desk

AT_ONCE = timedelta(0)


def unsure(_copy: Copy) -> Outcome:
    return Outcome.UNCERTAIN


def clearing(desk: Desk, *, resend: bool = True, settling: timedelta = AT_ONCE) -> Clearing:
    return Clearing(desk.store, resend=resend, zone=ZoneInfo("Europe/London"), settling=settling)


def with_doubt(desk: Desk, number: int = 3) -> tuple[str, Post]:
    """A sent issue whose copy with this number, of five, nobody can be sure of."""
    reference = started(desk, readers=5)
    post = Post(desk, MemoryTransport(nth(number, lambda: Outcome.UNCERTAIN), window=1))
    post.run(reference)
    post.transport._answer = accept
    return reference, post


def tell(desk: Desk, address: str, kind: EventKind, provider: str = "sendgrid") -> None:
    """News of somebody's copy."""
    with desk.store.read() as tx:
        query = select(deliveries.c.id).where(deliveries.c.email == address)
        number = tx._connection.execute(query).scalar_one()
    told = Event(provider, f"{number}-{kind}", kind, number, datetime.now().astimezone())
    Intake(desk.store, look_at=lambda _: None).record([told])


def said(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return list(tx._connection.execute(select(audit.c.action)).scalars())


def test_what_is_in_doubt_is_listed_with_address_issue_and_time(desk: Desk) -> None:
    reference, _ = with_doubt(desk)
    (doubt,) = clearing(desk).doubts(None, 10)
    assert (doubt.address, doubt.issue, doubt.attempts) == ("reader2@school.example", reference, 1)
    assert datetime.now().astimezone() - doubt.since < timedelta(minutes=1)
    assert clearing(desk).doubts(reference, 10) == [doubt]
    with pytest.raises(NotFound):
        clearing(desk).doubts("november", 10)


@pytest.mark.parametrize("resolution", [Resolution.SUBMITTED, Resolution.FAILED])
def test_a_person_says_what_became_of_a_copy(desk: Desk, resolution: Resolution) -> None:
    reference, post = with_doubt(desk)
    resolved = clearing(desk).resolve(reference, resolution, None, "editor@school.example")
    assert resolved.copies == 1
    status = post.status(reference)
    counts = (status.state, status.uncertain, status.submitted, status.failed)
    assert counts == (
        ("sent", 0, 5, 0) if resolution is Resolution.SUBMITTED else ("sent", 0, 4, 1)
    )
    assert said(desk)[-1] == "delivery.resolve"


def test_a_person_has_a_copy_sent_again_under_the_same_message_id(desk: Desk) -> None:
    """Requirement 3."""
    reference, post = with_doubt(desk)
    (doubt,) = clearing(desk).doubts(None, 10)
    resolved = clearing(desk).resolve(
        reference, Resolution.RESEND, [doubt.delivery_id], "editor@school.example"
    )
    assert (resolved.copies, resolved.left, resolved.issue.state) == (1, 0, "sending")
    post.run(reference)
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 5)
    assert sorted(post.copies.values()) == [1] * 5
    again = post.transport.accepted[-1][0]
    assert again.address == "reader2@school.example"
    expected = Post(desk, MemoryTransport()).message_id(again.delivery_id)
    assert again.message_id == expected


def test_only_copies_in_doubt_can_be_resolved(desk: Desk) -> None:
    reference, _ = with_doubt(desk)
    (doubt,) = clearing(desk).doubts(None, 10)
    with pytest.raises(NotFound, match="not in doubt"):
        clearing(desk).resolve(reference, Resolution.FAILED, [doubt.delivery_id, 999], "test")
    assert clearing(desk).doubts(None, 10) == [doubt]


def test_nobody_is_sent_an_uncertain_copy_again_who_left_meanwhile(desk: Desk) -> None:
    """Requirement 27."""
    reference, _ = with_doubt(desk)
    with desk.store.write() as tx:
        tx.suppressions.add("reader2@school.example", SuppressionReason.OBJECTION, desk.clock())
    resolved = clearing(desk).resolve(reference, Resolution.RESEND, None, "test")
    assert (resolved.copies, resolved.left) == (0, 1)


def test_nothing_of_a_cancelled_issue_goes_again(desk: Desk) -> None:
    reference = started(desk, readers=5)
    post = Post(desk, MemoryTransport(unsure, window=1))
    post.transport._answer = lambda _copy: (post.delivery.cancel(reference, "t"), unsure(_copy))[1]
    post.run(reference)
    assert post.status(reference).uncertain == 1
    with pytest.raises(Refused, match="cancelled"):
        clearing(desk).resolve(reference, Resolution.RESEND, None, "test")
    assert clearing(desk).settle_uncertain() == 0


def test_silence_sends_a_copy_again_once_news_of_later_ones_arrived(desk: Desk) -> None:
    reference, post = with_doubt(desk)
    tell(desk, "reader0@school.example", EventKind.DELIVERED)
    assert clearing(desk).settle_uncertain() == 0  # handed over before: its news was on the way
    tell(desk, "reader3@school.example", EventKind.BOUNCED_SOFT)
    assert clearing(desk).settle_uncertain() == 0  # a mail server tells only what goes wrong
    tell(desk, "reader4@school.example", EventKind.PROCESSED)
    assert clearing(desk, resend=False).settle_uncertain() == 0
    assert clearing(desk, settling=timedelta(minutes=15)).settle_uncertain() == 0
    assert clearing(desk).settle_uncertain() == 1
    assert said(desk)[-1] == "delivery.resend"
    post.run(reference)
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 3)
    assert sorted(post.copies.values()) == [1] * 5


@pytest.mark.parametrize("kind", [EventKind.PROCESSED, EventKind.DELIVERED])
def test_silence_says_nothing_where_mail_servers_tell_of_some_copies(
    desk: Desk, kind: EventKind
) -> None:
    """A reader forwards the bulletin, and it bounces there: that tells nothing of other copies."""
    with_doubt(desk)
    tell(desk, "reader4@school.example", kind, provider="dsn")
    assert clearing(desk).settle_uncertain() == 0


def test_news_of_the_copy_itself_ends_the_doubt(desk: Desk) -> None:
    reference, post = with_doubt(desk)
    tell(desk, "reader2@school.example", EventKind.DELIVERED)
    tell(desk, "reader4@school.example", EventKind.PROCESSED)
    assert clearing(desk).settle_uncertain() == 0
    assert (post.status(reference).uncertain, post.status(reference).delivered) == (0, 1)


def test_a_copy_that_stays_in_doubt_is_left_to_a_person_in_the_end(desk: Desk) -> None:
    reference, post = with_doubt(desk)
    tell(desk, "reader4@school.example", EventKind.PROCESSED)
    post.transport._answer = unsure
    rounds = 0
    while clearing(desk).settle_uncertain():
        rounds += 1
        post.run(reference)
        with desk.store.write() as tx:  # something was handed over later each time, and told of
            told = update(deliveries).where(deliveries.c.email == "reader4@school.example")
            tx._connection.execute(told.values(submitted_at=tx.lease_clock()))
    assert rounds == MOST_ATTEMPTS - 1
    assert post.status(reference).uncertain == 1
