"""`/app`: what there is to do today."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(_services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter()
    viewer = Depends(desk.access.may(Right.VIEW))

    @routes.get("")
    def today(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        return desk.show(request, visitor, "today/today.html")

    return routes
