"""`/app/people`: the readers, the lists that bring them, and the segments that pick some."""

from __future__ import annotations

from fastapi import APIRouter

from bulletin.web.desk.pages import DeskPages
from bulletin.web.desk.people import importing, listing, person, segments, suppressions
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    """All of them; those with a name before the one that takes any number."""
    routes = APIRouter()
    for area in (listing, importing, segments, suppressions, person):
        routes.include_router(area.router(services, desk), prefix="/people")
    return routes
