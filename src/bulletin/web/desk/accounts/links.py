"""What links that work once lead to: the first account, an invitation, another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import InvalidInput, Refused, TooMany, WrongFields
from bulletin.models.accounts import LinkPurpose
from bulletin.pipeline.accounts import Chosen
from bulletin.web.client import client_of
from bulletin.web.desk.access import Stranger
from bulletin.web.desk.accounts.door import Door
from bulletin.web.desk.accounts.signing_in import status_of, told_when
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

Text = Annotated[str, Form()]


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The pages that links of letters, admins and `bulletin serve` lead to."""
    routes = APIRouter()
    door = Door(desk)
    anybody = Depends(desk.access.anybody())

    def over(
        request: Request, stranger: Stranger, purpose: LinkPurpose, refusal: Refused
    ) -> Response:
        status = 429 if isinstance(refusal, TooMany) else 410
        answer = door.show(
            request, stranger, "signing_in/over.html", status=status, purpose=purpose.value,
            sentence=str(refusal),
        )  # fmt: skip
        return told_when(answer, refusal)

    def form(
        request: Request,
        stranger: Stranger,
        purpose: LinkPurpose,
        token: str,
        chosen: Chosen,
        error: WrongFields | None = None,
    ) -> Response:
        """A link's form, or what to do instead if the link is over."""
        try:
            link = services.accounts.look(purpose, token, client_of(request))
        except Refused as refusal:
            return over(request, stranger, purpose, refusal)
        return door.show(
            request, stranger, f"signing_in/{purpose.value}.html", status=status_of(error),
            user=link.user, chosen=chosen, errors=dict(error.fields) if error else {},
        )  # fmt: skip

    @routes.get("/first/{token}")
    def first(request: Request, token: str, stranger: Stranger = anybody) -> Response:
        return form(request, stranger, LinkPurpose.FIRST, token, Chosen("", ""))

    @routes.post("/first/{token}")
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
        except WrongFields as error:
            return form(request, stranger, LinkPurpose.FIRST, token, chosen, error)
        except Refused as refusal:
            return over(request, stranger, LinkPurpose.FIRST, refusal)
        return door.enter(came, "/app")

    @routes.get("/invited/{token}")
    def invited(request: Request, token: str, stranger: Stranger = anybody) -> Response:
        return form(request, stranger, LinkPurpose.INVITATION, token, Chosen("", ""))

    @routes.post("/invited/{token}")
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
        except WrongFields as error:
            return form(request, stranger, LinkPurpose.INVITATION, token, chosen, error)
        except Refused as refusal:
            return over(request, stranger, LinkPurpose.INVITATION, refusal)
        return door.enter(came, "/app")

    @routes.get("/reset/{token}")
    def reset(request: Request, token: str, stranger: Stranger = anybody) -> Response:
        return form(request, stranger, LinkPurpose.RESET, token, Chosen("", ""))

    @routes.post("/reset/{token}")
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
        except WrongFields as error:
            return form(request, stranger, LinkPurpose.RESET, token, chosen, error)
        except Refused as refusal:
            return over(request, stranger, LinkPurpose.RESET, refusal)
        done = "Your password is changed, and you are signed out everywhere. Sign in with it."
        return door.leave(desk.go("/app/sign-in", done))

    @routes.get("/forgotten")
    def forgotten(request: Request, stranger: Stranger = anybody) -> Response:
        return door.show(request, stranger, "signing_in/forgotten.html", email="", errors={})

    @routes.post("/forgotten")
    def send_link(request: Request, stranger: Stranger = anybody, email: Text = "") -> Response:
        try:
            services.accounts.forgot(email, client_of(request))
        except (InvalidInput, TooMany) as error:
            answer = door.show(
                request, stranger, "signing_in/forgotten.html", status=status_of(error),
                email=email, errors={"email": str(error)},
            )  # fmt: skip
            return told_when(answer, error)
        return door.show(request, stranger, "signing_in/forgotten_sent.html", email=email)

    return routes
