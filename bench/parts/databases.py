"""Databases to measure on: a SQLite file, and a PostgreSQL server with its usual safety."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from parts import ROOT  # noqa: F401  # makes what the tests start their servers with importable

# isort: split
from conftest import _free_port, _postgres_programs, _unprivileged, _url, _wait_until_ready


class Postgres:
    """A throw-away server on a free port. Unlike the tests' it syncs every commit to the disk."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._identity = _unprivileged()
        self._programs = _postgres_programs()
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        if self._identity:
            os.chown(home, self._identity["user"], self._identity["group"])
        subprocess.run(
            [self._programs / "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8",
             "--no-locale", "--pgdata", home / "data"],
            check=True, capture_output=True, cwd=home, **self._identity,
        )  # fmt: skip

    def start(self) -> None:
        with (self._home / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self._home / "data", "-p", str(self._port),
                 "-h", "127.0.0.1", "-c", "unix_socket_directories="],
                stdout=log, stderr=log, cwd=self._home, **self._identity,
            )  # fmt: skip
        _wait_until_ready(self._server, self._port, self._home / "log")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server. SIGINT drops its clients; SIGQUIT is a crash, with recovery later."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=30)
            self._server = None

    def database(self, name: str) -> str:
        """Make an empty database. Returns its URL."""
        with psycopg.connect(
            _url(self._port, "postgres").replace("+psycopg", ""), autocommit=True
        ) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return _url(self._port, name)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running server, ended and removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="bulletin-bench-"))
    server = Postgres(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
