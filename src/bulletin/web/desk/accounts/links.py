"""What links that work once lead to: the first account, an invitation, another password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import InvalidInput, Refused, TooMany, WrongFields
from bulletin.models.accounts import LinkPurpose
from bulletin.pipeline.accounts.accounts import Chosen
from bulletin.pipeline.accounts.one_time import PAGES
from bulletin.web.client import client_of
from bulletin.web.desk.access import Stranger
from bulletin.web.desk.accounts.door import Door, status_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

Text = Annotated[str, Form()]
_Act = Callable[[Request, Stranger, str, Chosen], Response]
_NOTHING_YET = Chosen("", "")
_DONE = "Your password is changed, and you are signed out everywhere. Sign in with the new one."


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The pages that links of letters, admins and `bulletin serve` lead to."""
    routes, acts = APIRouter(), _Acts(services, desk)
    for purpose, act in (
        (LinkPurpose.FIRST, acts.make_first),
        (LinkPurpose.INVITATION, acts.accept),
        (LinkPurpose.RESET, acts.reset),
    ):
        routes.include_router(_followed(services, desk, purpose, act))
    routes.include_router(_forgotten(services, desk))
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


def _followed(services: Services, desk: DeskPages, purpose: LinkPurpose, act: _Act) -> APIRouter:
    """The page that a link leads to. act: what sending its form does."""
    routes = APIRouter(prefix=PAGES[purpose].removeprefix("app"))
    forms = _LinkForms(services, Door(desk), purpose)
    anybody = Depends(desk.access.anybody())

    @routes.get("/{token}")
    def look(request: Request, token: str, stranger: Stranger = anybody) -> Response:
        return forms.show(request, stranger, token)

    @routes.post("/{token}")
    def choose(
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
            return act(request, stranger, token, chosen)
        except (WrongFields, Refused) as error:
            return forms.show(request, stranger, token, chosen, error)

    return routes


class _Acts:
    """What sending the form behind each link does. Each raises WrongFields or Refused."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._accounts = services.accounts
        self._desk = desk
        self._door = Door(desk)

    def make_first(
        self, request: Request, stranger: Stranger, token: str, chosen: Chosen
    ) -> Response:
        came = self._accounts.make_first(token, chosen, self._door.origin(request))
        return self._door.enter(request, stranger, came, "/app")

    def accept(self, request: Request, stranger: Stranger, token: str, chosen: Chosen) -> Response:
        came = self._accounts.accept(token, chosen, self._door.origin(request))
        return self._door.enter(request, stranger, came, "/app")

    def reset(self, request: Request, _: Stranger, token: str, chosen: Chosen) -> Response:
        self._accounts.reset(token, chosen, client_of(request))
        return self._door.leave(self._desk.go("/app/sign-in", _DONE))


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
