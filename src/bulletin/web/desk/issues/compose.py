"""`/app/issues/{n}/compose`: what stands in an issue, and beside it what readers will see.

Every change is a form. A browser with script gets the contents again; one without goes on to the
page, with a notice that has the way back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput
from bulletin.models.composing import Part
from bulletin.models.issues import Issue
from bulletin.models.items import Nation
from bulletin.models.rights import Right
from bulletin.pipeline.composing.composing import Composing
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues import adding, places, presence, words
from bulletin.web.desk.issues.arranging import Deed, deed_of, said_of
from bulletin.web.desk.issues.composition import ComposePages
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/compose")
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.WRITE))
    pages = ComposePages(services, desk)

    @routes.get("/contents")
    def contents(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return pages.part(request, visitor, pages.contents(number))

    @routes.get("")
    def composed(
        request: Request, number: int, item: int = 0, visitor: Visitor = viewer
    ) -> HTMLResponse:
        return pages.whole(request, visitor, number, opened=item)

    @routes.post("/act")
    def act(
        request: Request,
        number: int,
        do: Annotated[str, Form()] = "",
        visitor: Visitor = writer,
    ) -> Response:
        """do: what the pressed button does, and to what: "up:7", "topic-down:Statutory"."""
        deed = deed_of(do)
        return pages.changed(
            request, visitor, number, _done(deed, visitor.user.email), said_of(deed), deed
        )

    @routes.post("/move")
    def move(
        request: Request,
        number: int,
        item: Annotated[int, Form()],
        topic: Annotated[str, Form()],
        place: Annotated[int, Form(ge=1)] = 10_000,
        visitor: Visitor = writer,
    ) -> Response:
        deed = Deed("move", item)
        by = visitor.user.email
        return pages.changed(
            request, visitor, number,
            lambda of, issue: of.move(issue, item, topic, place, by), said_of(deed), deed,
        )  # fmt: skip

    @routes.post("/limit")
    def limit(
        request: Request,
        number: int,
        item: Annotated[int, Form()],
        nation: Annotated[list[str] | None, Form()] = None,
        visitor: Visitor = writer,
    ) -> Response:
        by, deed = visitor.user.email, Deed("limit", item)

        def change(of: Composing, issue: str) -> Issue:
            return of.limit(issue, item, _nations(nation or ()), by)

        return pages.changed(request, visitor, number, change, "Who sees it is changed.", deed)

    _add_steps(routes, services, desk, pages)
    for part in (adding, places, presence, words):
        routes.include_router(part.router(services, desk, pages))
    return routes


def _add_steps(routes: APIRouter, services: Services, desk: DeskPages, pages: ComposePages) -> None:
    """What takes changes back, and an issue back from its approval."""
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.post("/step")
    def step(
        request: Request,
        number: int,
        part: Annotated[Part, Form()],
        present: Annotated[str, Form()],
        back: Annotated[bool, Form()] = False,
        visitor: Visitor = writer,
    ) -> Response:
        by = visitor.user.email
        return pages.changed(
            request, visitor, number,
            lambda of, issue: of.step(issue, part, present, by, back=back),
            "Taken back." if back else "Done again.", Deed("step"),
            page="/words" if part is Part.WORDS else "",
        )  # fmt: skip

    @routes.post("/reopen")
    def reopen(number: int, visitor: Visitor = writer) -> Response:
        issue = services.composing.reopen(str(number), visitor.user.email)
        notice = "It is a draft again. It has to be approved before it can go out."
        return desk.go(f"/app/issues/{issue.id}/compose", notice)


def _done(deed: Deed, by: str) -> Callable[[Composing, str], Issue]:
    def change(of: Composing, issue: str) -> Issue:
        match deed.verb:
            case "up" | "down":
                return of.shift(issue, deed.item, -1 if deed.verb == "up" else 1, by)
            case "topic-up" | "topic-down":
                return of.shift_topic(issue, deed.topic, -1 if deed.verb == "topic-up" else 1, by)
            case "remove":
                return of.take_out(issue, deed.item, by)
            case "topic-remove":
                return of.remove_topic(issue, deed.topic, by)
            case _:
                raise InvalidInput("Press one of the buttons of the page.")

    return change


def _nations(names: list[str] | tuple[str, ...]) -> frozenset[Nation]:
    try:
        return frozenset(map(Nation, names))
    except ValueError as error:
        raise InvalidInput("Choose nations from the list.") from error
