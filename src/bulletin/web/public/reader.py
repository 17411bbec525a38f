"""The signed links of a copy: leaving, coming back, choosing roles.

A GET changes nothing (invariant 8): mail scanners open every link and run every script. Only a
button that a person presses, or a mail client's one-click POST, acts.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput
from bulletin.pipeline.record import Recording, Standing
from bulletin.tokens import Purpose
from bulletin.web.pages import Pages
from bulletin.wiring import Services


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()
    routes.include_router(_leaving(services, pages), prefix="/u")
    routes.include_router(_preferences(services, pages), prefix="/p")
    return routes


def _leaving(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    @routes.get("/{token}")
    def ask(request: Request, token: str) -> HTMLResponse:
        found = _standing(services.recording, Purpose.UNSUBSCRIBE, token)
        return pages.show(request, "leave.html", standing=found, done=found.unsubscribed)

    @routes.post("/{token}")
    def leave(request: Request, token: str) -> HTMLResponse:
        # RFC 8058 3.1: no cookie, no form field, any body or none; 200 and never a redirect.
        if not services.recording.unsubscribe(token):
            raise HTTPException(404)
        found = services.recording.standing(Purpose.UNSUBSCRIBE, token)
        return pages.show(request, "leave.html", standing=found, done=True)

    @routes.post("/{token}/undo")
    def come_back(request: Request, token: str) -> HTMLResponse:
        if not services.recording.resubscribe(token):
            raise HTTPException(404)
        return pages.show(request, "back.html")

    return routes


def _preferences(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    def page(request: Request, token: str, *, saved: bool = False, error: str = "") -> HTMLResponse:
        return pages.show(
            request,
            "preferences.html",
            status=422 if error else 200,
            standing=_standing(services.recording, Purpose.PREFERENCES, token),
            roles=services.recording.roles(),
            saved=saved,
            error=error,
        )

    @routes.get("/{token}")
    def ask(request: Request, token: str) -> HTMLResponse:
        return page(request, token)

    @routes.post("/{token}")
    def choose(
        request: Request, token: str, role: Annotated[list[str] | None, Form()] = None
    ) -> HTMLResponse:
        try:
            known = services.recording.choose_roles(token, role or [])
        except InvalidInput as error:
            return page(request, token, error=str(error))
        if not known:
            raise HTTPException(404)
        return page(request, token, saved=True)

    return routes


def _standing(recording: Recording, purpose: Purpose, token: str) -> Standing:
    found = recording.standing(purpose, token)
    if found is None:
        raise HTTPException(404)
    return found
