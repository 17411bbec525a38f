"""What `bulletin worker` makes of its options and settings."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from bulletin.__main__ import app
from bulletin.models.pools import Pool
from bulletin.settings import load_settings
from bulletin.wiring import Services


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch, sqlite_database: str) -> None:
    for name, value in {
        "SECRET_KEY": "a secret of at least thirty-two characters",
        "FROM_EMAIL": "bulletin@school.example",
        "DATABASE_URL": sqlite_database,
        "SMTP_URL": "smtp://127.0.0.1:25?tls=starttls",
        "SMTP_CONNECTIONS": "7",
        "SENDGRID_API_KEY": "SG.x",
    }.items():
        monkeypatch.setenv(f"BULLETIN_{name}", value)


@pytest.mark.parametrize(
    ("transport", "options", "slots"),
    [("smtp", (), 7), ("smtp", ("--concurrency", "3"), 3), ("sendgrid", (), 4), ("outbox", (), 1)],
)
def test_a_worker_opens_as_many_connections_as_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, transport: str, options: tuple[str, ...], slots: int
) -> None:
    made: list[Mapping[Pool, int]] = []

    def engine(_services: Services, pools: Mapping[Pool, int]) -> SimpleNamespace:
        made.append(pools)
        return SimpleNamespace(run=lambda: None)

    monkeypatch.setenv("BULLETIN_TRANSPORT", transport)
    monkeypatch.setattr(Services, "engine", engine)
    monkeypatch.setattr(Services, "is_distributed", True)
    monkeypatch.setattr(Services, "_make_jobs", lambda _: None)
    monkeypatch.setattr(Services, "store", SimpleNamespace(ping=lambda: None, name=lambda: "x"))
    result = CliRunner().invoke(app, ["worker", "--pool", "bulk", *options])
    assert (result.exit_code, made) == (0, [{Pool.BULK: slots}]), result.output


@pytest.mark.parametrize("transport", ["smtp", "sendgrid"])
def test_whom_tls_trusts_is_read_once_for_all_connections(
    monkeypatch: pytest.MonkeyPatch, transport: str
) -> None:
    """TRAP: it costs 25 ms, and every job of a worker has a transport of its own."""
    monkeypatch.setenv("BULLETIN_TRANSPORT", transport)
    reads: list[str] = []
    monkeypatch.setattr("ssl.create_default_context", lambda: reads.append("x"))
    services = Services(load_settings())
    for _ in range(3):
        services.open_transport()
    assert reads == ["x"]
