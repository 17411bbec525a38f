"""A full disk: one sentence, and nothing half done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from stored import NOON, person

from bulletin.errors import StoreFull
from bulletin.store.database import Database
from bulletin.store.store import Store


def test_an_import_that_does_not_fit_is_undone_whole(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bulletin.db'}")
    store = Store(database, lambda: NOON)
    store.prepare()
    store.close()

    def fill_the_disk(connection: Any, _record: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 4}")

    event.listen(database.engine, "connect", fill_the_disk)
    people = ((person(f"p{n}@school.example"), False) for n in range(5000))
    with pytest.raises(StoreFull, match="make room and try again"), store.write() as tx:
        tx.roster_import(NOON, "test").run(people)
    with store.read() as tx:
        assert tx.subscribers.count() == 0
    store.close()
