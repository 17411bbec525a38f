"""Whoever comes back gets the next issue, unless more than their own word is in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulletin.models.people import SuppressionReason
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.preferences import Preferences
from bulletin.pipeline.record import Recording, Standing
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")
SIGNER = TokenSigner("x" * 40)
EMAIL = "a@school.example"
ComeBack = Callable[["Desk"], Standing | None]


def undo(desk: Desk) -> Standing | None:
    return Recording(desk.store, SIGNER).resubscribe(SIGNER.sign(Purpose.UNSUBSCRIBE, 1))


def rejoin(desk: Desk) -> Standing | None:
    asking = Asking(desk.store, per_hour=1000, per_client=1000, zone=LONDON)
    preferences = Preferences(desk.store, SIGNER, asking, LONDON)
    return preferences.rejoin(SIGNER.sign(Purpose.PREFERENCES, 1))


@pytest.fixture(params=[undo, rejoin])
def come_back(request: pytest.FixtureRequest) -> ComeBack:
    door: ComeBack = request.param
    return door


def suppress(desk: Desk, *reasons: SuppressionReason) -> None:
    with desk.store.write() as tx:
        for reason in reasons:
            tx.suppressions.add(EMAIL, reason, desk.clock())


def test_coming_back_ends_a_pause(desk: Desk, come_back: ComeBack) -> None:
    """The page says that the next issue comes, so it does."""
    desk.enrol((EMAIL, "dsl"))
    desk.issue(readers=0)
    with desk.store.write() as tx:
        tx.subscribers.pause(1, date(2027, 6, 1), desk.clock())
    suppress(desk, SuppressionReason.UNSUBSCRIBED)
    found = come_back(desk)
    assert found is not None
    assert (found.suppression, found.subscriber.paused_until) == (None, None)
    assert [row.reason for row in desk.planning.forecast("december")] == [""]


@pytest.mark.parametrize("under", [SuppressionReason.MANUAL, SuppressionReason.HARD_BOUNCE])
def test_what_others_found_or_decided_counts_again(
    desk: Desk, come_back: ComeBack, under: SuppressionReason
) -> None:
    desk.enrol((EMAIL, "dsl"))
    suppress(desk, under, SuppressionReason.UNSUBSCRIBED)
    found = come_back(desk)
    assert found is not None
    assert found.suppression is under


def test_whoever_never_left_keeps_their_pause(desk: Desk, come_back: ComeBack) -> None:
    """An old button, pressed by accident, is no wish."""
    desk.enrol((EMAIL, "dsl"))
    with desk.store.write() as tx:
        tx.subscribers.pause(1, date(2027, 6, 1), desk.clock())
    found = come_back(desk)
    assert found is not None
    assert found.subscriber.paused_until == date(2027, 6, 1)
