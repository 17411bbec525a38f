"""What goes into an issue: items of the library, several at once, or a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput
from bulletin.models.items import ItemState
from bulletin.models.library import LibraryQuery
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.composition import ComposePages
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

PAGE = 50
_SHELVES = {  # in the order in which one looks for something to use, with the inbox's names
    ItemState.KEPT: "Later",
    ItemState.CANDIDATE: "To sort",
    ItemState.USED: "Used before",
}


def router(services: Services, desk: DeskPages, pages: ComposePages) -> APIRouter:
    routes = APIRouter()
    writer = Depends(desk.access.may(Right.WRITE))

    def shown(
        request: Request, visitor: Visitor, number: int, *, status: int = 200, title: str = "",
        errors: dict[str, str] | None = None,
    ) -> HTMLResponse:  # fmt: skip
        asked = request.query_params
        words, counts = asked.get("words", ""), services.inbox.states()
        shelf = _shelf(asked.get("shelf", ""), counts)
        page = int(asked.get("page", "1")) if asked.get("page", "1").isdecimal() else 1
        page = min(max(1, page), 10_000)
        query = LibraryQuery(
            words=words, states=frozenset({shelf}), limit=PAGE, offset=(page - 1) * PAGE
        )
        found = services.composing.composition(str(number))
        return desk.show(
            request, visitor, "issues/compose_add.html", status=status,
            frame=frame_of(found.issue, "compose"), found=found, words=words, shelf=shelf,
            shelves=[(state.value, name, counts[state]) for state, name in _SHELVES.items()],
            page=page, size=PAGE, hits=services.library.search(query), topic=asked.get("topic", ""),
            title=title, errors=errors or {},
        )  # fmt: skip

    @routes.get("/add")
    def choose(request: Request, number: int, visitor: Visitor = writer) -> HTMLResponse:
        return shown(request, visitor, number)

    @routes.post("/add")
    def add(
        request: Request,
        number: int,
        item: Annotated[list[int] | None, Form()] = None,
        topic: Annotated[str, Form()] = "",
        visitor: Visitor = writer,
    ) -> Response:
        if not item:
            errors = {"item": "Tick the items that go into the issue."}
            return shown(request, visitor, number, status=422, errors=errors)
        item = sorted(item)  # as they stood in what was pasted; the list has the newest first
        services.composing.add(str(number), item, topic, visitor.user.email)
        found = services.composing.composition(str(number))
        said = f"{len(item)} {'item' if len(item) == 1 else 'items'} added."
        return desk.go(f"/app/issues/{number}/compose#item-{item[0]}", said, pages.way_back(found))

    @routes.post("/new")
    def write(
        request: Request,
        number: int,
        title: Annotated[str, Form()] = "",
        topic: Annotated[str, Form()] = "",
        visitor: Visitor = writer,
    ) -> Response:
        try:
            made = services.composing.add_new(str(number), title, topic, visitor.user.email)
        except InvalidInput as error:
            errors = {"title": str(error)}
            return shown(request, visitor, number, status=422, title=title, errors=errors)
        path = f"/app/issues/{number}/compose?item={made}#item-{made}"
        return desk.go(path, "The new item stands in the issue. Write it here.")

    return routes


def _shelf(asked: str, counts: Mapping[ItemState, int]) -> ItemState:
    """The shelf that is asked for, else the first that has something on it."""
    named = (state for state in _SHELVES if state.value == asked)
    filled = (state for state in _SHELVES if counts[state])
    return next(named, next(filled, ItemState.KEPT))
