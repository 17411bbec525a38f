"""Signing in and out, and what a stranger learns by trying."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from httpx2 import Response

from bulletin.models.people import UserRole
from bulletin.wiring import Services

PASSWORD = "purple kettle orbit"


def form_of(browser: TestClient, path: str) -> str:
    """The token that a page before signing in puts into its form."""
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(path).text)
    assert found
    return found[1]


def sign_in(browser: TestClient, email: str, password: str, **fields: str) -> Response:
    csrf = form_of(browser, "/app/sign-in")
    data = {"csrf": csrf, "email": email, "password": password, **fields}
    return browser.post("/app/sign-in", data=data, follow_redirects=False)


def test_the_first_link_makes_an_admin_who_is_signed_in(
    services: Services, browser: TestClient
) -> None:
    link = services.accounts.first_link("http://127.0.0.1")
    assert link
    path = link.removeprefix("http://127.0.0.1")
    fields = {
        "csrf": form_of(browser, path),
        "name": "Sam Jones",
        "email": "sam@school.example",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    answer = browser.post(path, data=fields, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app")
    assert browser.get("/app").status_code == 200
    (user,) = services.enrolment.users()
    assert (user.role, user.name) == (UserRole.ADMIN, "Sam Jones")
    assert services.accounts.first_link("http://127.0.0.1") is None
    assert browser.get(path).status_code == 410
    browser.cookies.clear()
    assert sign_in(browser, "sam@school.example", PASSWORD).status_code == 303
