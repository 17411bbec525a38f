"""`/app/settings`: somebody's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import TooMany, WrongFields
from bulletin.models.people import Theme
from bulletin.models.rights import Right
from bulletin.pipeline.accounts.accounts import Chosen
from bulletin.pipeline.accounts.browsers import browser_named
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.accounts.door import Door, status_of, told_when
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

Text = Annotated[str, Form()]
_HOME = "/app/settings"


def router(services: Services, desk: DeskPages) -> APIRouter:
    """Name, preferences, password, and where one is signed in."""
    routes = APIRouter()
    for part in (_own, _password, _sessions):
        routes.include_router(part(services, desk))
    return routes


def _own(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix="/settings")
    viewer = Depends(desk.access.may(Right.VIEW))

    def page(request: Request, visitor: Visitor, error: WrongFields | None, name: str) -> Response:
        user = visitor.user
        return desk.show(
            request, visitor, "settings/settings.html", status=status_of(error), name=name,
            errors=dict(error.fields) if error else {},
            account=services.managing_users.account(user.id),
            codes_left=services.second_factor.recovery_codes_left(user),
            sessions=[
                (each, browser_named(each.agent))
                for each in services.sessions.of(user, visitor.token)
            ],
        )  # fmt: skip

    @routes.get("")
    def settings(request: Request, visitor: Visitor = viewer) -> Response:
        return page(request, visitor, None, visitor.user.name)

    @routes.post("/name")
    def rename(request: Request, visitor: Visitor = viewer, name: Text = "") -> Response:
        try:
            services.managing_users.rename(visitor.user, name)
        except WrongFields as error:
            return page(request, visitor, error, name)
        return desk.go(_HOME, "Saved. Colleagues see your new name from now on.")

    @routes.post("/preferences")
    def prefer(visitor: Visitor = viewer, shortcuts: Text = "", theme: Text = "") -> Response:
        chosen = Theme(theme) if theme in set(Theme) else Theme.SYSTEM
        services.managing_users.prefer(visitor.user, shortcuts=bool(shortcuts), theme=chosen)
        return desk.go(_HOME, "Saved.")

    @routes.post("/failed-tries")
    def seen(visitor: Visitor = viewer) -> Response:
        services.managing_users.seen_failures(visitor.user)
        return desk.go(_HOME, "The count starts afresh.")

    return routes


def _password(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/settings/password"), Door(desk)
    viewer = Depends(desk.access.may(Right.VIEW))

    def page(
        request: Request, visitor: Visitor, error: WrongFields | TooMany | None = None
    ) -> Response:
        errors = dict(error.fields) if isinstance(error, WrongFields) else {}
        if isinstance(error, TooMany):
            errors = {"old": str(error)}
        shown = desk.show(
            request, visitor, "settings/password.html", status=status_of(error), errors=errors,
            account=services.managing_users.account(visitor.user.id),
        )  # fmt: skip
        return told_when(shown, error)

    @routes.get("")
    def password_form(request: Request, visitor: Visitor = viewer) -> Response:
        return page(request, visitor)

    @routes.post("")
    def change(
        request: Request,
        visitor: Visitor = viewer,
        old: Text = "",
        password: Text = "",
        again: Text = "",
    ) -> Response:
        try:
            token = services.accounts.change_password(
                visitor.user, old, Chosen(password, again), door.origin(request)
            )
        except (WrongFields, TooMany) as error:
            return page(request, visitor, error)
        answer = desk.go(_HOME, "Your password is changed. You are signed out everywhere else.")
        door.admit(answer, token)
        return answer

    return routes


def _sessions(services: Services, desk: DeskPages) -> APIRouter:
    routes, door = APIRouter(prefix="/settings/sessions"), Door(desk)
    viewer = Depends(desk.access.may(Right.VIEW))

    @routes.post("/end-all")
    def end_all(visitor: Visitor = viewer) -> Response:
        services.sessions.end_all(visitor.user)
        return door.leave(desk.go("/app/sign-in", "You are signed out everywhere."))

    @routes.post("/{number}/end")
    def end(number: int, visitor: Visitor = viewer) -> Response:
        ended = services.sessions.end(visitor.user, number)
        return desk.go(_HOME, "Signed out there." if ended else "It was over already.")

    return routes
