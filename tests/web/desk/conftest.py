"""The desk over a real database: signed in by role, without a browser and in a real one.

Fixtures of tests/web (`services`, `browser`) and of tests (`chromium`) hold here, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from at_desk import COOKIE, Desk, DeskBrowser, a_user
from playwright.sync_api import Browser, expect
from served import serving

from bulletin.models.people import UserRole
from bulletin.web.app import create_app
from bulletin.wiring import Services


@pytest.fixture(autouse=True, scope="session")
def _patient_with_busy_machines() -> None:
    expect.set_options(timeout=30_000)


@pytest.fixture
def as_role(services: Services) -> Iterator[Callable[..., Desk]]:
    """as_role(UserRole.EDITOR): a client of the desk, signed in as somebody with that role."""
    app = create_app(services)
    with ExitStack() as stack:

        def signed_in(role: UserRole = UserRole.EDITOR, email: str = "") -> Desk:
            client = Desk(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000))
            client.user = a_user(services, role, email)
            token = services.sessions.open(client.user)
            client.cookies.set(COOKIE, token, domain="127.0.0.1", path="/")
            return stack.enter_context(client)

        yield signed_in


@pytest.fixture
def desk_browser(services: Services, chromium: Browser) -> Iterator[DeskBrowser]:
    """The desk behind a real server, for a real browser."""
    with serving(services) as address:
        desk = DeskBrowser(address, services, chromium, [])
        yield desk
        for context in desk.contexts:
            context.close()
