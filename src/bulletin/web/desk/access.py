"""Who is at the desk and what they may do: the one way into every page of it.

A change needs the session's own token in its form or header (`csrf`), and a request that the
browser says comes from elsewhere is refused before that (Fetch Metadata; OWASP's advice on CSRF).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import HTTPException, Request
from fastapi.concurrency import run_in_threadpool

from bulletin.models.people import User
from bulletin.models.rights import RIGHTS, Right
from bulletin.wiring import Services

MOST_FIELD = 33_000_000
"""Bytes of one field: a pasted page. What is more than a form may send was refused before that."""

_SAFE = frozenset({"GET", "HEAD"})
_OWN_SITES = frozenset({"same-origin", "none"})
# Our pages send UTF-8. What came in others can hold halves of characters, which no text can.
_OTHER_CHARSET = re.compile(r'charset(?!="?utf-?8"?\s*(;|$))', re.IGNORECASE)
_STALE = "This form is no longer valid. Go back, load the page again, and repeat it."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who signed in. csrf: what their forms have to carry."""

    user: User
    rights: frozenset[Right]
    csrf: str
    token: str = ""

    def may(self, right: Right) -> bool:
        return right in self.rights


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who has not signed in. token: what their browser keeps for the forms before that;
    csrf: what those have to carry, so that nobody is signed in as somebody else from elsewhere."""

    token: str
    csrf: str


class SignInFirst(Exception):
    """Nobody is signed in, or no longer; `back` is where they wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


class SecondFactorFirst(Exception):
    """Everybody must have a second factor here, and this user has none yet."""


class Access:
    """Makes the dependencies of routes. Every route of the desk has one."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def may(self, right: Right, *, enrolling: bool = False) -> Callable[..., Awaitable[Visitor]]:
        """A dependency: the visitor, who has this right and whose changes are their own.

        enrolling: also for who has yet to set up a second factor that everybody must have.

        Raises SignInFirst without a session, SecondFactorFirst, and HTTPException 403 without the
        right, or for a change that their own pages did not send.
        """

        async def allowed(request: Request) -> Visitor:
            visitor = await run_in_threadpool(self.visitor, request)
            if request.method not in _SAFE:
                await self._check_csrf(request, visitor.csrf)
            if not visitor.may(right):
                raise HTTPException(403, _without(right))
            required = self._services.settings.require_second_factor
            if required and not visitor.user.second_factor and not enrolling:
                raise SecondFactorFirst
            return visitor

        allowed.right = right  # type: ignore[attr-defined]  # for the test that walks every route
        return allowed

    def visitor(self, request: Request) -> Visitor:
        """Whoever has the session that the request's cookie names. Raises SignInFirst."""
        token = request.cookies.get(self.cookie, "")
        user = self._services.sessions.user(token) if token else None
        if user is None:
            raise SignInFirst(_back(request))
        return Visitor(user, RIGHTS[user.role], csrf_of(token), token)

    def end_session(self, request: Request) -> None:
        """Let a browser's session end, if it has one, since it gets another."""
        if token := request.cookies.get(self.cookie, ""):
            self._services.sessions.close(token)

    def anybody(self) -> Callable[..., Awaitable[Stranger]]:
        """A dependency of the pages before signing in: whoever comes, and their forms are ours.

        Raises HTTPException 403 for a form that our own pages did not send.
        """

        async def allowed(request: Request) -> Stranger:
            if request.method not in _SAFE:
                token = request.cookies.get(self.form_cookie, "")
                await self._check_csrf(request, csrf_of(token) if token else "")
            return self.stranger(request)

        allowed.right = None  # type: ignore[attr-defined]  # for the test that walks every route
        return allowed

    def stranger(self, request: Request) -> Stranger:
        """Whoever comes, by what their browser keeps for the forms before signing in."""
        token = request.cookies.get(self.form_cookie, "") or secrets.token_urlsafe(32)
        return Stranger(token, csrf_of(token))

    @property
    def cookie(self) -> str:
        """The cookie's name: by https one that nobody but this host can set (RFC 6265bis 4.1.3)."""
        return self.named("bulletin")

    @property
    def form_cookie(self) -> str:
        return self.named("bulletin_form")

    def named(self, name: str) -> str:
        return f"__Host-{name}" if self.is_secure else name

    @property
    def is_secure(self) -> bool:
        return self._services.settings.public_url.startswith("https://")

    async def _check_csrf(self, request: Request, expected: str) -> None:
        """Raises HTTPException 403 unless the request comes from one of our own pages."""
        odd = _OTHER_CHARSET.search(request.headers.get("content-type", ""))
        if odd or not self._is_own(request):
            raise HTTPException(403, _STALE)
        sent = request.headers.get("x-csrf-token", "")
        if not sent:
            sent = str((await request.form(max_part_size=MOST_FIELD)).get("csrf", ""))
        if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
            raise HTTPException(403, _STALE)

    def _is_own(self, request: Request) -> bool:
        """Whether the browser says, as far as it says anything, that a page of ours sends this."""
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin", "")
        public = self._services.settings.public_url
        # A proxy may speak http to us, so the host is compared, and the public address counts too.
        host = urlsplit(origin).netloc.lower()
        ours = {request.headers.get("host", "").lower(), urlsplit(public).netloc.lower()}
        return site in _OWN_SITES and (not origin or host in ours)


def csrf_of(token: str) -> str:
    """What a session's forms carry: known to its own pages alone."""
    return hashlib.sha256(b"bulletin csrf v1\0" + token.encode(errors="replace")).hexdigest()


def own_page(text: str) -> str:
    """Where to go on within the desk; its first page in place of anything else.

    Browsers take backslashes for slashes and leave out tabs and line ends, so that what looks like
    a path may name another site (OWASP, unvalidated redirects).
    """
    sound = text.isascii() and text.isprintable() and "\\" not in text
    inside = text == "/app" or text.startswith(("/app/", "/app?"))
    return text if sound and inside else "/app"


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
