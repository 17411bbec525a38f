"""`/app/settings/users`: who works on the bulletin, for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from bulletin.errors import InvalidInput, Refused
from bulletin.models.people import UserRole
from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.accounts.door import status_of
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

Text = Annotated[str, Form()]
_PATH = "/settings/users"
_HOME = f"/app{_PATH}"
ROLES = (
    (UserRole.AUTHOR, "Author", "Collects news, writes and composes issues."),
    (
        UserRole.EDITOR,
        "Editor",
        "Also sends for approval, schedules, and sees who the readers are.",
    ),
    (UserRole.APPROVER, "Approver", "Also signs what goes out."),
    (UserRole.ADMIN, "Admin", "Also imports and erases readers, and looks after users."),
)


def router(services: Services, desk: DeskPages) -> APIRouter:
    """The list and invitations, and what can be done with one account."""
    routes = APIRouter()
    routes.include_router(_everybody(services, desk))
    routes.include_router(_one(services, desk))
    return routes


def _everybody(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix=_PATH)
    admin = Depends(desk.access.may(Right.ADMIN))

    def page(
        request: Request,
        visitor: Visitor,
        email: str = "",
        role: str = UserRole.EDITOR,
        error: InvalidInput | Refused | None = None,
    ) -> Response:
        return desk.show(
            request, visitor, "settings/users.html", status=status_of(error), roles=ROLES,
            accounts=services.managing_users.everybody(), email=email, role=role,
            errors={"email": str(error)} if error else {}, now=services.store.clock(),
        )  # fmt: skip

    @routes.get("")
    def users(request: Request, visitor: Visitor = admin) -> Response:
        return page(request, visitor)

    @routes.post("/invite")
    def invite(
        request: Request, visitor: Visitor = admin, email: Text = "", role: Text = UserRole.EDITOR
    ) -> Response:
        try:
            user, link = services.managing_users.invite(
                email, _role(role), actor=visitor.user.email
            )
        except (InvalidInput, Refused) as error:
            return page(request, visitor, email, role, error)
        return _link_page(services, desk, request, visitor, user_id=user.id, link=link)

    return routes


def _one(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(prefix=f"{_PATH}/{{number}}")
    admin = Depends(desk.access.may(Right.ADMIN))
    managing = services.managing_users

    @routes.get("")
    def user(request: Request, number: int, visitor: Visitor = admin) -> Response:
        return desk.show(
            request, visitor, "settings/user.html", account=managing.account(number), roles=ROLES,
            now=services.store.clock(),
        )  # fmt: skip

    @routes.post("/link")
    def link(request: Request, number: int, visitor: Visitor = admin) -> Response:
        made = managing.link(number, visitor.user.email)
        return _link_page(services, desk, request, visitor, user_id=number, link=made)

    @routes.post("/role")
    def role(number: int, visitor: Visitor = admin, role: Text = "") -> Response:
        user = managing.give_role(number, _role(role), visitor.user.email)
        return desk.go(_HOME, f"{user.called} is now {user.role.value}, and signs in again.")

    @routes.post("/off")
    def off(number: int, visitor: Visitor = admin) -> Response:
        user = managing.switch_off(number, visitor.user.email)
        return desk.go(_HOME, f"{user.called} cannot sign in any more.")

    @routes.post("/on")
    def on(number: int, visitor: Visitor = admin) -> Response:
        user = managing.switch_on(number, visitor.user.email)
        return desk.go(_HOME, f"{user.called} can sign in again.")

    @routes.post("/second-factor")
    def second_factor(number: int, visitor: Visitor = admin) -> Response:
        user = managing.remove_factor(number, visitor.user.email)
        return desk.go(_HOME, f"{user.called} signs in with their password alone.")

    @routes.post("/remove")
    def remove(number: int, visitor: Visitor = admin) -> Response:
        user = managing.remove(number, visitor.user.email)
        return desk.go(_HOME, f"{user.called} has no account any more.")

    return routes


def _link_page(
    services: Services,
    desk: DeskPages,
    request: Request,
    visitor: Visitor,
    *,
    user_id: int,
    link: str,
) -> Response:
    """A link to hand over, which no later page shows."""
    account = services.managing_users.account(user_id)
    return desk.show(
        request, visitor, "settings/user_link.html", account=account, link_to_copy=link,
        mailed=not account.has_password and services.mails_people,
    )  # fmt: skip


def _role(text: str) -> UserRole:
    if text not in set(UserRole):
        raise InvalidInput("Choose one of the roles.")
    return UserRole(text)
