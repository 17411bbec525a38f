"""What workers cost and how soon they act: jobs, memory, deaths, and a letter beside an issue.

python bench/workers.py

PostgreSQL syncs every commit; workers are the real command, with its real leases.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bulletin.models.issues import Issue
from bulletin.models.requests import LetterKind, RequestKind, Wish
from bulletin.wiring import Services
from parts import house, machine
from parts.databases import Postgres, postgres
from parts.fleet import is_sent, wait_until
from parts.processes import sink

JOBS = 1000
READERS = 20_000
LETTERS = 20
_ELSEWHERE = ("unshare", "--uts", "sh", "-c", 'hostname elsewhere && exec "$@"', "sh")


def main() -> None:
    print(machine.describe())
    with postgres() as server, tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        _jobs(server, folder)
        with sink("smtp_count") as mail:
            url = f"smtp://127.0.0.1:{mail.port}?tls=none"
            _letters_beside_an_issue(server, folder, url)
            _deaths(server, folder, url)


def _jobs(server: Postgres, folder: Path) -> None:
    """Jobs made in one transaction; chunks a second where sending is next to nothing."""
    with _installed(server, folder, "jobs", chunk_size="1") as (made, settings):
        house.enrol(made, JOBS)
        issue = made.planning.start(house.approved_issue(made, "Jobs", 3), None, "bench")
        _change(made, "DELETE FROM procrastinate_jobs")
        began = time.monotonic()
        with made.store.write() as tx:
            number = tx.jobs.chunks(issue.id)
        took = time.monotonic() - began
        print(f"jobs made: {number} in {took:.2f} s, one transaction")
        for workers in (1, 2):
            with _started(settings, folder, [("--pool", "bulk")] * workers):
                wait_until(lambda: _waiting(made) < JOBS, 60, "a first job")
                began, left = time.monotonic(), _waiting(made)
                wait_until(lambda: _waiting(made) == 0, 120, "all jobs")
                rate = left / (time.monotonic() - began)
            print(f"chunks of one copy: {rate:.0f}/s by {workers} worker(s)")
            _again(made)


def _again(made: Services) -> None:
    """Have every chunk to do once more."""
    _change(made, "UPDATE deliveries SET state = 'prepared', attempt = 0")
    _change(made, "UPDATE issues SET state = 'sending'")
    _change(made, "UPDATE chunks SET state = 'queued', run_after = NULL")
    with made.store.write() as tx:
        tx.jobs.chunks()


def _letters_beside_an_issue(server: Postgres, folder: Path, url: str) -> None:
    """How long a confirmation takes while an issue is being sent, and the memory of workers."""
    both: Sequence[Sequence[str]] = [("--pool", "bulk"), ("--pool", "transactional")]
    for name, words in (("a worker for each pool", both), ("one worker for both", [()])):
        more = {"transport": "smtp", "smtp_url": url}
        with _installed(server, folder, f"letters{len(words)}", **more) as (made, settings):
            house.enrol(made, READERS)
            issue = house.approved_issue(made, "Letters", 10)
            with _started(settings, folder, words) as processes:
                print(f"{name}: {_beside(made, issue, processes)}")


def _beside(made: Services, issue: str, processes: Sequence[subprocess.Popen[bytes]]) -> str:
    wait_until(lambda: _alive(made) == 2, 60, "workers")  # one for each pool
    idle = [machine.resident_mb(process.pid) for process in processes]
    made.planning.start(issue, None, "bench")
    began = time.monotonic()
    _ask(made)
    busy = [machine.resident_mb(process.pid) for process in processes]
    wait_until(lambda: is_sent(made, issue), 300, "the issue")
    rate = READERS / (time.monotonic() - began)
    wait_until(lambda: len(_delays(made)) == LETTERS, 60, "the letters")
    delays = [delay * 1000 for delay in _delays(made)]
    return (
        f"a letter after {machine.middle(delays):.0f} ms (at most {max(delays):.0f}) beside an "
        f"issue at {rate:.0f} copies/s; memory idle {_round(idle)} MB, busy {_round(busy)} MB"
    )


def _deaths(server: Postgres, folder: Path, url: str) -> None:
    """How long until the chunk of a worker that was killed goes on."""
    for where, prefix in (("this machine", ()), ("another machine", _ELSEWHERE)):
        name = "died_" + where.partition(" ")[0]
        more = {"transport": "smtp", "smtp_url": url, "rate_per_second": "5"}
        with _installed(server, folder, name, **more) as (made, settings):
            house.enrol(made, 1000)
            issue = made.planning.start(house.approved_issue(made, "Death", 3), None, "bench")
            with _started(settings, folder, [("--pool", "bulk")], prefix) as (first,):
                wait_until(lambda made=made, issue=issue: _owner(made, issue) != "", 60, "a claim")
                with _started(settings, folder, [("--pool", "bulk")]):
                    print(f"killed on {where}: {_succession(made, issue, first)}")


def _succession(made: Services, issue: Issue, first: subprocess.Popen[bytes]) -> str:
    wait_until(lambda: _alive(made) == 2, 60, "a second worker")
    before = _owner(made, issue)
    first.kill()
    first.wait()  # as whoever supervises it would
    began = time.monotonic()
    wait_until(lambda: _owner(made, issue) not in {"", before}, 300, "a successor")
    return f"goes on after {time.monotonic() - began:.0f} s"


@contextmanager
def _installed(
    server: Postgres, folder: Path, name: str, **more: str
) -> Iterator[tuple[Services, dict[str, str]]]:
    usual = {
        **house.SETTINGS, "database_url": server.database(name), "engine": "distributed",
        "outbox_dir": str(folder / "outbox"), "check_sender": "false",
    }  # fmt: skip
    settings = {**usual, **more}
    with house.services(**settings) as made:
        yield made, settings


@contextmanager
def _started(
    settings: dict[str, str],
    folder: Path,
    commands: Sequence[Sequence[str]],
    prefix: Sequence[str] = (),
) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = {f"BULLETIN_{name.upper()}": value for name, value in settings.items()}
    with (folder / "workers.log").open("ab") as log:
        processes = [
            subprocess.Popen(
                [*prefix, sys.executable, "-m", "bulletin", "worker", *words],
                env={**os.environ, **environment}, cwd=folder, stdout=log, stderr=log,
            )
            for words in commands
        ]  # fmt: skip
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=100)


def _ask(made: Services) -> None:
    for number in range(LETTERS):
        wish = Wish(RequestKind.JOIN, f"sam{number}@elsewhere.example", f"192.0.2.{number}")
        made.asking.ask(wish, LetterKind.CONFIRM_JOIN)
        time.sleep(0.2)


def _alive(made: Services) -> int:
    return made.watch.vitals().pulse.workers or 0


def _delays(made: Services) -> list[float]:
    query = "SELECT submitted_at - created_at FROM letters WHERE submitted_at IS NOT NULL"
    return [delay.total_seconds() for delay in _asked(made, query)]


def _owner(made: Services, issue: Issue) -> str:
    query = "SELECT owner FROM chunks WHERE issue_id = :id AND state = 'sending'"
    return next(iter(_asked(made, query, id=issue.id)), "")


def _waiting(made: Services) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock LIKE 'chunk:%'"
    return int(_asked(made, query)[0])


def _asked(made: Services, query: str, **values: object) -> list[Any]:
    with made.store.read() as tx:
        return list(tx._connection.scalars(text(query), values))  # noqa: SLF001  # a second witness


def _change(made: Services, statement: str) -> None:
    with made.store.write() as tx:
        tx._connection.execute(text(statement))  # noqa: SLF001  # behind everybody's back


def _round(sizes: Sequence[float]) -> str:
    return " + ".join(f"{size:.0f}" for size in sizes)


if __name__ == "__main__":
    main()
