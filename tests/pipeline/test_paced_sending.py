"""A send that has a limit keeps it by itself, and says when it goes on."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from desks import LONDON
from posted import ADDRESSING, SIGNER, Post, started
from sqlalchemy import select

from bulletin.models.deliveries import Copy, Outcome
from bulletin.models.pace import Limits, Rate
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.letters import Correspondence
from bulletin.pipeline.pacing import Pacing
from bulletin.rendering import Stationery
from bulletin.store.tables import pace
from bulletin.transports.memory import MemoryTransport
from example_issue import SENDER

if TYPE_CHECKING:
    from desks import Desk


@pytest.mark.parametrize(
    "limits", [Limits(rate=Rate(50)), Limits(domains={"school.example": Rate(50)})]
)
def test_one_run_waits_for_the_rate_and_sends_everything(desk: Desk, limits: Limits) -> None:
    """Twelve go at once, the others over half a second, without a new connection."""
    reference = started(desk, readers=37)
    moments: list[datetime] = []

    def answer(_copy: Copy) -> Outcome:
        moments.append(datetime.now(UTC))
        return Outcome.SUBMITTED

    post = Post(desk, MemoryTransport(answer), connections=2, limits=limits)
    begun = datetime.now(UTC)
    assert post.run(reference).error is None
    assert sorted(post.copies.values()) == [1] * 37
    moments.sort()
    assert moments[36] - begun >= timedelta(seconds=0.4)
    with desk.store.read() as tx:
        used = tx._connection.execute(select(pace.c.used_until)).scalar_one()
    assert used - begun >= timedelta(seconds=0.64)


def test_a_plan_for_a_new_sender_stops_the_run_until_the_same_time_tomorrow(desk: Desk) -> None:
    """Chunks wait by the database's own clock, so the test is far in the future."""
    desk.clock.set("2099-12-01T07:30:00+00:00")
    reference = started(desk)
    post = Post(desk, MemoryTransport(), limits=Limits(warm_up=(12, 100)))
    desk.clock.set("2099-12-01T18:00:00+00:00")
    halt = post.run(reference)
    assert halt.next_moment == datetime(2099, 12, 2, 7, 30, tzinfo=UTC)
    assert (post.status(reference).submitted, post.status(reference).prepared) == (12, 13)
    assert post.run(reference).next_moment == halt.next_moment
    desk.clock.set("2099-12-02T07:30:00+00:00")
    with desk.store.write() as tx:
        tx.chunks.wake(desk.drafting.issue(reference).id)
    post.run(reference)
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 25)
    assert sorted(post.copies.values()) == [1] * 25


def test_a_letter_goes_at_once_and_the_issue_waits_for_it(quick_desk: Desk) -> None:
    desk = quick_desk
    limits = Limits(rate=Rate(0.001))
    zone = LONDON
    wish = Wish(RequestKind.JOIN, "sam@school.example", "192.0.2.1", roles=("dsl",))
    letters = MemoryTransport()
    correspondence = Correspondence(
        desk.store,
        Stationery(),
        SIGNER,
        open_transport=lambda: letters,
        addressing=lambda: ADDRESSING,
        sender=lambda: SENDER,
        pacing=Pacing(limits, zone, desk.clock),
    )
    asking = Asking(desk.store, per_hour=10, per_client=10, zone=zone)
    for name in ("sam", "lee"):
        other = Wish(wish.kind, f"{name}@school.example", wish.client, roles=wish.roles)
        asking.ask(other, LetterKind.CONFIRM_JOIN)
    assert correspondence.send(threading.Event()) is None
    assert len(letters.accepted) == 2  # though the rate lets one go in a quarter of an hour
    reference = started(desk, readers=1)
    post = Post(desk, MemoryTransport(), limits=limits)
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    halt = post.delivery.run(reference, stop, lambda _copies: None)
    timer.join()
    assert (halt.stopped, post.status(reference).prepared, len(post.copies)) == (True, 1, 0)
