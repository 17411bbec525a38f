"""A desk to work at, over an empty store of either kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import Clock, Desk

from bulletin.store.database import Database
from bulletin.store.store import Store


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """The parts over an empty store; the test runs on both databases."""
    clock = Clock()
    store = Store(Database(database_url), clock)
    store.prepare()
    yield Desk(store, clock)
    store.close()


@pytest.fixture
def postgres_desk(postgres_database: str) -> Iterator[Desk]:
    """The same on PostgreSQL alone."""
    clock = Clock()
    store = Store(Database(postgres_database), clock)
    store.prepare()
    yield Desk(store, clock)
    store.close()


@pytest.fixture
def quick_desk(tmp_path: Path) -> Iterator[Desk]:
    """The same on SQLite alone, for what no database decides."""
    clock = Clock()
    store = Store(Database(f"sqlite:///{tmp_path / 'bulletin.db'}"), clock)
    store.prepare()
    yield Desk(store, clock)
    store.close()
