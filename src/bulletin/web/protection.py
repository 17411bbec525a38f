"""The outermost layer: what every answer carries, and a page instead of a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from fastapi import Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bulletin.settings import Settings

_log = logging.getLogger("bulletin.web")

# No script runs on these pages, and nothing is fetched from elsewhere.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_ONE_YEAR = 31_536_000


def headers_for(settings: Settings) -> Mapping[str, str]:
    """The security headers of an installation: once readers came by https, only https."""
    if settings.public_url.startswith("https://"):
        return _HEADERS | {"Strict-Transport-Security": f"max-age={_ONE_YEAR}"}
    return _HEADERS


class Protection:
    """Puts the headers on every answer that has none of its own, and answers for what breaks.

    broken: the page for an exception that nothing else explained.
    """

    def __init__(
        self, app: ASGIApp, *, headers: Mapping[str, str], broken: Callable[[Request], Response]
    ) -> None:
        self._app = app
        self._headers = headers
        self._broken = broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def protected(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._complete(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._app(scope, receive, protected)
        except Exception:
            _log.exception("%s %s failed", scope["method"], route_of(scope))
            if begun:
                raise
            await self._broken(Request(scope))(scope, receive, protected)

    def _complete(self, headers: MutableHeaders) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        # What may be kept by anybody is for everybody; the rest is nobody's to list or keep.
        if "public" not in headers.setdefault("Cache-Control", "no-store"):
            headers.setdefault("X-Robots-Tag", "noindex")


class BodyLimit:
    """Refuses a request whose body is larger than any form here, before it fills the memory.

    most: bytes; elsewhere: the same for addresses that start like this.
    """

    def __init__(self, app: ASGIApp, *, most: int, elsewhere: Mapping[str, int]) -> None:
        self._app = app
        self._most = most
        self._elsewhere = elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        came = 0
        path = scope.get("path", "")
        found = (most for start, most in self._elsewhere.items() if path.startswith(start))
        allowed = next(found, self._most)

        async def limited() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > allowed:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)


class Assets(StaticFiles):
    """Static files, kept for good: their address changes with what is in them."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # as they came
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable"
        return response


class HeadAsGet:
    """Answers HEAD as GET (RFC 9110 9.3.2); the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


def route_of(scope: Scope) -> str:
    """Which page was asked for, for the log: without a reader's token, which is a secret."""
    return str(getattr(scope.get("route"), "path", "(no page)"))
