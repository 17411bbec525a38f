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

_MOST_AT_ONCE = 500  # findings in one form
_NUMBERS = r"^(?:[0-9]{1,18} ?){0,500}$"


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/check")
    writer = Depends(desk.access.may(Right.WRITE))

    @routes.post("/mend")
    def mend(
        number: int,
        finding: Annotated[list[str], Form(max_length=_MOST_AT_ONCE)],
        visitor: Visitor = writer,
    ) -> Response:
        """finding: one, or several that say of their items that nobody chose who reads them."""
        mending, by = services.mending, visitor.user.email
        if len(finding) == 1:
            done = mending.mend(str(number), finding[0], by)
        else:
            done = mending.say_everybody(str(number), finding, by)
        undo = Undo(f"/app/issues/{number}/check/undo", _way_back(done))
        return desk.go(f"/app/issues/{number}/check", done.done, undo)

    @routes.post("/undo")
    def undo(
        number: int,
        item: Annotated[int, Form()] = 0,
        version: Annotated[int, Form()] = 0,
        part: Annotated[Part, Form()] = Part.ORDER,
        present: Annotated[str, Form(max_length=64)] = "",
        everybody: Annotated[str, Form(pattern=_NUMBERS)] = "",
        visitor: Visitor = writer,
    ) -> Response:
        """item, version: what a mend made of an item; part, present: the same of the issue.

        everybody: items that it said are for everybody.
        """
        by = visitor.user.email
        if everybody:
            services.mending.take_back_readers([int(one) for one in everybody.split()], by)
        elif item:
            services.mending.take_back_edit(item, version, by)
        else:
            services.mending.take_back(str(number), part, present, by)
        return desk.go(f"/app/issues/{number}/check", "It is as it was before.")

    return routes


def _way_back(done: Mended) -> dict[str, str]:
    """What the form that takes a mend back sends."""
    if done.for_everybody:
        return {"everybody": " ".join(map(str, done.for_everybody))}
    if done.item_id is not None:
        return {"item": str(done.item_id), "version": str(done.version)}
    return {"part": done.part.value if done.part else "", "present": done.present}
