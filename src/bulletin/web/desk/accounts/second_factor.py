"""`/app/settings/second-factor`: an authenticator app, and codes for when it is lost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import InvalidInput, TooMany
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor, csrf_of
from bulletin.web.desk.accounts.door import Door, status_of, told_when
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

Text = Annotated[str, Form()]
_PATH = "/settings/second-factor"
_HOME = f"/app{_PATH}"


def router(services: Services, desk: DeskPages) -> APIRouter:
    """Setting a second factor up, and removing it. Who must have one comes here before all else."""
    routes = APIRouter()
    routes.include_router(_setting_up(services, desk))
    routes.include_router(_having(services, desk))
    return routes


def _setting_up(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix=_PATH), Door(desk)
    page = _Page(services, desk)
    viewer = Depends(desk.access.may(Right.VIEW, enrolling=True))

    @routes.get("")
    def second_factor(request: Request, visitor: Visitor = viewer) -> Response:
        return page.show(request, visitor)

    @routes.post("/begin")
    def begin(visitor: Visitor = viewer) -> Response:
        services.second_factor.begin(visitor.user)
        return desk.go(_HOME)

    @routes.post("/confirm")
    def confirm(request: Request, visitor: Visitor = viewer, code: Text = "") -> Response:
        agent = door.origin(request).agent
        try:
            token, codes = services.second_factor.confirm(visitor.user, code, agent)
        except (InvalidInput, TooMany) as error:
            return page.show(request, visitor, error)
        renewed = Visitor(visitor.user, visitor.rights, csrf_of(token), token)
        shown = desk.show(request, renewed, "settings/recovery_codes.html", codes=codes, first=True)
        door.admit(shown, token)
        return shown

    return routes


def _having(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix=_PATH), Door(desk)
    page = _Page(services, desk)
    viewer = Depends(desk.access.may(Right.VIEW))

    @routes.post("/recovery-codes")
    def recovery_codes(request: Request, visitor: Visitor = viewer, code: Text = "") -> Response:
        try:
            codes = services.second_factor.new_recovery_codes(visitor.user, code)
        except (InvalidInput, TooMany) as error:
            return page.show(request, visitor, error)
        template = "settings/recovery_codes.html"
        return desk.show(request, visitor, template, codes=codes, first=False)

    @routes.post("/remove")
    def remove(request: Request, visitor: Visitor = viewer, code: Text = "") -> Response:
        agent = door.origin(request).agent
        try:
            token = services.second_factor.remove(visitor.user, code, agent)
        except (InvalidInput, TooMany) as error:
            return page.show(request, visitor, error)
        answer = desk.go("/app/settings", "Signing in asks for your password alone from now on.")
        door.admit(answer, token)
        return answer

    return routes


class _Page:
    """The page of the second factor, whatever the state of somebody's is."""

    def __init__(self, services: Services, desk: DeskPages) -> None:
        self._services = services
        self._desk = desk

    def show(
        self, request: Request, visitor: Visitor, error: InvalidInput | TooMany | None = None
    ) -> Response:
        second_factor = self._services.second_factor
        shown = self._desk.show(
            request, visitor, "settings/second_factor.html", status=status_of(error),
            errors={"code": str(error)} if error else {},
            offer=second_factor.offer(visitor.user),
            codes_left=second_factor.recovery_codes_left(visitor.user),
            required=self._services.settings.require_second_factor,
        )  # fmt: skip
        return told_when(shown, error)
