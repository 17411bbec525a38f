"""Who is at the desk and what they may do: the one way into every page of it.

A change needs the session's own token in its form or header (`csrf`), and a request that the
browser says comes from elsewhere is refused before that (Fetch Metadata; OWASP's advice on CSRF).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request

from bulletin.models.people import User
from bulletin.models.rights import RIGHTS, Right
from bulletin.wiring import Services

_SAFE = frozenset({"GET", "HEAD"})
_OWN_SITES = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who signed in. csrf: what their forms have to carry."""

    user: User
    rights: frozenset[Right]
    csrf: str

    def may(self, right: Right) -> bool:
        return right in self.rights


class SignInFirst(Exception):
    """Nobody is signed in, or no longer; `back` is where they wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


class Access:
    """Makes the dependencies of routes. Every route of the desk has one."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def may(self, right: Right) -> Callable[..., Awaitable[Visitor]]:
        """A dependency: the visitor, who has this right and whose changes are their own.

        Raises SignInFirst without a session, and HTTPException 403 without the right, or for a
        change that their own pages did not send.
        """

        signed_in = Depends(self.visitor)

        async def allowed(request: Request, visitor: Visitor = signed_in) -> Visitor:
            if request.method not in _SAFE:
                await check_csrf(request, visitor.csrf)
            if not visitor.may(right):
                raise HTTPException(403, _without(right))
            return visitor

        allowed.right = right  # type: ignore[attr-defined]  # for the test that walks every route
        return allowed

    def visitor(self, request: Request) -> Visitor:
        """Whoever has the session that the request's cookie names. Raises SignInFirst."""
        token = request.cookies.get(self.cookie, "")
        user = self._services.sessions.user(token) if token else None
        if user is None:
            raise SignInFirst(_back(request))
        return Visitor(user, RIGHTS[user.role], csrf_of(token))

    @property
    def cookie(self) -> str:
        """The cookie's name: by https one that nobody but this host can set (RFC 6265bis 4.1.3)."""
        return "__Host-bulletin" if self.is_secure else "bulletin"

    @property
    def is_secure(self) -> bool:
        return self._services.settings.public_url.startswith("https://")


def csrf_of(token: str) -> str:
    """What a session's forms carry: known to its own pages alone."""
    return hashlib.sha256(b"bulletin csrf v1\0" + token.encode()).hexdigest()


async def check_csrf(request: Request, expected: str) -> None:
    """Raises HTTPException 403 unless the request comes from one of our own pages."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    sent = request.headers.get("x-csrf-token", "")
    if not sent:
        sent = str((await request.form()).get("csrf", ""))
    if site not in _OWN_SITES or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise HTTPException(
            403, "This form is no longer valid. Go back, load the page again, and repeat it."
        )


def _without(right: Right) -> str:
    return {
        Right.APPROVE: "Somebody with the role approver or admin has to do this.",
        Right.ADMIN: "Somebody with the role admin has to do this.",
    }.get(right, "Somebody with the role editor, approver or admin has to do this.")


def _back(request: Request) -> str:
    """Where to go on after signing in: the page itself, or the page that a form stood on."""
    if request.method in _SAFE and "hx-request" not in request.headers:
        return quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    return urlsplit(request.headers.get("referer", "")).path or "/app"
