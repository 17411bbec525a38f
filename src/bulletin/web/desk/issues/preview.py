"""`/app/issues/{n}/preview`: an issue as any reader would get it, and how many would."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from bulletin.models.reasons import EXCLUDED_BECAUSE
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import framed
from bulletin.web.desk.issues.preview_frame import FRAME_POLICY, Frames
from bulletin.web.desk.issues.preview_pane import choice_of, preview_pane
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/preview")
    viewer = Depends(desk.access.may(Right.VIEW))
    frames = Frames(services)

    @routes.get("")
    def page(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        frame = framed(services, number, "")
        pane = preview_pane(services, frame.issue.id, request.query_params)
        return desk.show(request, visitor, "issues/preview/page.html", frame=frame, preview=pane)

    @routes.get("/pane")
    def pane(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        shown = preview_pane(services, number, request.query_params)
        return desk.part(request, visitor, "issues/preview/_shown.html", preview=shown)

    @routes.get("/readers")
    def readers(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        frame = framed(services, number, "")
        found = services.proofreading.coverage(str(number))
        return desk.show(
            request, visitor, "issues/preview/readers.html",
            frame=frame, grid=found.grid, forecast=found.forecast, who=found.who,
            because=EXCLUDED_BECAUSE,
        )  # fmt: skip

    @routes.get("/frame", dependencies=[viewer])
    def frame(request: Request, number: int) -> HTMLResponse:
        query = request.query_params
        document = frames.document(str(number), choice_of(query), query.get("v", ""))
        headers = {"Content-Security-Policy": FRAME_POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(document.encode(errors="replace"), headers=headers)

    return routes
