"""Requests and letters in the database: counted, taken once, doubted after a crash, forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from stored import NOON

from bulletin.models.items import Nation
from bulletin.models.requests import LetterKind, LetterState, RequestKind, Wish
from bulletin.store.store import Store

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JOINS = {RequestKind.JOIN}


def wish(email: str = "sam@school.example", client: str = "192.0.2.1") -> Wish:
    return Wish(RequestKind.JOIN, email, client, roles=("dsl", "governor"), nation=Nation.WALES)


def ask(store: Store, email: str, at: datetime = NOON) -> int:
    """A request with its letter. Returns its id."""
    with store.write() as tx:
        number = tx.requests.add(wish(email), at)
        tx.letters.post(LetterKind.CONFIRM_JOIN, email, number, at, unless_since=at - DAY)
    return number


def taken(store: Store, at: datetime = NOON) -> list[str]:
    """The addresses of all letters that can be taken, in the order in which they are."""
    found = []
    with store.write() as tx:
        while letter := tx.letters.take(at):
            found.append(letter.email)
    return found


def test_a_wish_comes_back_as_it_was_but_for_who_asked(store: Store) -> None:
    number = ask(store, "Sam@School.Example")
    with store.read() as tx:
        kept = tx.requests.get(number)
    assert kept is not None
    assert (kept.email, kept.roles, kept.nation) == (
        "sam@school.example", ("dsl", "governor"), Nation.WALES,
    )  # fmt: skip
    assert "192.0.2.1" not in repr(kept)


def test_the_newest_but_so_many_is_of_one_client_or_of_all(store: Store) -> None:
    with store.write() as tx:
        for minute, client in enumerate(["a", "b", "a", "a"]):
            tx.requests.add(wish(client=client), NOON + timedelta(minutes=minute))
        found = [
            tx.requests.newest_but(0, JOINS),
            tx.requests.newest_but(3, JOINS),
            tx.requests.newest_but(4, JOINS),
            tx.requests.newest_but(2, JOINS, client="a"),
            tx.requests.newest_but(1, JOINS, client="b"),
        ]
    minutes = [None if at is None else (at - NOON) // timedelta(minutes=1) for at in found]
    assert minutes == [3, 0, None, 0, None]


def test_a_request_is_confirmed_once(store: Store) -> None:
    number = ask(store, "sam@school.example")
    with store.write() as tx:
        assert [tx.requests.confirm(number, NOON) for _ in range(3)] == [True, False, False]


def test_letters_are_taken_oldest_first_and_each_once(store: Store) -> None:
    for name in ("one", "two", "three"):
        ask(store, f"{name}@school.example")
    assert taken(store) == ["one@school.example", "two@school.example", "three@school.example"]
    assert taken(store) == []


def test_two_senders_never_take_the_same_letter(store: Store) -> None:
    addresses = {f"reader{number}@school.example" for number in range(20)}
    for address in addresses:
        ask(store, address)

    def take_one(_: int) -> str | None:
        with store.write() as tx:
            letter = tx.letters.take(NOON)
        return letter and letter.email

    with ThreadPoolExecutor(8) as pool:
        found = [email for email in pool.map(take_one, range(60)) if email]
    assert sorted(found) == sorted(addresses)


def test_a_letter_that_waits_for_another_try_is_not_taken_before_its_time(store: Store) -> None:
    ask(store, "sam@school.example")
    with store.write() as tx:
        first = tx.letters.take(NOON)
        assert first is not None
        tx.letters.record(first, LetterState.PREPARED, NOON, retry_at=NOON + HOUR)
    with store.read() as tx:
        assert [tx.letters.any_ready(NOON + wait) for wait in (HOUR / 2, HOUR)] == [False, True]
    assert taken(store, NOON + HOUR / 2) == []
    with store.write() as tx:
        again = tx.letters.take(NOON + HOUR)
    assert again is not None
    assert (again.id, again.attempt) == (first.id, 2)


def test_what_an_earlier_try_came_to_is_of_no_account_once_a_letter_is_tried_again(
    store: Store,
) -> None:
    """Whoever writes it twice, as the database vanished meanwhile, has nothing sent twice."""
    ask(store, "sam@school.example")
    with store.write() as tx:
        first = tx.letters.take(NOON)
        assert first is not None
        tx.letters.record(first, LetterState.PREPARED, NOON, retry_at=NOON)
        assert tx.letters.take(NOON) is not None
        tx.letters.record(first, LetterState.PREPARED, NOON, retry_at=NOON)
    assert taken(store, NOON) == []


def test_what_a_sender_died_with_is_doubted_and_never_taken_again(store: Store) -> None:
    """Requirement 79."""
    ask(store, "sam@school.example")
    ask(store, "lee@school.example")
    with store.write() as tx:
        tx.letters.take(NOON)
    with store.write() as tx:
        assert tx.letters.doubt_orphans() == 1
        assert tx.letters.doubt_orphans() == 0
    assert taken(store) == ["lee@school.example"]


def test_an_address_is_written_to_once_a_day_however_it_is_spelled(store: Store) -> None:
    """Requirement 71."""
    asked = [
        (NOON, "sam@school.example", True),
        (NOON + HOUR, "SAM@school.example", False),
        (NOON + HOUR, "lee@school.example", True),
        (NOON + DAY, " sam@School.example", False),
        (NOON + DAY + timedelta(seconds=1), "sam@school.example", True),
    ]
    with store.write() as tx:
        for at, email, posted in asked:
            number = tx.requests.add(wish(email), at)
            kind = LetterKind.CONFIRM_JOIN
            assert tx.letters.post(kind, email, number, at, unless_since=at - DAY) is posted


@pytest.mark.parametrize("state", list(LetterState))
def test_only_a_letter_that_failed_may_be_followed_by_another_at_once(
    store: Store, state: LetterState
) -> None:
    """Requirement 71: of one that is uncertain or was withheld, nobody is told by a second."""
    number = ask(store, "sam@school.example")
    kind = LetterKind.CONFIRM_JOIN
    with store.write() as tx:
        letter = tx.letters.get(1)
        assert letter is not None
        tx.letters.record(letter, state, NOON)
        again = tx.letters.post(kind, "sam@school.example", number, NOON, unless_since=NOON - DAY)
    assert again is (state is LetterState.FAILED)


def test_a_letter_acts_once_and_what_it_was_about_is_forgotten(store: Store) -> None:
    ask(store, "sam@school.example")
    with store.write() as tx:
        assert [tx.letters.use_up(1) for _ in range(2)] == [True, False]
        left = tx.letters.get(1)
        assert tx.letters.get(2) is None
    assert left is not None
    assert (left.email, left.request_id) == ("sam@school.example", None)


def test_old_requests_are_forgotten_by_whether_they_were_confirmed(store: Store) -> None:
    """Requirement 45."""
    early, late = NOON - 10 * DAY, NOON
    numbers = {
        (confirmed, at): ask(store, f"{confirmed}{at.day}@school.example", at)
        for confirmed in (True, False)
        for at in (early, late)
    }
    with store.write() as tx:
        for (confirmed, _), number in numbers.items():
            if confirmed:
                tx.requests.confirm(number, NOON)
        gone = tx.requests.forget(unconfirmed=NOON - 7 * DAY, confirmed=NOON - 30 * DAY)
    with store.read() as tx:
        kept = {key for key, number in numbers.items() if tx.requests.get(number) is not None}
    assert gone == 1
    assert kept == set(numbers) - {(False, early)}
    assert len(taken(store)) == 3  # a request's letter goes with it


def test_a_number_that_was_in_a_link_never_names_another_request(store: Store) -> None:
    number = ask(store, "sam@school.example", NOON - 10 * DAY)
    with store.write() as tx:
        tx.requests.forget(unconfirmed=NOON, confirmed=NOON)
    assert ask(store, "lee@school.example") > number
