"""The web application: `create_app(services)` joins the doors to one set of services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import ModuleType

from fastapi import APIRouter, FastAPI

from bulletin import __version__
from bulletin.web import health, outbox
from bulletin.web.deferred import Deferred
from bulletin.web.desk import open_desk
from bulletin.web.desk.inbox import pasting
from bulletin.web.desk.people import importing
from bulletin.web.desk.problems import ProblemPages
from bulletin.web.pages import STATIC, Pages, pages_for, site_of
from bulletin.web.problems import broken, explain_problems
from bulletin.web.protection import Assets, BodyLimit, HeadAsGet, Protection, headers_for
from bulletin.web.public import (
    about,
    acknowledging,
    archive,
    brand,
    feed,
    issue,
    joining,
    leaving,
    moving,
    preferences,
    report,
    view,
)
from bulletin.web.webhooks import sendgrid
from bulletin.wiring import Services

MOST_BODY = 100_000  # bytes; the longest form is a reader's preferences
MOST_WRITTEN = 1_000_000  # bytes; the longest item, with letters that travel as nine each
MOST_ELSEWHERE = {
    "/app/items/": MOST_WRITTEN,
    "/app/issues/": MOST_WRITTEN,
    sendgrid.PATH: sendgrid.MOST_BODY,
    pasting.PATH: pasting.MOST_BODY,
    importing.PATH: importing.MOST_BODY,
}
# Pages with forms, by where they stand: made when somebody asks for the first of them.
FORMS: Mapping[tuple[str, ...], tuple[ModuleType, ...]] = {
    ("/subscribe", "/confirm"): (joining,),
    ("/u",): (leaving,),
    ("/p",): (moving, preferences),
}


def create_app(services: Services) -> FastAPI:
    """The pages that exist so far. `services` stay open; whoever made them closes them."""
    settings = services.settings
    app = FastAPI(
        title="Bulletin",
        version=__version__,
        docs_url=None,
        redirect_slashes=False,
        redoc_url=None,
        openapi_url=None,
    )
    pages = pages_for(services)
    app.include_router(health.router(services))
    app.include_router(archive.router(services, pages))
    app.include_router(feed.router(services, site_of(services)))
    app.include_router(issue.router(services, pages))
    app.include_router(view.router(services, pages))
    app.include_router(acknowledging.router(services, pages))
    app.include_router(report.router(services, pages))
    app.include_router(about.router(services, pages))
    app.include_router(brand.router(services))
    for places, areas in FORMS.items():
        app.router.routes.append(Deferred(places, partial(_all_of, areas, services, pages)))
    app.include_router(outbox.router(services, pages))
    app.include_router(sendgrid.router(services))
    shown = ProblemPages(pages, open_desk(app, services))
    app.mount("/static", Assets(directory=STATIC), name="static")
    explain_problems(app, shown)
    app.add_middleware(
        Protection,
        headers=headers_for(settings),
        broken=lambda request: broken(request, shown),
    )
    app.add_middleware(BodyLimit, most=MOST_BODY, elsewhere=MOST_ELSEWHERE)
    app.add_middleware(HeadAsGet)
    return app


def _all_of(areas: Iterable[ModuleType], services: Services, pages: Pages) -> APIRouter:
    routes = APIRouter(redirect_slashes=False)
    for area in areas:
        routes.include_router(area.router(services, pages))
    return routes
