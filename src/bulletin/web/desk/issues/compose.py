"""`/app/issues/{n}/compose`: what stands in an issue, and beside it what readers will see."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.issues.preview import preview_pane
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/compose")
    viewer = Depends(desk.access.may(Right.VIEW))

    @routes.get("")
    def composed(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        found = services.composing.composition(str(number))
        frame = frame_of(found.issue, "compose")
        return desk.show(
            request,
            visitor,
            "issues/compose.html",
            frame=frame,
            found=found,
            preview=preview_pane(services, number, request.query_params),
        )

    return routes
