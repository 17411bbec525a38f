"""`/app/issues`: every issue, how it stands, and what comes next; and how a new one begins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, Refused
from bulletin.models.issues import Issue
from bulletin.models.items import Item
from bulletin.models.rights import Right
from bulletin.pipeline.inbox.pieces import called
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
    def ask(request: Request, item: int = 0, visitor: Visitor = writer) -> HTMLResponse:
        """item: the first that goes into it, or 0."""
        suggestion = services.listing.suggestion()
        typed = {"title": suggestion.title, "dateline": suggestion.dateline, "take": "1"}
        return _asked(
            request, desk, visitor, suggestion=suggestion, typed=typed, errors={},
            first=services.library.item(item) if item else None,
        )  # fmt: skip

    @routes.post("/new")
    def begin(
        request: Request,
        title: Annotated[str, Form()] = "",
        dateline: Annotated[str, Form()] = "",
        take: Annotated[str, Form()] = "",
        item: Annotated[int, Form()] = 0,
        visitor: Visitor = writer,
    ) -> Response:
        """take: whether the texts of the newest issue are taken over. item: its first, or 0."""
        first = services.library.item(item) if item else None
        try:
            issue = services.listing.begin(
                title, dateline, visitor.user.email, take_over=bool(take)
            )
        except InvalidInput as error:
            return _asked(
                request, desk, visitor, status=422, suggestion=services.listing.suggestion(),
                typed={"title": title, "dateline": dateline, "take": take},
                errors={"title": str(error)}, first=first,
            )  # fmt: skip
        said = "The issue is started. Add its items."
        if first is not None:
            said = _put_in(services, issue, first, visitor.user.email)
        return desk.go(f"/app/issues/{issue.id}/compose", said)

    return routes


def _put_in(services: Services, issue: Issue, first: Item, by: str) -> str:
    """Let an issue begin with an item. Returns what is to be said of it."""
    try:
        services.composing.add(str(issue.id), [first.id], "", by)
    except Refused as error:
        return f"The issue is started. {error}"
    return f"The issue is started, with “{called(first.draft)}” in it."


def _asked(
    request: Request, desk: DeskPages, visitor: Visitor, *, status: int = 200, **values: object
) -> HTMLResponse:
    return desk.show(request, visitor, "issues/new.html", status=status, **values)
