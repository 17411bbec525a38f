"""What links that work once lead to: the first account, an invitation, another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import InvalidInput, Refused, TooMany, WrongFields
from bulletin.models.accounts import LinkPurpose
from bulletin.pipeline.accounts.accounts import Chosen
from bulletin.web.client import client_of
from bulletin.web.desk.access import Stranger
from bulletin.web.desk.accounts.door import Door, status_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

Text = Annotated[str, Form()]
_NOTHING_YET = Chosen("", "")
_DONE = "Your password is changed, and you are signed out everywhere. Sign in with the new one."


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The pages that links of letters, admins and `bulletin serve` lead to."""
    routes = APIRouter()
    for part in (_first, _invited, _reset, _forgotten):
        routes.include_router(part(services, desk))
    return routes


class _LinkForms:
    """The form that a link leads to, or what to do instead if the link is over."""

    def __init__(self, services: Services, door: Door, purpose: LinkPurpose) -> None:
        self._services = services
        self._door = door
        self._purpose = purpose

    def show(
        self,
        request: Request,
        stranger: Stranger,
        token: str,
        chosen: Chosen = _NOTHING_YET,
        error: Refused | WrongFields | None = None,
    ) -> Response:
        """error: what was wrong with the form, or why it was not taken at all."""
        try:
            if isinstance(error, Refused):
                raise error
            link = self._services.accounts.look(self._purpose, token, client_of(request))
        except Refused as refusal:
            status = 429 if isinstance(refusal, TooMany) else 410
            return self._door.refuse(
                request, stranger, "signing_in/over.html", refusal, status=status,
                purpose=self._purpose.value, sentence=str(refusal),
            )  # fmt: skip
        template = f"signing_in/{self._purpose.value}.html"
        return self._door.show(
            request, stranger, template, status=status_of(error), user=link.user, chosen=chosen,
            errors=dict(error.fields) if error else {},
        )  # fmt: skip


def _first(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/first"), Door(desk)
    forms = _LinkForms(services, door, LinkPurpose.FIRST)
    anybody = Depends(desk.access.anybody())

    @routes.get("/{token}")
    def first(request: Request, token: str, stranger: Stranger = anybody) -> Response:
        return forms.show(request, stranger, token)

    @routes.post("/{token}")
    def make_first(
        request: Request,
        token: str,
        stranger: Stranger = anybody,
        name: Text = "",
        email: Text = "",
        password: Text = "",
        again: Text = "",
    ) -> Response:
        chosen = Chosen(password, again, name, email)
        try:
            came = services.accounts.make_first(token, chosen, door.origin(request))
        except (WrongFields, Refused) as error:
            return forms.show(request, stranger, token, chosen, error)
        return door.enter(request, stranger, came, "/app")

    return routes


def _invited(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/invited"), Door(desk)
    forms = _LinkForms(services, door, LinkPurpose.INVITATION)
    anybody = Depends(desk.access.anybody())

    @routes.get("/{token}")
    def invited(request: Request, token: str, stranger: Stranger = anybody) -> Response:
        return forms.show(request, stranger, token)

    @routes.post("/{token}")
    def accept(
        request: Request,
        token: str,
        stranger: Stranger = anybody,
        name: Text = "",
        password: Text = "",
        again: Text = "",
    ) -> Response:
        chosen = Chosen(password, again, name)
        try:
            came = services.accounts.accept(token, chosen, door.origin(request))
        except (WrongFields, Refused) as error:
            return forms.show(request, stranger, token, chosen, error)
        return door.enter(request, stranger, came, "/app")

    return routes


def _reset(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/reset"), Door(desk)
    forms = _LinkForms(services, door, LinkPurpose.RESET)
    anybody = Depends(desk.access.anybody())

    @routes.get("/{token}")
    def reset(request: Request, token: str, stranger: Stranger = anybody) -> Response:
        return forms.show(request, stranger, token)

    @routes.post("/{token}")
    def choose(
        request: Request,
        token: str,
        stranger: Stranger = anybody,
        password: Text = "",
        again: Text = "",
    ) -> Response:
        chosen = Chosen(password, again)
        try:
            services.accounts.reset(token, chosen, client_of(request))
        except (WrongFields, Refused) as error:
            return forms.show(request, stranger, token, chosen, error)
        return door.leave(desk.go("/app/sign-in", _DONE))

    return routes


def _forgotten(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/forgotten"), Door(desk)
    anybody = Depends(desk.access.anybody())
    page = "signing_in/forgotten.html"

    @routes.get("")
    def forgotten(request: Request, stranger: Stranger = anybody) -> Response:
        return door.show(request, stranger, page, email="", errors={})

    @routes.post("")
    def send_link(request: Request, stranger: Stranger = anybody, email: Text = "") -> Response:
        try:
            services.accounts.forgot(email, client_of(request))
        except (InvalidInput, TooMany) as error:
            errors = {"email": str(error)}
            return door.refuse(request, stranger, page, error, email=email, errors=errors)
        return door.show(request, stranger, "signing_in/forgotten_sent.html", email=email)

    return routes
