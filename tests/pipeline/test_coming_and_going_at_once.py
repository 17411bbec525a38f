"""Somebody is erased in the moment in which something brings them in: erasing wins, always."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bulletin.models.people import SubscriberDraft, SuppressionReason
from bulletin.models.requests import RequestKind, Wish
from bulletin.pipeline.asking import Asking
from bulletin.pipeline.enrol import Enrolment
from bulletin.pipeline.erasing import erase
from bulletin.pipeline.joining import JoinForm, Joining
from bulletin.pipeline.moving import Moving
from bulletin.store.store import Transaction
from bulletin.store.tables import deliveries
from bulletin.tokens import Purpose, TokenSigner

if TYPE_CHECKING:
    from desks import Desk

LONDON = ZoneInfo("Europe/London")
EMAIL, MOVED = "gwen@school.example", "gwen@home.example"
DRAFT = SubscriberDraft(EMAIL, ("dsl",), consent_basis="asked")
T = TypeVar("T")


@pytest.fixture
def enrolment(desk: Desk) -> Enrolment:
    return Enrolment(desk.store, LONDON)


def while_open(desk: Desk, first: Callable[[Transaction], object], second: Callable[[], T]) -> T:
    """Do something on a connection of its own before `first` is committed; it must wait."""
    with ThreadPoolExecutor(1) as pool:
        with desk.store.write() as tx:
            first(tx)
            future = pool.submit(second)
            with pytest.raises(TimeoutError):
                future.result(timeout=0.3)
        return future.result(timeout=20)


def assert_gone(desk: Desk, *addresses: str) -> None:
    with desk.store.read() as tx:
        assert tx.subscribers.count() == 0
        assert {tx.suppressions.reason(each) for each in addresses} == {SuppressionReason.ERASED}


def test_whoever_joins_while_they_are_erased_is_erased(desk: Desk, enrolment: Enrolment) -> None:
    """Requirement 41: the erasure waits for the press on the other page, and finds its person."""
    with desk.store.write() as tx:
        number = tx.requests.add(Wish(RequestKind.JOIN, EMAIL, "192.0.2.1"), desk.clock())

    def join(tx: Transaction) -> None:
        assert tx.requests.confirm(number, desk.clock())
        tx.roster_import(desk.clock(), "reader").run([(DRAFT, False)])

    while_open(desk, join, lambda: enrolment.forget(EMAIL, "admin"))
    assert_gone(desk, EMAIL)


@pytest.mark.parametrize("known_before", [True, False])
def test_a_list_that_comes_in_while_somebody_is_erased_leaves_them_out(
    desk: Desk, enrolment: Enrolment, known_before: bool
) -> None:
    if known_before:
        enrolment.add(DRAFT, "admin")
    with desk.store.write() as tx:
        tx.requests.add(Wish(RequestKind.JOIN, EMAIL, "192.0.2.1"), desk.clock())
    text = f"email,roles\n{EMAIL},dsl\n"

    def bring_in() -> int:
        return enrolment.import_subscribers(
            io.StringIO(text), mapping={}, partial=False, dry_run=False, actor="admin"
        ).suppressed

    assert while_open(desk, lambda tx: erase(tx, EMAIL, "admin", desk.clock()), bring_in) == 1
    assert_gone(desk, EMAIL)


def test_whoever_moves_while_they_are_erased_is_gone_from_both_addresses(
    desk: Desk, enrolment: Enrolment
) -> None:
    enrolment.add(DRAFT, "admin")

    def move(tx: Transaction) -> None:
        now, reader = desk.clock(), tx.subscribers.by_email(EMAIL)
        tx.subscribers.lock(reader.id)
        assert tx.subscribers.move(reader, MOVED, "moved", now, today=now.date())

    while_open(desk, move, lambda: enrolment.forget(EMAIL, "admin"))
    assert_gone(desk, EMAIL, MOVED)


def test_moving_and_erasing_at_once_never_wait_for_each_other(
    desk: Desk, enrolment: Enrolment
) -> None:
    """Whatever the person has asked for from either address; and nothing of them is left."""
    signer = TokenSigner("x" * 40)
    moving = Moving(desk.store, signer, LONDON)
    for turn in range(5):
        old, new = f"a{turn}@school.example", f"b{turn}@home.example"
        enrolment.add(SubscriberDraft(old, ("dsl",), consent_basis="asked"), "admin")
        with desk.store.write() as tx:
            number = tx.subscribers.by_email(old).id
            for kind, email in ((RequestKind.ERASE, old), (RequestKind.CHANGE_ADDRESS, new)):
                wish = Wish(kind, email, "192.0.2.1", subscriber_id=number)
                asked = tx.requests.add(wish, desk.clock())
            tx.requests.add(Wish(RequestKind.JOIN, old, "192.0.2.1"), desk.clock())
        token = signer.sign(Purpose.CHANGE_ADDRESS, asked)
        start = threading.Barrier(2)

        def press(start: threading.Barrier = start, token: str = token) -> object:
            start.wait()
            return moving.confirm(token)

        def forget(start: threading.Barrier = start, old: str = old) -> object:
            start.wait()
            return enrolment.forget(old, "admin")

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(press), pool.submit(forget)]:
                done.result(timeout=20)
        assert_gone(desk, old)


def test_whoever_moves_while_a_send_is_planned_gets_one_copy_at_the_new_address(
    desk: Desk, enrolment: Enrolment
) -> None:
    enrolment.add(DRAFT, "admin")
    reference = desk.approved(readers=0)

    def move(tx: Transaction) -> None:
        now, reader = desk.clock(), tx.subscribers.by_email(EMAIL)
        tx.subscribers.lock(reader.id)
        assert tx.subscribers.move(reader, MOVED, "moved", now, today=now.date())

    while_open(desk, move, lambda: desk.planning.start(reference, None, "test"))
    with desk.store.read() as tx:
        planned = tx._connection.execute(select(deliveries)).all()
        assert [each.email for each in planned] == [MOVED]


def test_two_who_erase_the_same_person_are_both_right(desk: Desk, enrolment: Enrolment) -> None:
    enrolment.add(DRAFT, "admin")
    while_open(
        desk,
        lambda tx: erase(tx, EMAIL, "reader", desk.clock()),
        lambda: enrolment.forget(EMAIL, "admin"),
    )
    assert_gone(desk, EMAIL)


def test_a_join_and_an_erasure_at_the_same_moment_end_without_the_person(
    desk: Desk, enrolment: Enrolment
) -> None:
    """Whichever of the two is first."""
    signer = TokenSigner("x" * 40)
    asking = Asking(desk.store, per_hour=1000, per_client=1000, zone=LONDON)
    joining = Joining(desk.store, asking, signer, LONDON, name="Bulletin")
    for number in range(1, 6):
        address = f"a{number}@school.example"
        joining.ask(JoinForm(address, roles=("dsl",), agreed=True), "192.0.2.1")
        start = threading.Barrier(2)

        def press(start: threading.Barrier = start, number: int = number) -> object:
            start.wait()
            return joining.confirm(signer.sign(Purpose.CONFIRM, number), number)

        def forget(start: threading.Barrier = start, address: str = address) -> object:
            start.wait()
            return enrolment.forget(address, "admin")

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(press), pool.submit(forget)]:
                done.result(timeout=20)
        assert_gone(desk, address)
