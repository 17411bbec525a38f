"""The web application over a real database, with one reader on the list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from one_reader import installed_over

from bulletin.web.app import create_app
from bulletin.wiring import Services


@pytest.fixture
def services(sqlite_database: str, tmp_path: Path) -> Iterator[Services]:
    with closing(installed_over(sqlite_database, tmp_path)) as made:
        yield made


@pytest.fixture
def browser(services: Services) -> Iterator[TestClient]:
    app = create_app(services)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000)) as client:
        yield client
