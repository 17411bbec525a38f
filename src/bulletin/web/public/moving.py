"""`/p/address/{token}`: a new address confirms that the bulletin comes to it, by one button."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse

from bulletin.pipeline.moving import MOVE, Move, MoveState
from bulletin.web.pages import Pages
from bulletin.wiring import Services

_STATUS = {
    MoveState.READY: 200,
    MoveState.DONE: 200,
    MoveState.EXPIRED: 410,
    MoveState.TAKEN: 409,
}


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/p/address")

    def page(request: Request, move: Move | None) -> HTMLResponse:
        if move is None:
            raise HTTPException(404)
        status = _STATUS[move.state]
        return pages.show(request, "address.html", status=status, move=move, words=MOVE)

    @routes.get("/{token}")
    def ask(request: Request, token: str) -> HTMLResponse:
        return page(request, services.moving.look(token))

    @routes.post("/{token}")
    def confirm(request: Request, token: str, move: Annotated[str, Form()] = "") -> HTMLResponse:
        # Scanners have sent bare POSTs (requirement 51): only the button's field counts.
        act = services.moving
        return page(request, act.confirm(token) if move == "yes" else act.look(token))

    return routes
