"""`/app/help`: how the desk works, and its keys."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(_services: Services, desk: DeskPages) -> APIRouter:
    """Help and the keyboard map, which htmx asks for as a dialog."""
    routes = APIRouter()
    viewer = Depends(desk.access.may(Right.VIEW))

    @routes.get("/help")
    def help_page(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        return desk.show(request, visitor, "help/help.html")

    @routes.get("/help/keys")
    def keys(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        if "hx-request" in request.headers:
            return desk.part(request, visitor, "help/keymap.html")
        return desk.show(request, visitor, "help/keys.html")

    return routes
