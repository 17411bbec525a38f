"""The engine of `bulletin worker`: procrastinate hands out jobs, and its worker is kept alive.

The ledger is the truth; a job that is lost, or done twice, costs nothing but a look at it. What
was measured, and which traps this goes around, is told in docs/scaling.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import ConnectorException, ProcrastinateException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from bulletin.errors import BulletinError
from bulletin.models.pools import Pool
from bulletin.pipeline.dispatch import Dispatch
from bulletin.store.queue import SEND_CHUNK, SEND_LETTERS

_SPARE_THREADS = 2  # for the sweep, beside the jobs
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often what happens, in seconds.

    sweep:     from one look at the ledger to the next.
    poll:      from one look at the queue to the next, should a notice of a job be lost.
    heartbeat: from one sign of life to the next.
    silence:   without a sign of life for so long, a worker counts as gone.
    drain:     how long copies in hand may take when it is told to stop.
    """

    sweep: float = 10.0
    poll: float = 1.0
    heartbeat: float = 10.0
    silence: float = 30.0
    drain: float = 75.0


class WorkerEngine:
    """One worker process: jobs of one or both pools, each in a thread, until it is told to stop.

    conninfo: the PostgreSQL of the queue, as psycopg takes it.
    pools:    how many jobs of each pool are done at once.
    """

    def __init__(
        self, conninfo: str, dispatch: Dispatch, pools: Mapping[Pool, int], rhythm: Rhythm
    ) -> None:
        self._conninfo = conninfo
        self._dispatch = dispatch
        self._pools = pools
        self._rhythm = rhythm
        self._stop = threading.Event()
        self._told = asyncio.Event()
        self._log = structlog.get_logger("bulletin.worker")

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then finish the copies in hand, and return.

        A second signal ends the process at once. So does the end of `drain`: what is still in
        hand then is left to its lease, and shown as not confirmed.
        """
        asyncio.run(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        # Python's own pool of threads has six on two cores, however many jobs are asked for.
        threads = sum(self._pools.values()) + _SPARE_THREADS
        loop.set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix="job"))
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._ask_to_stop)
        loop.set_exception_handler(self._note)
        _speak_plainly()
        pause = 0.0
        while not self._told.is_set():
            begun = loop.time()
            await self._live()
            lived_long = loop.time() - begun > _LONGEST_PAUSE
            pause = (
                _FIRST_PAUSE if lived_long else min(max(pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), pause)

    def _note(self, _loop: object, context: dict[str, Any]) -> None:
        # Such as a job that somebody else finished while this process was frozen.
        error = context.get("exception")
        self._log.warning("a job was not put away", reason=_said(error) if error else "")

    async def _live(self) -> None:
        try:
            await self._generation()
        except (ProcrastinateException, psycopg.Error) as error:
            self._log.error("the queue cannot be used", reason=_said(error))

    def _ask_to_stop(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        self._log.info("stopping: the copies in hand are finished first")
        self._stop.set()
        self._told.set()

    async def _generation(self) -> None:
        """The life of one set of connections to the queue: until told to stop, or one breaks."""
        app = self._app()
        async with app.open_async():
            workers = [
                asyncio.create_task(self._work(app, pool, slots))
                for pool, slots in self._pools.items()
            ]
            sweep = asyncio.create_task(self._sweep(app.job_manager))
            told = asyncio.create_task(self._told.wait())
            await asyncio.wait([*workers, told], return_when=asyncio.FIRST_COMPLETED)
            for task in (sweep, told, *workers):
                task.cancel()  # which a worker takes as: fetch no more, finish what is in hand
            await self._drain(workers)
        if not self._told.is_set():
            self._log.warning("lost the queue; starting again")

    def _app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._conninfo, min_size=1, max_size=2 + len(self._pools), timeout=10.0
        )
        app = procrastinate.App(connector=connector)
        app.task(name=SEND_CHUNK, queue=Pool.BULK)(self._send_chunk)
        app.task(name=SEND_LETTERS, queue=Pool.TRANSACTIONAL)(self._send_letters)
        return app

    async def _work(self, app: procrastinate.App, pool: Pool, slots: int) -> None:
        await app.run_worker_async(
            queues=[pool],
            name=pool,
            concurrency=slots,
            fetch_job_polling_interval=self._rhythm.poll,
            update_heartbeat_interval=self._rhythm.heartbeat,
            stalled_worker_timeout=self._rhythm.silence,
            delete_jobs="successful",
            install_signal_handlers=False,
        )

    async def _drain(self, workers: Sequence[asyncio.Task[None]]) -> None:
        _, late = await asyncio.wait(workers, timeout=self._rhythm.drain)
        if late and self._told.is_set():
            self._log.warning("some copies took too long; they will be shown as not confirmed")
            sys.stdout.flush()
            os._exit(0)  # their threads cannot be ended in any other way
        for ended in await asyncio.gather(*workers, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended

    async def _sweep(self, queue: JobManager) -> None:
        while True:
            # Another sweep may be first; and that the queue is away is said where it is worked on.
            with contextlib.suppress(ConnectorException):
                await self._revive(queue)
            await asyncio.to_thread(self._guarded, "sweep", self._dispatch.sweep)
            await asyncio.sleep(self._rhythm.sweep)

    async def _revive(self, queue: JobManager) -> None:
        """Put back the jobs of workers that gave no sign of life."""
        for job in await queue.get_stalled_jobs(seconds_since_heartbeat=self._rhythm.silence):
            try:
                await queue.retry_job(job)
            except UniqueViolation:  # another job waits for the same
                await queue.finish_job(job, Status.FAILED, delete_job=True)

    def _send_chunk(self, issue_id: int, position: int) -> None:
        self._guarded("chunk", lambda: self._dispatch.chunk(issue_id, position, self._stop))

    def _send_letters(self) -> None:
        self._guarded("letters", lambda: self._dispatch.letters(self._stop))

    def _guarded(self, what: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # the ledger knows what is left; no job is kept
            self._log.error("failed", what=what, reason=_said(error))


class _Plainly(logging.Handler):
    """Says what the libraries have to say as we do: one line, without a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        reason = _said(error) if error else ""
        structlog.get_logger(record.name).warning(record.getMessage(), reason=reason)


def _speak_plainly() -> None:
    for name in ("procrastinate", "psycopg.pool"):
        logger = logging.getLogger(name)
        logger.handlers = [_Plainly(logging.WARNING)]
        logger.propagate = False


def _said(error: BaseException) -> str:
    cause = error.__cause__ if isinstance(error, ConnectorException) else None
    if cause is not None:
        return _said(cause)
    return str(error) if isinstance(error, BulletinError) else f"{type(error).__name__}: {error}"
