"""`/app/issues/{n}/check/links`: the links of an issue are looked at now, and how far that is."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

_SOON = 2.0  # seconds for which a look is waited for


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/check/links")
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.post("", dependencies=[writer])
    def look(number: int) -> Response:
        issue = services.drafting.issue(str(number))
        services.following.begin(issue.id, wait=_SOON)
        return desk.go(f"/app/issues/{issue.id}/check#links")

    @routes.get("")
    def looking(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        """How far it is, for htmx; once it has ended, the page is loaded again."""
        frame = frame_of(services.drafting.issue(str(number)), "check")
        progress = services.following.progress(number)
        answer = desk.part(
            request, visitor, "issues/check/_looking.html", frame=frame, looking=progress
        )
        if progress is None or not progress.running:
            answer.headers["HX-Refresh"] = "true"
        return answer

    return routes
