"""The jobs of procrastinate: rows of the same PostgreSQL, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from psycopg.conninfo import make_conninfo
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    exists,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.engine import make_url

from bulletin.errors import StoreError
from bulletin.models.pools import Pool
from bulletin.store.jobs import can_run
from bulletin.store.planning import QUEUED
from bulletin.store.tables import chunks, issues

SEND_CHUNK, SEND_LETTERS = "send_chunk", "send_letters"
_AT_ONCE = 1000

_jobs = table(
    "procrastinate_jobs",
    column("queueing_lock"),
    column("status"),
)
# As the index on queueing locks is written, so that it is used.
_TODO: ColumnElement[str] = literal_column("'todo'::procrastinate_job_status")
_DOING: ColumnElement[str] = literal_column("'doing'::procrastinate_job_status")


class QueuedJobs:
    """Jobs in one transaction, on its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # Never opened: every job is made on the connection of the transaction.
        self._app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

    def chunks(self, issue_id: int | None = None) -> int:
        made = 0
        while rows := self._connection.execute(_without_job(issue_id)).all():
            if not self._defer([_chunk_job(row.issue_id, row.position) for row in rows]):
                break
            made += len(rows)
        return made

    def chunk(self, issue_id: int, position: int, at: datetime | None = None) -> None:
        # A lock of its own: a chunk that waits for its retry can become runnable before that.
        self._defer([_chunk_job(issue_id, position, at)])

    def letters(self, at: datetime | None = None, *, found: bool = False) -> None:
        # One for each letter that is written, without a lock: a job that is waiting already may be
        # taken by somebody who cannot see this transaction's letter yet.
        lock = "letters:later" if at else "letters:found" if found else None
        job = Job(
            queue=Pool.TRANSACTIONAL, task_name=SEND_LETTERS, lock=None, queueing_lock=lock,
            scheduled_at=at,
        )  # fmt: skip
        self._defer([job])

    def _defer(self, jobs: Sequence[Job]) -> bool:
        """Make jobs, all or none; false if somebody else made one of them at the same moment.

        Raises StoreError.
        """
        driver: Any = self._connection.connection.driver_connection
        try:
            with self._connection.begin_nested():
                self._app.job_manager.batch_defer_jobs(list(jobs), connection=driver)
        except AlreadyEnqueued:
            return False
        except ConnectorException as error:
            raise StoreError(f"The job queue refused a job: {error.__cause__ or error}") from error
        return True


def conninfo(url: str) -> str:
    """The address of a database as psycopg takes it."""
    parsed = make_url(url)
    return make_conninfo(
        **parsed.translate_connect_args(username="user", database="dbname"),
        **{name: str(value) for name, value in parsed.query.items()},
    )


def _without_job(issue_id: int | None) -> Select[tuple[int, int]]:
    """The next chunks that can run and that no job is waiting, or working, for."""
    lock = func.concat("chunk:", chunks.c.issue_id, ":", chunks.c.position)
    waiting = exists().where(_jobs.c.queueing_lock == lock, _jobs.c.status == _TODO)
    working = select(_jobs.c.queueing_lock).where(
        _jobs.c.status == _DOING, _jobs.c.queueing_lock.is_not(None)
    )
    # A job in hand is about to claim its chunk. One whose lease ran out has lost it.
    taken = and_(chunks.c.state == QUEUED, lock.in_(working))
    query = (
        select(chunks.c.issue_id, chunks.c.position)
        .join(issues, issues.c.id == chunks.c.issue_id)
        .where(can_run(func.statement_timestamp()), ~waiting, ~taken)
    )
    if issue_id is not None:
        query = query.where(chunks.c.issue_id == issue_id)
    return query.order_by(chunks.c.issue_id, chunks.c.position).limit(_AT_ONCE)


def _chunk_job(issue_id: int, position: int, at: datetime | None = None) -> Job:
    return Job(
        queue=Pool.BULK,
        task_name=SEND_CHUNK,
        lock=None,
        queueing_lock=f"{'later' if at else 'chunk'}:{issue_id}:{position}",
        task_kwargs={"issue_id": issue_id, "position": position},
        scheduled_at=at,
    )
