"""`/app/items/{id}/edit`: the one form in which an item is edited, saved as somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from bulletin.models.rights import Right
from bulletin.pipeline.composing.writing import Clashing, Sheet, Typed
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.items.form import ItemForm, clashed, form_of, typed
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.web.desk.saving import Shown, saved
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/items/{number}")
    writer = Depends(desk.access.may(Right.WRITE))
    pages = ItemPages(services, desk)

    @routes.get("/edit")
    def ask(
        request: Request, number: int, issue: int = 0, visitor: Visitor = writer
    ) -> HTMLResponse:
        form = form_of(services.writing.sheet(number), issue)
        return pages.show(request, visitor, form)

    @routes.post("/edit")
    async def save(request: Request, number: int, visitor: Visitor = writer) -> Response:
        sent = await request.form()
        issue = str(sent.get("issue", ""))
        place = int(issue) if issue.isascii() and issue.isdigit() and len(issue) < 16 else 0
        return await run_in_threadpool(pages.save, request, visitor, number, typed(sent), place)

    @routes.post("/presence")
    def present(request: Request, number: int, visitor: Visitor = writer) -> HTMLResponse:
        """Somebody has the form open: who else has?"""
        item = services.library.item(number)
        others = services.presences.note(visitor.user, [f"item:{number}"])
        return desk.part(
            request, visitor, "issues/_presence.html", items={number: item}, mine=number,
            others=[(one.email, number) for one in others],
        )  # fmt: skip

    @routes.post("/step")
    def step(
        number: int,
        to: Annotated[int, Form(ge=1)],
        version: Annotated[int, Form(ge=1)],
        back: Annotated[bool, Form()] = False,
        issue: Annotated[int, Form(ge=0)] = 0,
        visitor: Visitor = writer,
    ) -> Response:
        """Back to an earlier version of the item (back), or forth again."""
        done = services.editing.revert(number, to, visitor.user.email, expected_version=version)
        form = form_of(services.writing.sheet(number), issue)
        said = "The item is as it was before." if back else "Done again."
        if done.followed:
            count = len(done.followed)
            said += f" {count} {'item that was' if count == 1 else 'items that were'} split off "
            said += "or joined went along."
        path = f"/app/issues/{issue}/compose?item={number}#item-{number}" if issue else form.path
        return desk.go(path, said, way_forth(form) if back else None)

    return routes


def way_forth(form: ItemForm) -> Undo | None:
    """What does again what was just taken back."""
    line = form.sheet.line
    if line.forth is None:
        return None
    fields = {"to": line.forth, "version": str(form.sheet.item.version), "issue": str(form.issue)}
    return Undo(f"/app/items/{form.id}/step", fields, "Redo")


class ItemPages:
    """Shows the form of an item, and what becomes of what is sent."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def show(
        self, request: Request, visitor: Visitor, form: ItemForm, *, status: int = 200
    ) -> HTMLResponse:
        """The form as a page, or (for htmx) by itself."""
        if "hx-request" in request.headers:
            return self._desk.part(request, visitor, "items/_form.html", status=status, form=form)
        return self._desk.show(
            request, visitor, "items/edit.html", status=status, form=form, errors=form.errors
        )

    def save(
        self, request: Request, visitor: Visitor, number: int, sent: Typed, issue: int
    ) -> Response:
        """Save what was typed, and answer in the way that the browser asked for."""
        writing = self._services.writing

        def done(sheet: Sheet) -> Response:
            form = form_of(sheet, issue)
            return self._desk.go(form.back, "Saved.", way_back(form))

        def both(error: Clashing) -> ItemForm:
            return clashed(writing.sheet(number), error, sent, issue)

        def panel(error: Clashing) -> str:
            part = self._desk.part(request, visitor, "parts/clash.html", form=both(error))
            return bytes(part.body).decode()

        def refused(errors: Mapping[str, str], trouble: str, status: int) -> Response:
            now = form_of(writing.sheet(number), issue)
            form = replace(
                now, values={**now.values, **sent.values}, stamp=sent.stamp,
                settled=sent.settled, may_end=sent.may_end, errors=errors, trouble=trouble,
            )  # fmt: skip
            return self.show(request, visitor, form, status=status)

        return saved(
            request,
            sent,
            lambda: writing.save(number, sent, visitor.user.email),
            Shown(
                done=done,
                clashed=lambda error: self.show(request, visitor, both(error), status=409),
                panel=panel,
                refused=refused,
            ),
        )


def way_back(form: ItemForm) -> Undo | None:
    """What takes the last change of an item back."""
    line = form.sheet.line
    if line.back is None:
        return None
    fields = {
        "to": line.back, "version": str(form.sheet.item.version), "back": "1",
        "issue": str(form.issue),
    }  # fmt: skip
    return Undo(f"/app/items/{form.id}/step", fields)
