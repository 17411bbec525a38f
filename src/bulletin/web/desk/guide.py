"""`/app/help`: how the desk works, its keys, and how it looks to whoever uses this browser."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.models.rights import Right
from bulletin.web.desk.access import Visitor
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

# Kept in the browser: the same person may want dark at home and single letters in the office alone.
LOOK: Final = "bulletin_look"
LETTERS: Final = "bulletin_letters"
_ONE_YEAR: Final = 31_536_000


def router(_services: Services, desk: DeskPages) -> APIRouter:
    """Help, the keyboard map, and the choice of colours and single letters."""
    routes = APIRouter()
    viewer = Depends(desk.access.may(Right.VIEW))

    @routes.get("/help")
    def help_page(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        return desk.show(request, visitor, "help/help.html")

    @routes.get("/help/keys")
    def keys(request: Request, visitor: Visitor = viewer) -> HTMLResponse:
        if "hx-request" in request.headers:
            return desk.part(request, visitor, "help/keymap.html")
        return desk.show(request, visitor, "help/keys.html")

    @routes.post("/help/keys", dependencies=[viewer])
    def choose(look: Annotated[str, Form()] = "", letters: Annotated[str, Form()] = "") -> Response:
        answer = desk.go("/app/help/keys", "Saved for this browser.")
        _keep(answer, LOOK, look if look in ("light", "dark") else "", desk)
        _keep(answer, LETTERS, "" if letters else "off", desk)
        return answer

    return routes


def _keep(answer: Response, name: str, value: str, desk: DeskPages) -> None:
    if not value:
        answer.delete_cookie(name, path="/app")
        return
    answer.set_cookie(
        name, value, path="/app", max_age=_ONE_YEAR, httponly=True, samesite="lax",
        secure=desk.access.is_secure,
    )  # fmt: skip
