"""`/accessibility`, `/privacy` and `/allow-listing`: our texts, with what the settings know."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bulletin.web.pages import Pages
from bulletin.web.shelf import Shelf
from bulletin.wiring import Services

_PAGES = {
    "/accessibility": "accessibility.md",
    "/privacy": "privacy.md",
    "/allow-listing": "allow-listing.md",
}


def router(services: Services, pages: Pages) -> APIRouter:
    def build(path: str) -> str:
        title, body = services.texts.page(_PAGES[path])
        return pages.text("about.html", path=path, title=title, body=body)

    shelf = Shelf(build, "text/html", size=len(_PAGES))

    routes = APIRouter()
    for path in _PAGES:

        @routes.get(path)
        def about(request: Request) -> Response:
            return shelf.answer(request, request.url.path)

    return routes
