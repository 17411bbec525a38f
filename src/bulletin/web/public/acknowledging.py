"""`/a/{token}`: the page behind "I have seen this issue", with one button.

Only the button's own field counts: mail scanners open links, run scripts and have sent bare POSTs
(requirement 51).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.models.evidence import Slip
from bulletin.pipeline.acknowledge import STATEMENT
from bulletin.pipeline.evidence import words
from bulletin.tokens import Purpose
from bulletin.web.pages import Pages
from bulletin.web.public.links import PREVIEW, preview_page
from bulletin.wiring import Services


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/a")

    def page(request: Request, token: str, slip: Slip | None) -> HTMLResponse:
        if services.signer.verify(Purpose.ACKNOWLEDGE, token) == PREVIEW:
            return preview_page(request, pages)
        if slip is None:
            raise HTTPException(404)
        return pages.show(
            request,
            "acknowledge.html",
            slip=slip,
            statement=STATEMENT,
            words=words,
            zone=services.settings.zone,
        )

    @routes.get("/{token}")
    def ask(request: Request, token: str) -> HTMLResponse:
        return page(request, token, services.acknowledging.slip(token))

    @routes.post("/{token}")
    def acknowledge(
        request: Request, token: str, seen: Annotated[str, Form()] = ""
    ) -> HTMLResponse:
        act = services.acknowledging
        return page(request, token, act.acknowledge(token) if seen == "yes" else act.slip(token))

    return routes
