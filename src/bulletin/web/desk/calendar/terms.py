"""`/app/calendar/terms`: when schools have term, by nation or local authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from bulletin.errors import InvalidInput, NotFound, WrongFields
from bulletin.models.nations import UK, nation_named
from bulletin.models.rights import Right
from bulletin.models.terms import TermDraft
from bulletin.pipeline.calendar.term_files import ReadTerms
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.wording import counted
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services

_PATH = "/app/calendar/terms"


class Typed(BaseModel):
    """Both forms of the page as they were filled in."""

    model_config = ConfigDict(frozen=True)

    nation: str = "England"
    authority: str = ""
    name: str = ""
    first: str = ""
    last: str = ""
    text: str = ""
    replacing: str = ""


Filled = Annotated[Typed, Form()]


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/calendar/terms")
    viewer = Depends(desk.access.may(Right.VIEW))
    writer = Depends(desk.access.may(Right.SEND))
    kept = services.keeping_terms

    def page(
        request: Request,
        visitor: Visitor,
        typed: Typed | None = None,
        errors: Mapping[str, str] | None = None,
        read: ReadTerms | None = None,
    ) -> HTMLResponse:
        return desk.show(
            request, visitor, "calendar/terms.html", status=422 if errors else 200,
            terms=kept.listed(), typed=typed or Typed(), errors=errors or {},
            troubles=read.troubles if read else (),
            nations=[(nation.value, nation.value) for nation in UK],
        )  # fmt: skip

    @routes.get("")
    def show(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        return page(request, visitor)

    @routes.post("")
    def add(request: Request, typed: Filled, visitor: Visitor = writer) -> Response:
        try:
            draft = kept.add(typed.model_dump(), visitor.user.email)
        except InvalidInput as error:
            wrong = error.fields if isinstance(error, WrongFields) else {"name": str(error)}
            return page(request, visitor, typed, wrong)
        return desk.go(_PATH, f"{draft.name} of {draft.place} is added.")

    @routes.post("/import")
    def bring_in(
        request: Request,
        nation: Annotated[str, Form()] = "",
        authority: Annotated[str, Form()] = "",
        text: Annotated[str, Form()] = "",
        replacing: Annotated[str, Form()] = "",
        file: Annotated[UploadFile | None, File()] = None,
        visitor: Visitor = writer,
    ) -> Response:
        typed = Typed(nation=nation, authority=authority, text=text, replacing=replacing)
        text = _decoded(file.file.read()) if file is not None and file.filename else text
        try:
            read = kept.bring_in(
                text, nation_named(nation), authority, visitor.user.email,
                replacing=bool(replacing),
            )  # fmt: skip
        except InvalidInput as error:
            return page(request, visitor, typed, {"text": str(error)})
        if read.troubles:
            number = counted(len(read.troubles), "row")
            said = f"Nothing is kept: {number} cannot be used. Mend them and bring it in again."
            return page(request, visitor, typed, {"text": said}, read)
        return desk.go(_PATH, f"{counted(len(read.terms), 'term')} kept.")

    @routes.post("/{term_id}/remove")
    def remove(_request: Request, term_id: int, visitor: Visitor = writer) -> Response:
        try:
            term = kept.remove(term_id, visitor.user.email)
        except NotFound as error:
            return desk.go(_PATH, str(error))
        return desk.go(_PATH, f"{term.name} is removed.", Undo(_PATH, _fields(term)))

    return routes


def _fields(term: TermDraft) -> dict[str, str]:
    return {
        "nation": term.nation.value,
        "authority": term.authority,
        "name": term.name,
        "first": term.first.isoformat(),
        "last": term.last.isoformat(),
    }


def _decoded(raw: bytes) -> str:
    """A file as text: UTF-8, or what Windows writes."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
