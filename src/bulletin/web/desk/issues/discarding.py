"""`/app/issues/{n}/delete`: a draft that nobody wants."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import Refused
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/delete")
    sender = Depends(desk.access.may(Right.SEND))

    def show(request: Request, number: int, visitor: Visitor, status: int = 200) -> HTMLResponse:
        found = services.discarding.look(str(number))
        return desk.show(
            request, visitor, "issues/delete.html", status=status,
            frame=frame_of(found.issue, ""), found=found,
        )  # fmt: skip

    @routes.get("")
    def ask(request: Request, number: int, visitor: Visitor = sender) -> HTMLResponse:
        return show(request, number, visitor)

    @routes.post("")
    def discard(request: Request, number: int, visitor: Visitor = sender) -> Response:
        try:
            gone = services.discarding.discard(str(number), visitor.user.email)
        except Refused:
            return show(request, number, visitor, 409)
        said = f"“{gone.issue.title[:100]}” is deleted."
        if gone.items:
            said += f" Its {gone.items} items are" if gone.items > 1 else " Its item is"
            said += " in the library still."
        return desk.go("/app/issues", said)

    return routes
