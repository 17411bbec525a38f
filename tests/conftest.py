"""What every test stands on: an empty environment, no network, real databases and a browser."""

from __future__ import annotations

import gc
import ipaddress
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.configuration
import psycopg
import pytest
import structlog
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from bulletin.store.database import Database
from bulletin.store.store import Store
from made_once import made_once

ROOT = Path(__file__).resolve().parent.parent

# Where files are kept in memory, and how many bytes the tests may want there.
_MEMORY, _WANTED = Path("/dev/shm"), 2_000_000_000
if (
    "TMPDIR" not in os.environ
    and os.access(_MEMORY, os.W_OK)
    and shutil.disk_usage(_MEMORY).free > _WANTED
):
    os.environ["TMPDIR"] = str(_MEMORY)  # copies of databases take several times as long on a disk

# Before version 15 PostgreSQL knows no other way to copy a database than this quicker one.
_BY_FILE, _NOTHING = sql.SQL(" STRATEGY FILE_COPY"), sql.SQL("")

# Tests change directory, and shared machines stall: keep the examples in one place, time nothing.
hypothesis.configuration.set_hypothesis_home_dir(ROOT / ".hypothesis")
# Every run draws other examples, so that half as many find as much before long.
hypothesis.settings.register_profile("bulletin", deadline=None, max_examples=50)
hypothesis.settings.load_profile("bulletin")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for other programs begins first, every second file, so that others run beside it.

    Then come the pages, whose browsers wait, too.
    """
    tests = ROOT / "tests"
    waiting, pages = {tests / "delivery", tests / "engine"}, {tests / "web", tests / "web/desk"}
    files = sorted({item.path for item in items}, key=lambda path: (path.parent not in pages, path))
    first = [path for path in files if path.parent in waiting]
    others = [path for path in files if path.parent not in waiting]
    place = {path: number for number, path in enumerate(chain(*zip_longest(first, others)))}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """Modules and tests stay, so the collector of garbage need not go through them ever again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine and no `.env` reaches a test."""
    for name in list(os.environ):
        if name.upper().startswith("BULLETIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True, scope="session")
def _made_once() -> Iterator[None]:
    with made_once():
        yield


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A command that ran in a test's own process leaves no log set up for the next."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _own_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a test that connects to, or looks up, anything beyond this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_unless_local(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_unless_local(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_unless_local(socket.AF_INET, (host, 0))
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


def _refuse_unless_local(family: int, address: Any) -> None:
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    if host in {None, "", "localhost", socket.gethostname()}:
        return
    with suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return
    pytest.fail(f"A test reached for the network: {host!r}. Tests stay on 127.0.0.1.")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own, for the whole run: the URL of its database `postgres`."""
    server = PostgresServer()
    yield server.url
    server.remove()


@pytest.fixture
def postgres_of_its_own() -> Iterator[PostgresServer]:
    """A PostgreSQL server that a test may end and start again; its database is `postgres`."""
    server = PostgresServer(durable=True)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all its tables, to be copied: making them takes longer than a test."""
    path = tmp_path_factory.mktemp("prepared") / "bulletin.db"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_database(prepared_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with all its tables, in the test's own folder."""
    return f"sqlite:///{shutil.copy(prepared_sqlite, tmp_path / 'bulletin.db')}"


@pytest.fixture(scope="session")
def prepared_postgres(postgres_url: str) -> str:
    """The name of an empty PostgreSQL database with all its tables, to be copied."""
    _execute(postgres_url, sql.SQL("CREATE DATABASE prepared"))
    _prepare(_named(postgres_url, "prepared"))
    return "prepared"


@pytest.fixture
def postgres_database(postgres_url: str, prepared_postgres: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database with all its tables."""
    with _database(postgres_url, prepared_postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database with all its tables: the test runs once on each kind."""
    kind = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    url: str = request.getfixturevalue(kind)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database without any table: the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bulletin.db'}"
    else:
        with _database(request.getfixturevalue("postgres_url"), "template1") as url:
            yield url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that the tests drive."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("No Chromium on PATH. Run `bash tests/system.sh`, which says what to install.")


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A real browser, for the tests of one module."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        yield browser
        browser.close()


def _prepare(url: str) -> None:
    store = Store(Database(url), lambda: datetime.now(UTC))
    store.prepare()
    store.close()


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    words = [sql.Identifier(name), sql.Identifier(template)]
    _execute(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*words), _BY_FILE)
    yield _named(server, name)
    _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(words[0]))


def _named(server: str, database: str) -> str:
    return server.rpartition("/")[0] + f"/{database}"


def _execute(url: str, statement: sql.Composable, from_15: sql.Composable = _NOTHING) -> None:
    """from_15: what is added to it where PostgreSQL is version 15 or newer."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        added = from_15 if connection.info.server_version >= 150_000 else _NOTHING
        connection.execute(statement + added)


def _url(port: int, database: str) -> str:
    return f"postgresql+psycopg://postgres@127.0.0.1:{port}/{database}"


class PostgresServer:
    """A throw-away server on a free port of 127.0.0.1. Start it once, stop it at the end.

    durable: a commit is on its way to the disk before it is answered, so that none is lost when
    the server is killed. Otherwise it is quicker.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._identity = _unprivileged()
        self._home = Path(tempfile.mkdtemp(prefix="bulletin-postgres-"))
        if self._identity:
            os.chown(self._home, self._identity["user"], self._identity["group"])
        self._durable = durable
        self._programs = _postgres_programs()
        self._run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale",
            "--no-sync", "--pgdata", str(self._home / "data"),
        )  # fmt: skip
        self.port = _free_port()
        self.start()

    @property
    def url(self) -> str:
        """The URL of its database `postgres`."""
        return _url(self.port, "postgres")

    def start(self) -> None:
        log = self._home / "log"
        with log.open("ab") as output:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self._home / "data", "-p", str(self.port),
                 "-h", "127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
                 "-c", f"synchronous_commit={'on' if self._durable else 'off'}",
                 "-c", "full_page_writes=off"],
                stdout=output, stderr=output, cwd=self._home, **self._identity,
            )  # fmt: skip
        _wait_until_ready(self._server, self.port, log)

    def crash(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._server.send_signal(signal.SIGQUIT)  # its "immediate" shutdown, as after a crash
        self._server.wait(timeout=20)

    def remove(self) -> None:
        """End it and leave nothing behind."""
        if self._server.poll() is None:
            _stop(self._server)
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [self._programs / program, *words],
            check=True, capture_output=True, cwd=self._home, **self._identity,
        )  # fmt: skip


def _postgres_programs() -> Path:
    """The newest installed PostgreSQL's own directory (Debian keeps it off PATH)."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    found += sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
    for directory in found:
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    pytest.fail("No PostgreSQL here. Run `bash tests/system.sh`, which says what to install.")


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root runs it as somebody else."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    url = _url(port, "postgres").replace("+psycopg", "")
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # its "fast" shutdown: drops clients, loses nothing
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
