"""What `bulletin serve` makes ready a moment after it started."""

from __future__ import annotations

import gc

import pytest
from fastapi.testclient import TestClient

from bulletin.models.issues import Visibility
from bulletin.web.app import create_app
from bulletin.web.deferred import Deferred
from bulletin.web.warming import warm
from bulletin.wiring import Services


def test_every_template_compiles_and_every_page_is_made(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))  # other tests' garbage is ours
    services.drafting.new("December", {}, Visibility.PUBLIC, "editor@school.example")
    app = create_app(services)
    warm(app, services)
    deferred = [route for route in app.routes if isinstance(route, Deferred)]
    assert deferred
    assert all("router" in vars(route) for route in deferred)
    assert frozen == [True]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/app/sign-in").status_code == 200
