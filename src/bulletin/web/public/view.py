"""`/v/{token}`: the edition that one reader was sent, for as long as it is kept.

The link opens this page and nothing else: nothing on it leads to what only its reader may do.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.errors import NotFound
from bulletin.tokens import Purpose
from bulletin.web.pages import Pages
from bulletin.web.public.links import PREVIEW, preview_page
from bulletin.wiring import Services


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v/{token}")
    def own_edition(request: Request, token: str) -> HTMLResponse:
        if services.signer.verify(Purpose.VIEW, token) == PREVIEW:
            return preview_page(request, pages)
        try:
            edition = services.publishing.own(token)
        except NotFound as error:
            raise HTTPException(410) from error
        if edition is None:
            raise HTTPException(404)
        answer = pages.show(request, "issue.html", edition=edition, nations=[])
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    return routes
