"""Probes and numbers: what is missing is said in a sentence; numbers name nobody, and are not
for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from queued import approved, change, distributed

from bulletin.web.app import create_app
from bulletin.wiring import Services


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """With workers on PostgreSQL; without on SQLite, where there cannot be any."""
    engine = "distributed" if database_url.startswith("postgresql") else "embedded"
    settings = {"engine": engine, "trusted_proxy": "10.1.0.0/16"}
    with distributed(database_url, tmp_path, **settings) as services:
        yield services


def asking(house: Services, client: str = "127.0.0.1") -> TestClient:
    return TestClient(create_app(house), base_url="http://127.0.0.1", client=(client, 5000))


def missing(house: Services) -> str:
    answer = asking(house).get("/readyz")
    assert answer.status_code == 200
    return " ".join(answer.json()["missing"])


def numbers(house: Services) -> dict[str, float]:
    text = asking(house).get("/metrics").text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def start_long_ago(house: Services, readers: int = 25) -> None:
    house.planning.start(approved(house, readers), None, "test")
    change(house, "UPDATE issues SET updated_at = '2026-01-01 00:00:00'")


def test_copies_that_nobody_sends_are_told_and_do_not_make_it_unready(house: Services) -> None:
    start_long_ago(house)
    assert "Copies wait and nobody sends them" in missing(house)
    assert ("No worker has given a sign of life" in missing(house)) is house.is_distributed
    change(house, "UPDATE chunks SET state = 'sending', lease_until = '2999-01-01 00:00:00'")
    assert "Copies wait" not in missing(house)


def test_chunks_that_wait_for_their_turn_or_their_retry_are_not_complained_about(
    house: Services,
) -> None:
    start_long_ago(house)
    change(house, "UPDATE chunks SET run_after = '2999-01-01 00:00:00' WHERE position > 0")
    change(
        house,
        "UPDATE chunks SET state = 'sending', lease_until = '2999-01-01 00:00:00' "
        "WHERE position = 0",
    )
    assert "Copies wait" not in missing(house)


def test_the_numbers_say_how_much_waits_and_for_how_long(house: Services) -> None:
    start_long_ago(house)
    found = numbers(house)
    assert found['bulletin_copies{state="prepared"}'] == 25
    assert (found["bulletin_chunks_free"], found["bulletin_chunks_held"]) == (3, 0)
    since = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    waited = house.store.clock() - since - timedelta(seconds=found["bulletin_chunks_free_seconds"])
    assert abs(waited) < timedelta(seconds=60)
    assert found.get("bulletin_workers") == (0 if house.is_distributed else None)


def test_no_number_carries_anything_about_a_person(house: Services) -> None:
    start_long_ago(house, readers=3)
    text = asking(house).get("/metrics").text
    assert "reader" not in text
    assert "@" not in text


def test_numbers_are_for_this_machine_and_the_proxys_network_alone(
    quick_house: Services,
) -> None:
    asked: list[tuple[str, dict[str, str], int]] = [
        ("127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 200),
        ("203.0.113.5", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("10.1.2.3", {"Forwarded": "for=127.0.0.1"}, 404),
        ("", {}, 404),
    ]
    for client, headers, status in asked:
        answer = asking(quick_house, client).get("/metrics", headers=headers)
        assert answer.status_code == status, (client, headers)


@pytest.fixture
def quick_house(sqlite_database: str, tmp_path: Path) -> Iterator[Services]:
    with distributed(
        sqlite_database, tmp_path, engine="embedded", trusted_proxy="10.1.0.0/16"
    ) as services:
        yield services
