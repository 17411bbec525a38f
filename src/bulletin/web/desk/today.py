"""`/app`: what there is to do today, and a sample to begin with."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import BulletinError
from bulletin.models.issues import IssueState
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.findings import checked
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

# Where work on an issue goes on, by its state.
_STAGES = {
    IssueState.DRAFT: "compose",
    IssueState.IN_REVIEW: "approve",
    IssueState.APPROVED: "schedule",
    IssueState.SCHEDULED: "schedule",
    IssueState.SENDING: "sending",
    IssueState.PAUSED: "sending",
}


def router(services: Services, desk: DeskPages) -> APIRouter:
    """Today, the checks of an issue as a line, and the sample newsfeed."""
    routes = APIRouter()
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.get("")
    def today(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        overview = services.today.overview(visitor.user.email)
        following = overview.next
        return desk.show(
            request, visitor, "today/today.html", overview=overview, stage_of=_STAGES,
            samples=len(services.sampling.items()),
            frame=frame_of(following.issue, _STAGES[following.issue.state]) if following else None,
        )  # fmt: skip

    @routes.get("/today/checks/{number}")
    def checks(number: int, request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        try:
            found, trouble = checked(services.proving.prove(str(number)), {}), ""
        except BulletinError as error:
            found, trouble = None, str(error)
        return desk.part(
            request, visitor, "today/checks.html", number=number, found=found, trouble=trouble
        )

    @routes.post("/today/sample")
    def begin(visitor: Visitor = writer) -> Response:
        number = services.sampling.begin(visitor.user.email)
        return desk.go(f"/app/inbox/paste/{number}")

    @routes.post("/today/sample/away")
    def take_away(visitor: Visitor = writer) -> Response:
        gone, stayed = services.sampling.take_away(visitor.user.email)
        return desk.go("/app", _said(gone, stayed))

    return routes


def _said(gone: int, stayed: int) -> str:
    went = f"{gone} sample {'item was' if gone == 1 else 'items were'} taken away."
    if not stayed:
        return went
    they = "1 stays, since it stands" if stayed == 1 else f"{stayed} stay, since they stand"
    return f"{went} {they} in an issue."
