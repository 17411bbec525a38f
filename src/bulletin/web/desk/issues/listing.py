"""`/app/issues`: every issue, how it stands, and what comes next; and how a new one begins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.standing import next_step, state_words
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues")
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.get("")
    def listed(request: Request, page: int = 1, visitor: Visitor = viewer) -> HTMLResponse:
        found = services.listing.page(page)
        return desk.show(
            request, visitor, "issues/list.html", found=found, state=state_words, step=next_step
        )

    @routes.get("/new")
    def ask(request: Request, visitor: Visitor = writer) -> HTMLResponse:
        suggestion = services.listing.suggestion()
        typed = {"title": suggestion.title, "dateline": suggestion.dateline, "take": "1"}
        return _asked(request, desk, visitor, suggestion=suggestion, typed=typed, errors={})

    @routes.post("/new")
    def begin(
        request: Request,
        title: Annotated[str, Form()] = "",
        dateline: Annotated[str, Form()] = "",
        take: Annotated[str, Form()] = "",
        visitor: Visitor = writer,
    ) -> Response:
        """take: whether the texts of the newest issue are taken over."""
        try:
            issue = services.listing.begin(
                title, dateline, visitor.user.email, take_over=bool(take)
            )
        except InvalidInput as error:
            return _asked(
                request, desk, visitor, status=422, suggestion=services.listing.suggestion(),
                typed={"title": title, "dateline": dateline, "take": take},
                errors={"title": str(error)},
            )  # fmt: skip
        return desk.go(f"/app/issues/{issue.id}/compose", "The issue is started. Add its items.")

    return routes


def _asked(
    request: Request, desk: DeskPages, visitor: Visitor, *, status: int = 200, **values: object
) -> HTMLResponse:
    return desk.show(request, visitor, "issues/new.html", status=status, **values)
