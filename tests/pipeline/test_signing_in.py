"""Signing in: who comes in, who waits, and what ends a session."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from house import ANOTHER, HERE, PASSWORD, House, chosen

from bulletin.errors import InvalidInput, Refused, TooMany, WrongFields
from bulletin.models.people import UserRole
from bulletin.pipeline.accounts.passwords import Passwords
from bulletin.pipeline.accounts.sessions import IDLE, LONGEST
from bulletin.pipeline.accounts.signing_in import WRONG, CodeWanted, Origin, SignedIn


def test_the_right_password_opens_a_session_and_a_wrong_one_none(house: House) -> None:
    user = house.user()
    came = house.sign_in()
    assert isinstance(came, SignedIn)
    assert house.sessions.user(came.token) == user
    with pytest.raises(InvalidInput, match=WRONG):
        house.sign_in("purple kettle orbi")
    assert len(house.sessions.of(user, came.token)) == 1


def test_a_stranger_learns_nothing_of_who_has_an_account(quick_house: House) -> None:
    """The same words, and one verification of one kind, whether the account exists, has no password
    or is switched off."""
    quick_house.user()
    off = quick_house.user("off@school.example")
    quick_house.services.enrolment.add_user("new@school.example", UserRole.EDITOR, "", "test")
    quick_house.managing.switch_off(off.id, "test")
    matched: list[str] = []
    really = quick_house.services.passwords.matches

    def watched(password: str, password_hash: str) -> bool:
        matched.append(password)
        return really(password, password_hash)

    quick_house.services.passwords.matches = watched  # type: ignore[method-assign]  # to count
    said = set()
    for email in ("ann", "off", "new", "nobody"):
        with pytest.raises(InvalidInput) as refused:
            quick_house.sign_in("wrong password", f"{email}@school.example")
        said.add(str(refused.value))
    assert said == {WRONG}
    assert matched == ["wrong password"] * 4


def test_an_account_without_a_password_cannot_be_signed_in_to_with_none(house: House) -> None:
    house.services.enrolment.add_user("new@school.example", UserRole.ADMIN, "", "test")
    for password in ("", " ", "x"):
        with pytest.raises(InvalidInput):
            house.sign_in(password, "new@school.example")


def test_a_hash_of_old_parameters_is_made_anew_at_the_next_sign_in(quick_house: House) -> None:
    quick_house.user()
    quick_house.services.signing_in._passwords = Passwords()
    quick_house.sign_in()
    with quick_house.services.store.read() as tx:
        found = tx.accounts.credentials("ann@school.example")
    assert found
    assert not Passwords().is_outdated(found.password_hash)
    assert Passwords().matches(PASSWORD, found.password_hash)


def test_who_fails_often_waits_longer_each_time_and_never_for_good(house: House) -> None:
    house.user()
    waits = []
    for _ in range(20):
        try:
            house.sign_in("wrong password")
        except TooMany as error:
            waits.append(error.retry_after)
            house.clock.now += timedelta(seconds=error.retry_after)
        except InvalidInput:
            pass
    assert waits == [2**number for number in range(8)]
    for _ in range(30):
        with pytest.raises(InvalidInput):
            house.sign_in("wrong password")
        house.clock.now += timedelta(minutes=15)
    assert isinstance(house.sign_in(), SignedIn)


def test_a_right_password_has_to_wait_as_well(house: House) -> None:
    """Else a guesser would learn that it is right."""
    house.user()
    for _ in range(5):
        with pytest.raises(InvalidInput):
            house.sign_in("wrong password")
    with pytest.raises(TooMany, match="Wait 1 second, then try again"):
        house.sign_in()


def test_a_stranger_keeps_nobody_waiting_in_a_browser_that_the_account_knows(house: House) -> None:
    house.user()
    came = house.sign_in()
    assert isinstance(came, SignedIn)
    stranger = Origin("198.51.100.7")
    for _ in range(5):
        with pytest.raises(InvalidInput):
            house.sign_in("wrong password", origin=stranger)
    with pytest.raises(TooMany):
        house.sign_in(origin=Origin("203.0.113.5"))
    assert isinstance(house.sign_in(origin=Origin("203.0.113.5", known=came.known)), SignedIn)
    with pytest.raises(TooMany):
        house.sign_in(origin=Origin("203.0.113.5", known="1-aaaaaaaaaaaaaaaaaaaaaaaa"))


def test_one_network_that_tries_many_accounts_waits(quick_house: House) -> None:
    """An IPv6 client has a whole /56 to choose from."""
    for number in range(50):
        origin = Origin(f"2001:db8:1:1{number:02x}::{number:x}")
        with pytest.raises(InvalidInput):
            quick_house.sign_in("wrong password", f"user{number}@school.example", origin)
    with pytest.raises(TooMany):
        quick_house.sign_in(origin=Origin("2001:db8:1:1ff::9"))
    quick_house.user()
    assert isinstance(quick_house.sign_in(origin=Origin("2001:db8:1:200::9")), SignedIn)


def test_tries_at_once_are_all_counted(house: House) -> None:
    house.user()
    came: list[str] = []

    def one_try() -> None:
        try:
            house.sign_in("wrong password")
        except (InvalidInput, TooMany) as error:
            came.append(type(error).__name__)

    threads = [threading.Thread(target=one_try) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(came) == ["InvalidInput"] * 5 + ["TooMany"] * 7


def test_owners_are_told_of_tries_that_failed(house: House) -> None:
    user = house.user()
    for _ in range(3):
        with pytest.raises(InvalidInput):
            house.sign_in("wrong password")
    came = house.sign_in()
    assert isinstance(came, SignedIn)
    assert came.failed_tries == 3
    assert house.managing.account(user.id).failed_at == house.clock()
    house.managing.seen_failures(user)
    assert house.managing.account(user.id).failed_tries == 0


@pytest.mark.parametrize("meanwhile", ["other password", "switched off"])
def test_what_changes_while_a_password_is_looked_at_counts(
    house: House, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """Looking takes a moment on purpose: nobody slips in with what was right when it began."""
    house.user("boss@school.example", UserRole.ADMIN)
    user, passwords = house.user(), house.services.passwords
    matches = passwords.matches

    def slowly(password: str, password_hash: str) -> bool:
        right = matches(password, password_hash)
        if meanwhile == "switched off":
            house.managing.switch_off(user.id, "test")
        else:
            house.accounts.reset(house.token(house.managing.link(user.id, "test")), chosen(), "")
        return right

    monkeypatch.setattr(passwords, "matches", slowly)
    with pytest.raises(InvalidInput, match=WRONG):
        house.sign_in()
    assert not house.sessions.of(user, "")


def test_a_session_ends_when_nobody_uses_it(house: House) -> None:
    token = house.sessions.open(house.user())
    house.clock.now += IDLE - timedelta(seconds=1)
    assert house.sessions.user(token)
    house.clock.now += IDLE - timedelta(seconds=1)
    assert house.sessions.user(token)
    house.clock.now += IDLE
    assert house.sessions.user(token) is None


def test_a_session_ends_at_last_however_much_it_is_used(house: House) -> None:
    token = house.sessions.open(house.user())
    ends = house.clock.now + LONGEST
    while house.clock.now + timedelta(hours=6) < ends:
        house.clock.now += timedelta(hours=6)
        assert house.sessions.user(token)
    house.clock.now = ends
    assert house.sessions.user(token) is None


def test_every_sign_in_has_a_token_of_its_own(house: House) -> None:
    house.user()
    first, second = house.sign_in(), house.sign_in()
    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    assert first.token != second.token
    assert not house.sessions.end(first.user, 987654)
    here = next(each for each in house.sessions.of(first.user, first.token) if each.is_this)
    assert house.sessions.end(first.user, here.id)
    assert house.sessions.user(first.token) is None
    assert house.sessions.user(second.token)


def test_nobody_ends_a_session_of_somebody_else(house: House) -> None:
    ann, sam = house.user(), house.user("sam@school.example")
    token = house.sessions.open(ann)
    (of_ann,) = house.sessions.of(ann, token)
    assert not house.sessions.end(sam, of_ann.id)
    assert house.sessions.user(token)


def test_a_new_password_ends_all_sessions_and_links_but_the_one_it_came_from(
    house: House,
) -> None:
    user = house.user()
    elsewhere = house.sessions.open(user)
    link = house.managing.link(user.id, "test")
    token = house.accounts.change_password(user, PASSWORD, chosen(), HERE)
    assert house.sessions.user(elsewhere) is None
    assert house.sessions.user(token) == user
    with pytest.raises(Refused, match="has been used"):
        house.accounts.reset(house.token(link), chosen(), "")
    with pytest.raises(InvalidInput):
        house.sign_in(PASSWORD)
    assert isinstance(house.sign_in(ANOTHER), SignedIn)


def test_a_new_password_wants_the_old_one_and_the_same_twice(house: House) -> None:
    user = house.user()
    with pytest.raises(WrongFields) as refused:
        house.accounts.change_password(user, "wrong", chosen("password1234"), HERE)
    assert set(refused.value.fields) == {"old", "password"}
    with pytest.raises(WrongFields) as refused:
        house.accounts.change_password(user, PASSWORD, chosen(ANOTHER, "another one"), HERE)
    assert set(refused.value.fields) == {"again"}


@pytest.mark.parametrize("change", ["role", "off", "factor", "remove"])
def test_a_change_of_what_somebody_may_do_ends_their_sessions(house: House, change: str) -> None:
    user = house.user()
    token = house.sessions.open(user)
    {
        "role": lambda: house.managing.give_role(user.id, UserRole.AUTHOR, "test"),
        "off": lambda: house.managing.switch_off(user.id, "test"),
        "factor": lambda: house.managing.remove_factor(user.id, "test"),
        "remove": lambda: house.managing.remove(user.id, "test"),
    }[change]()
    assert house.sessions.user(token) is None


def test_who_waits_for_a_code_has_no_session(house: House) -> None:
    user = house.user()
    house.factor(user)
    house.sessions.end_all(user)
    came = house.sign_in()
    assert isinstance(came, CodeWanted)
    assert house.sessions.user(came.ticket) is None
    assert house.sessions.of(user, "") == []


def test_what_is_over_is_forgotten_and_nothing_else(house: House) -> None:
    user = house.user()
    old = house.sessions.open(user)
    link = house.managing.link(user.id, "test")
    with pytest.raises(InvalidInput):
        house.sign_in("wrong password", "nobody@school.example")
    assert (house.sessions.forget(), house.services.waiting.forget()) == (0, 0)
    house.clock.now += timedelta(days=1, seconds=1)
    new = house.sessions.open(user)
    assert (house.sessions.forget(), house.services.waiting.forget()) == (2, 2)
    assert house.sessions.user(old) is None
    assert house.sessions.user(new)
    with pytest.raises(Refused):
        house.accounts.reset(house.token(link), chosen(), "")
