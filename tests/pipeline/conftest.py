"""A desk to work at, over an empty store of either kind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import Clock, Desk
from feeds import Newsroom

from bulletin.store.database import Database
from bulletin.store.store import Store
from local_site import site


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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all its tables, to be copied: making them takes longer than a test."""
    path = tmp_path_factory.mktemp("prepared") / "bulletin.db"
    store = Store(Database(f"sqlite:///{path}"), Clock())
    store.prepare()
    store.close()
    return path


@pytest.fixture
def newsroom(prepared: Path, tmp_path: Path) -> Iterator[Newsroom]:
    """Watched sources over an empty store on SQLite, and a site for them to be on."""
    path = shutil.copy(prepared, tmp_path / "bulletin.db")
    clock = Clock()
    store = Store(Database(f"sqlite:///{path}"), clock)
    with site() as local:
        yield Newsroom(store, clock, local)
    store.close()


@pytest.fixture
def any_newsroom(desk: Desk) -> Iterator[Newsroom]:
    """The same; the test runs on both databases."""
    with site() as local:
        yield Newsroom(desk.store, desk.clock, local)
