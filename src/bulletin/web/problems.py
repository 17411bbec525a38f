"""Pages for what went wrong: a sentence and a way on, for a person; JSON for a program."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bulletin.errors import BulletinError, InvalidInput, NotFound, Refused, StoreError, TooMany
from bulletin.web.protection import route_of

_log = logging.getLogger("bulletin.web")

_TITLES = {
    404: "Page not found",
    405: "This page cannot be used that way",
    410: "No longer kept",
    413: "That is too large",
    422: "That cannot be used",
    429: "Too many requests",
    503: "Not available for the moment",
}
_SENTENCES = {
    404: "There is no page at this address.",
    405: "Go back to the page you came from and use its buttons.",
    410: "What was here is kept for a time and then deleted. It has been deleted.",
    413: "What was sent is larger than this page takes.",
    422: "What was sent is not what this page's form sends. Go back and fill it in again.",
    429: "More was asked for than this site takes at once. Wait a minute, then try again.",
    500: "Something went wrong on our side, and it has been noted. Nothing you did caused it. "
    "Try again in a few minutes.",
    503: "This page cannot be shown for the moment. Try again in a few minutes.",
}
_NOT_SAVED = (
    "It was not saved: the database cannot be used for the moment. Go back, where your text still "
    "is, and try again in a few minutes."
)


class Shows(Protocol):
    """Turns a refusal into a page."""

    def show(
        self, request: Request, template: str, *, status: int, title: str, sentence: str
    ) -> Response: ...


def explain_problems(app: FastAPI, pages: Shows) -> None:
    """Give every refusal of this application a page."""

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        own_words = str(error.detail) != HTTPStatus(error.status_code).phrase
        sentence = str(error.detail) if own_words else ""
        return problem(request, pages, error.status_code, sentence, error.headers)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, _error: RequestValidationError) -> Response:
        return problem(request, pages, 404 if request.method == "GET" else 422)

    @app.exception_handler(BulletinError)
    def trouble(request: Request, error: BulletinError) -> Response:
        if isinstance(error, NotFound):
            return problem(request, pages, 404)
        if isinstance(error, TooMany):
            wait = {"Retry-After": str(math.ceil(error.retry_after))}
            return problem(request, pages, 429, str(error), wait)
        # At the desk whoever looks can mend it; a reader cannot.
        can_act = request.method != "GET" or request.url.path.startswith("/app/")
        if isinstance(error, InvalidInput | Refused) and can_act:
            status = 422 if isinstance(error, InvalidInput) else 409
            return problem(request, pages, status, str(error))
        # Nobody who only looks can mend it: what is wrong is for the admin, in the log.
        _log.error("%s %s failed: %s", request.method, route_of(request.scope), error)
        changing = request.method != "GET" and isinstance(error, StoreError)
        return problem(request, pages, 503, _NOT_SAVED if changing else "")


def broken(request: Request, pages: Shows) -> Response:
    """The answer to what nothing explained."""
    return problem(request, pages, 500)


def problem(
    request: Request,
    pages: Shows,
    status: int,
    sentence: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A refusal, in the words of its raiser or else in ours."""
    said = sentence or _SENTENCES.get(status, "This cannot be done.")
    if _wants_json(request):
        return JSONResponse({"error": said}, status_code=status, headers=dict(headers or {}))
    title = _TITLES.get(status, "Something went wrong" if status >= 500 else "This cannot be done")
    template = "missing.html" if status == 404 and not sentence else "problem.html"
    answer = pages.show(request, template, status=status, title=title, sentence=said)
    answer.headers.update(headers or {})
    return answer


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted
