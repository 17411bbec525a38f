"""The web application over a real database, with one reader on the list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import jinja2
import pytest
from fastapi.testclient import TestClient
from jinja2.bccache import Bucket, BytecodeCache

import bulletin.web.desk.pages
import bulletin.web.pages
from bulletin.models.people import SubscriberDraft, SubscriberKind
from bulletin.settings import load_settings
from bulletin.web.app import create_app
from bulletin.wiring import Services

SECRET = "a secret of at least thirty-two characters"


class CompiledTemplates(BytecodeCache):
    """Templates that this process compiled already: the same for every test."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled_templates() -> CompiledTemplates:
    return CompiledTemplates()


@pytest.fixture(autouse=True)
def _templates_compiled_once(
    monkeypatch: pytest.MonkeyPatch, compiled_templates: CompiledTemplates
) -> None:
    """Compiling the desk's templates takes longer than most tests."""
    for module in (bulletin.web.pages, bulletin.web.desk.pages):
        made = partial(jinja2.Environment, bytecode_cache=compiled_templates)
        monkeypatch.setattr(module, "Environment", made)


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
