"""Jobs: kept with the rows that they are about, or not at all; one for each chunk; no addresses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from queued import approved, change, distributed, jobs

from bulletin.errors import Misconfigured
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.wiring import Services


@pytest.fixture
def house(postgres_database: str, tmp_path: Path) -> Iterator[Services]:
    with distributed(postgres_database, tmp_path) as services:
        yield services


def chunk_jobs(house: Services) -> list[int]:
    return [arguments["position"] for task, _, arguments in jobs(house) if task == "send_chunk"]


def test_starting_an_issue_makes_one_job_for_each_chunk_with_numbers_alone(
    house: Services,
) -> None:
    issue = house.planning.start(approved(house, 25), None, "test")
    assert jobs(house) == [
        ("send_chunk", "todo", {"issue_id": issue.id, "position": position})
        for position in range(3)
    ]


def test_a_transaction_that_is_undone_leaves_neither_chunks_nor_jobs(house: Services) -> None:
    reference = approved(house, 25)

    with house.store.write() as tx:
        issue = tx.issues.lock(reference)
        house.planning._start(tx, issue, None, "test")
        assert tx.chunks.open(issue.id) == 3
        tx.undo()
    with house.store.read() as tx:
        assert tx.chunks.open(tx.issues.get(reference).id) == 0
    assert jobs(house) == []


def test_jobs_cannot_be_seen_before_their_chunks_can(house: Services) -> None:
    reference = approved(house, 5)
    with house.store.write() as tx:
        house.planning._start(tx, tx.issues.lock(reference), None, "test")
        assert jobs(house) == []
    assert chunk_jobs(house) == [0]


def test_a_chunk_that_has_a_job_gets_no_other_and_one_whose_job_was_lost_gets_one(
    house: Services,
) -> None:
    house.planning.start(approved(house, 25), None, "test")
    change(house, "DELETE FROM procrastinate_jobs WHERE args->>'position' = '1'")
    for made in (1, 0):
        with house.store.write() as tx:
            assert tx.jobs.chunks() == made
    assert chunk_jobs(house) == [0, 2, 1]


def test_only_a_chunk_that_can_run_of_an_issue_that_sends_gets_a_job(house: Services) -> None:
    house.planning.start(approved(house, 5), None, "test")
    chunks = {
        "state = 'queued', run_after = now() + interval '1 hour'": 0,
        "state = 'queued', run_after = now() - interval '1 hour'": 1,
        "state = 'sending', lease_until = now() + interval '1 minute'": 0,
        "state = 'sending', lease_until = now() - interval '1 minute'": 1,
        "state = 'done'": 0,
        "state = 'queued', run_after = NULL": 1,
    }
    for state, wanted in chunks.items():
        change(house, f"UPDATE chunks SET {state}")
        assert made_anew(house) == wanted, state
    for state, wanted in {"paused": 0, "cancelled": 0, "sent": 0, "sending": 1}.items():
        change(house, f"UPDATE issues SET state = '{state}'")
        assert made_anew(house) == wanted, state


def made_anew(house: Services) -> int:
    """How many jobs are made where there is none."""
    change(house, "DELETE FROM procrastinate_jobs")
    with house.store.write() as tx:
        return tx.jobs.chunks()


def test_a_chunk_is_looked_at_again_once_at_a_time_and_is_not_held_up_by_that(
    house: Services,
) -> None:
    issue = house.planning.start(approved(house, 5), None, "test")
    change(house, "DELETE FROM procrastinate_jobs")
    later = house.store.clock() + timedelta(hours=4)
    for _ in range(2):
        with house.store.write() as tx:
            tx.jobs.chunk(issue.id, 0, later)
    assert chunk_jobs(house) == [0]
    with house.store.write() as tx:
        assert tx.jobs.chunks() == 1


def test_sweeps_at_the_same_moment_make_one_job_for_each_chunk(house: Services) -> None:
    house.planning.start(approved(house, 60), None, "test")
    change(house, "DELETE FROM procrastinate_jobs")
    barrier = threading.Barrier(4)

    def sweep() -> None:
        barrier.wait()
        with house.store.write() as tx:
            tx.jobs.chunks()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(chunk_jobs(house)) == list(range(6))


def test_four_clocks_on_postgresql_start_a_scheduled_issue_once_with_one_set_of_jobs(
    house: Services,
) -> None:
    """engine.md: two schedulers on one job store fire everything twice."""
    reference = approved(house, 25)
    soon = house.store.clock() + timedelta(seconds=60)
    house.planning.schedule(reference, soon, None, "test")
    change(house, "UPDATE issues SET scheduled_at = now() - interval '1 minute'")
    started: list[bool] = []
    barrier = threading.Barrier(4)

    def clock() -> None:
        barrier.wait()
        started.extend(fired.started for fired in house.planning.start_due())

    threads = [threading.Thread(target=clock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert started == [True]
    assert chunk_jobs(house) == [0, 1, 2]
    assert house.reporting.status(reference)[1].prepared == 25


def test_asking_to_join_makes_a_job_for_the_letter_that_names_nobody(house: Services) -> None:
    wish = Wish(kind=RequestKind.JOIN, email="sam@school.example", client="192.0.2.1")
    house.asking.ask(wish, LetterKind.CONFIRM_JOIN)
    assert jobs(house) == [("send_letters", "todo", {})]


def test_several_machines_cannot_share_a_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bulletin.db'}"
    with (
        pytest.raises(Misconfigured, match="needs PostgreSQL"),
        distributed(url, tmp_path) as services,
    ):
        services.store.ping()
