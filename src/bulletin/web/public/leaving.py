"""`/u/{token}`: leaving, and taking it back. The link does this and nothing else.

A GET changes nothing (invariant 8): mail scanners open every link and run every script. Only a
button that a person presses, or a mail client's one-click POST, acts.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.pipeline.record import UNDO, Standing
from bulletin.tokens import Purpose
from bulletin.web.pages import Pages
from bulletin.web.public.links import PREVIEW, preview_page
from bulletin.wiring import Services


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/u")

    def page(
        request: Request, token: str, found: Standing | None, template: str = "leave.html"
    ) -> HTMLResponse:
        number = services.signer.verify(Purpose.UNSUBSCRIBE, token)
        if number is None:
            raise HTTPException(404)
        if number == PREVIEW:
            return preview_page(request, pages)
        if found is None and services.recording.can_leave_from_afar(token):
            template = "leave_moved.html"
        return pages.show(request, template, standing=found, link=f"/u/{token}", undo=UNDO)

    @routes.get("/{token}")
    @routes.get("/{token}/undo")
    def ask(request: Request, token: str) -> HTMLResponse:
        return page(request, token, services.recording.standing(token))

    @routes.post("/{token}")
    def leave(request: Request, token: str) -> HTMLResponse:
        # RFC 8058 3.1: no cookie, no form field, any body or none; 200 and never a redirect.
        services.recording.unsubscribe(token)
        return page(request, token, services.recording.standing(token))

    @routes.post("/{token}/undo")
    def come_back(request: Request, token: str, undo: Annotated[str, Form()] = "") -> HTMLResponse:
        # Scanners have sent bare POSTs (requirement 51): here only the button's field counts.
        if undo != "yes":
            return page(request, token, services.recording.standing(token))
        found = services.recording.resubscribe(token)
        gone = found is None or found.suppression is not None
        return page(request, token, found, "leave.html" if gone else "back.html")

    return routes
