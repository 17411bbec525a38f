"""`/app/people/import`: a list comes in step by step, and nothing changes before the last.

Columns: what each becomes. Rows: only those that cannot be used, mended in place or left out.
Confirm: what would happen. Result: what did, and the way back.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, Refused
from bulletin.models.rights import Right
from bulletin.models.rosters import RosterState
from bulletin.pipeline.roster_files import KEPT, MAX_BYTES
from bulletin.roster import FIELDS
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

PATH = "/app/people/import"
MOST_BODY = MAX_BYTES + 1_000_000  # bytes of the request: the file, and what a form adds
_PROBLEMS = 50
FIELD_WORDS = {
    "email": "Address",
    "name": "Name",
    "roles": "Roles",
    "organisation": "Organisation",
    "urn": "URN",
    "nation": "Nation",
    "phase": "Phase",
    "local_authority": "Local authority",
    "kind": "Kind of address",
    "consent_basis": "Why we may write",
    "consent_date": "Date of consent",
}


async def _sent(request: Request) -> Mapping[str, str]:
    """The fields of a form whose names are made of numbers of rows and columns."""
    form = await request.form()
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


_FORM = Depends(_sent)


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/import")
    steps = _Steps(services, desk)
    admin = Depends(desk.access.may(Right.ADMIN))

    @routes.get("")
    def start(request: Request, visitor: Visitor = admin) -> HTMLResponse:
        return steps.start(request, visitor)

    @routes.post("")
    def bring(
        request: Request,
        visitor: Visitor = admin,
        file: Annotated[UploadFile | None, File()] = None,
        rows: Annotated[str, Form()] = "",
    ) -> Response:
        return steps.bring(request, visitor, file, rows)

    @routes.get("/{number}", dependencies=[admin])
    def open_again(number: int) -> Response:
        state = services.roster_files.file(number).state
        return desk.go(f"{PATH}/{number}/{'columns' if state is RosterState.OPEN else 'result'}")

    @routes.get("/{number}/columns")
    def columns(request: Request, number: int, visitor: Visitor = admin) -> HTMLResponse:
        return steps.columns(request, visitor, number)

    @routes.post("/{number}/columns")
    def match(
        request: Request,
        number: int,
        visitor: Visitor = admin,
        sent: Mapping[str, str] = _FORM,
    ) -> Response:
        return steps.match(request, visitor, number, sent)

    @routes.get("/{number}/rows")
    def problems(request: Request, number: int, visitor: Visitor = admin) -> Response:
        return steps.rows(request, visitor, number)

    @routes.post("/{number}/rows", dependencies=[admin])
    def mend(number: int, sent: Mapping[str, str] = _FORM) -> Response:
        return steps.mend(number, sent)

    routes.include_router(_last_steps(services, desk, steps))
    return routes


def _last_steps(services: Services, desk: DeskPages, steps: _Steps) -> APIRouter:
    """What would happen, what did, and the way back."""
    routes = APIRouter()
    admin = Depends(desk.access.may(Right.ADMIN))

    @routes.get("/{number}/confirm")
    def confirm(request: Request, number: int, visitor: Visitor = admin) -> Response:
        return steps.confirm(request, visitor, number)

    @routes.post("/{number}/confirm")
    def bring_in(
        number: int, visitor: Visitor = admin, expected: Annotated[int, Form()] = -1
    ) -> Response:
        services.roster_files.bring_in(number, expected, visitor.user.email)
        return desk.go(f"{PATH}/{number}/result")

    @routes.get("/{number}/result")
    def result(request: Request, number: int, visitor: Visitor = admin) -> HTMLResponse:
        file = services.roster_files.file(number)
        return desk.show(request, visitor, "people/import_result.html", file=file, kept=KEPT.days)

    @routes.post("/{number}/undo")
    def undo(number: int, visitor: Visitor = admin) -> Response:
        done = services.roster_files.take_back(number, visitor.user.email)
        left = (
            f" {done.kept} stay as they are: they had a copy, or were changed since."
            if done.kept
            else ""
        )
        said = f"Undone: {done.removed} taken off the list, {done.restored} as before.{left}"
        return desk.go(f"{PATH}/{number}/result", said)

    @routes.post("/{number}/drop")
    def drop(number: int, visitor: Visitor = admin) -> Response:
        services.roster_files.drop(number, visitor.user.email)
        return desk.go(PATH, "The file is deleted. Nothing was imported.")

    return routes


class _Steps:
    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._files = services.roster_files
        self._roles = services.enrolment.roles
        self._desk = desk

    def start(
        self, request: Request, visitor: Visitor, *, rows: str = "", error: str = ""
    ) -> HTMLResponse:
        return self._desk.show(
            request,
            visitor,
            "people/import.html",
            status=422 if error else 200,
            recent=self._files.recent(),
            rows=rows,
            errors={"file": error} if error else {},
            megabytes=MAX_BYTES // 1_000_000,
            kept=KEPT.days,
        )

    def bring(
        self, request: Request, visitor: Visitor, file: UploadFile | None, rows: str
    ) -> Response:
        content = file.file.read(MAX_BYTES + 1) if file and file.filename else rows.encode()
        name = (file.filename or "") if file and file.filename else "Pasted rows"
        try:
            number = self._files.bring(name, content, visitor.user.email)
        except InvalidInput as error:
            return self.start(request, visitor, rows=rows, error=str(error))
        return self._desk.go(f"{PATH}/{number}/columns")

    def columns(
        self, request: Request, visitor: Visitor, number: int, error: str = ""
    ) -> HTMLResponse:
        return self._desk.show(
            request,
            visitor,
            "people/import_columns.html",
            status=422 if error else 200,
            opened=self._files.opened(number),
            field_options=[("", "Leave it out"), *FIELD_WORDS.items()],
            field_words=FIELD_WORDS,
            errors={"columns": error} if error else {},
        )

    def match(
        self, request: Request, visitor: Visitor, number: int, sent: Mapping[str, str]
    ) -> Response:
        chosen = {
            int(name.removeprefix("column-")): field
            for name, field in sent.items()
            if name.startswith("column-") and name.removeprefix("column-").isdecimal()
        }
        try:
            sheet, heading = int(sent.get("sheet", "")), int(sent.get("heading", ""))
            opened = self._files.match(number, chosen, sheet=sheet, heading=heading)
        except ValueError:
            return self.columns(request, visitor, number, "Say in which row the headings are.")
        except InvalidInput as error:
            return self.columns(request, visitor, number, str(error))
        if "look" in sent:
            return self._desk.go(f"{PATH}/{number}/columns")
        if opened.missing:
            words = " and ".join(FIELD_WORDS[name] for name in opened.missing)
            return self.columns(
                request,
                visitor,
                number,
                f"Choose which column becomes {words}: every row needs it.",
            )
        return self._desk.go(f"{PATH}/{number}/rows")

    def rows(self, request: Request, visitor: Visitor, number: int) -> Response:
        opened, found = self._files.problems(number)
        if opened.missing:
            return self._desk.go(f"{PATH}/{number}/columns")
        if not found:
            return self._desk.go(f"{PATH}/{number}/confirm")
        return self._desk.show(
            request,
            visitor,
            "people/import_rows.html",
            opened=opened,
            problems=found[:_PROBLEMS],
            total=len(found),
            field_words=FIELD_WORDS,
            roles=self._roles(),
        )

    def mend(self, number: int, sent: Mapping[str, str]) -> Response:
        mends: dict[int, dict[str, str]] = {}
        left_out: set[int] = set()
        for name, value in sent.items():
            kind, _, rest = name.partition("-")
            row, _, field = rest.partition("-")
            with suppress(ValueError):
                if kind == "leave":
                    left_out.add(int(row))
                elif kind == "cell" and field in FIELDS:
                    mends.setdefault(int(row), {})[field] = value
        self._files.mend(number, mends, frozenset(left_out))
        return self._desk.go(f"{PATH}/{number}/{'confirm' if 'skip' in sent else 'rows'}")

    def confirm(self, request: Request, visitor: Visitor, number: int) -> Response:
        try:
            opened, result = self._files.forecast(number)
        except (InvalidInput, Refused) as error:
            return self._desk.go(f"{PATH}/{number}", str(error))
        return self._desk.show(
            request,
            visitor,
            "people/import_confirm.html",
            opened=opened,
            result=result,
            good=result.read - len(result.rejected),
            left_out=len(result.rejected) + len(opened.file.choices.left_out),
        )
