"""The web application: `create_app(services)` joins the doors to one set of services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from bulletin import __version__
from bulletin.errors import BulletinError
from bulletin.web import health, outbox
from bulletin.web.pages import Pages
from bulletin.web.public import archive, reader
from bulletin.wiring import Services

_HERE = Path(__file__).parent

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


def create_app(services: Services) -> FastAPI:
    """The pages that exist so far. `services` stay open; whoever made them closes them."""
    app = FastAPI(
        title="Bulletin",
        version=__version__,
        docs_url=None,
        redirect_slashes=False,
        redoc_url=None,
        openapi_url=None,
    )
    pages = Pages(_HERE / "templates", services.settings.from_name)
    app.include_router(health.router(services))
    app.include_router(archive.router(services, pages))
    app.include_router(reader.router(services, pages))
    app.include_router(outbox.router(services, pages))
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")

    @app.middleware("http")
    async def protect(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(HTTPException)
    def explain(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return pages.show(request, "missing.html", status=404)
        return PlainTextResponse(str(error.detail), status_code=error.status_code)

    @app.exception_handler(RequestValidationError)
    def no_such_page(request: Request, _error: RequestValidationError) -> Response:
        return pages.show(request, "missing.html", status=404)

    @app.exception_handler(BulletinError)
    def trouble(_request: Request, error: BulletinError) -> Response:
        return JSONResponse({"error": str(error)}, status_code=503)

    app.add_middleware(HeadAsGet)
    return app


class HeadAsGet:
    """Answers HEAD as GET (RFC 9110 9.3.2); the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
