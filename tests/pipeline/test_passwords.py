"""Passwords: what is too easily guessed, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from bulletin.errors import InvalidInput
from bulletin.pipeline.accounts.passwords import LONGEST, Passwords, check_password
from quick_hashes import QUICK

KNOWN = ("Sam Jones", "sam.jones@oak.example", "Oak Bulletin")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "password1234",
        "P@ssw0rd1234",
        "Password1234!",
        "passwordpassword",
        "123456789012",
        "qwertyuiop[]",
        "zyxwvutsrqponm",
        "aaaaaaaaaaaa",
        "ababababababab",
        "Welcome2School!",
        "Safeguarding2026",
        "correct horse battery staple",
        "SamJones2026!",
        "oak.bulletin.oak",
        "739284710465",
        "x" * (LONGEST + 1),
    ],
)
def test_what_everybody_would_try_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match=r"^Choose a password"):
        check_password(password, *KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "purple kettle orbit",
        "threebluetractors",
        "Kx9$mQ2!vR8#pL",
        "пароль из трёх слов",
        "ein Käse im Kühlschrank",
        " spaces count too ",
        "sam likes green tractors",
        "y" + "ab3d" * 20 + "qwst",
    ],
)
def test_length_is_enough_and_no_rule_asks_for_signs(password: str) -> None:
    check_password(password, *KNOWN)


def test_a_hash_is_argon2id_and_differs_each_time() -> None:
    passwords = Passwords()
    one, other = passwords.hashed("purple kettle orbit"), passwords.hashed("purple kettle orbit")
    assert one.startswith("$argon2id$")
    assert one != other
    assert passwords.matches("purple kettle orbit", one)
    assert not passwords.matches("purple kettle orbi", one)


def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    passwords = Passwords(QUICK)
    hashed = passwords.hashed("Caf\u00e9 am See im Mai")
    assert passwords.matches("Cafe\u0301 am See im Mai", hashed)


def test_no_account_is_compared_with_a_hash_all_the_same() -> None:
    """By what is done, not by the clock: one verification either way."""
    looked_at: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, password_hash: str | bytes, password: str | bytes) -> bool:
            looked_at.append(str(password_hash))
            return super().verify(password_hash, password)

    passwords = Passwords(Watched(time_cost=1, memory_cost=8, parallelism=1))
    hashed = passwords.hashed("purple kettle orbit")
    assert passwords.matches("purple kettle orbit", hashed)
    assert not passwords.matches("purple kettle orbit", "")
    assert not passwords.matches("", "")
    assert not passwords.matches("x" * (LONGEST + 1), hashed)
    assert len(looked_at) == 4
    parameters = {each.rpartition("$")[0].rpartition("$")[0] for each in looked_at}
    assert len(parameters) == 1  # so it is as much work


def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    assert Passwords().is_outdated(Passwords(QUICK).hashed("purple kettle orbit"))
    assert not Passwords(QUICK).is_outdated(Passwords(QUICK).hashed("purple kettle orbit"))


def test_a_broken_hash_lets_nobody_in() -> None:
    assert not Passwords(QUICK).matches("purple kettle orbit", "not a hash")
