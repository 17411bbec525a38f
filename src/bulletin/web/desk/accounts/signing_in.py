"""`/app/sign-in` and `/app/sign-out`: into the desk, and out of it."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import InvalidInput, Refused, TooMany
from bulletin.models.rights import Right
from bulletin.web.desk.access import SignInFirst, Stranger, Visitor, own_page
from bulletin.web.desk.accounts.door import Door
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    """Signing in by password and code, and signing out."""
    routes = APIRouter()
    door = Door(desk)
    anybody = Depends(desk.access.anybody())
    viewer = Depends(desk.access.may(Right.VIEW, enrolling=True))

    def form(
        request: Request,
        stranger: Stranger,
        back: str,
        email: str = "",
        error: InvalidInput | Refused | None = None,
    ) -> Response:
        errors = {"email": str(error)} if error else {}
        answer = door.show(
            request, stranger, "signing_in/sign_in.html", status=status_of(error),
            back=own_page(back), email=email, errors=errors,
        )  # fmt: skip
        return told_when(answer, error)

    @routes.get("/sign-in")
    def sign_in(request: Request, stranger: Stranger = anybody, back: str = "") -> Response:
        try:
            desk.access.visitor(request)
        except SignInFirst:
            return form(request, stranger, back)
        return desk.go(own_page(back))

    @routes.post("/sign-in")
    def enter(
        request: Request,
        stranger: Stranger = anybody,
        email: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        back: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            came = services.signing_in.by_password(email, password, door.origin(request))
        except (InvalidInput, TooMany) as error:
            return form(request, stranger, back, email, error)
        return door.enter(came, back)

    def code_form(
        request: Request, stranger: Stranger, back: str, error: InvalidInput | TooMany | None = None
    ) -> Response:
        services.signing_in.waits_for_code(door.ticket(request))
        answer = door.show(
            request, stranger, "signing_in/code.html", status=status_of(error),
            back=own_page(back), errors={"code": str(error)} if error else {},
        )  # fmt: skip
        return told_when(answer, error)

    @routes.get("/sign-in/code")
    def code(request: Request, stranger: Stranger = anybody, back: str = "") -> Response:
        try:
            return code_form(request, stranger, back)
        except Refused as error:
            return form(request, stranger, back, error=error)

    @routes.post("/sign-in/code")
    def check_code(
        request: Request,
        stranger: Stranger = anybody,
        code: Annotated[str, Form()] = "",
        back: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            came = services.signing_in.by_code(door.ticket(request), code, door.origin(request))
        except (InvalidInput, TooMany) as error:
            return code_form(request, stranger, back, error)
        except Refused as error:
            return form(request, stranger, back, error=error)
        return door.enter(came, back)

    @routes.post("/sign-out")
    def sign_out(visitor: Visitor = viewer) -> Response:
        services.sessions.close(visitor.token)
        return door.leave(desk.go("/app/sign-in", "You are signed out."))

    return routes


def status_of(error: Exception | None) -> int:
    """The status of a form that was refused, or of one that is shown afresh."""
    if isinstance(error, TooMany):
        return 429
    return 422 if error else 200


def told_when(answer: Response, error: Exception | None) -> Response:
    """Say in a header, too, when to try again (RFC 6585 section 4)."""
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(math.ceil(error.retry_after))
    return answer
