"""Where a topic or an item of an issue stands: forms for what is dragged elsewhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import NotFound
from bulletin.models.issues import Issue
from bulletin.models.items import Nation
from bulletin.models.rights import Right
from bulletin.pipeline.composing.composing import Composing
from bulletin.pipeline.composing.sections import where
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.arranging import Deed
from bulletin.web.desk.issues.composition import ComposePages
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages, pages: ComposePages) -> APIRouter:
    routes = APIRouter()
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.get("/place/{item}")
    def place(request: Request, number: int, item: int, visitor: Visitor = writer) -> HTMLResponse:
        """Where an item is to stand, and whose readers see it."""
        found = services.composing.composition(str(number))
        section, at = where(found.sections, item)
        return desk.show(
            request, visitor, "issues/compose_place.html", found=found, item=found.items[item],
            frame=frame_of(found.issue, "compose"), section=found.sections[section], at=at,
            nations=[(nation.value, nation.value) for nation in Nation],
        )  # fmt: skip

    @routes.get("/topic")
    def topic(
        request: Request, number: int, topic: str = "", visitor: Visitor = writer
    ) -> HTMLResponse:
        """The name and the place of a topic."""
        found = services.composing.composition(str(number))
        titles = [each.title for each in found.sections]
        if topic not in titles:
            raise NotFound(f"There is no topic “{topic}” in this issue any more.")
        return desk.show(
            request, visitor, "issues/compose_topic.html", found=found,
            frame=frame_of(found.issue, "compose"), topic=topic, at=titles.index(topic),
        )  # fmt: skip

    @routes.post("/topics")
    def topics(
        request: Request,
        number: int,
        title: Annotated[str, Form()] = "",
        topic: Annotated[str, Form()] = "",
        place: Annotated[int, Form(ge=0)] = 0,
        visitor: Visitor = writer,
    ) -> Response:
        """A new topic, or (topic) another name or place for one."""
        by = visitor.user.email

        def change(of: Composing, issue: str) -> Issue:
            if not topic:
                return of.add_topic(issue, title, by)
            if place:
                return of.move_topic(issue, topic, place, by)
            return of.rename_topic(issue, topic, title, by)

        named = "" if place else f"The topic is called “{title.strip()}” now."
        said = named if topic else f"Topic “{title.strip()}” added."
        deed = Deed("topic", topic=topic if place else title.strip())
        return pages.changed(request, visitor, number, change, said, deed)

    return routes
