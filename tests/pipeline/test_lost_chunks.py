"""A sender that was frozen, or that lost its database, neither doubles nor loses a copy."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from posted import Post, started
from psycopg import sql
from sqlalchemy import select, update

from bulletin.errors import TransportUnavailable
from bulletin.models.deliveries import Copy, Outcome
from bulletin.pipeline.owners import has_died, owner
from bulletin.store import database
from bulletin.store.ledger import Ledger
from bulletin.store.tables import chunks, deliveries
from bulletin.transports.memory import MemoryTransport

if TYPE_CHECKING:
    from conftest import Desk

SHORT = timedelta(seconds=0.4)


def in_a_thread(post: Post, reference: str) -> threading.Thread:
    thread = threading.Thread(target=post.run, args=(reference,))
    thread.start()
    return thread


def frozen_at(
    number: int, thawed: threading.Event
) -> tuple[threading.Event, Callable[[Copy], Outcome]]:
    """Stands still over a copy, as a stopped process does, until it is let go on."""
    frozen, seen = threading.Event(), iter(range(1, 10_000))

    def answer(_copy: Copy) -> Outcome:
        if next(seen) == number:
            frozen.set()
            assert thawed.wait(20)
        return Outcome.SUBMITTED

    return frozen, answer


def test_a_frozen_sender_begins_no_copy_once_its_chunk_is_another_s(desk: Desk) -> None:
    """What it had in hand is recorded late, and what it had not begun goes to the other."""
    reference = started(desk)
    thawed = threading.Event()
    frozen, answer = frozen_at(3, thawed)
    slow = Post(desk, MemoryTransport(answer, window=10), lease=SHORT)
    thread = in_a_thread(slow, reference)
    assert frozen.wait(20)
    time.sleep(SHORT.total_seconds())
    rival = Post(desk, MemoryTransport(window=10))
    rival.run(reference)
    assert rival.status(reference).uncertain == 10
    thawed.set()
    thread.join()
    rival.run(reference)
    status = rival.status(reference)
    assert (status.state, status.submitted, status.uncertain) == ("sent", 25, 0)
    assert sorted((slow.copies + rival.copies).values()) == [1] * 25
    with desk.store.read() as tx:
        tries = Counter(tx._connection.execute(select(deliveries.c.attempt)).scalars())
    assert tries == {1: 25}


def test_threads_share_the_only_chunk(desk: Desk) -> None:
    """A short list uses several connections, too."""
    reference = started(desk, readers=9)
    hands = threading.Barrier(3)

    def together(_copy: Copy) -> Outcome:
        hands.wait(20)  # passes only when three copies are in flight at once
        return Outcome.SUBMITTED

    post = Post(desk, MemoryTransport(together, window=1), connections=3)
    post.run(reference)
    assert sorted(post.copies.values()) == [1] * 9
    assert post.status(reference).state == "sent"


def test_of_frozen_threads_none_goes_by_what_was_known_before(
    quick_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one looks whether the chunk is theirs still, the other must not begin a copy."""
    reference = started(quick_desk, readers=9)
    hands, thawed = threading.Barrier(3), threading.Event()
    log: list[str] = []

    def frozen(_copy: Copy) -> Outcome:
        if thawed.is_set():
            log.append("copy")
        else:
            hands.wait(20)
            thawed.wait(20)
        return Outcome.SUBMITTED

    def slowly(ledger: Ledger, *about: Any) -> bool:
        time.sleep(0.1)
        log.append("look")
        return really(ledger, *about)

    slow = Post(quick_desk, MemoryTransport(frozen, window=3), connections=2, lease=SHORT)
    thread = in_a_thread(slow, reference)
    hands.wait(20)
    time.sleep(SHORT.total_seconds())
    Post(quick_desk, MemoryTransport(window=3)).run(reference)
    really = Ledger.renew
    monkeypatch.setattr(Ledger, "renew", slowly)
    thawed.set()
    thread.join()
    assert log[0] == "look"


def test_a_connection_too_many_leaves_the_work_to_the_others(desk: Desk) -> None:
    """Servers limit how many connections they take from one place."""
    reference = started(desk)
    refused = iter([True])

    def answer(_copy: Copy) -> Outcome:
        if next(refused, False):
            raise TransportUnavailable("421 too many connections")
        return Outcome.SUBMITTED

    post = Post(desk, MemoryTransport(answer, window=5), connections=3)
    assert post.run(reference).error is None
    assert (post.status(reference).state, post.status(reference).submitted) == ("sent", 25)
    assert sorted(post.copies.values()) == [1] * 25


