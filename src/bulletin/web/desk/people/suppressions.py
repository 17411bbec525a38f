"""`/app/people/suppressions`: addresses that get no mail, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, Refused
from bulletin.models.people import SuppressionReason
from bulletin.models.rights import Right
from bulletin.roster import check_address
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages, Undo
from bulletin.wiring import Services

_ADDRESS = "/app/people/suppressions"
# What an admin may lift: the rest is somebody's own wish.
_OURS = frozenset(
    {SuppressionReason.MANUAL, SuppressionReason.SOFT_BOUNCE, SuppressionReason.HARD_BOUNCE}
)


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/suppressions")
    admin = Depends(desk.access.may(Right.ADMIN))

    def page(
        request: Request, visitor: Visitor, start: int, typed: str = "", error: str = ""
    ) -> HTMLResponse:
        found = services.directory.suppressions(start)
        return desk.show(
            request,
            visitor,
            "people/suppressions.html",
            status=422 if error else 200,
            found=found,
            ours=_OURS,
            typed=typed,
            errors={"email": error} if error else {},
        )

    @routes.get("")
    def listing(request: Request, visitor: Visitor = admin, start: int = 0) -> HTMLResponse:
        return page(request, visitor, max(0, start))

    @routes.post("")
    def add(
        request: Request, visitor: Visitor = admin, email: Annotated[str, Form()] = ""
    ) -> Response:
        try:
            address = check_address(email)
        except InvalidInput as error:
            return page(request, visitor, 0, email, str(error))
        actor = visitor.user.email
        if not services.enrolment.suppress(address, SuppressionReason.MANUAL, "", actor):
            return desk.go(_ADDRESS, f"{address} got no mail already.")
        undo = Undo(f"{_ADDRESS}/lift", {"email": address})
        return desk.go(_ADDRESS, f"{address} gets no mail any more.", undo)

    @routes.post("/lift")
    def lift(visitor: Visitor = admin, email: Annotated[str, Form()] = "") -> Response:
        reason = services.directory.suppressed(email)
        if reason is not None and reason not in _OURS:
            raise Refused("They decided that themselves, so only they can change it.")
        services.enrolment.unsuppress(email, visitor.user.email)
        return desk.go(_ADDRESS, f"{email} can get mail again.")

    return routes
