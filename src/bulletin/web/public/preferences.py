"""`/p/{token}`: what a reader chooses, each thing in a form of its own; a copy; the way out.

Every POST needs the token and nothing else. What is more than a choice needs the button's own
field besides: mail scanners have sent bare POSTs (requirement 51).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from bulletin.errors import InvalidInput, Refused, TooMany
from bulletin.models.days import spoken_date
from bulletin.models.items import Nation
from bulletin.models.requests import CONFIRM_WITHIN
from bulletin.pipeline.parting import Farewell, PartingState, can_be_asked
from bulletin.pipeline.preferences import ALL_NATIONS, MOVABLE, Preferences
from bulletin.pipeline.record import COME_BACK, Standing
from bulletin.tokens import Purpose
from bulletin.web.client import client_of
from bulletin.web.pages import Pages
from bulletin.web.public.links import PREVIEW, preview_page
from bulletin.wiring import Services


class Part(StrEnum):
    """The forms of the page, each with an address of its own."""

    ROLES = "roles"
    NATION = "nation"
    PAUSE = "pause"
    RESUME = "resume"
    ADDRESS = "address"
    REJOIN = "rejoin"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says about the form that was sent: it was saved, or what is wrong with it."""

    part: Part
    typed: str = ""
    error: str = ""
    status: int = 200
    retry_after: int = 0


