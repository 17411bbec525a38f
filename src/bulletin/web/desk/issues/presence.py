"""Who else is on the page of an issue, and at which of its items."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.composition import ComposePages
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages, pages: ComposePages) -> APIRouter:
    routes = APIRouter()
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.post("/presence")
    def present(
        request: Request,
        number: int,
        item: Annotated[int, Form(ge=0)] = 0,
        visitor: Visitor = writer,
    ) -> HTMLResponse:
        """item: which one is open, or 0."""
        found = pages.contents(number).found
        here = [f"issue:{number}", *([f"item:{item}"] if item in found.items else [])]
        around = [f"item:{one}" for one in found.items]
        others = services.presences.note(visitor.user, here, around)
        at = {one.email: one.subject for one in sorted(others, key=lambda one: one.subject)}
        return desk.part(
            request, visitor, "issues/_presence.html", others=_places(at), items=found.items,
            mine=item,
        )  # fmt: skip

    return routes


def _places(at: dict[str, str]) -> list[tuple[str, int]]:
    """Who is at which item: 0 for the issue as a whole."""
    pairs = ((email, subject.partition(":")) for email, subject in sorted(at.items()))
    return [(email, int(of[2]) if of[0] == "item" else 0) for email, of in pairs]
