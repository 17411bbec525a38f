"""The exact words that people agreed to or acknowledged (requirements 37, 53)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, select

from bulletin.store.tables import wordings
from bulletin.store.upsert import upsert


class Wordings:
    """Texts that stand as evidence; nothing here is ever changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, text: str, now: datetime) -> str:
        """Keep a text. Returns its version: the SHA-256 of it, as 64 hexadecimal digits."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        put = upsert(self._connection, wordings).values(digest=digest, text=text, first_used_at=now)
        self._connection.execute(put.on_conflict_do_nothing(index_elements=["digest"]))
        return digest

    def text(self, digest: str) -> str:
        """The words of a version; "" if it is not known."""
        query = select(wordings.c.text).where(wordings.c.digest == digest)
        return self._connection.scalar(query) or ""
