"""`/app/issues/{n}/check/mend`: a finding is put right by one press, and back by another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from bulletin.models.composing import Part
from bulletin.models.rights import Right
from bulletin.pipeline.reviewing.mending import Mended
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/check")
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.post("/mend")
    def mend(
        number: int, finding: Annotated[str, Form(max_length=64)], visitor: Visitor = writer
    ) -> Response:
        done = services.mending.mend(str(number), finding, visitor.user.email)
        undo = Undo(f"/app/issues/{number}/check/undo", _way_back(done))
        return desk.go(f"/app/issues/{number}/check", done.done, undo)

    @routes.post("/undo")
    def undo(
        number: int,
        item: Annotated[int, Form()] = 0,
        version: Annotated[int, Form()] = 0,
        part: Annotated[Part, Form()] = Part.ORDER,
        present: Annotated[str, Form(max_length=64)] = "",
        visitor: Visitor = writer,
    ) -> Response:
        """item, version: what a mend made of an item; part, present: the same of the issue."""
        by = visitor.user.email
        if item:
            services.mending.take_back_edit(item, version, by)
        else:
            services.mending.take_back(str(number), part, present, by)
        return desk.go(f"/app/issues/{number}/check", "It is as it was before.")

    return routes


def _way_back(done: Mended) -> dict[str, str]:
    """What the form that takes a mend back sends."""
    if done.item_id is not None:
        return {"item": str(done.item_id), "version": str(done.version)}
    return {"part": done.part.value if done.part else "", "present": done.present}
