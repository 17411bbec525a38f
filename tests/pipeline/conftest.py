"""A desk to work at, over an empty store of either kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desks import Clock, Desk
from feeds import Newsroom
from house import House

from bulletin.store.database import Database
from bulletin.store.store import Store
from local_site import site


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """The parts over an empty store; the test runs on both databases."""
    clock = Clock()
    store = Store(Database(database_url), clock)
    yield Desk(store, clock)
    store.close()


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house with users; the test runs on both databases."""
    made = House(database_url)
    yield made
    made.services.close()


@pytest.fixture
def quick_house(sqlite_database: str) -> Iterator[House]:
    """The same on SQLite alone, for what no database decides."""
    made = House(sqlite_database)
    yield made
    made.services.close()


@pytest.fixture
def postgres_desk(postgres_database: str) -> Iterator[Desk]:
    """The same on PostgreSQL alone."""
    clock = Clock()
    store = Store(Database(postgres_database), clock)
    yield Desk(store, clock)
    store.close()


@pytest.fixture
def quick_desk(sqlite_database: str) -> Iterator[Desk]:
    """The same on SQLite alone, for what no database decides."""
    clock = Clock()
    store = Store(Database(sqlite_database), clock)
    yield Desk(store, clock)
    store.close()


@pytest.fixture
def newsroom(sqlite_database: str) -> Iterator[Newsroom]:
    """Watched sources over an empty store on SQLite, and a site for them to be on."""
    clock = Clock()
    store = Store(Database(sqlite_database), clock)
    with site() as local:
        yield Newsroom(store, clock, local)
    store.close()


@pytest.fixture
def any_newsroom(desk: Desk) -> Iterator[Newsroom]:
    """The same; the test runs on both databases."""
    with site() as local:
        yield Newsroom(desk.store, desk.clock, local)
