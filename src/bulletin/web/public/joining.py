"""`/subscribe` and `/confirm/{token}`: asking for the bulletin, and confirming it.

Asking shows the same page for every address. Confirming needs a press of a button: mail scanners
open every link (requirement 51).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.errors import WrongFields
from bulletin.models.items import Nation
from bulletin.pipeline.joining import Invitation, InvitationState, JoinForm
from bulletin.web.client import client_of
from bulletin.web.pages import Pages
from bulletin.wiring import Services

Text = Annotated[str, Form()]
Several = Annotated[list[str] | None, Form()]


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()
    routes.include_router(_asking(services, pages), prefix="/subscribe")
    routes.include_router(_confirming(services, pages), prefix="/confirm")
    return routes


def _asking(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    def page(request: Request, form: JoinForm, wrong: Mapping[str, str]) -> HTMLResponse:
        return pages.show(
            request,
            "subscribe.html",
            status=422 if wrong else 200,
            form=form,
            wrong=wrong,
            roles=services.joining.roles(),
            nations=list(Nation),
            consent=services.joining.consent,
        )

    @routes.get("")
    def ask(request: Request) -> HTMLResponse:
        return page(request, JoinForm(), {})

    @routes.post("")
    def join(
        request: Request,
        *,
        email: Text = "",
        name: Text = "",
        organisation: Text = "",
        nation: Text = "",
        role: Several = None,
        agree: Text = "",
        subject: Text = "",
    ) -> HTMLResponse:
        form = JoinForm(email, name, organisation, nation, tuple(role or ()), agree == "yes")
        # Nobody sees the field "subject", so a machine filled it in; it learns nothing from that.
        if not subject:
            try:
                services.joining.ask(form, client_of(request))
            except WrongFields as error:
                return page(request, form, error.fields)
        return pages.show(request, "subscribe_done.html")

    return routes


def _confirming(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    def page(request: Request, found: Invitation | None, *, pressed: bool = False) -> HTMLResponse:
        if found is None:
            raise HTTPException(404)
        if found.state is InvitationState.OVER:
            return pages.show(request, "confirm_over.html", status=410)
        if found.state is InvitationState.JOINED:
            return pages.show(request, "confirm_done.html", invitation=found)
        status = 409 if pressed else 200
        return pages.show(request, "confirm.html", status=status, invitation=found, changed=pressed)

    @routes.get("/{token}")
    def look(request: Request, token: str) -> HTMLResponse:
        return page(request, services.joining.invitation(token))

    @routes.post("/{token}")
    def confirm(request: Request, token: str, join: Text = "") -> HTMLResponse:
        # Scanners have sent bare POSTs (requirement 51): only the button's field counts.
        if not (join.isascii() and join.isdigit() and len(join) < 16):
            return page(request, services.joining.invitation(token))
        return page(request, services.joining.confirm(token, int(join)), pressed=True)

    return routes
