"""Somebody at the desk: a client that is signed in by role, and a real browser that is."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.testclient import TestClient
from httpx2 import Response
from playwright.sync_api import Browser, BrowserContext, Page

from bulletin.models.people import User, UserRole
from bulletin.web.desk.access import csrf_of
from bulletin.wiring import Services

COOKIE = "bulletin"


class Desk(TestClient):
    """A client that is signed in, and puts its token into every change."""

    user: User

    @property
    def csrf(self) -> str:
        return csrf_of(self.cookies[COOKIE])

    def change(self, path: str, **fields: object) -> Response:
        """POST a form of the desk; answers what came, redirects not followed."""
        return self.post(path, data={"csrf": self.csrf, **fields}, follow_redirects=False)


def a_user(services: Services, role: UserRole, email: str = "") -> User:
    email = email or f"{role.value}@school.example"
    for user in services.enrolment.users():
        if user.email == email:
            return user
    return services.enrolment.add_user(email, role, "", "test")


@dataclass
class DeskBrowser:
    """A running desk and a real browser. `open` gives a page that is signed in."""

    address: str
    services: Services
    browser: Browser
    contexts: list[BrowserContext]

    def open(
        self, path: str, role: UserRole = UserRole.EDITOR, email: str = "", **options: object
    ) -> Page:
        """options: of the browser's context, such as viewport or java_script_enabled."""
        context = self.browser.new_context(base_url=self.address, **options)  # type: ignore[arg-type]  # as they came
        token = self.services.sessions.open(a_user(self.services, role, email))
        context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(path)
        return page
