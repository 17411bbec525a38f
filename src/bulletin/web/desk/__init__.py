"""The desk: the pages of those who sign in, all under `/app`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from types import ModuleType
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from bulletin.web.deferred import Deferred
from bulletin.web.desk import calendar, guide, inbox, people, reports, sources, today
from bulletin.web.desk.access import SecondFactorFirst, SignInFirst
from bulletin.web.desk.accounts import (
    installation,
    links,
    second_factor,
    settings,
    signing_in,
    users,
)
from bulletin.web.desk.accounts.door import Door
from bulletin.web.desk.issues import (
    approve,
    check,
    comments,
    compose,
    correcting,
    discarding,
    link_looks,
    listing,
    mending,
    preview,
    report,
    schedule,
    sending,
    settling,
    trial,
)
from bulletin.web.desk.items import edit
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services

ROOT = "/app"
# What is made together once one of it is asked for, by where it stands; the rest comes last.
AREAS: tuple[tuple[tuple[str, ...], tuple[ModuleType, ...]], ...] = (
    (
        ("/issues",),
        (
            preview,
            listing,
            compose,
            check,
            mending,
            link_looks,
            comments,
            trial,
            approve,
            schedule,
            sending,
            settling,
            correcting,
            discarding,
            report,
        ),
    ),
    (("/inbox", "/items"), (edit, inbox)),
    (("/sources",), (sources,)),
    (("/people",), (people,)),
    (("/calendar",), (calendar,)),
    (("/reports",), (reports,)),
    (("/settings",), (settings, second_factor, users, installation)),
    (("",), (signing_in, links, today, guide)),
)


def open_desk(app: FastAPI, services: Services) -> DeskPages:
    """Give the application every page of the desk, and the way in for whoever is not signed in."""
    desk = app.state.desk = DeskPages(services)
    for places, areas in AREAS:
        made = partial(_all_of, areas, services, desk)
        app.router.routes.append(Deferred((ROOT + place for place in places), made))

    @app.exception_handler(SignInFirst)
    def sign_in_first(request: Request, error: SignInFirst) -> Response:
        if "hx-request" in request.headers:
            return Door(desk).again(request, desk.access.stranger(request))
        return RedirectResponse(f"/app/sign-in?back={quote(error.back)}", status_code=303)

    @app.exception_handler(SecondFactorFirst)
    def second_factor_first(_request: Request, _error: SecondFactorFirst) -> Response:
        return RedirectResponse("/app/settings/second-factor", status_code=303)

    return desk


def _all_of(areas: Iterable[ModuleType], services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter(redirect_slashes=False)
    for area in areas:
        routes.include_router(area.router(services, desk), prefix=ROOT)
    return routes
