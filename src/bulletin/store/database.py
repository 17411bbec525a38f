"""The engine under the store: connections, transactions, and what can go wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bulletin.errors import InvalidInput, Misconfigured, StoreError, StoreFull, StoreUnavailable
from bulletin.store.turnstile import Turnstile

_BUSY_SECONDS = 30
_POOL = 60  # every sending thread, and the web's
# A server that vanished without a word is given up within a minute, instead of waited for.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class Database:
    """One database, SQLite or PostgreSQL. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        """url: as BULLETIN_DATABASE_URL. Raises Misconfigured if it names no database we know."""
        self.engine = _engine(url)
        event.listen(self.engine, "handle_error", _unkeepable)
        self.dialect = self.engine.dialect.name
        self._writers = Turnstile() if self.dialect == "sqlite" else None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, rolled back on any exception."""
        with self._turn(), self._transaction("IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite has one writer at a time, and lets the others sleep and guess when it is done."""
        if self._writers is None:
            yield
            return
        if not self._writers.enter(_BUSY_SECONDS):
            raise StoreUnavailable(_LOCKED)
        try:
            yield
        finally:
            self._writers.leave()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, so it waits for nobody."""
        with self._transaction("DEFERRED", consistent=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, mode: str, *, consistent: bool = False) -> Iterator[Connection]:
        options: dict[str, Any] = {"sqlite_begin": mode}
        if consistent and self.dialect == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        try:
            with (
                self.engine.connect().execution_options(**options) as connection,
                connection.begin(),
            ):
                yield connection
        except DBAPIError as error:
            raise _explain(error) from error
        except PoolTimeout as error:
            raise StoreUnavailable(
                "The database has no connection left for this; try again."
            ) from error

    def exists(self) -> bool:
        """Whether there is something to look into: a server is taken at its word."""
        path = self.engine.url.database
        return self.dialect != "sqlite" or (path is not None and Path(path).exists())

    def name(self) -> str:
        """Which database this is, without the password or options of its address."""
        url = self.engine.url
        place = f"{url.host or 'localhost'}:{url.port or 5432}/" if self.dialect != "sqlite" else ""
        return f"{self.dialect} {place}{url.database}"

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise Misconfigured(
            "BULLETIN_DATABASE_URL must look like sqlite:///bulletin.db or "
            "postgresql://user:password@host/name."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database)
    if parsed.get_backend_name() == "postgresql":
        if parsed.drivername not in {"postgresql", "postgresql+psycopg"}:
            raise Misconfigured(
                f"BULLETIN_DATABASE_URL: say postgresql://, not {parsed.drivername}."
            )
        asked = {name: value for name, value in _PATIENCE.items() if name not in parsed.query}
        engine = create_engine(
            url, connect_args=asked, pool_pre_ping=True, pool_size=_POOL, max_overflow=_POOL
        )
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    raise Misconfigured(
        f"BULLETIN_DATABASE_URL names {parsed.get_backend_name()}; "
        "Bulletin works on sqlite and postgresql."
    )


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # A process that was frozen in the middle of a transaction must not hold its locks for ever.
    connection.execute("SET idle_in_transaction_session_timeout = '2min'")
    connection.commit()


def _sqlite(url: str, path: str | None) -> Engine:
    if not path or path == ":memory:":
        raise Misconfigured("BULLETIN_DATABASE_URL must name a file: sqlite:///bulletin.db")
    if not Path(path).absolute().parent.is_dir():
        raise Misconfigured(
            f"BULLETIN_DATABASE_URL: there is no folder {Path(path).absolute().parent}. "
            "Make it first."
        )
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, pool_size=_POOL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    # The driver must not open transactions by itself: it would begin them DEFERRED, and a
    # transaction that reads and then writes fails at once when another one has written.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        # The intent to send must survive a power cut: FULL syncs the log at every commit.
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        # In KB. A sort of a million rows takes as much again before it goes to disk; twice of it
        # is no faster.
        "cache_size=-16384",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _unkeepable(context: ExceptionContext) -> InvalidInput | None:
    """What to say of a value that no database holds: it came from outside, however it came."""
    unfit = (OverflowError, UnicodeEncodeError, context.dialect.loaded_dbapi.DataError)
    if not isinstance(context.original_exception, unfit):
        return None
    return InvalidInput(
        "A number in it is too large, or a character of it is none. Mend it and try again."
    )


_LOCKED = f"Another program kept the database locked for {_BUSY_SECONDS} seconds. Try again."
_TROUBLES: tuple[tuple[str, type[StoreError], str], ...] = (
    (
        "disk is full|no space left|disk full|disk i/o error",
        StoreFull,
        (
            "The disk under the database is full or failing. What was being written was undone; "
            "make room and try again."
        ),
    ),
    ("database is locked", StoreUnavailable, _LOCKED),
    (
        "readonly database|unable to open database",
        StoreError,
        "The database cannot be opened for writing: {text}.",
    ),
    (
        "no such module: fts5",
        StoreError,
        (
            "This Python's SQLite was built without full-text search (FTS5). Use another Python, "
            "or PostgreSQL."
        ),
    ),
    (
        "file is not a database|malformed",
        StoreError,
        "The database file is damaged or is no database: {text}.",
    ),
)


def _explain(error: DBAPIError) -> StoreError:
    """The same trouble, as a sentence for a person."""
    text = str(error.orig or error).strip()
    for pattern, kind, sentence in _TROUBLES:
        if re.search(pattern, text.lower()):
            return kind(sentence.format(text=text))
    if isinstance(error, OperationalError) or error.connection_invalidated:
        # Also a deadlock, or a server that is shutting down or starting up.
        return StoreUnavailable(f"The database cannot be used: {text}")
    return StoreError(f"The database refused a statement: {text}")
