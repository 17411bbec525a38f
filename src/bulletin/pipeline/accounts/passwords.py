"""Passwords: hashed slowly, compared slowly, and never the ones that everybody has."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bulletin.errors import InvalidInput
from bulletin.models.passwords import weakness

LONGEST = 256
"""Characters; NIST SP 800-63B section 5.1.1.2 wants at least 64."""
_AT_ONCE = 4  # each takes 64 MiB


class Passwords:
    """Argon2id with the parameters of the library (RFC 9106 section 4, low memory).

    Safe to share between threads; few hash at once, so that nobody fills the memory by trying.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    @cached_property
    def _of_nobody(self) -> str:
        return self.hashed(secrets.token_urlsafe(32))

    def hashed(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(_normal(password))

    def chosen(self, password: str, *known: str) -> str:
        """The hash of a password that somebody chose. Raises InvalidInput as `check_password`."""
        check_password(password, *known)
        return self.hashed(password)

    def matches(self, password: str, password_hash: str) -> bool:
        """Whether it is the password. Takes as long where there is none to compare with ("")."""
        # More than anybody may have chosen is not looked at, but takes its time.
        text = password if len(password) <= LONGEST else ""
        against = password_hash or self._of_nobody
        try:
            with self._turns:
                self._hasher.verify(against, _normal(text))
        except (VerificationError, InvalidHashError):
            return False
        return bool(password_hash) and bool(text)

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it should be hashed again, since the parameters have risen."""
        return self._hasher.check_needs_rehash(password_hash)


def check_password(password: str, *known: str) -> None:
    """Raises InvalidInput for a password that is too short, too long or too easily guessed.

    Length and a list are all that counts (NIST SP 800-63B section 5.1.1.2): no rule asks for
    capitals or digits. known: what guessers try first, such as the name and the address.
    """
    if len(password) > LONGEST:
        raise InvalidInput(f"Choose a password of at most {LONGEST} characters.")
    if reason := weakness(_normal(password), known):
        raise InvalidInput(reason)


def _normal(password: str) -> str:
    """The same password however a keyboard composes its letters (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
