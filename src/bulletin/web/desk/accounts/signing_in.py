"""`/app/sign-in` and `/app/sign-out`: into the desk, and out of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import InvalidInput, Refused, TooMany
from bulletin.models.rights import Right
from bulletin.web.desk.access import SignInFirst, Stranger, Visitor, own_page
from bulletin.web.desk.accounts.door import Door, is_over_a_page
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

Text = Annotated[str, Form()]
_PASSWORD, _CODE = "signing_in/sign_in.html", "signing_in/code.html"


def router(services: Services, desk: DeskPages) -> APIRouter:
    """Signing in by password and code, and signing out."""
    routes = APIRouter()
    for part in (_by_password, _by_code, _out):
        routes.include_router(part(services, desk))
    return routes


def _by_password(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/sign-in"), Door(desk)
    anybody = Depends(desk.access.anybody())

    @routes.get("")
    def sign_in(request: Request, stranger: Stranger = anybody, back: str = "") -> Response:
        try:
            desk.access.visitor(request)
        except SignInFirst:
            return door.show(request, stranger, _PASSWORD, back=own_page(back), email="", errors={})
        return desk.go(own_page(back))

    @routes.post("")
    def enter(
        request: Request,
        stranger: Stranger = anybody,
        email: Text = "",
        password: Text = "",
        back: Text = "",
    ) -> Response:
        try:
            came = services.signing_in.by_password(email, password, door.origin(request))
        except (InvalidInput, TooMany) as error:
            errors = {"email": str(error)}
            if is_over_a_page(request):
                return door.again(request, stranger, status=422, errors=errors, email=email)
            return door.refuse(
                request, stranger, _PASSWORD, error, back=own_page(back), email=email,
                errors=errors,
            )  # fmt: skip
        return door.enter(request, stranger, came, back)

    return routes


def _by_code(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/sign-in/code"), Door(desk)
    anybody = Depends(desk.access.anybody())

    def once_more(request: Request, stranger: Stranger, back: str, error: Refused) -> Response:
        """It took too long: back to the password."""
        errors = {"email": str(error)}
        if is_over_a_page(request):
            return door.again(request, stranger, status=422, errors=errors)
        return door.refuse(
            request, stranger, _PASSWORD, error, status=422, back=own_page(back), email="",
            errors=errors,
        )  # fmt: skip

    @routes.get("")
    def code(request: Request, stranger: Stranger = anybody, back: str = "") -> Response:
        try:
            services.signing_in.waits_for_code(door.ticket(request))
        except Refused as error:
            return once_more(request, stranger, back, error)
        return door.show(request, stranger, _CODE, back=own_page(back), errors={})

    @routes.post("")
    def check(
        request: Request, stranger: Stranger = anybody, code: Text = "", back: Text = ""
    ) -> Response:
        try:
            came = services.signing_in.by_code(door.ticket(request), code, door.origin(request))
        except (InvalidInput, TooMany) as error:
            errors = {"code": str(error)}
            if is_over_a_page(request):
                return door.again(request, stranger, "code", status=422, errors=errors)
            return door.refuse(request, stranger, _CODE, error, back=own_page(back), errors=errors)
        except Refused as error:
            return once_more(request, stranger, back, error)
        return door.enter(request, stranger, came, back)

    return routes


def _out(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/sign-out"), Door(desk)
    viewer = Depends(desk.access.may(Right.VIEW, enrolling=True))

    @routes.post("")
    def sign_out(visitor: Visitor = viewer) -> Response:
        services.sessions.close(visitor.token)
        return door.leave(desk.go("/app/sign-in", "You are signed out."))

    return routes
