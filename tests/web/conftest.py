"""The web application over a real database, with one reader on the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.settings import load_settings
from bulletin.web.app import create_app
from bulletin.wiring import Services

SECRET = "a secret of at least thirty-two characters"


@pytest.fixture
def services(sqlite_database: str, tmp_path: Path) -> Iterator[Services]:
    made = Services(
        load_settings(
            database_url=sqlite_database,
            secret_key=SECRET,
            from_email="bulletin@school.example",
            outbox_dir=tmp_path / "outbox",
        )
    )
    draft = SubscriberDraft("dsl@school.example", ("dsl",), kind=SubscriberKind.CORPORATE)
    made.enrolment.add(draft, "test")
    yield made
    made.close()


@pytest.fixture
def browser(services: Services) -> Iterator[TestClient]:
    app = create_app(services)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000)) as client:
        yield client
