"""A reader asks to be erased: the letter's button does it, from their own mailbox and once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulletin.errors import Refused
from bulletin.models.people import SuppressionReason
from bulletin.models.requests import CONFIRM_WITHIN
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.parting import Farewell, Parting, PartingState
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

SIGNER = TokenSigner("x" * 40)
EMAIL = "gwen@school.example"
LINK = SIGNER.sign(Purpose.PREFERENCES, 1)


class Door:
    """The way out, over a desk's store with one reader."""

    def __init__(self, desk: Desk) -> None:
        desk.enrol((EMAIL, "headteacher"))
        self.desk = desk
        asking = Asking(desk.store, per_hour=1000, per_client=1000, zone=ZoneInfo("Europe/London"))
        self.parting = Parting(desk.store, SIGNER, asking)

    def ask(self) -> str:
        """Ask to be erased. Returns the token that the letter to the reader holds."""
        assert self.parting.ask(LINK, "192.0.2.1") is not None
        return SIGNER.sign(Purpose.ERASE, 1)

    def is_held(self) -> bool:
        with self.desk.store.read() as tx:
            return tx.subscribers.find(EMAIL) is not None


@pytest.fixture
def door(desk: Desk) -> Door:
    return Door(desk)


def test_asking_erases_nobody_and_the_letters_button_does(door: Door) -> None:
    """Whoever was forwarded a copy has its links, and erasing cannot be undone."""
    letter = door.ask()
    for _ in range(2):
        found = door.parting.look(letter)
        assert found is not None
        assert found.reader is not None
        assert (found.state, found.reader.email) == (PartingState.READY, EMAIL)
    assert door.is_held()
    assert door.parting.confirm(letter) == Farewell(PartingState.DONE)
    assert not door.is_held()
    assert door.parting.confirm(letter) == Farewell(PartingState.OVER)
    assert door.parting.ask(LINK, "192.0.2.1") is None


def test_the_letters_link_works_for_seven_days(door: Door) -> None:
    letter = door.ask()
    door.desk.clock.now += CONFIRM_WITHIN + timedelta(seconds=1)
    assert door.parting.confirm(letter) == Farewell(PartingState.OVER)
    assert door.is_held()
    door.desk.clock.now -= timedelta(seconds=1)
    assert door.parting.confirm(letter) == Farewell(PartingState.DONE)


def test_two_presses_at_once_erase_once_and_both_get_an_answer(door: Door) -> None:
    letter = door.ask()
    start = threading.Barrier(4)

    def press(_: int) -> PartingState:
        start.wait()
        found = door.parting.confirm(letter)
        assert found is not None
        return found.state

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(press, range(4))) <= {PartingState.DONE, PartingState.OVER}
    assert not door.is_held()


def test_a_mailbox_that_the_reader_has_left_decides_nothing(door: Door) -> None:
    letter = door.ask()
    with door.desk.store.write() as tx:
        now = door.desk.clock()
        reader = tx.subscribers.by_email(EMAIL)
        tx.subscribers.move(reader, "new@school.example", "test", now, today=now.date())
    assert door.parting.confirm(letter) == Farewell(PartingState.OVER)
    assert door.is_held()


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.ERASE])
def test_a_token_for_anything_else_erases_nobody(door: Door, purpose: Purpose) -> None:
    """Requirement 70."""
    door.ask()
    token = SIGNER.sign(purpose, 1)
    assert door.parting.look(token) is None
    assert door.parting.confirm(token) is None
    assert (door.parting.ask(token, "192.0.2.1") is None) == (purpose is not Purpose.PREFERENCES)
    assert door.is_held()


@pytest.mark.parametrize("reason", list(SuppressionReason))
def test_only_whom_no_letter_may_reach_is_refused(door: Door, reason: SuppressionReason) -> None:
    with door.desk.store.write() as tx:
        tx.suppressions.add(EMAIL, reason, door.desk.clock())
    if reason in {"hard_bounce", "complaint", "objection", "erased"}:
        with pytest.raises(Refused):
            door.ask()
    else:
        assert door.parting.confirm(door.ask()) == Farewell(PartingState.DONE)
