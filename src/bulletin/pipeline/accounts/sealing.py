"""Sealing: secrets that the database keeps and that it alone cannot read."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


class Sealing:
    """Encrypts and decrypts under a key made of the installation's secret (BULLETIN_SECRET_KEY).

    what: what is sealed; a thing sealed as one opens as nothing else.
    """

    def __init__(self, secret: str, what: str) -> None:
        key = hashlib.sha256(f"bulletin sealed {what} v1\0{secret}".encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str, *, within: int | None = None) -> str | None:
        """The text, or None for what was not sealed here, or more than so many seconds ago."""
        try:
            return self._fernet.decrypt(sealed.encode(errors="replace"), ttl=within).decode()
        except InvalidToken:
            return None
