"""`POST /webhooks/sendgrid`: signed, or nothing; on record, or told again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from published import send
from rows import dump
from sqlalchemy import select

from bulletin.errors import Misconfigured, StoreError
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.settings import load_settings
from bulletin.store.tables import deliveries, events
from bulletin.web.app import create_app
from bulletin.wiring import Services
from signed_posts import PUBLIC_KEY, body_of, row, signed

PATH = "/webhooks/sendgrid"
NONE = timedelta(0)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def headers(body: bytes, age: timedelta = NONE) -> dict[str, str]:
    return signed(body, datetime.now(UTC) - age)


def post_of(*kinds: str) -> bytes:
    return body_of(*(row(kind, 1, datetime.now(UTC)) for kind in kinds))


@pytest.fixture
def taking(sqlite_database: str, tmp_path: Path) -> Iterator[Services]:
    """An installation with the provider's key, and an issue that went out to one reader."""
    made = Services(
        load_settings(
            database_url=sqlite_database,
            secret_key="a secret of at least thirty-two characters",
            from_email="bulletin@school.example",
            outbox_dir=tmp_path / "outbox",
            sendgrid_webhook_public_key=PUBLIC_KEY,
        )
    )
    draft = SubscriberDraft("dsl@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
    made.enrolment.add(draft, "test")
    send(made)
    yield made
    made.close()


@pytest.fixture
def provider(taking: Services) -> Iterator[TestClient]:
    with TestClient(create_app(taking), base_url="http://127.0.0.1") as client:
        yield client


def copy_of(services: Services) -> str:
    with services.store.read() as tx:
        state = tx._connection.execute(select(deliveries.c.state)).scalar_one()
    return str(state)


def test_a_post_is_answered_once_it_is_on_record(provider: TestClient, taking: Services) -> None:
    body = post_of("processed", "delivered")
    answer = provider.post(PATH, content=body, headers=headers(body))
    assert (answer.status_code, answer.content) == (204, b"")
    assert copy_of(taking) == "delivered"


def test_a_post_that_is_repeated_changes_nothing_and_is_taken(
    provider: TestClient, taking: Services, tmp_path: Path
) -> None:
    """The provider repeats what it is not sure of, up to a day later (requirement 80)."""
    body = post_of("processed", "delivered")
    provider.post(PATH, content=body, headers=headers(body))
    before = dump(tmp_path)
    answer = provider.post(PATH, content=body, headers=headers(body, timedelta(hours=24)))
    assert answer.status_code == 204
    assert dump(tmp_path) == before


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("not signed", 403),
        ("signed for another body", 403),
        ("too old", 403),
        ("of the future", 403),
        ("not JSON", 400),
        ("not a list", 400),
        ("too large", 413),
    ],
)
def test_anything_else_is_refused_without_a_word(
    provider: TestClient, tmp_path: Path, what: str, status: int
) -> None:
    """Requirement 66. Nobody learns from an answer what was wrong, and nothing changes."""
    body = {
        "not JSON": b"[{]",
        "not a list": b'{"event": "delivered"}',
        "too large": b" " * 2_000_001,
    }.get(what, post_of("spamreport"))
    ages = {"too old": timedelta(hours=26), "of the future": -timedelta(minutes=10)}
    proof = headers(body + b" " if what == "signed for another body" else body,
                     ages.get(what, NONE))  # fmt: skip
    before = dump(tmp_path)
    answer = provider.post(PATH, content=body, headers={} if what == "not signed" else proof)
    assert answer.status_code == status
    assert status == 413 or answer.content == b""
    assert "Traceback" not in answer.text
    assert dump(tmp_path) == before


def test_a_large_post_is_taken_here_and_nowhere_else(provider: TestClient) -> None:
    body = post_of(*["delivered"] * 4000)
    assert 100_000 < len(body) < 2_000_000
    assert provider.post(PATH, content=body, headers=headers(body)).status_code == 204
    assert provider.post("/subscribe", content=body, headers=FORM).status_code == 413


def test_what_the_body_says_of_its_coding_is_not_believed(provider: TestClient) -> None:
    """The bytes that came are the bytes that were signed."""
    body = post_of("delivered")
    answer = provider.post(
        PATH, content=body, headers={**headers(body), "Content-Encoding": "gzip"}
    )
    assert answer.status_code == 204


def test_while_the_database_is_away_the_provider_is_asked_to_come_again(
    provider: TestClient, taking: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = post_of("delivered")

    def away(_told: object) -> None:
        raise StoreError("The database at secret.example does not answer.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(taking.intake, "record", away)
        answer = provider.post(PATH, content=body, headers=headers(body))
    assert answer.status_code == 503
    assert "secret.example" not in answer.text
    assert provider.post(PATH, content=body, headers=headers(body)).status_code == 204


def test_without_a_key_there_is_no_such_page(browser: TestClient, services: Services) -> None:
    body = post_of("delivered")
    assert browser.post(PATH, content=body, headers=headers(body)).status_code == 404
    with services.store.read() as tx:
        assert tx._connection.execute(select(events)).all() == []


def test_nobody_can_look_at_it(provider: TestClient) -> None:
    assert provider.get(PATH).status_code == 405


def test_a_key_that_is_none_stops_the_start(tmp_path: Path) -> None:
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path / 'bulletin.db'}",
        secret_key="a secret of at least thirty-two characters",
        sendgrid_webhook_public_key="not a key",
    )
    services = Services(settings)
    with pytest.raises(Misconfigured, match="SENDGRID_WEBHOOK_PUBLIC_KEY"):
        create_app(services)
    services.close()
