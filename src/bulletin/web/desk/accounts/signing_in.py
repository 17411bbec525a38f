"""`/app/sign-in` and `/app/sign-out`: into the desk, and out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from bulletin.errors import InvalidInput, Refused, TooMany
from bulletin.models.accounts import ProviderAnswer
from bulletin.models.rights import Right
from bulletin.web.desk.access import SignInFirst, Stranger, Visitor, own_page
from bulletin.web.desk.accounts.door import Door, is_over_a_page
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

if TYPE_CHECKING:
    from bulletin.pipeline.accounts.single_sign_on import SingleSignOn

Text = Annotated[str, Form()]
_PASSWORD, _CODE = "signing_in/sign_in.html", "signing_in/code.html"


def router(services: Services, desk: DeskPages) -> APIRouter:
    """Signing in by password and code, and signing out."""
    routes = APIRouter()
    for part in (_by_password, _by_code, _by_provider, _out):
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


def _by_provider(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/sign-in/provider"), Door(desk)
    anybody = Depends(desk.access.anybody())

    def way() -> SingleSignOn:
        if services.single_sign_on is None:
            raise HTTPException(404)
        return services.single_sign_on

    def refused(request: Request, stranger: Stranger, error: Refused) -> Response:
        errors = {"email": str(error)}
        answer = door.refuse(
            request, stranger, _PASSWORD, error, back="/app", email="", errors=errors
        )
        door.forget_begun(answer)
        return answer

    # A link and not a form: what is kept is in the browser alone, and form-action holds for where
    # a form is redirected to, too (CSP 3, section 6.4.2).
    @routes.get("")
    def begin(request: Request, stranger: Stranger = anybody, back: str = "") -> Response:
        try:
            begun = way().begin(own_page(back))
        except Refused as error:
            return refused(request, stranger, error)
        answer = RedirectResponse(begun.address, status_code=303)
        door.keep_begun(answer, begun.kept)
        return answer

    @routes.get("/back")
    def come_back(
        request: Request,
        stranger: Stranger = anybody,
        code: str = "",
        state: str = "",
        iss: str = "",
        error: str = "",
    ) -> Response:
        told = ProviderAnswer(code, state, iss, error)
        try:
            came, back = way().finish(door.begun(request), told, door.origin(request))
        except Refused as refusal:
            return refused(request, stranger, refusal)
        answer = door.enter(request, stranger, came, back)
        door.forget_begun(answer)
        return answer

    return routes


def _out(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/sign-out"), Door(desk)
    viewer = Depends(desk.access.may(Right.VIEW, enrolling=True))

    @routes.post("")
    def sign_out(visitor: Visitor = viewer) -> Response:
        services.sessions.close(visitor.token)
        return door.leave(desk.go("/app/sign-in", "You are signed out."))

    return routes