def test_a_database_that_goes_away_in_mid_send_costs_nothing(
    postgres_desk: Desk, postgres_url: str
) -> None:
    """Its connections are cut and new ones refused for a while, as when it restarts."""
    desk = postgres_desk
    reference = started(desk)
    name = sql.Identifier(desk.store.name().rpartition("/")[2])
    admin = psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True)
    cut: list[threading.Timer] = []
    once = threading.Lock()  # several threads send

    def answer(_copy: Copy) -> Outcome:
        if once.acquire(blocking=False):
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [name.as_string().strip('"')],
            )
            back = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name)
            cut.append(threading.Timer(0.5, admin.execute, [back]))
            cut[0].start()
        return Outcome.SUBMITTED

    post = Post(desk, MemoryTransport(answer, window=5), connections=3)
    halt = post.run(reference)
    cut[0].join()
    admin.close()
    assert halt.error is None
    status = post.status(reference)
    assert (status.state, status.submitted, status.uncertain) == ("sent", 25, 0)
    assert sorted(post.copies.values()) == [1] * 25


def test_a_database_that_is_locked_for_long_costs_nothing(
    quick_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = started(quick_desk)
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    quick_desk.store.close()  # the next connections wait as short as that
    other = sqlite3.connect(tmp_path / "bulletin.db", isolation_level=None, check_same_thread=False)
    locked: list[threading.Timer] = []
    once = threading.Lock()

    def answer(_copy: Copy) -> Outcome:
        if once.acquire(blocking=False):
            other.execute("BEGIN IMMEDIATE")
            locked.append(threading.Timer(0.3, other.execute, ["ROLLBACK"]))
            locked[0].start()
        return Outcome.SUBMITTED

    post = Post(quick_desk, MemoryTransport(answer, window=5))
    assert post.run(reference).error is None
    locked[0].join()
    other.close()
    assert (post.status(reference).submitted, post.status(reference).uncertain) == (25, 0)
    assert sorted(post.copies.values()) == [1] * 25


def test_a_process_knows_itself_and_its_dead_namesakes() -> None:
    """In a container every process has the number 1, and a restart leaves the host's name."""
    here = owner()
    assert not has_died(here)
    assert has_died(here.rpartition(":")[0] + ":another")
    host, number, born = here.split(":")
    assert has_died(f"{host}:999999999:{born}")
    assert not has_died(f"elsewhere:{number}:{born}")
    namesake = f"{host.partition('/')[0]}/00000000-0000-0000-0000-000000000000"
    assert not has_died(f"{namesake}:999999999:{born}")
    assert not has_died(f"{host}:nonsense")


def let_the_time_come(desk: Desk) -> timedelta:
    """Put the only copy's tries into the past by as long as it has to wait; returns how long."""
    with desk.store.write() as tx:
        row = tx._connection.execute(select(deliveries)).one()
        now = tx.lease_clock()
        wait: timedelta = row.retry_at - now
        first = row.first_attempt_at - wait
        past = {"retry_at": now, "first_attempt_at": first}
        tx._connection.execute(update(deliveries).values(past))
        tx._connection.execute(update(chunks).values(run_after=now))
        return wait


def test_a_copy_refused_for_now_is_tried_for_72_hours_and_then_failed(desk: Desk) -> None:
    """Requirement 76; the pauses double from five minutes to four hours."""
    reference = started(desk, readers=1)
    post = Post(desk, MemoryTransport(lambda _copy: Outcome.RETRY))
    waits = []
    while post.run(reference).next_moment is not None:
        waits.append(let_the_time_come(desk))
    assert [round(wait / timedelta(minutes=5)) for wait in waits[:7]] == [1, 2, 4, 8, 16, 32, 48]
    assert timedelta(hours=68) < sum(waits, timedelta()) <= timedelta(hours=72)
    status = post.status(reference)
    assert (status.state, status.failed) == ("sent", 1)
    assert desk.reporting.not_sent(1)[0][1] == "failed"