def router(services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/p")
    desk = _Desk(services, pages)
    routes.include_router(_erasing(services, pages))  # first: "erase" is nobody's token
    routes.include_router(_rights(services, desk))

    @routes.get("/{token}")
    @routes.get("/{token}/{_part}")
    def ask(request: Request, token: str, _part: Part | None = None) -> HTMLResponse:
        return desk.page(request, token, services.preferences.standing(token))

    @routes.post("/{token}/roles")
    def roles(
        request: Request, token: str, role: Annotated[list[str] | None, Form()] = None
    ) -> HTMLResponse:
        chosen = role or []
        return desk.change(request, token, Part.ROLES, lambda of: of.choose_roles(token, chosen))

    @routes.post("/{token}/nation")
    def nation(request: Request, token: str, nation: Annotated[str, Form()] = "") -> HTMLResponse:
        return desk.change(request, token, Part.NATION, lambda of: of.choose_nation(token, nation))

    @routes.post("/{token}/pause")
    def pause(request: Request, token: str, until: Annotated[str, Form()] = "") -> HTMLResponse:
        return desk.change(request, token, Part.PAUSE, lambda of: of.pause(token, until), until)

    @routes.post("/{token}/resume")
    def resume(request: Request, token: str, resume: Annotated[str, Form()] = "") -> HTMLResponse:
        if resume != "yes":
            return ask(request, token)
        return desk.change(request, token, Part.RESUME, lambda of: of.resume(token))

    @routes.post("/{token}/rejoin")
    def rejoin(request: Request, token: str, rejoin: Annotated[str, Form()] = "") -> HTMLResponse:
        if rejoin != "yes":
            return ask(request, token)
        return desk.change(request, token, Part.REJOIN, lambda of: of.rejoin(token))

    @routes.post("/{token}/address")
    def address(request: Request, token: str, email: Annotated[str, Form()] = "") -> HTMLResponse:
        client = client_of(request)
        return desk.change(
            request,
            token,
            Part.ADDRESS,
            lambda of: of.ask_to_move(token, email, client),
            email.strip(),
        )

    return routes


def _rights(services: Services, desk: _Desk) -> APIRouter:
    """What the law gives a reader: a copy of what is held, and to have it erased."""
    routes = APIRouter()

    @routes.get("/{token}/data.json")
    def data(request: Request, token: str) -> Response:
        held = services.preferences.holdings(token)
        if held is None:
            return desk.absent(request, token)
        text = json.dumps(held, default=_spelt_out, ensure_ascii=False, indent=2)
        name = f"bulletin-data-{services.preferences.today()}.json"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return Response(text, media_type="application/json", headers=headers)

    @routes.get("/{token}/erase")
    def consequences(request: Request, token: str) -> HTMLResponse:
        found = services.preferences.standing(token)
        return desk.page(request, token, found, template="erase.html")

    @routes.post("/{token}/erase")
    def ask(request: Request, token: str, erase: Annotated[str, Form()] = "") -> HTMLResponse:
        if erase != "yes":
            return consequences(request, token)
        found = services.parting.ask(token, client_of(request))
        return desk.page(request, token, found, template="erase_asked.html")

    return routes


def _erasing(services: Services, pages: Pages) -> APIRouter:
    """What the letter about erasing leads to, from the reader's own mailbox."""
    routes = APIRouter(prefix="/erase")

    def page(request: Request, found: Farewell | None) -> HTMLResponse:
        if found is None:
            raise HTTPException(404)
        status = 410 if found.state is PartingState.OVER else 200
        return pages.show(
            request,
            f"erase_{found.state.value}.html",
            status=status,
            reader=found.reader,
            days=CONFIRM_WITHIN.days,
            contact=_contact(services),
        )

    @routes.get("/{token}")
    def look(request: Request, token: str) -> HTMLResponse:
        return page(request, services.parting.look(token))

    @routes.post("/{token}")
    def confirm(request: Request, token: str, erase: Annotated[str, Form()] = "") -> HTMLResponse:
        act = services.parting
        return page(request, act.confirm(token) if erase == "yes" else act.look(token))

    return routes


def _contact(services: Services) -> str:
    """Where readers may write to."""
    return services.settings.reply_to or services.settings.from_email


def _spelt_out(value: date) -> str:
    return value.isoformat()


class _Desk:
    """Answers with the page of whoever a token belongs to."""

    def __init__(self, services: Services, pages: Pages) -> None:
        self._services = services
        self._pages = pages

    def change(
        self,
        request: Request,
        token: str,
        part: Part,
        act: Callable[[Preferences], Standing | None],
        typed: str = "",
    ) -> HTMLResponse:
        """Do one thing, then show the page, which says that it is done or what is wrong."""
        preferences = self._services.preferences
        try:
            found, answer = act(preferences), Answer(part, typed)
        except TooMany as error:
            wait = math.ceil(error.retry_after)
            answer = Answer(part, typed, str(error), status=429, retry_after=wait)
            found = preferences.standing(token)
        except (InvalidInput, Refused) as error:
            status = 422 if isinstance(error, InvalidInput) else 409
            answer = Answer(part, typed, str(error), status)
            found = preferences.standing(token)
        return self.page(request, token, found, answer)

    def page(
        self,
        request: Request,
        token: str,
        found: Standing | None,
        answer: Answer | None = None,
        template: str = "preferences.html",
    ) -> HTMLResponse:
        """A page about a reader; or what there is to say if the token is nobody's."""
        if found is None:
            return self.absent(request, token)
        preferences = self._services.preferences
        until = found.subscriber.paused_until
        shown = self._pages.show(
            request,
            template,
            status=answer.status if answer else 200,
            standing=found,
            reader=found.subscriber,
            link=f"/p/{token}",
            answer=answer,
            roles=preferences.roles(),
            nations=list(Nation),
            all_nations=ALL_NATIONS,
            limits=preferences.pause_limits(),
            paused=until is not None and until > preferences.today(),
            movable=found.suppression in MOVABLE,
            can_be_asked=can_be_asked(found.suppression),
            come_back=COME_BACK,
            contact=_contact(self._services),
            spoken=spoken_date,
        )
        if answer and answer.retry_after:
            shown.headers["Retry-After"] = str(answer.retry_after)
        return shown

    def absent(
        self, request: Request, token: str, template: str = "erase_gone.html", status: int = 410
    ) -> HTMLResponse:
        """For a token of a preview, of somebody erased, or of nobody: the last is not found."""
        number = self._services.signer.verify(Purpose.PREFERENCES, token)
        if number is None:
            raise HTTPException(404)
        if number == PREVIEW:
            return preview_page(request, self._pages)
        return self._pages.show(request, template, status=status)
