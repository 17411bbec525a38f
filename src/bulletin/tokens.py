"""Signed, purpose-bound tokens: a number that only we can have written, for one use only.

A token is `<number in base 36>-<15 bytes of HMAC-SHA256 in base32>`: letters, digits and one
hyphen, so it survives mail clients, and lower case throughout, so it survives those that fold
case. The purpose is part of what is signed: a token to unsubscribe opens nothing else
(requirement 70). Tokens do not expire by themselves; an opt-out must work for years
(requirement 12).
"""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MAC_BYTES = 15  # 120 bits: 24 base32 characters without padding
# Two characters of base32 (RFC 4648 section 6) at a time: the standard library takes four times as
# long.
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
_SHIFTS = range(_MAC_BYTES * 8 - 10, -1, -10)


class Purpose(StrEnum):
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    MESSAGE_ID = "message-id"
    LETTER_ID = "letter-id"
    VIEW = "view"
    ACKNOWLEDGE = "acknowledge"
    CONFIRM = "confirm"
    CHANGE_ADDRESS = "change-address"
    MOVE_BACK = "move-back"
    ERASE = "erase"
    REPORT = "report"
    BOUNCE = "bounce"
    FIRST_USER = "first-user"
    INVITATION = "invitation"
    RESET = "reset"
    SECOND_STEP = "second-step"
    KNOWN_BROWSER = "known-browser"


class TokenSigner:
    """Makes and checks tokens under one secret. Pure, and safe to share between threads."""

    def __init__(self, secret: str) -> None:
        key = hashlib.sha256(b"bulletin tokens v1\0" + secret.encode()).digest()
        # Every copy carries five tokens: what all of a purpose have in common is hashed once.
        self._begun = {
            purpose: hmac.new(key, f"{purpose.value}\0".encode(), "sha256") for purpose in Purpose
        }

    def sign(self, purpose: Purpose, number: int) -> str:
        """The token for a non-negative number."""
        text = _base36(number)
        return f"{text}-{self._mac(purpose, text)}"

    def verify(self, purpose: Purpose, token: str) -> int | None:
        """The number in a token of ours, or None for anything else. Constant-time compare."""
        text, _, mac = token.partition("-")
        if not text or len(text) > 20 or any(char not in _DIGITS for char in text):
            return None
        expected = self._mac(purpose, text)
        if not hmac.compare_digest(expected.encode(), mac.encode("utf-8", "replace")):
            return None
        number = int(text, 36)
        return number if _base36(number) == text else None

    def _mac(self, purpose: Purpose, text: str) -> str:
        mac = self._begun[purpose].copy()
        mac.update(text.encode())
        number = int.from_bytes(mac.digest()[:_MAC_BYTES], "big")
        return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def _base36(number: int) -> str:
    if number < 0:
        raise ValueError("a token carries a non-negative number")
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
