"""`/app/settings/installation`: what the settings say, for admins; changed in `.env` alone."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services
from bulletin.wiring.diagnosis import examine


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter()
    admin = Depends(desk.access.may(Right.ADMIN))

    @routes.get("/settings/installation")
    def installation(request: Request, visitor: Visitor = admin) -> Response:
        found = list(examine(services, outside=False))
        return desk.show(request, visitor, "settings/installation.html", found=found)

    return routes
