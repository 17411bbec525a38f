"""SQLite's writers take turns in the order in which they came."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from stored import NOON, enrol, person

from bulletin.errors import StoreUnavailable
from bulletin.store import database
from bulletin.store.database import Database
from bulletin.store.store import Store
from bulletin.store.turnstile import Turnstile


def wait_for_waiters(turnstile: Turnstile, number: int) -> None:
    while len(turnstile._waiting) < number:
        time.sleep(0.001)


def test_whoever_waits_longest_goes_next() -> None:
    turnstile, order = Turnstile(), []
    assert turnstile.enter(1)

    def go(number: int) -> None:
        assert turnstile.enter(20)
        order.append(number)
        turnstile.leave()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=go, args=(number,)))
        threads[-1].start()
        wait_for_waiters(turnstile, number + 1)
    turnstile.leave()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_whoever_gives_up_is_passed_over() -> None:
    turnstile = Turnstile()
    assert turnstile.enter(1)
    assert not turnstile.enter(0.01)
    turnstile.leave()
    assert turnstile.enter(0)


def test_an_interruption_at_the_moment_of_ones_turn_lets_the_next_one_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turnstile = Turnstile()
    assert turnstile.enter(1)

    class Interrupted(threading.Event):
        def wait(self, _timeout: float | None = None) -> bool:
            turnstile.leave()
            assert self.is_set()
            raise KeyboardInterrupt

    with monkeypatch.context() as now:
        now.setattr(threading, "Event", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            turnstile.enter(20)
    assert turnstile.enter(0)


def test_a_database_that_others_keep_locked_is_named_and_works_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    store = Store(Database(f"sqlite:///{tmp_path / 'bulletin.db'}"), lambda: NOON)
    store.prepare()
    other = sqlite3.connect(tmp_path / "bulletin.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="Another program"):
        enrol(store, [person("a@school.example")])
    other.execute("ROLLBACK")
    other.close()
    enrol(store, [person("a@school.example")])
    store.close()
