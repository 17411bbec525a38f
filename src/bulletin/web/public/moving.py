"""Moving to another address: confirmed from the new one, and taken back from the old one.

`/p/address/{token}` and `/p/back/{token}`, each with one button. Scanners have sent bare POSTs
(requirement 51): only the button's field counts.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.pipeline.moving import BACK, MOVE, Move, MoveState
from bulletin.web.pages import Pages
from bulletin.wiring import Services

_STATUS = {
    MoveState.READY: 200,
    MoveState.DONE: 200,
    MoveState.EXPIRED: 410,
    MoveState.TAKEN: 409,
}


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/p")
    routes.include_router(_confirming(services, pages), prefix="/address")
    routes.include_router(_taking_back(services, pages), prefix="/back")
    return routes


def _confirming(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    @routes.get("/{token}")
    def ask(request: Request, token: str) -> HTMLResponse:
        return _page(request, pages, services.moving.look(token), "address.html", MOVE)

    @routes.post("/{token}")
    def confirm(request: Request, token: str, move: Annotated[str, Form()] = "") -> HTMLResponse:
        act = services.moving
        found = act.confirm(token) if move == "yes" else act.look(token)
        return _page(request, pages, found, "address.html", MOVE)

    return routes


def _taking_back(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter()

    @routes.get("/{token}")
    def ask(request: Request, token: str) -> HTMLResponse:
        return _page(request, pages, services.moving.look_back(token), "address_back.html", BACK)

    @routes.post("/{token}")
    def take_back(request: Request, token: str, back: Annotated[str, Form()] = "") -> HTMLResponse:
        act = services.moving
        found = act.take_back(token) if back == "yes" else act.look_back(token)
        return _page(request, pages, found, "address_back.html", BACK)

    return routes


def _page(
    request: Request, pages: Pages, move: Move | None, template: str, words: str
) -> HTMLResponse:
    if move is None:
        raise HTTPException(404)
    return pages.show(request, template, status=_STATUS[move.state], move=move, words=words)
