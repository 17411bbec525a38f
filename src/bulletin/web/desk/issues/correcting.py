"""`/app/issues/{n}/correct`: an item was wrong, and whoever had it is told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, NotFound, Refused
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import frame_of, framed
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/correct")
    writer = Depends(desk.access.may(Right.WRITE))

    def page(
        request: Request,
        visitor: Visitor,
        number: int,
        title: str = "",
        item: int = 0,
        errors: dict[str, str] | None = None,
    ) -> HTMLResponse:
        try:
            issue, topics = services.correcting.went_out(str(number))
            frame = frame_of(issue, "sending")
        except Refused:
            frame, topics = framed(services, number, "sending"), []
        return desk.show(
            request, visitor, "issues/sending/correct.html", status=422 if errors else 200,
            frame=frame, topics=topics, title=title, item=item, errors=errors or {},
        )  # fmt: skip

    @routes.get("")
    def ask(request: Request, number: int, visitor: Visitor = writer) -> HTMLResponse:
        return page(request, visitor, number)

    @routes.post("")
    def correct(
        request: Request,
        number: int,
        item: Annotated[int, Form()] = 0,
        title: Annotated[str, Form()] = "",
        visitor: Visitor = writer,
    ) -> Response:
        if not item:
            wrong = {"item": "Choose the item that was wrong."}
            return page(request, visitor, number, title, errors=wrong)
        try:
            issue = services.correcting.correct(
                str(number), item, visitor.user.email, title.strip()
            )
        except InvalidInput as error:
            return page(request, visitor, number, title, item, {"title": str(error)})
        except (NotFound, Refused):
            wrong = {"item": "That item was not in this issue. Choose one that was."}
            return page(request, visitor, number, title, errors=wrong)
        return desk.go(
            f"/app/issues/{issue.id}/compose",
            "The correction is started. Put the item right; it goes to everybody who had it.",
        )

    return routes
