"""`/app/calendar`: the year with its issues, the rhythm they go out in, and terms."""

from __future__ import annotations

from fastapi import APIRouter

from bulletin.web.desk.calendar import rhythm, terms, year
from bulletin.web.desk.pages import DeskPages
from bulletin.wiring import Services


def router(services: Services, desk: DeskPages) -> APIRouter:
    routes = APIRouter()
    for part in (year, rhythm, terms):
        routes.include_router(part.router(services, desk))
    return routes
