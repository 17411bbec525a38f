"""Tokens: only ours open anything, and only what they were made for (requirements 8 and 70)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.tokens import Purpose, TokenSigner

SECRET = "a secret of more than thirty-two characters"
SIGNER = TokenSigner(SECRET)
numbers = st.integers(min_value=0, max_value=2**63 - 1)
purposes = st.sampled_from(list(Purpose))


@given(purposes, numbers)
def test_a_token_of_ours_gives_its_number_back(purpose: Purpose, number: int) -> None:
    assert SIGNER.verify(purpose, SIGNER.sign(purpose, number)) == number


@given(purposes, numbers)
def test_a_token_survives_mail_clients_that_fold_case(purpose: Purpose, number: int) -> None:
    token = SIGNER.sign(purpose, number)
    assert set(token) <= set(string.ascii_lowercase + string.digits + "-")


@given(purposes, purposes, numbers)
def test_a_token_opens_nothing_but_its_own_purpose(
    made_for: Purpose, used_for: Purpose, number: int
) -> None:
    opened = SIGNER.verify(used_for, SIGNER.sign(made_for, number))
    assert opened == (number if used_for is made_for else None)


@pytest.mark.parametrize("position", range(len(SIGNER.sign(Purpose.UNSUBSCRIBE, 4321))))
def test_a_change_of_any_one_character_is_rejected(position: int) -> None:
    token = SIGNER.sign(Purpose.UNSUBSCRIBE, 4321)
    for char in string.ascii_letters + string.digits + "-_ \n\x00é":
        if char != token[position]:
            changed = token[:position] + char + token[position + 1 :]
            assert SIGNER.verify(Purpose.UNSUBSCRIBE, changed) is None, changed


def test_a_part_of_a_token_is_rejected() -> None:
    token = SIGNER.sign(Purpose.UNSUBSCRIBE, 4321)
    for cut in range(len(token)):
        assert SIGNER.verify(Purpose.UNSUBSCRIBE, token[:cut]) is None
    assert SIGNER.verify(Purpose.UNSUBSCRIBE, token + "a") is None
    assert SIGNER.verify(Purpose.UNSUBSCRIBE, f"0{token}") is None


def test_two_secrets_never_share_a_token() -> None:
    other = TokenSigner("another secret of more than thirty-two characters")
    assert other.verify(Purpose.UNSUBSCRIBE, SIGNER.sign(Purpose.UNSUBSCRIBE, 7)) is None


@given(purposes, st.text(max_size=80))
def test_whatever_arrives_in_place_of_a_token_opens_nothing(purpose: Purpose, text: str) -> None:
    assert SIGNER.verify(purpose, text) is None


@pytest.mark.parametrize("digits", ["٤", "４", "๔", "²", "Ⅳ"])
def test_digits_of_other_scripts_are_not_taken_for_ours(digits: str) -> None:
    mac = SIGNER.sign(Purpose.UNSUBSCRIBE, 4).partition("-")[2]
    assert SIGNER.verify(Purpose.UNSUBSCRIBE, f"{digits}-{mac}") is None


def test_a_number_of_absurd_length_is_rejected_before_any_work() -> None:
    assert SIGNER.verify(Purpose.UNSUBSCRIBE, "1" * 1_000_000 + "-" + "a" * 24) is None


def test_lone_surrogates_are_rejected_not_raised() -> None:
    mac = SIGNER.sign(Purpose.UNSUBSCRIBE, 4).partition("-")[2]
    assert SIGNER.verify(Purpose.UNSUBSCRIBE, f"4-{mac[:-1]}\ud800") is None


def test_a_negative_number_is_never_signed() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        SIGNER.sign(Purpose.UNSUBSCRIBE, -1)


@given(purposes, numbers)
def test_a_token_is_written_as_it_always_was(purpose: Purpose, number: int) -> None:
    """Links in mail that was sent years ago still work: RFC 2104, and RFC 4648 section 6."""
    token = SIGNER.sign(purpose, number)
    text, _, mac = token.partition("-")
    key = hashlib.sha256(b"bulletin tokens v1\0" + SECRET.encode()).digest()
    digest = hmac.digest(key, f"{purpose.value}\0{text}".encode(), "sha256")
    assert base64.b32encode(digest[:15]).decode().lower() == mac
    assert int(text, 36) == number
