"""Nobody is at the desk who has not signed in."""

from __future__ import annotations

from collections.abc import Callable

from at_desk import Desk
from fastapi.testclient import TestClient


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(browser: TestClient) -> None:
    answer = browser.get("/app?x=1", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/app/sign-in?back=/app%3Fx%3D1"


def test_who_is_signed_in_sees_today(as_role: Callable[..., Desk]) -> None:
    answer = as_role().get("/app")
    assert answer.status_code == 200
    assert "<h1>Today" in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
