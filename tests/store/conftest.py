"""Stores on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stored import NOON

from bulletin.store.database import Database
from bulletin.store.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store; the test runs on SQLite and on PostgreSQL."""
    made = Store(Database(database_url), lambda: NOON)
    yield made
    made.close()
