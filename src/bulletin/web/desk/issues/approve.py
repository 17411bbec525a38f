"""`/app/issues/{n}/approve`: what would go out, what changed of it, and the decision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, Misconfigured, Refused, RenderingError
from bulletin.models.editions import ReaderKind
from bulletin.models.people import Role
from bulletin.models.rights import Right
from bulletin.pipeline.approve import OtherVersion
from bulletin.pipeline.differences import Difference, Kind
from bulletin.pipeline.reviewing.reviewing import EditionToSee, ReviewSheet
from bulletin.pipeline.showing.proofreading import described
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.issues.findings import checked
from bulletin.web.desk.issues.frame import frame_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


class Tab(StrEnum):
    """The ways to look at what would go out. The last three are views of one edition."""

    CHANGES = "changes"
    DESKTOP = "desktop"
    PHONE = "phone"
    TEXT = "text"


_TABS = ((Tab.CHANGES, "Changes"), (Tab.DESKTOP, "Email"), (Tab.PHONE, "Phone"),
         (Tab.TEXT, "Plain text"))  # fmt: skip


class ApprovePage:
    """What templates/desk/issues/approve/approve.html shows, with its addresses."""

    def __init__(
        self, sheet: ReviewSheet, roles: list[Role], tab: Tab, edition: str, since: int | None
    ) -> None:
        self.sheet = sheet
        self.root = f"/app/issues/{sheet.issue.id}"
        self.found = checked(sheet.proof, {})
        self.tab = tab
        self.edition = sheet.edition(edition)
        self._since = since
        self._roles = roles

    @property
    def tabs(self) -> list[tuple[Tab, str]]:
        return list(_TABS)

    def address(self, **changed: object) -> str:
        """This page, with something of it changed."""
        now: dict[str, object] = {"tab": self.tab.value, "since": self._since or ""}
        now["edition"] = self.edition.key if self.edition else ""
        pairs = {name: value for name, value in (now | changed).items() if value}
        return f"{self.root}/approve?{urlencode(pairs)}"

    def readers(self, kind: ReaderKind) -> str:
        return described(kind, self._roles)

    @property
    def frame(self) -> str:
        """The address of the edition itself."""
        kind = self.edition.kinds[0] if self.edition else ReaderKind(frozenset())
        pairs = [("role", role) for role in sorted(kind.roles)]
        pairs.append(("nation", kind.nation.value if kind.nation else ""))
        pairs += [("view", self.tab.value), ("v", self.sheet.proof.galley.digest)]
        return f"{self.root}/preview/frame?{urlencode(pairs)}"

    def pieces(self, change: Difference) -> list[tuple[str, str]]:
        """A difference as the macro `diff` shows it; of what stayed, no more than is needed."""
        if change.listed:
            return [(_MARKS[one.kind], one.text) for one in change.passages]
        return [
            (_MARKS[one.kind], _shortened(one.text) if one.kind is Kind.SAME else one.text)
            for one in change.passages
        ]

    def opened_as(self, edition: EditionToSee, tab: Tab | None = None) -> dict[str, str]:
        """What the button that opens an edition sends. tab: None for the one that is open."""
        tab = tab or (self.tab if self.tab is not Tab.CHANGES else Tab.DESKTOP)
        return {"edition": edition.key, "tab": tab.value, "since": str(self._since or "")}


_NUMBER = re.compile(r"[0-9]{1,9}")
_MARKS = {Kind.SAME: "same", Kind.GONE: "removed", Kind.NEW: "added"}
_CONTEXT = 160  # characters beside a change


def _shortened(text: str) -> str:
    """The beginning and the end of what stayed the same."""
    if len(text) <= 3 * _CONTEXT:
        return text
    start, end = text[:_CONTEXT].rpartition(" ")[0], text[-_CONTEXT:].partition(" ")[2]
    return f"{start or text[:_CONTEXT]} [\N{HORIZONTAL ELLIPSIS}] {end or text[-_CONTEXT:]}"


class ApprovePages:
    """Shows the page, as it is or with what was refused."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def show(
        self,
        request: Request,
        number: int,
        visitor: Visitor,
        status: int = 200,
        *,
        errors: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """errors: by field; typed: what was, by field. Raises NotFound."""
        services, query = self._services, request.query_params
        since = int(query["since"]) if _NUMBER.fullmatch(query.get("since", "")) else None
        try:
            sheet = services.reviewing.sheet(str(number), visitor.user, since)
        except (Misconfigured, RenderingError) as error:
            frame = frame_of(services.drafting.issue(str(number)), "approve")
            return self._desk.show(
                request, visitor, "issues/check/trouble.html", frame=frame, here="Approve",
                trouble=str(error),
            )  # fmt: skip
        tab = next((tab for tab in Tab if tab == query.get("tab")), Tab.CHANGES)
        page = ApprovePage(sheet, services.enrolment.roles(), tab, query.get("edition", ""), since)
        return self._desk.show(
            request, visitor, "issues/approve/approve.html", status=status,
            frame=frame_of(sheet.issue, "approve"), page=page, sheet=sheet,
            talk=services.commenting.discussion(str(number)), errors=errors or {},
            typed=typed or {},
        )  # fmt: skip


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/issues/{number}/approve")
    viewer = Depends(desk.access.may(Right.VIEW))
    approver = Depends(desk.access.may(Right.APPROVE))
    show = ApprovePages(services, desk).show

    @routes.get("")
    def approve_page(request: Request, number: int, visitor: Visitor = viewer) -> HTMLResponse:
        return show(request, number, visitor)

    @routes.post("")
    def approve(
        request: Request,
        number: int,
        hash: Annotated[str, Form()],  # noqa: A002  # the name of the field
        override: Annotated[str, Form()] = "",
        visitor: Visitor = approver,
    ) -> Response:
        try:
            issue = services.approval.approve(
                str(number), visitor.user.email, override, expected=hash
            )
        except OtherVersion as error:
            return show(request, number, visitor, 409, errors={"decision": str(error)})
        except Refused as error:
            typed = {"override": override}
            return show(request, number, visitor, 409, errors={"override": str(error)}, typed=typed)
        said = f"Approved. Exactly this goes out, once it is scheduled: {issue.title}"
        return desk.go(f"/app/issues/{number}/schedule", said)

    @routes.post("/return")
    def give_back(
        request: Request,
        number: int,
        hash: Annotated[str, Form()],  # noqa: A002  # the name of the field
        reason: Annotated[str, Form()] = "",
        visitor: Visitor = approver,
    ) -> Response:
        try:
            services.approval.give_back(str(number), visitor.user.email, reason, expected=hash)
        except InvalidInput as error:
            return show(request, number, visitor, 422, errors={"reason": str(error)})
        except Refused as error:
            typed = {"reason": reason}
            return show(request, number, visitor, 409, errors={"decision": str(error)}, typed=typed)
        said = "Returned for changes. It is a draft again."
        return desk.go(f"/app/issues/{number}/approve", said)

    @routes.post("/look")
    def look(
        number: int,
        edition: Annotated[str, Form(max_length=64)],
        tab: Annotated[str, Form(max_length=16)] = Tab.DESKTOP.value,
        since: Annotated[str, Form(max_length=16)] = "",
        visitor: Visitor = viewer,
    ) -> Response:
        """Open an edition, and have that remembered."""
        services.reviewing.look(str(number), visitor.user, edition)
        pairs = {"tab": tab, "edition": edition, **({"since": since} if since else {})}
        return desk.go(f"/app/issues/{number}/approve?{urlencode(pairs)}#edition")

    return routes
