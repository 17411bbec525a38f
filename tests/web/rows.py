"""Every row of the database, to see that nothing changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def dump(folder: Path) -> list[str]:
    """What is in the database of the `services` that keep theirs in this folder."""
    with sqlite3.connect(folder / "bulletin.db") as database:
        lines = list(database.iterdump())
    database.close()
    return lines
