"""`/app/issues/{n}/comments`: what people say about an issue and its items while it is made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput
from bulletin.models.rights import Right
from bulletin.pipeline.reviewing.commenting import LONGEST
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/comments")
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))

    def show(
        request: Request,
        number: int,
        visitor: Visitor,
        item: int | None,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        talk = services.commenting.discussion(str(number), item)
        given = {"errors": {}, "typed": {}, **values}
        return desk.show(
            request, visitor, "issues/comments/comments.html", status=status,
            frame=frame_of(talk.issue, ""), talk=talk, item=item, longest=LONGEST, **given,
        )  # fmt: skip

    @routes.get("")
    def read(
        request: Request, number: int, item: int | None = None, visitor: Visitor = viewer
    ) -> HTMLResponse:
        """item: only what is about that one."""
        return show(request, number, visitor, item)

    @routes.post("")
    def say(
        request: Request,
        number: int,
        text: Annotated[str, Form()] = "",
        item: Annotated[int | None, Form()] = None,
        thread: Annotated[int | None, Form()] = None,
        visitor: Visitor = writer,
    ) -> Response:
        """thread: which comment it answers; else it begins a thread, about the item or issue."""
        by, name = visitor.user.email, f"answer-{thread}" if thread else "text"
        try:
            if thread:
                services.commenting.answer(str(number), thread, text, by)
            else:
                services.commenting.say(str(number), text, by, item)
        except InvalidInput as error:
            return show(
                request, number, visitor, item, 422,
                errors={name: str(error)}, typed={name: text},
            )  # fmt: skip
        return desk.go(_page(number, item, f"#thread-{thread}" if thread else ""), "Comment added.")

    @routes.post("/{thread}/settle")
    def settle(
        number: int,
        thread: int,
        settled: Annotated[bool, Form()] = True,
        item: Annotated[int | None, Form()] = None,
        visitor: Visitor = writer,
    ) -> Response:
        services.commenting.resolve(str(number), thread, visitor.user.email, settled=settled)
        back = {"settled": str(not settled), **({"item": str(item)} if item else {})}
        undo = Undo(f"/app/issues/{number}/comments/{thread}/settle", back)
        return desk.go(_page(number, item), "Settled." if settled else "Open again.", undo)

    return routes


def _page(number: int, item: int | None, place: str = "") -> str:
    return f"/app/issues/{number}/comments{f'?item={item}' if item else ''}{place}"
