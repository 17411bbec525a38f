"""What strangers do at the doors of the desk."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from httpx2 import Response

from bulletin.models.people import User, UserRole
from bulletin.wiring import Services

PASSWORD = "purple kettle orbit"
ANOTHER = "green tractors fly"


def form_of(browser: TestClient, path: str) -> str:
    """The token that a page before signing in puts into its form."""
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(path).text)
    assert found, path
    return found[1]


def fill_in(browser: TestClient, path: str, **fields: str) -> Response:
    """Open a page before signing in, and send its form."""
    data = {"csrf": form_of(browser, path), **fields}
    return browser.post(path.partition("?")[0], data=data, follow_redirects=False)


def sign_in(
    browser: TestClient, email: str = "ann@school.example", password: str = PASSWORD, **more: str
) -> Response:
    return fill_in(browser, "/app/sign-in", email=email, password=password, **more)


def somebody(
    services: Services, email: str = "ann@school.example", role: UserRole = UserRole.EDITOR
) -> User:
    """A user who has PASSWORD."""
    return services.enrolment.add_user(email, role, services.passwords.hashed(PASSWORD), "test")


def is_in(browser: TestClient) -> bool:
    return browser.get("/app/help/keys", follow_redirects=False).status_code == 200


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]
